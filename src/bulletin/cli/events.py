"""`bulletin events`: what mail servers write back, read and put on record."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.cli.context import services
from bulletin.cli.output import AsJson, document, say, table
from bulletin.events.inbox import read_file
from bulletin.events.reports import read_report
from bulletin.models.events import Recipient

app = typer.Typer()

_IMAP = "imap"
_KINDS = {
    "bounce": "A copy came back.",
    "complaint": "A reader marked a copy as spam.",
    "auto_reply": "A machine answered in a person's place. It never counts.",
    "other": "Nothing came back: a notice of delay, an answer, or something else.",
}


@app.command("parse")
def parse(
    file: Annotated[Path, typer.Argument(help="A message, as a mailbox keeps it.")],
    as_json: AsJson = False,
) -> None:
    """Say what a message from a mail server is, and whom it names; record nothing.

    A recipient is hard if the mailbox is gone for good; only those are ever suppressed at once.

    Example: bulletin events parse bounce.eml --json
    """
    report = read_report(read_file(file))
    if as_json:
        recipients = [_as_document(each) for each in report.recipients]
        document({"kind": report.kind.value, "recipients": recipients})
        return
    say(_KINDS[report.kind.value])
    if report.recipients:
        rows = (
            (each.address, each.status, "yes" if each.hard else "no", each.diagnostic)
            for each in report.recipients
        )
        table(("address", "status", "hard", "what was said"), rows)


def _as_document(recipient: Recipient) -> dict[str, Any]:
    return {
        "address": recipient.address,
        "status": recipient.status,
        "hard": recipient.hard,
        "diagnostic": recipient.diagnostic,
    }


@app.command("ingest")
def ingest(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PATH|imap",
            help="A message, an mbox, a Maildir, or imap: the mailbox of BULLETIN_BOUNCE_IMAP_URL.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Record the bounces and complaints that wait, and suppress whom they bar.

    What is recorded twice counts once. New messages of a Maildir go to its cur, those of a
    mailbox are marked as seen; a file stays as it is.

    Example: bulletin events ingest imap
    """
    with services() as made:
        found = made.ingest_reports(None if source == _IMAP else Path(source))
    if as_json:
        document(asdict(found))
        return
    say(
        f"{found.read} read: {found.recorded} recorded, {found.repeated} on record before, "
        f"{found.unmatched} about no copy of ours, {found.ignored} automatic replies and other "
        f"mail, {found.unreadable} unreadable."
    )
