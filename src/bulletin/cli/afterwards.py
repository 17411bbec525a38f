"""`bulletin issue resend-missed|correction`: once an issue has gone out. Joined to `issue`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.issue import Ref, issue_document, report
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson, copies, document, notice, say
from bulletin.models.issues import Issue
from bulletin.pipeline.resend import Resent

app = typer.Typer()


@app.command("resend-missed")
def resend_missed(
    ref: Ref,
    uncertain: Annotated[
        bool,
        typer.Option("--uncertain", help="Also what may have arrived: these people may get two."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Prepare an issue for those it missed: failed copies, and people who joined late.

    Nobody who has a copy, or may have one, gets another, unless you say --uncertain.

    Example: bulletin issue resend-missed december && bulletin issue send december
    """
    with services() as made:
        if dry_run:
            resent = made.missing.count(ref, uncertain=uncertain)
        else:
            resent = made.resending.resend_missed(ref, actor, uncertain=uncertain)
        issue = made.drafting.issue(ref)
    if as_json:
        counts = asdict(resent) | {"prepared": resent.prepared, "dry_run": dry_run}
        document(issue_document(issue) | counts)
    else:
        _tell(issue, resent, dry_run=dry_run)


def _tell(issue: Issue, resent: Resent, *, dry_run: bool) -> None:
    would = "would be" if dry_run else "were" if resent.prepared != 1 else "was"
    parts = [
        (resent.failed, "had failed"),
        (resent.late, "for people who joined, or may be mailed, since"),
        (resent.uncertain, "not confirmed before: these people may get two"),
    ]
    say(f"{copies(resent.prepared)} {would} prepared.")
    for count, why in parts:
        if count:
            say(f"  {count:,} {why}")
    if resent.held:
        notice(
            f"{copies(resent.held)} not confirmed: they may have arrived, so they stay as they "
            "are. --uncertain prepares them too."
        )
    if resent.prepared and not dry_run:
        say(f"Send with: bulletin issue send {issue.slug}")


@app.command("correction")
def correction(
    ref: Ref,
    item: Annotated[
        int, typer.Argument(min=1, max=MOST, metavar="ITEM", help="The item that was wrong.")
    ],
    title: Annotated[
        str, typer.Argument(help="Its title and subject; else 'Correction: ' and the item's own.")
    ] = "",
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Start a correction: an issue that goes to exactly those who had an item.

    Put the item right, then approve and send the correction as any other issue.

    Example: bulletin issue correction december 7
    """
    with services() as made:
        issue = made.correcting.correct(ref, item, actor, title)
    report(
        issue,
        as_json,
        f"Issue {issue.id} started: {issue.slug}. It goes to those who had item {item}.\n"
        f"Put it right: bulletin items edit {item}\n"
        f"Who gets it: bulletin issue preflight {issue.slug}",
    )
