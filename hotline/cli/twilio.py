"""hotline twilio: set up the number at Twilio, and write what is said when we are down."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hotline.cli.twilio_fallback import write_fallbacks
from hotline.cli.twilio_number import (
    Number,
    change_number,
    read_number,
    twilio_client,
    wanted_settings,
)
from hotline.flow.words_load import load_words
from hotline.settings import flows_dir, read_settings

LONG_LINE = 200


@click.group()
def twilio() -> None:
    """Set up the number at Twilio, write fallbacks."""


@twilio.command()
@click.option("--yes", is_flag=True, help="Change it without asking.")
@click.option(
    "--fallback", metavar="URL", help="Where the files of `hotline twilio fallback` are hosted."
)
def setup(*, yes: bool, fallback: str | None) -> None:
    """Point the number HOTLINE_NUMBER at this hotline.

    Shows what it will change first. Settings that are right already are left alone.
    """
    settings = read_settings(os.environ)
    client = twilio_client(settings)
    number = read_number(client, settings.number)
    if number is None:
        raise click.ClickException(
            f"The account has no number {settings.number}. Buy it in Twilio's console, or mend "
            "HOTLINE_NUMBER. (A short code is set up in the console.)"
        )
    wanted = wanted_settings(settings, fallback)
    _warn(number, fallback)
    changes = number.changes(wanted)
    if not changes:
        click.echo(f"{settings.number} is set up already. Nothing to change.")
        return
    _show(settings.number, changes)
    if not yes:
        click.confirm("Change this at Twilio?", abort=True)
    change_number(client, number, wanted)
    after = read_number(client, settings.number)
    if after is None or after.changes(wanted):
        raise click.ClickException("Twilio took the change, but does not show it. Look there.")
    click.echo(f"Changed. {settings.number} now reaches {settings.public_url}.")


@twilio.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--country", "countries", multiple=True, help="Only this country (repeat for more).")
@click.option("--language", "languages", multiple=True, help="Only this language (the same).")
def fallback(folder: Path, countries: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Write static TwiML into FOLDER, one file per channel, country and language.

    Host them anywhere but with the hotline (a TwiML Bin, a bucket), and name them as fallback URLs:
    they are what is said when Twilio cannot reach us.
    """
    flows = Path(os.environ.get("HOTLINE_FLOWS") or flows_dir())
    words = load_words(flows / "bleeding", flows)
    for kind, asked, known in (
        ("country", countries, words.countries.by_code),
        ("language", languages, words.languages),
    ):
        for one in asked:
            if one not in known:
                raise click.UsageError(f"{kind} {one!r} is none of {', '.join(sorted(known))}")
    written = write_fallbacks(
        words,
        folder,
        list(countries or words.countries.by_code),
        list(languages or words.languages),
    )
    click.echo(f"{len(written)} files written to {folder}.")


def _warn(number: Number, fallback: str | None) -> None:
    for channel in ("sms", "voice"):
        if number.settings.get(f"{channel}_application_sid"):
            click.echo(
                f"Warning: a TwiML application answers {channel} on this number and goes before "
                "the addresses below. Take it off in Twilio's console."
            )
        if not fallback and not number.settings.get(f"{channel}_fallback_url"):
            click.echo(
                f"Warning: no {channel} fallback is set. When the hotline is down, she gets "
                "nothing. See: hotline twilio fallback, then setup --fallback URL."
            )


def _show(number: str, changes: dict[str, tuple[str, str]]) -> None:
    table = Table(title=f"What will change at {number}", title_justify="left")
    for head in ("setting", "now", "then"):
        table.add_column(head, overflow="fold")
    for name, (now, then) in changes.items():
        table.add_row(name, now or "(nothing)", then)
    console = Console()
    console.width = max(console.width, LONG_LINE) if not console.is_terminal else console.width
    console.print(table)
