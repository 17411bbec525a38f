"""The `bulletin` command."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

import structlog
import typer

from bulletin import __version__
from bulletin.cli import (
    admin,
    afterwards,
    deliveries,
    dkim,
    editing,
    events,
    issue,
    items,
    library,
    proof,
    publishing,
    rehearsing,
    report,
    segments,
    sending,
    source,
    subscribers,
    suppressions,
    theme,
    users,
)
from bulletin.cli.demo import demo
from bulletin.cli.output import document, notice, say
from bulletin.cli.serve import serving
from bulletin.cli.worker import worker
from bulletin.errors import BulletinError, InvalidInput
from bulletin.models.evidence import IssueReport, OrganisationReport
from bulletin.wiring import Services

if TYPE_CHECKING:
    from fastapi import FastAPI

_SERVING = frozenset({"serve", "worker"})


def _create_app(services: Services) -> FastAPI:
    from bulletin.web.app import create_app  # noqa: PLC0415  # slow to load

    return create_app(services)


def _report_file(services: Services, report: OrganisationReport | IssueReport) -> str:
    from bulletin.web.public.report import report_file  # noqa: PLC0415  # the same

    return report_file(services, report)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="One safeguarding bulletin for schools, cut to each reader's roles.",
    epilog="Start with: bulletin demo",
)
app.command("demo")(demo)
app.command("serve")(serving(_create_app))
app.command("worker")(worker)
app.command("doctor")(admin.doctor)
items.app.add_typer(library.app)
items.app.add_typer(editing.app)
app.add_typer(items.app, name="items")
app.add_typer(source.app, name="source")
issue.app.add_typer(proof.app)
issue.app.add_typer(publishing.app)
issue.app.add_typer(sending.app)
issue.app.add_typer(afterwards.app)
issue.app.add_typer(rehearsing.app)
app.add_typer(issue.app, name="issue")
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(segments.app, name="segments")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(events.app, name="events")
app.add_typer(users.app, name="users")
app.add_typer(theme.app, name="theme")
app.add_typer(dkim.app, name="dkim")
app.add_typer(report.commands(_report_file), name="report")
app.add_typer(admin.db, name="db")


@app.command("version")
def version() -> None:
    """Print the version.

    Example: bulletin version
    """
    say(__version__)


def main() -> None:
    """Run a command: exit 0 done, 1 refused with the reason, 2 wrong usage."""
    if not _SERVING.intersection(sys.argv[1:2]):
        # What a command's result is stands alone on stdout.
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    try:
        _check_words(sys.argv)
        app()
    except BulletinError as error:
        if "--json" in sys.argv:
            document({"error": str(error)})
        notice(f"Error: {error}")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  # a person gets a sentence, never a traceback
        if os.environ.get("BULLETIN_TRACEBACK"):
            traceback.print_exc()
        notice(
            f"Error: Bulletin met something it did not expect ({type(error).__name__}: {error}). "
            "BULLETIN_TRACEBACK=1 shows where. Report it to the developers."
        )
        sys.exit(1)


def _check_words(words: list[str]) -> None:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"'{word!a}' is not text in UTF-8. Type it again, or set the terminal to UTF-8."
            ) from error


if __name__ == "__main__":
    main()
