"""`bulletin issue rehearse`: an issue goes through the whole house, to the team alone."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.context import audience, keys, nation, services
from bulletin.cli.issue import Ref
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, notice, say, table
from bulletin.cli.sending import Excluded, Segments
from bulletin.cli.watching import interruptible, status_document, tell_status
from bulletin.errors import BulletinError, InvalidInput
from bulletin.models.editions import ReaderKind
from bulletin.pipeline.rehearse import Cast, Rehearsed
from bulletin.wiring import Services

app = typer.Typer()


@app.command("rehearse")
def rehearse(
    ref: Ref,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="EMAIL", help="Who really gets it; else all of the team."),
    ] = None,
    roles: Annotated[
        str | None, typer.Option(help="Their edition: role keys with commas between.")
    ] = None,
    for_nation: Annotated[str, typer.Option("--nation", help="Of a reader in this nation.")] = "",
    segment: Segments = None,
    exclude: Excluded = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Send an approved issue to the team alone, and see how it would go for all others.

    Everybody else's copy is built and handed to a simulator. The issue itself stays as it is.

    Example: bulletin issue rehearse december --to editor@school.example
    """
    chosen = audience(segment or [], exclude or [])
    with services() as made:
        cast = Cast(tuple(to or ()), _kind(made, roles, for_nation))
        with interruptible() as stop:
            rehearsed = made.rehearsing.rehearse(ref, chosen, cast, actor, stop=stop)
        issue, status = made.reporting.status(rehearsed.issue.id)
        missing = made.reporting.not_sent(issue.id)
        zone = made.settings.zone
    if as_json:
        document(status_document(issue, status) | {"mailed": dict(rehearsed.mailed)})
    else:
        table(("really mailed to", "what became of it"), rehearsed.mailed.items())
        tell_status(issue, status, missing, zone)
        say("A rehearsal: nobody else was mailed, and the issue is as it was.")
    _conclude(rehearsed)


def _kind(made: Services, roles: str | None, for_nation: str) -> ReaderKind | None:
    if roles is None and not for_nation:
        return None
    known = [role.key for role in made.enrolment.roles()]
    wanted = frozenset(keys(roles) or (known if roles is None else ()))
    unknown = wanted - set(known)
    if unknown:
        raise InvalidInput(f"There is no role '{min(unknown)}'. The roles are: {', '.join(known)}.")
    return ReaderKind(wanted, nation(for_nation) if for_nation else None)


def _conclude(rehearsed: Rehearsed) -> None:
    halt = rehearsed.halt
    if isinstance(halt.error, BulletinError):
        notice(f"Error: {halt.error.in_full} The rehearsal stopped there.")
        raise typer.Exit(1)
    if halt.error is not None:
        raise halt.error
    if halt.stopped:
        notice("Stopped. The rehearsal is not complete.")
        raise typer.Exit(1)
