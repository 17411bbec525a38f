"""`bulletin report`: what became of an issue, and who acknowledged it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson, document, notice, say, table
from bulletin.errors import InvalidInput, Refused
from bulletin.models.evidence import IssueReport, OrganisationReport, PersonEvidence, ReportLink
from bulletin.pipeline.evidence import Evidence, exporting, words
from bulletin.wiring import Services

_NEWEST = 4  # issues that fit beside a name on a terminal


class Shape(StrEnum):
    CSV = "csv"
    JSON = "json"
    HTML = "html"


Report = OrganisationReport | IssueReport
Render = Callable[[Services, Report], str]
Organisation = Annotated[
    str, typer.Argument(metavar="ORG", help="Its name, URN or id; id:7 and urn:100001 are exact.")
]
Format = Annotated[
    Shape | None, typer.Option("--format", help="Else a table, or what FILE ends in.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A file; else stdout.")]


def commands(render: Render) -> typer.Typer:
    """The commands. render: makes a report one HTML file; this layer knows no templates."""
    app = typer.Typer()
    reports = _Reports(render)
    for command in (reports.organisation, reports.issue, link, links, revoke):
        app.command(command.__name__)(command)
    return app


class _Reports:
    def __init__(self, render: Render) -> None:
        self._render = render

    def organisation(
        self, ref: Organisation, shape: Format = None, out: Out = None, as_json: AsJson = False
    ) -> None:
        """Say who at an organisation acknowledged which issue, and who has not for 365 days.

        Example: bulletin report organisation "Oak School" --format csv --out oak.csv
        """
        chosen = _shape(shape, out, as_json=as_json)
        with services() as made:
            report = made.evidence.organisation(ref)
            if chosen is None:
                _tell_organisation(report, made.evidence)
            else:
                _write(self._as(chosen, report, made), out)

    def issue(
        self,
        ref: Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id or slug.")],
        shape: Format = None,
        out: Out = None,
        as_json: AsJson = False,
    ) -> None:
        """Say what became of an issue's copies, and how many each organisation acknowledged.

        Example: bulletin report issue december --format csv
        """
        chosen = _shape(shape, out, as_json=as_json)
        with services() as made:
            report = made.evidence.issue(ref)
            if chosen is None:
                _tell_issue(report)
            else:
                _write(self._as(chosen, report, made), out)

    def _as(self, shape: Shape, report: Report, made: Services) -> str:
        if shape is Shape.HTML:
            return self._render(made, report)
        if shape is Shape.JSON:
            return exporting.as_json(report)
        return exporting.as_csv(report, made.evidence.zone)


def link(
    ref: Organisation,
    contact: Annotated[str, typer.Option("--for", metavar="EMAIL", help="Who gets the page.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Make a page of an organisation's report, which whoever has the address may see for a year.

    Make another in time: it is how a page is renewed.

    Example: bulletin report link "Oak School" --for head@school.example
    """
    with services() as made:
        made.settings.readers_url()
        opened = made.evidence.open_link(ref, contact, actor)
        address = made.evidence.address(opened)
        until = words.day(opened.ends_at, made.evidence.zone)
    if as_json:
        document(_link_document(opened) | {"url": address})
        return
    say(address)
    notice(
        f"Link {opened.id} shows {opened.organisation.name} to {opened.contact} until {until}. "
        f"End it before with: bulletin report revoke {opened.id}"
    )


def links(ref: Organisation, as_json: AsJson = False) -> None:
    """List the pages that an organisation's contacts were given.

    Example: bulletin report links "Oak School"
    """
    with services() as made:
        evidence = made.evidence
        organisation, found = evidence.links(ref)
        addressed = [
            (each, evidence.address(each) if evidence.opens(each) else "") for each in found
        ]
    if as_json:
        rows = [_link_document(each) | {"url": url or None} for each, url in addressed]
        document({"links": rows})
    elif not found:
        say(f"Nobody was given a page of {organisation.name}.")
    else:
        for each, url in addressed:
            say(f"{each.id}  {each.contact or '(erased)'}, {words.link(each, evidence.zone)} {url}")


def revoke(
    number: Annotated[int, typer.Argument(min=1, max=MOST, metavar="LINK-ID", help="Its number.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """End a page for good: from now on its address is not found.

    Example: bulletin report revoke 3
    """
    with services() as made:
        ended, now = made.evidence.revoke(number, actor)
    if as_json:
        document(_link_document(ended) | {"revoked": now})
    elif now:
        say(f"Link {number} opens nothing any more.")
    else:
        say(f"Link {number} had ended already.")


def _shape(shape: Shape | None, out: Path | None, *, as_json: bool) -> Shape | None:
    """Which form was asked for, in whichever way."""
    if as_json and shape not in {None, Shape.JSON}:
        raise InvalidInput(f"--json and --format {shape} exclude each other. Choose one.")
    if as_json:
        return Shape.JSON
    if shape is None and out is not None:
        ending = out.suffix.removeprefix(".").lower()
        if ending not in set(Shape):
            raise InvalidInput(f"Say how to write {out}: --format csv, json or html.")
        return Shape(ending)
    return shape


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from error
    notice(f"Written to {out}")


def _tell_organisation(report: OrganisationReport, evidence: Evidence) -> None:
    shown = report.issues[:_NEWEST]
    table(
        ("person", "roles", "last acknowledged", *(issue.title for issue in shown)),
        (_row(person, report, evidence.zone) for person in (*report.people, *report.former)),
        title=report.organisation.name,
    )
    for person in report.former:
        say(f"{person.called}: {words.presence(person, evidence.zone)}.")
    if report.erased:
        say(f"Acknowledgements of people who were erased since: {len(report.erased)}.")
    say(words.summary(report))
    if report.guidance:
        say(report.guidance)
    if len(report.issues) > _NEWEST:
        say(f"The newest {_NEWEST} of {len(report.issues)} issues. All of them: --format csv")


def _row(person: PersonEvidence, report: OrganisationReport, zone: ZoneInfo) -> Sequence[str]:
    return (
        person.called,
        words.roles(person.roles, report.role_names),
        words.latest(person, zone),
        *(words.cell(cell, zone) for cell in person.cells[:_NEWEST]),
    )


def _tell_issue(report: IssueReport) -> None:
    table(("copies", "number"), words.ledger(report.status), title=report.issue.title)
    table(
        ("organisation", "URN", "copies", "acknowledged"),
        exporting.issue_rows(report),
        title="Acknowledgements",
    )
    say(words.issue_summary(report))


def _link_document(link: ReportLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "organisation": link.organisation.name,
        "contact": link.contact,
        "created_at": link.created_at.isoformat(),
        "created_by": link.created_by,
        "ends_at": link.ends_at.isoformat(),
        "revoked_at": link.revoked_at.isoformat() if link.revoked_at else None,
    }
