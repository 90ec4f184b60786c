"""hotline sessions: list, show, export, replay, erase, without the console."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from hotline.cli.desk import demo_option, library_of, opened_store, settings_of
from hotline.console.audit import Audit, Did
from hotline.console.exports import FORMS, Exporter, every_session
from hotline.console.shown import LEVEL_NAMES, masked, short_id
from hotline.console.transcript import converse_again, send_states
from hotline.escalation.board import Board
from hotline.escalation.ledger import Ledger
from hotline.session.finding import Wanted
from hotline.session.records import Entry, Session
from hotline.session.removal import erase_contact
from hotline.session.replay import Replayed, replay, replay_on
from hotline.session.store import Store

_DIFFERS = 1


@click.group()
def sessions() -> None:
    """List, show, export, replay, erase sessions. What is seen is in the audit log."""


def filter_options(command: Any) -> Any:  # noqa: ANN401 click's own
    """Adds the filters of the list."""
    for name, told in (
        ("level", "emergency, urgent, soon, routine, self_care, none"),
        ("standing", "open, resting, staff, ended"),
        ("country", "GB, US, ..."),
        ("language", "en, es, ..."),
        ("danger", "collapse, heavy_bleeding, ..."),
    ):
        command = click.option(f"--{name}", default="", help=told)(command)
    command = click.option("--since", type=click.DateTime(), help="Active since (UTC).")(command)
    return click.option("--until", type=click.DateTime(), help="Active before (UTC).")(command)


@sessions.command("list")
@click.option("--most", default=50, show_default=True)
@filter_options
@demo_option
def list_sessions(most: int, demo: Path | None, **filters: Any) -> None:  # noqa: ANN401
    """The sessions, the last active first. Numbers are masked."""
    with opened_store(settings_of(demo)) as store:
        for one in islice(every_session(store, wanted_of(filters)), most):
            level = LEVEL_NAMES[one.state.level]
            click.echo(
                f"{one.id:<20} {_time(one.updated)} {level:<13} {one.standing.value:<8} "
                f"{one.country or '?':<3} {one.language} {masked(one.number)}"
            )


@sessions.command()
@click.argument("session_id")
@click.option("--number", is_flag=True, help="Show her number in full.")
@demo_option
def show(session_id: str, number: bool, demo: Path | None) -> None:  # noqa: FBT001 a flag
    """One session: who, the level, the whole conversation."""
    with opened_store(settings_of(demo)) as store:
        session, log = load(store, session_id)
        did = Did.SAW_NUMBER if number else Did.SAW_TRANSCRIPT
        Audit(store).write(_me(), did, session_id, "command line")
        states = send_states(Ledger(store), store.keys(session.contact), log)
        told = session.number if number else masked(session.number)
        click.echo(f"{short_id(session.id)}  {LEVEL_NAMES[session.state.level]}  {told}")
        for said in converse_again(log, states):
            who = {"her": ">", "us": "<", "staff": f"< {said.by}:"}.get(said.who, "*")
            words = said.words.replace("\n", "\n    ")
            click.echo(f"{_time(said.at)} {who} {words}")


@sessions.command()
@click.argument("session_id", required=False)
@click.option("--form", type=click.Choice(list(FORMS)), default="jsonl", show_default=True)
@click.option("--named", is_flag=True, help="With numbers and, in jsonl, words.")
@filter_options
@demo_option
def export(
    session_id: str | None,
    form: str,
    named: bool,  # noqa: FBT001 a flag
    demo: Path | None,
    **filters: Any,  # noqa: ANN401
) -> None:
    """One session or all that the filters leave, to standard output; pseudonymous."""
    settings = settings_of(demo)
    with opened_store(settings) as store:
        chosen = every_session(store, wanted_of(filters))
        if session_id:
            chosen = iter([load(store, session_id)[0]])
        Audit(store).write(_me(), Did.EXPORTED, session_id or "", f"command line: {form}")
        make, _ = FORMS[form]
        exporter = Exporter(store, library_of(settings, store), str(settings.public_url), named)
        for line in make(exporter, chosen):
            click.echo(line, nl=False)


@sessions.command("replay")
@click.argument("session_id")
@demo_option
def replay_session(session_id: str, demo: Path | None) -> None:
    """Take the inputs through the flow again: on the session's version, and on today's.

    Ends with 1 when its own version does not come to the stored result.
    """
    settings = settings_of(demo)
    with opened_store(settings) as store:
        session, log = load(store, session_id)
        library = library_of(settings, store)
        own, entries = library.flow_of(session.flow), [entry for _, entry in log]
        again = replay(own, session, entries)
        click.echo(f"stored  {_level(session.state.level)}")
        click.echo(_replayed("again ", again))
        if own.version != library.flow.version:
            click.echo(_replayed("today ", replay_on(library.flow, own, session, entries)))
    if not again.same:
        click.echo("The stored session differs from what its inputs lead to.", err=True)
        raise SystemExit(_DIFFERS)


@sessions.command()
@click.argument("session_id")
@click.option("--yes", is_flag=True, help="Do not ask.")
@demo_option
def erase(session_id: str, yes: bool, demo: Path | None) -> None:  # noqa: FBT001 a flag
    """Remove everything about the person of a session; a count is all that stays."""
    with opened_store(settings_of(demo)) as store:
        session, _ = load(store, session_id)
        if not yes:
            click.confirm("Remove every session of this person for good?", abort=True)
        ids = [f"{session.contact}.{serial}" for serial in range(1, session.serial + 1)]
        Board(store).forget(ids)
        count = erase_contact(store, session.contact)
        Audit(store).write(_me(), Did.ERASED, session_id, "command line")
    click.echo(f"{count} session{'' if count == 1 else 's'} removed.")


def load(store: Store, session_id: str) -> tuple[Session, Sequence[tuple[int, Entry]]]:
    """A session and its log. Raises click.ClickException when there is none."""
    contact, _, serial = session_id.partition(".")
    loaded = store.load_by_id(session_id) if contact and serial.isdecimal() else None
    if loaded is None or loaded.session is None:
        raise click.ClickException(f"There is no session {session_id}: hotline sessions list")
    return loaded.session, store.entries(loaded)


def wanted_of(filters: dict[str, Any]) -> Wanted:
    """The filters given on the command line."""
    since, until = filters.pop("since", None), filters.pop("until", None)
    names = frozenset(f"{name}:{value}" for name, value in filters.items() if value)
    return Wanted(names, _ms(since), _ms(until))


def _ms(at: datetime | None) -> int | None:
    return int(at.replace(tzinfo=UTC).timestamp() * 1000) if at else None


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _replayed(name: str, result: Replayed) -> str:
    asked = f", still asking {result.question}" if result.question else ""
    rules = f" ({', '.join(result.rules)})" if result.rules else ""
    now = f"{_level(result.told)}; by the rules {_level(result.level)}{rules}{asked}"
    return f"{name}  {now}  [flow {result.version[:12]}]"


def _level(level: object) -> str:
    return str(level) if level is not None else "no level"


def _me() -> str:
    return f"{getpass.getuser()} (shell)"
