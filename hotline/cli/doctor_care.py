"""The care itself under the doctor: the flow and its review, places, rota, worker, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from redis.exceptions import RedisError

from hotline.cli.doctor_findings import Finding, Patient, fault, ok, warning
from hotline.console.accounts import ACCOUNTS
from hotline.errors import StoreUnavailable
from hotline.escalation.heartbeat import last_seen
from hotline.escalation.queue import LANES
from hotline.escalation.rota import gaps, on_call
from hotline.escalation.rota_store import RotaStore
from hotline.flow.countries import LineKind
from hotline.session.cipher import UnreadableRecord
from hotline.session.connection import Client
from hotline.session.store import Store

ROTA_DAYS = 14
REVIEW_SOON = timedelta(days=30)
WORKER_QUIET_MS, WORKER_GONE_MS = 20_000, 60_000
LATE_MS = 60_000


def check_flow(patient: Patient) -> Iterator[Finding]:
    """Whether somebody signed the flow off, and its review is not overdue."""
    library = patient.library
    if library is None:
        return
    meta = library.flow.meta
    name = f"flow {library.flow.id} {library.flow.version}"
    mend = "Have a clinician review it (docs/authoring.md), or do not serve it to patients."
    if meta.status == "signed_off":
        yield ok("flow", f"The {name} was signed off by {meta.reviewed_by or 'nobody named'}.")
    elif patient.settings.serve_drafts:
        yield warning("flow", f"The {name} is a draft that no clinician has signed off.", mend)
    else:
        mend = "Have it signed off, or set HOTLINE_SERVE_DRAFTS=yes knowingly."
        yield fault("flow", f"The {name} is a draft, and drafts are not served.", mend)
    due = date.fromisoformat(meta.review_due) if meta.review_due else None
    today = patient.now.date()
    mend = "Have it reviewed, and write the next date into meta.review_due of flow.yaml."
    if due is None:
        yield warning("review", "The flow has no date for its next review.", mend)
    elif due < today:
        yield fault("review", f"The flow's review was due on {due}.", mend)
    elif due - today < REVIEW_SOON:
        yield warning("review", f"The flow's review is due on {due}.", mend)
    else:
        yield ok("review", f"The flow's next review is due on {due}.")
    unread = [one for one, texts in library.words.languages.items() if not texts.reviewed_by]
    if unread:
        mend = "Have a speaker of each language review it, and write reviewed_by into the files."
        yield warning("texts", f"Nobody has reviewed the texts in: {', '.join(unread)}.", mend)


def check_places(patient: Patient) -> Iterator[Finding]:
    """Whether the country and language that are assumed exist, with a verified number."""
    library = patient.library
    if library is None:
        return
    settings = patient.settings
    country = library.words.countries.get(settings.country)
    if country is None:
        mend = "Add it to countries.yaml, or set HOTLINE_COUNTRY to one that is there."
        yield fault("country", f"{settings.country} is not in countries.yaml.", mend)
    else:
        line = country.shown(LineKind.EMERGENCY)
        if line is None or not line.verified:
            mend = "Check it with the national authority and set verified in countries.yaml."
            yield warning("country", f"{country.name}'s emergency number is unverified.", mend)
        else:
            yield ok("country", f"{country.name}: {line.number} for emergencies, verified.")
    if settings.language not in library.words.languages:
        known = ", ".join(library.words.languages)
        mend = f"Set HOTLINE_LANGUAGE to one of: {known}."
        yield fault("language", f"There are no texts in {settings.language!r}.", mend)


def check_rota(patient: Patient) -> Iterator[Finding]:
    """Who is on call now, and whether anybody is at any time of the next two weeks."""
    store = patient.store
    if store is None:
        return
    mend = "Mend the rota in the console (/console/rota)."
    try:
        rota = RotaStore(store).load().rota
    except (StoreUnavailable, UnreadableRecord) as error:
        yield fault("rota", f"The rota cannot be read: {type(error).__name__}.", mend)
        return
    if not rota.people:
        yield fault("rota", "There is no rota: a page reaches nobody.", mend)
        return
    if not rota.last_resort:
        yield warning("rota", "Nobody is named as the last resort.", mend)
    if on_call(rota, patient.now).gap:
        yield fault("rota", "Nobody is on call now.", mend)
    open_spans = gaps(rota, patient.now, ROTA_DAYS)
    if open_spans:
        first = open_spans[0]
        hours = sum((span.end - span.start).total_seconds() for span in open_spans) / 3600
        says = f"{hours:.0f} hours of the next {ROTA_DAYS} days have nobody on call, from "
        yield warning("rota", says + f"{first.start:%a %d %b %H:%M} UTC.", mend)
    else:
        yield ok("rota", f"Somebody is on call at any time of the next {ROTA_DAYS} days.")


def check_worker(patient: Patient) -> Iterator[Finding]:
    """Whether a worker reads the queue, and nothing waits too long."""
    store = patient.store
    if store is None:
        return
    mend = "Start: hotline worker. Without it nobody is paged."
    try:
        now = int(patient.now.timestamp() * 1000)
        seen, late = last_seen(store), _late_ms(store, now)
    except (StoreUnavailable, RedisError) as error:
        yield fault("worker", f"The queue cannot be read: {type(error).__name__}.", mend)
        return
    if seen is None:
        yield fault("worker", "No worker has ever come by.", mend)
    elif now - seen > WORKER_GONE_MS:
        yield fault("worker", f"No worker has come by for {(now - seen) / 1000:.0f} s.", mend)
    elif now - seen > WORKER_QUIET_MS:
        yield warning("worker", f"A worker last came by {(now - seen) / 1000:.0f} s ago.", mend)
    else:
        yield ok("worker", "A worker is at work.")
    if late > LATE_MS:
        mend = "Start another worker; look for 'task failed' in the worker's log."
        yield fault("queue", f"A task has been due for {late / 1000:.0f} s.", mend)


def _late_ms(store: Store, now: int) -> int:
    """For how long the oldest task has been due, in the due set or in a lane."""
    oldest = now
    for keys in store.all_keys():
        due = store.client.zrange(keys.due, 0, 0, withscores=True)
        oldest = min(oldest, *(int(score) for _, score in due), now)
        for lane in LANES:
            waiting = _oldest_entry(store.client, keys.lane(lane))
            oldest = min(oldest, waiting or now)
    return now - oldest


def _oldest_entry(client: Client, stream: str) -> int | None:
    """The time of a lane's oldest entry (a worker deletes what it has done)."""
    rows = client.xrange(stream, count=1)
    return int(rows[0][0].split(b"-")[0]) if rows else None


def check_accounts(patient: Patient) -> Iterator[Finding]:
    """Whether anybody can sign in to the console."""
    store = patient.store
    if store is None:
        return
    try:
        count = int(store.client.hlen(ACCOUNTS))
    except RedisError:
        return
    if count:
        yield ok("staff", f"{count} staff accounts.")
    else:
        mend = "Make one: hotline staff add NAME --role lead"
        yield warning("staff", "Nobody has an account for the console.", mend)
