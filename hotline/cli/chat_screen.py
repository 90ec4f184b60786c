"""How `hotline chat` looks: bubbles in a terminal, and the golden transcript of --save."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import ROUNDED
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from hotline.cli.chat_phone import Line
from hotline.cli.chat_told import Told
from hotline.flow.flow import Flow
from hotline.flow.sms_text import measure
from hotline.session.records import Channel

COLOURS = {
    "emergency": "bold white on red",
    "urgent": "bold black on bright_yellow",
    "soon": "bold black on yellow",
    "routine": "bold white on blue",
    "self_care": "bold white on green",
}
WIDEST = 72


def greet(console: Console, line: Line, flow: Flow) -> None:
    """What stands above the conversation."""
    way = "calling" if line.channel is Channel.VOICE else "texting"
    console.print(f"[bold]You are {way} from {line.country}, in {line.language}.[/] ", end="")
    console.print("Write as she would; digits pick an option. Ctrl-D ends it.")
    signed = flow.meta.status == "signed_off"
    review = "signed off by a clinician" if signed else "a draft, not signed off by a clinician"
    console.print(f"[dim]flow {flow.version} · {review}[/]\n")


def say(console: Console, messages: Sequence[str], *, spoken: bool) -> None:
    """Our words: what a text costs stands below it."""
    for message in messages:
        console.print(_bubble(message, min(WIDEST, console.width), spoken=spoken))


def show(console: Console, told: Told, *, echo: bool, spoken: bool) -> None:
    """One turn: her words (when they were not typed here), our bubbles, what lies behind them."""
    if echo:
        console.print(Padding(Text(told.heard, style="cyan"), (0, 0, 0, 4)))
    say(console, told.messages, spoken=spoken)
    if not told.messages:
        console.print("[dim](nothing is said)[/]")
    for line in _behind(told):
        console.print(line)
    if told.verdict.level is not None:
        _show_level(console, told)
    console.print()


def _bubble(message: str, width: int, *, spoken: bool) -> Panel:
    size = measure(message)
    segments = "1 segment" if size.segments == 1 else f"{size.segments} segments"
    subtitle = "spoken" if spoken else f"{segments} · {size.encoding.value} · {size.units}"
    return Panel(
        Text(message),
        box=ROUNDED,
        border_style="green",
        width=width,
        subtitle=f"[dim]{subtitle}[/]",
        subtitle_align="right",
    )


def _behind(told: Told) -> Iterator[Text]:
    if told.understood:
        pairs = (f"{name} = {_shown(value)}" for name, value in told.understood.items())
        yield Text(f"  understood  {', '.join(pairs)}", style="dim")
    if told.danger:
        yield Text(f"  danger      {', '.join(told.danger)}", style="bold red")
    for page in told.pages:
        yield Text(f"  page        {page}", style="magenta")


def _shown(value: object) -> str:
    return " + ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _show_level(console: Console, told: Told) -> None:
    level = told.verdict.level or ""
    console.print(Text.assemble("  level       ", (f" {level} ", COLOURS.get(level, "bold"))))
    for rule, sources in told.sources.items():
        console.print(Text(f"  rule        {rule}  [{', '.join(sources)}]", style="dim"))


def transcript_head(line: Line, number: str) -> str:
    """The first lines of a saved transcript: who texts, from where, in which language, how."""
    about = {"number": number, "country": line.country, "language": line.language}
    if line.channel is Channel.VOICE:
        about["channel"] = line.channel.value
    return "".join(f"# {name} {value}\n" for name, value in about.items())


def transcript(told: Told, before: str | None) -> str:
    """One turn as a golden transcript has it: `> hers`, `< ours`, `! page`, `= level`.

    Further lines of ours begin with "|". `before` is the level as it was.
    """
    lines = [f"> {told.heard}"]
    for message in told.messages:
        first, *rest = message.split("\n")
        lines += [f"< {first}", *(f"| {line}" for line in rest)]
    if not told.messages:
        lines.append("< (nothing)")
    lines += [f"! page {page}" for page in told.pages]
    if told.verdict.level != before:
        lines.append(f"= {told.verdict.level}")
    return "\n".join(lines) + "\n"
