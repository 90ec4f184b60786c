"""The rota: who is on call and when, the gaps, and changing it one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, back_to, me
from hotline.console.rights import Right
from hotline.escalation.rota import (
    Change,
    Day,
    Holiday,
    Hours,
    Override,
    Person,
    Role,
    Rota,
    gaps,
    on_call,
    spans,
)
from hotline.escalation.rota_file import faults

DAYS_AHEAD = 14
_CLASH = "Somebody else changed the rota meanwhile. Look at it and make your change again."


class _FormError(ValueError):
    """What was typed makes no sense; the message says why."""


def add_rota_page(pages: Pages) -> None:
    """The page and its forms."""
    pages.add("/rota", show_rota, Right.SEE)
    pages.add("/rota/<what>", change_rota, Right.EDIT_ROTA, method="POST")


def show_rota(office: Office) -> ResponseReturnValue:
    """Who is on call now, the days ahead with their gaps, and the forms."""
    stored = office.rota.load()
    now = office.now()
    return render_template(
        "console/rota.html",
        rota=stored.rota,
        revision=stored.revision,
        on_call=on_call(stored.rota, now),
        spans=spans(stored.rota, now, DAYS_AHEAD)[:60],
        gaps=gaps(stored.rota, now, DAYS_AHEAD),
        days=list(Day),
        roles=list(Role),
        ahead=DAYS_AHEAD,
        zone=_zone(stored.rota),
    )


def change_rota(office: Office, what: str) -> ResponseReturnValue:
    """One change, if the rota is still the one that was shown and stays sensible."""
    change = _CHANGES.get(what)
    if change is None:
        return back_to("show_rota", "There is no such change.")
    stored = office.rota.load()
    if str(stored.revision) != request.form.get("revision"):
        return back_to("show_rota", _CLASH)
    try:
        after = change(stored.rota)
    except (ValueError, KeyError) as error:
        return back_to("show_rota", str(error) or "Something is missing in the form.")
    wrong = next(faults(after), None)
    if wrong is not None:
        return back_to("show_rota", f"Not changed: {wrong.problem}. {wrong.mend}.")
    if not office.rota.save(after, stored.revision):
        return back_to("show_rota", _CLASH)
    office.note(me(), Did.ROTA, "", what)
    return back_to("show_rota", "The rota is changed.")


def _put_person(rota: Rota) -> Rota:
    form = request.form
    known = rota.person(form["id"].strip())
    person = Person(
        id=form["id"].strip(),
        name=form["name"].strip() or form["id"].strip(),
        phone=form["phone"].replace(" ", ""),
        roles=frozenset(Role(one) for one in form.getlist("roles")),
        languages=tuple(form.get("languages", "").replace(",", " ").split()),
        hours=known.hours if known else (),
    )
    if not person.id:
        raise _FormError("A person needs an id: their account's name.")
    others = tuple(person if one.id == person.id else one for one in rota.people)
    return replace(rota, people=others if known else (*rota.people, person))


def _remove_person(rota: Rota) -> Rota:
    gone = request.form["id"]
    return replace(
        rota,
        people=tuple(one for one in rota.people if one.id != gone),
        overrides=tuple(one for one in rota.overrides if one.person != gone),
        last_resort=tuple(one for one in rota.last_resort if one != gone),
    )


def _add_hours(rota: Rota) -> Rota:
    form = request.form
    days = frozenset(Day(one) for one in form.getlist("days"))
    if not days:
        raise _FormError("Choose at least one day.")
    hours = Hours(
        days=days,
        start=_clock(form["start"]),
        end=_clock(form["end"]),
        zone=form["zone"].strip(),
        tier=int(form.get("tier", "1")),
    )
    return _with_hours(rota, form["id"], lambda held: (*held, hours))


def _remove_hours(rota: Rota) -> Rota:
    place = int(request.form["place"])
    return _with_hours(rota, request.form["id"], lambda held: held[:place] + held[place + 1 :])


def _with_hours(
    rota: Rota, person_id: str, change: Callable[[tuple[Hours, ...]], tuple[Hours, ...]]
) -> Rota:
    if rota.person(person_id) is None:
        raise _FormError("Nobody has this id.")
    people = tuple(
        replace(one, hours=change(one.hours)) if one.id == person_id else one for one in rota.people
    )
    return replace(rota, people=people)


def _add_override(rota: Rota) -> Rota:
    form = request.form
    zone = ZoneInfo(_zone(rota))
    override = Override(
        person=form["id"],
        change=Change(form["change"]),
        start=datetime.fromisoformat(form["start"]).replace(tzinfo=zone),
        end=datetime.fromisoformat(form["end"]).replace(tzinfo=zone),
        tier=int(form.get("tier", "1")),
        note=form.get("note", "").strip()[:100],
    )
    return replace(rota, overrides=(*rota.overrides, override))


def _remove_override(rota: Rota) -> Rota:
    place = int(request.form["place"])
    return replace(rota, overrides=rota.overrides[:place] + rota.overrides[place + 1 :])


def _add_holiday(rota: Rota) -> Rota:
    day = Holiday(date.fromisoformat(request.form["day"]), request.form["name"].strip()[:60])
    return replace(rota, holidays=(*rota.holidays, day))


def _remove_holiday(rota: Rota) -> Rota:
    place = int(request.form["place"])
    return replace(rota, holidays=rota.holidays[:place] + rota.holidays[place + 1 :])


def _set_last_resort(rota: Rota) -> Rota:
    return replace(rota, last_resort=tuple(request.form.getlist("id")))


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _zone(rota: Rota) -> str:
    """The zone of the rota's hours, for overrides and for showing times: the first one in it."""
    zones = (hours.zone for person in rota.people for hours in person.hours)
    return next(zones, "UTC")


_CHANGES: dict[str, Callable[[Rota], Rota]] = {
    "person": _put_person,
    "remove-person": _remove_person,
    "hours": _add_hours,
    "remove-hours": _remove_hours,
    "override": _add_override,
    "remove-override": _remove_override,
    "holiday": _add_holiday,
    "remove-holiday": _remove_holiday,
    "last-resort": _set_last_resort,
}
