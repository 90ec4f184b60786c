"""The command line, `hotline ...`: a command is imported when called, for a quick start."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from hotline.errors import HotlineError

COMMANDS = {
    "run": ("hotline.cli.run", "run", "Start everything on this machine, to try it."),
    "serve": ("hotline.cli.serve", "serve", "Serve the webhooks and the console."),
    "worker": ("hotline.cli.worker", "worker", "Do the committed tasks: pages, calls, follow-ups."),
    "chat": ("hotline.cli.chat", "chat", "Have the conversation in this terminal."),
    "flows": ("hotline.cli.flows", "flows", "Prove, read, compare and draw the flows."),
    "sessions": ("hotline.cli.sessions", "sessions", "List, show, export, replay, erase sessions."),
    "staff": ("hotline.cli.staff", "staff", "Staff accounts for the console."),
    "twilio": ("hotline.cli.twilio", "twilio", "Set up the number at Twilio, write fallbacks."),
    "doctor": ("hotline.cli.doctor", "doctor", "Say what is wrong with this installation."),
    "bench": ("hotline.cli.bench", "bench", "Measure this hotline on this machine."),
}
BAD_INPUT = 2


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for an unknown one.

        The collector rests meanwhile: it finds nothing in modules and takes a tenth of the time.
        """
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        gc.disable()
        try:
            command: click.Command = getattr(import_module(entry[0]), entry[1])
        finally:
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hotline")
def cli() -> None:
    """A text and voice hotline for people who bleed in pregnancy."""


def main() -> None:
    """The entry point: our own errors become plain lines and exit code 2."""
    try:
        cli(standalone_mode=True)
    except HotlineError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
