"""`bulletin deliveries`: copies of which nobody can say whether they were accepted."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, MOST, AsJson, copies, document, notice, say, table
from bulletin.errors import Refused
from bulletin.models.deliveries import Resolution
from bulletin.pipeline.clearing import Resolved
from bulletin.pipeline.clock import spoken

app = typer.Typer()

_SHOWN = 1000
_SURE = {
    Resolution.SUBMITTED: "They count as accepted, and never go again.",
    Resolution.FAILED: "They count as not accepted; `issue resend-missed` sends them again.",
    Resolution.RESEND: "They go again. Whoever did get one gets two.",
}


@app.command("uncertain")
def uncertain(
    ref: Annotated[
        str | None, typer.Argument(metavar="[ISSUE]", help="An id or a slug; without it, all.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The most to list.")] = _SHOWN,
    as_json: AsJson = False,
) -> None:
    """List copies in doubt: they may have arrived, or may not.

    News of a copy ends the doubt by itself. Without it, look for the address in the provider's
    log or your mail server's, then say what you found with `deliveries resolve`.

    Example: bulletin deliveries uncertain december
    """
    with services() as made:
        found = made.clearing.doubts(ref, limit)
        zone = made.settings.zone
    if as_json:
        listed = [asdict(doubt) | {"since": doubt.since.isoformat()} for doubt in found]
        document({"deliveries": listed})
        return
    if not found:
        say("No copy is in doubt.")
        return
    rows = [
        (doubt.delivery_id, doubt.address, doubt.issue, spoken(doubt.since, zone), doubt.known)
        for doubt in found
    ]
    table(("delivery", "address", "issue", "since", "what is known"), rows)
    if len(found) == limit:
        notice(f"Only the oldest {limit:,} are listed; --limit shows more.")


@app.command("resolve")
def resolve(
    ref: Annotated[str, typer.Argument(metavar="ISSUE", help="An id or a slug.")],
    resolution: Annotated[
        Resolution, typer.Option("--as", help="What became, or is to become, of them.")
    ],
    delivery: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            max=MOST,
            metavar="ID",
            help="Only this delivery; may be repeated. "
            "Without it, every copy of the issue that is in doubt.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    by: Annotated[
        str, typer.Option("--by", metavar="EMAIL", help="Who does this, for the record.")
    ] = CLI_ACTOR,
    as_json: AsJson = False,
) -> None:
    """Settle copies in doubt by hand; the decision is put on record.

    Example: bulletin deliveries resolve december --as submitted --delivery 17 --yes
    """
    with services() as made:
        count = len(delivery or made.clearing.doubts(ref, _SHOWN))
        if count and not yes:
            _ask(resolution, count)
        resolved = made.clearing.resolve(ref, resolution, delivery, by)
    if as_json:
        document(
            {"id": resolved.issue.id, "slug": resolved.issue.slug, "copies": resolved.copies,
             "left": resolved.left, "state": resolved.issue.state.value}
        )  # fmt: skip
    else:
        _tell(resolved, resolution)


def _ask(resolution: Resolution, count: int) -> None:
    number = f"{_SHOWN:,} copies or more" if count == _SHOWN else copies(count)
    question = f"{number} in doubt. {_SURE[resolution]}"
    if not sys.stdin.isatty():
        raise Refused(f"{question} Repeat it with --yes if that is right.")
    if not typer.confirm(f"{question} Go on?", err=True):
        raise Refused("Nothing was changed.")


def _tell(resolved: Resolved, resolution: Resolution) -> None:
    slug = resolved.issue.slug
    if resolution is Resolution.RESEND:
        say(f"{copies(resolved.copies)} prepared again. Send with: bulletin issue send {slug}")
    else:
        say(f"{copies(resolved.copies)} of issue {slug} settled as {resolution.value}.")
    if resolved.left:
        notice(
            f"{copies(resolved.left)} left as they are: their readers may not be mailed any more, "
            "or another copy went to the same address."
        )
