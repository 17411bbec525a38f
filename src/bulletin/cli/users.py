"""`bulletin users`: who signs in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say, table
from bulletin.errors import Misconfigured
from bulletin.models.accounts import Account
from bulletin.models.people import User, UserRole
from bulletin.roster import check_address
from bulletin.wiring import Services

app = typer.Typer()

Email = Annotated[str, typer.Argument(help="Their address.")]
Role = Annotated[UserRole, typer.Option(help="What they may do.")]


@app.command("add")
def add(
    email: Email,
    role: Role,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from stdin.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Add somebody who works on the bulletin, and print where they choose a password.

    Example: bulletin users add approver@school.example --role approver
    """
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    with services() as made:
        email = check_address(email)
        hashed = made.passwords.chosen(password, email) if password_stdin else ""
        user = made.enrolment.add_user(email, role, hashed, actor)
        link = "" if password_stdin else _link(made, user, actor)
    if as_json:
        document({**_shown(user), "link": link})
        return
    say(f"{user.email} is now {user.role.value}.")
    if link:
        say(f"They choose a password here, once, within 7 days: {link}")
    elif not password_stdin:
        say(f"Once BULLETIN_SECRET_KEY is set: bulletin users reset {user.email}")


@app.command("invite")
def invite(email: Email, role: Role, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Add a colleague, mail them where they choose a password, and print it.

    Example: bulletin users invite editor@school.example --role editor
    """
    with services() as made:
        user, link = made.managing_users.invite(email, role, actor)
    if as_json:
        document({**_shown(user), "link": link})
        return
    say(f"{user.email} is invited as {user.role.value}. The link works once, within 7 days: {link}")


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List who works on the bulletin.

    Example: bulletin users list
    """
    with services() as made:
        found = made.managing_users.everybody()
    if as_json:
        rows = [
            {**_shown(each.user), "name": each.user.name, "on": each.is_on, "way_in": _way_in(each)}
            for each in found
        ]
        document({"users": rows})
    elif not found:
        say("Nobody yet. Add the first: bulletin users add EMAIL --role admin")
    else:
        table(
            ("id", "address", "name", "role", "signs in with"),
            (
                (each.user.id, each.user.email, each.user.name, each.user.role.value, _way_in(each))
                for each in found
            ),
        )


@app.command("role")
def role(
    email: Email,
    role: Annotated[UserRole, typer.Argument(help="What they may do from now on.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Change what somebody may do; it ends their sessions.

    Example: bulletin users role editor@school.example approver
    """
    with services() as made:
        user = made.managing_users.give_role(made.managing_users.at(email).user.id, role, actor)
    _tell(user, f"{user.email} is now {user.role.value}.", as_json=as_json)


@app.command("remove")
def remove(email: Email, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Remove an account; what its user did stays on record.

    Example: bulletin users remove editor@school.example
    """
    with services() as made:
        user = made.managing_users.remove(made.managing_users.at(email).user.id, actor)
    _tell(user, f"{user.email} has no account any more.", as_json=as_json)


@app.command("reset")
def reset(
    email: Email,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Also remove their second factor.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Print a link for somebody who is locked out, to choose another password at.

    Example: bulletin users reset admin@school.example
    """
    with services() as made:
        user = made.managing_users.at(email).user
        link = made.managing_users.link(user.id, actor, mailed=False)
        if second_factor:
            made.managing_users.remove_factor(user.id, actor)
    if as_json:
        document({**_shown(user), "link": link})
        return
    say(f"{user.email} chooses a password here, once: {link}")
    if second_factor:
        say("Their second factor is removed.")


def _link(made: Services, user: User, actor: str) -> str:
    """Where somebody chooses their first password, "" as long as no link can be signed."""
    try:
        return made.managing_users.link(user.id, actor, mailed=False)
    except Misconfigured:
        return ""


def _shown(user: User) -> dict[str, object]:
    return {"id": user.id, "email": user.email, "role": user.role.value}


def _tell(user: User, sentence: str, *, as_json: bool) -> None:
    if as_json:
        document(_shown(user))
    else:
        say(sentence)


def _way_in(account: Account) -> str:
    if not account.is_on:
        return "switched off"
    if account.user.second_factor:
        return "password and code"
    return "password" if account.has_password else "no password yet"
