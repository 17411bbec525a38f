"""`bulletin users`: who signs in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from argon2 import PasswordHasher

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say, table
from bulletin.errors import InvalidInput
from bulletin.models.people import UserRole
from bulletin.roster import check_address

app = typer.Typer()
_SHORTEST_PASSWORD = 12


@app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="Their address.")],
    role: Annotated[UserRole, typer.Option(help="What they may do.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from stdin.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Add somebody who works on the bulletin.

    Example: bulletin users add approver@school.example --role approver
    """
    hashed = _hashed(sys.stdin.readline().rstrip("\n")) if password_stdin else ""
    with services() as made:
        user = made.enrolment.add_user(check_address(email), role, hashed, actor)
    if as_json:
        document({"id": user.id, "email": user.email, "role": user.role.value})
    else:
        say(f"{user.email} is now {user.role.value}.")


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List who works on the bulletin.

    Example: bulletin users list
    """
    with services() as made:
        found = made.enrolment.users()
    if as_json:
        rows = [{"id": user.id, "email": user.email, "role": user.role.value} for user in found]
        document({"users": rows})
    elif not found:
        say("Nobody yet. Add the first: bulletin users add EMAIL --role admin")
    else:
        table(("id", "address", "role"), ((user.id, user.email, user.role.value) for user in found))


def _hashed(password: str) -> str:
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidInput(f"A password needs {_SHORTEST_PASSWORD} characters or more.")
    return PasswordHasher().hash(password)
