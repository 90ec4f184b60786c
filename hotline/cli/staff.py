"""hotline staff: accounts for the console."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hotline.cli.desk import demo_option, opened_store, settings_of
from hotline.console.accounts import SHORTEST_PASSWORD, Account, Accounts
from hotline.console.rights import RIGHTS, Right, Role


@click.group()
def staff() -> None:
    """Staff accounts for the console: add, list, disable, new password, one-time codes."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice([one.value for one in Role]), required=True)
@click.option("--shown", default="", help="The name as colleagues read it.")
@click.option(
    "--also",
    multiple=True,
    type=click.Choice([one.value for one in Right]),
    help="A right beyond those of the role; may be repeated.",
)
@demo_option
def add(name: str, role: str, shown: str, also: tuple[str, ...], demo: Path | None) -> None:
    """Make an account. Its password is asked for, or read from standard input."""
    password = ask_password()
    with opened_store(settings_of(demo)) as store:
        rights = [Right(one) for one in also]
        made = Accounts(store).add(name, Role(role), password, shown=shown, more=rights)
    click.echo(f"{made.name} may: {', '.join(sorted(made.rights))}")


@staff.command("list")
@demo_option
def list_accounts(demo: Path | None) -> None:
    """Every account with its role and rights."""
    with opened_store(settings_of(demo)) as store:
        accounts = Accounts(store).all()
    for one in accounts:
        click.echo(_line(one))
    if not accounts:
        click.echo("No account yet: hotline staff add NAME --role nurse")


@staff.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Open the account again.")
@demo_option
def disable(name: str, again: bool, demo: Path | None) -> None:  # noqa: FBT001 a flag
    """Shut an account; whoever is signed in with it is out at once."""
    with opened_store(settings_of(demo)) as store:
        Accounts(store).set_disabled(name, disabled=not again)
    click.echo(f"{name} is {'open again' if again else 'shut'}.")


@staff.command()
@click.argument("name")
@demo_option
def password(name: str, demo: Path | None) -> None:
    """Set a new password; whoever is signed in with the account is out at once."""
    given = ask_password()
    with opened_store(settings_of(demo)) as store:
        Accounts(store).set_password(name, given)
    click.echo(f"{name} has a new password.")


@staff.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Ask for no code any more.")
@demo_option
def totp(name: str, off: bool, demo: Path | None) -> None:  # noqa: FBT001 a flag
    """Ask for one-time codes; prints the address to put into the phone's app, once."""
    with opened_store(settings_of(demo)) as store:
        address = Accounts(store).set_totp(name, wanted=not off)
    click.echo(address or f"{name} is no longer asked for a code.")


def ask_password() -> str:
    """From the terminal, twice; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    prompt = f"Password (at least {SHORTEST_PASSWORD} characters)"
    given: str = click.prompt(prompt, hide_input=True, confirmation_prompt=True)
    return given


def _line(account: Account) -> str:
    more = ", ".join(sorted(account.rights - RIGHTS[account.role]))
    marks = [
        "one-time codes" if account.totp else "",
        f"also {more}" if more else "",
        "SHUT" if account.disabled else "",
    ]
    told = ", ".join(mark for mark in marks if mark)
    return (
        f"{account.name:<20} {account.role.value:<7} {account.shown} {f'({told})' if told else ''}"
    )
