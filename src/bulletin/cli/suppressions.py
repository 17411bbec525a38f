"""`bulletin suppressions`: addresses never to be mailed again."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say, table
from bulletin.errors import NotFound
from bulletin.models.people import SuppressionReason
from bulletin.roster import check_address

app = typer.Typer()
Email = Annotated[str, typer.Argument(help="The address.")]


@app.command("add")
def add(
    email: Email,
    reason: Annotated[SuppressionReason, typer.Option(help="Why.")] = SuppressionReason.MANUAL,
    detail: Annotated[str, typer.Option(help="A note for the record.")] = "",
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Stop all mail to an address, at once, also in the middle of a send.

    Example: bulletin suppressions add left@school.example --reason objection
    """
    with services() as made:
        added = made.enrolment.suppress(check_address(email), reason, detail, actor)
    if as_json:
        document({"email": email, "added": added})
    else:
        say(f"{email} gets no mail any more." if added else f"{email} was suppressed already.")


@app.command("list")
def list_suppressions(as_json: AsJson = False) -> None:
    """List the suppressed addresses.

    Example: bulletin suppressions list
    """
    with services() as made:
        found = made.enrolment.suppressions()
    if as_json:
        rows = [
            {
                "email": each.email,
                "reason": each.reason.value,
                "since": each.created_at.isoformat(),
                "detail": each.detail,
            }
            for each in found
        ]
        document({"suppressions": rows})
    elif not found:
        say("No address is suppressed.")
    else:
        rows_shown = (
            (each.email, each.reason.value, f"{each.created_at:%Y-%m-%d}", each.detail)
            for each in found
        )
        table(("address", "reason", "since", "note"), rows_shown)


@app.command("remove")
def remove(email: Email, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Allow mail to an address again. Only do this when its owner asked for it.

    Example: bulletin suppressions remove back@school.example
    """
    with services() as made:
        if not made.enrolment.unsuppress(email, actor):
            raise NotFound(f"{email} was not suppressed.")
    if as_json:
        document({"email": email, "removed": True})
    else:
        say(f"{email} may get mail again.")
