"""The `bulletin` command."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer

from bulletin import __version__
from bulletin.cli.output import document, notice, say
from bulletin.cli.parts import Part, group_of
from bulletin.errors import BulletinError, InvalidInput

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bulletin.models.evidence import IssueReport, OrganisationReport
    from bulletin.wiring import Services

_SERVING = frozenset({"serve", "worker"})


def _create_app(services: Services) -> FastAPI:
    from bulletin.web.app import create_app  # noqa: PLC0415  # slow to load

    return create_app(services)


def _warm(app: FastAPI, services: Services) -> None:
    from bulletin.web.warming import warm  # noqa: PLC0415  # the same

    warm(app, services)


def _report_file(services: Services, report: OrganisationReport | IssueReport) -> str:
    from bulletin.web.public.report import report_file  # noqa: PLC0415  # the same

    return report_file(services, report)


def _version() -> None:
    """Print the version.

    Example: bulletin version
    """
    say(__version__)


def _alone(name: str, load: Callable[[], Callable[..., None]]) -> Callable[[], typer.Typer]:
    """A command that stands in no group. load: imports its function."""

    def command() -> typer.Typer:
        app = typer.Typer()
        app.command(name)(load())
        return app

    return command


def _group(*modules: str) -> Callable[[], tuple[typer.Typer, ...]]:
    """The commands of one or several modules of `bulletin.cli`."""
    return lambda: tuple(_cli(module).app for module in modules)


def _cli(module: str) -> Any:
    return import_module(f"bulletin.cli.{module}")


PARTS = {
    "demo": Part(
        "Do the whole job on the bundled example: import, compose, approve, send to an outbox.",
        _alone("demo", lambda: _cli("demo").demo),
    ),
    "serve": Part(
        "Show the web pages, start scheduled issues on time, and send.",
        _alone("serve", lambda: _cli("serve").serving(_create_app, _warm)),
    ),
    "worker": Part(
        "Send what waits: copies of issues (bulk), or letters and all that is small "
        "(transactional).",
        _alone("worker", lambda: _cli("worker").worker),
    ),
    "doctor": Part(
        "Check the settings, the database and the transport; send nothing.",
        _alone("doctor", lambda: _cli("admin").doctor),
    ),
    "version": Part("Print the version.", _alone("version", lambda: _version)),
    "items": Part("Bring news in and look at the library.", _group("items", "library", "editing")),
    "source": Part("Watch feeds and pages for news.", _group("source")),
    "issue": Part(
        "Compose, check, approve and send an issue.",
        _group(
            "issue",
            "placing",
            "proof",
            "publishing",
            "sending",
            "afterwards",
            "rehearsing",
            "discarding",
        ),
    ),
    "subscribers": Part("Bring people in, and let them go.", _group("subscribers")),
    "deliveries": Part(
        "Copies of which it is not known whether they were accepted.", _group("deliveries")
    ),
    "calendar": Part("Say when issues are due, and keep school terms.", _group("calendar")),
    "segments": Part("Name the people you send to.", _group("segments")),
    "suppressions": Part("Addresses that get no mail.", _group("suppressions")),
    "events": Part("Bounces, complaints and other news of copies.", _group("events")),
    "users": Part("People who work with Bulletin.", _group("users")),
    "theme": Part("Change how the email and the pages look.", _group("theme")),
    "dkim": Part("Sign copies, so that mailboxes trust them.", _group("dkim")),
    "report": Part(
        "Evidence: what went out, who acknowledged it.",
        lambda: (_cli("report").commands(_report_file),),
    ),
    "db": Part("Look after the database.", lambda: (_cli("admin").db,)),
}

app = typer.Typer(
    cls=group_of(PARTS),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Start with: bulletin demo",
)


@app.callback(help="One safeguarding bulletin for schools, cut to each reader's roles.")
def _bulletin(ctx: typer.Context) -> None:
    if ctx.obj is not None:
        ctx.obj()


def _log_apart() -> None:
    """What a command's result is stands alone on stdout."""
    import structlog  # noqa: PLC0415  # slow to load

    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def main() -> None:
    """Run a command: exit 0 done, 1 refused with the reason, 2 wrong usage."""
    try:
        _check_words(sys.argv)
        app(obj=None if _SERVING.intersection(sys.argv[1:2]) else _log_apart)
    except BulletinError as error:
        if "--json" in sys.argv:
            document({"error": error.in_full})
        notice(f"Error: {error.in_full}")
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
