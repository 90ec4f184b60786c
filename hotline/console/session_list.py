"""All sessions: filters by index, pages by cursor, a search in texts for who may read them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, back_to, may, me
from hotline.console.rights import Right
from hotline.console.shown import CHANNELS, LANGUAGES, LEVEL_NAMES, STANDINGS, readable
from hotline.console.sight import Line, line_of
from hotline.errors import StoreUnavailable
from hotline.flow.levels import LEVELS
from hotline.flow.vocabulary import DANGERS
from hotline.session.finding import Found, Wanted, find, load_many
from hotline.session.keys import FLOWS
from hotline.session.records import Session

PAGE = 50
VIEWS = "hl:console:views"
SEARCH_SECONDS = 2.0
"""A search opens sealed records one by one: it stops after this long and offers to go on."""

_SEARCH_STEP = 200
_MOST_VIEWS = 20

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list: the lines, the cursor of the next page, how many a search opened."""

    lines: tuple[Line, ...]
    next: str
    searched: int = 0


def add_session_list(pages: Pages) -> None:
    """The list, and keeping a view of it."""
    pages.add("/sessions", show_sessions, Right.SEE)
    pages.add("/sessions", search_sessions, Right.SHOW_TRANSCRIPT, method="POST")
    pages.add("/views", keep_view, Right.SEE, method="POST")


def show_sessions(office: Office) -> ResponseReturnValue:
    """The list by filters. What is searched for never stands in an address."""
    wanted = list_wanted(request.args)
    found = find(office.store, replace(wanted, count=PAGE + 1))
    shown = found[:PAGE]
    more = shown[-1].cursor if len(found) > PAGE else ""
    sessions = load_many(office.store, [one.id for one in shown])
    listed = Listed(tuple(line_of(one) for one in sessions), more)
    return _page(office, listed, "")


def search_sessions(office: Office) -> ResponseReturnValue:
    """The sessions among those filtered in which these words were written; audited."""
    words = request.form.get("words", "").strip()[:100]
    if not words:
        return back_to("show_sessions", **_kept(request.args))
    office.note(me(), Did.SEARCHED)
    return _page(office, _searched(office, list_wanted(request.args), words), words)


def keep_view(office: Office) -> ResponseReturnValue:
    """Keep the filters under a name, or forget them."""
    name = request.form.get("name", "").strip()[:40]
    views = views_of(office, me().name)
    if request.form.get("forget"):
        views.pop(name, None)
    elif name and len(views) < _MOST_VIEWS:
        views[name] = urlencode(_kept(request.args))
    try:
        office.hotline.client.hset(VIEWS, me().name, json.dumps(views))
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    return back_to("show_sessions", **_kept(request.args))


def views_of(office: Office, name: str) -> dict[str, str]:
    """The kept views of an account: the filters by name."""
    try:
        stored = office.hotline.client.hget(VIEWS, name)
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    views: dict[str, str] = json.loads(stored) if stored else {}
    return views


def indexes_wanted(args: Mapping[str, str]) -> frozenset[str]:
    """The indexes that the filters name; unknown filters count for nothing."""
    names = {f"{one}:{args[one]}" for one in FILTERS if args.get(one)}
    if args.get("person"):
        names.add("person")
    return frozenset(names)


FILTERS = ("level", "standing", "channel", "language", "country", "flow", "danger")


def list_wanted(args: Mapping[str, str]) -> Wanted:
    """The filters as they stand in an address; what makes no sense counts for nothing."""
    until = _day(args.get("to", ""))
    return Wanted(
        indexes=indexes_wanted(args),
        since=_ms(_day(args.get("from", ""))),
        until=_ms(until + timedelta(days=1)) if until else None,
        cursor=args.get("after", "") if _is_cursor(args.get("after", "")) else "",
        count=PAGE,
    )


def _is_cursor(text: str) -> bool:
    at, _, session_id = text.partition(".")
    return at.isdecimal() and bool(session_id)


def _searched(office: Office, wanted: Wanted, words: str) -> Listed:
    deadline = time.monotonic() + SEARCH_SECONDS
    spoken, lines, count, last = words.casefold(), [], 0, ""
    for found, session in _newest(office, wanted):
        count, last = count + 1, found.cursor
        if _holds(office, session, spoken):
            lines.append(line_of(session))
        if len(lines) >= PAGE or time.monotonic() > deadline:
            return Listed(tuple(lines), last, count)
    return Listed(tuple(lines), "", count)


def _newest(office: Office, wanted: Wanted) -> Iterator[tuple[Found, Session]]:
    step = replace(wanted, count=_SEARCH_STEP)
    while True:
        found = find(office.store, step)
        by_id = {one.id: one for one in load_many(office.store, [one.id for one in found])}
        yield from ((one, by_id[one.id]) for one in found if one.id in by_id)
        if len(found) < _SEARCH_STEP:
            return
        step = replace(step, cursor=found[-1].cursor)


def _holds(office: Office, session: Session, spoken: str) -> bool:
    if spoken in session.last_words.casefold():
        return True
    log = office.store.entries(office.store.load_by_id(session.id))
    return any(spoken in text.casefold() for _, entry in log for text in (entry.words, *entry.said))


def _page(office: Office, listed: Listed, words: str) -> str:
    kept = _kept(request.args)
    home = url_for("console.show_sessions")
    following = f"{home}?{urlencode({**kept, 'after': listed.next})}" if listed.next else ""
    return render_template(
        "console/sessions.html",
        listed=listed,
        following=following,
        kept=kept,
        args=request.args,
        words=words,
        options=_options(office),
        views=views_of(office, me().name),
        may_search=may(Right.SHOW_TRANSCRIPT),
    )


def _options(office: Office) -> dict[str, Options]:
    library = office.hotline.library
    try:
        flows = [raw.decode() for raw in office.hotline.client.hkeys(FLOWS)]
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    levels: Options = [(str(one), LEVEL_NAMES[one]) for one in reversed(LEVELS)]
    countries = library.words.countries.by_code
    return {
        "level": [*levels, ("none", "No level yet")],
        "standing": list(STANDINGS.items()),
        "channel": list(CHANNELS.items()),
        "language": [(one, LANGUAGES.get(one, one)) for one in library.words.languages],
        "country": [*((c, n.name) for c, n in countries.items()), ("unknown", "Unknown")],
        "danger": [(one, readable(one)) for one in DANGERS],
        "flow": [(one, one[:12] + _now(one, library.flow.version)) for one in flows],
    }


def _now(version: str, current: str) -> str:
    return " (now)" if version == current else ""


def _kept(args: Mapping[str, str]) -> dict[str, str]:
    names = (*FILTERS, "person", "from", "to")
    return {name: args[name] for name in names if args.get(name)}


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _ms(at: datetime | None) -> int | None:
    return int(at.timestamp() * 1000) if at else None
