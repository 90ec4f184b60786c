"""hotline chat: the conversation in a terminal, or as JSON lines for a program."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console

from hotline import logs
from hotline.channels.forms import LONGEST
from hotline.cli.chat_phone import Line, Phone
from hotline.cli.chat_screen import greet, say, show, transcript, transcript_head
from hotline.cli.chat_told import Told, Verdict
from hotline.flow.words import safe_reply
from hotline.session.records import Channel
from hotline.settings import flows_dir


@dataclass(frozen=True, slots=True)
class _Way:
    """How the conversation is held: as JSON lines or on a screen, and where it is saved."""

    json: bool
    save: TextIO | None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per text, for programs.")
@click.option("--voice", is_flag=True, help="As a phone call: what is said, and keys or speech.")
@click.option("--country", default="GB", show_default=True, help="Where she is (ISO code).")
@click.option("--language", default="en", show_default=True, help="The language she is spoken to.")
@click.option(
    "--save",
    type=click.File("w", encoding="utf-8", lazy=False),
    help="Write a golden transcript to this file.",
)
@click.option(
    "--flows",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Another flows folder than the one in use.",
)
def chat(  # noqa: PLR0913, PLR0917 one parameter for each option
    as_json: bool,  # noqa: FBT001 click hands options over like this
    voice: bool,  # noqa: FBT001 the same
    country: str,
    language: str,
    save: TextIO | None,
    flows: Path | None,
) -> None:
    """Have the conversation in this terminal.

    Each line is one text. It runs the real turns on a store of its own, which is thrown away.
    """
    logs.configure("warning", stream=sys.stderr)
    line = Line(country.upper(), language.lower(), Channel.VOICE if voice else Channel.SMS)
    try:
        phone = Phone(flows or flows_dir(), line)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with phone, contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        _talk(phone, _Way(as_json, save))


def _talk(phone: Phone, way: _Way) -> None:
    level: str | None = None
    if way.save is not None:
        way.save.write(transcript_head(phone.line, phone.number))
    for told in (_as_json if way.json else _on_screen)(phone):
        if way.save is not None:
            way.save.write(transcript(told, level))
            way.save.flush()
        level = told.verdict.level


def _as_json(phone: Phone) -> Iterator[Told]:
    take = _careful(phone)
    for words in _lines(sys.stdin.buffer):
        told = take(words)
        sys.stdout.write(json.dumps(told.plain(), ensure_ascii=True) + "\n")
        sys.stdout.flush()
        yield told


def _on_screen(phone: Phone) -> Iterator[Told]:
    console = Console(highlight=False, soft_wrap=False)
    take = _careful(phone)
    typed, spoken = sys.stdin.isatty(), phone.line.channel is Channel.VOICE
    greet(console, phone.line, phone.library.flow)
    if spoken:
        say(console, phone.pick_up(), spoken=True)
    for words in _typed(console) if typed else _lines(sys.stdin.buffer):
        told = take(words)
        show(console, told, echo=not typed, spoken=spoken)
        yield told


def _typed(console: Console) -> Iterator[str]:
    while True:
        try:
            yield console.input("[bold cyan]> [/]")[:LONGEST]
        except EOFError:
            return


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """The lines of a stream as texts; what is not UTF-8 becomes a replacement character."""
    for line in stream:
        yield line.decode("utf-8", "replace").rstrip("\r\n")[:LONGEST]


def _careful(phone: Phone) -> Callable[[str], Told]:
    """Turns as at the webhook's edge: whatever fails inside, she is told the emergency number."""
    last = Told(0, "", (), Verdict())

    def take(words: str) -> Told:
        nonlocal last
        try:
            last = phone.say(words)
        except Exception as error:  # noqa: BLE001 the edge, as at the webhook
            click.echo(f"safe reply given: {type(error).__name__}: {error}", err=True)
            said = safe_reply(phone.library.words, phone.line.country, phone.line.language)
            last = Told(last.turn + 1, words, (said,), last.verdict, sources=last.sources)
        return last

    return take
