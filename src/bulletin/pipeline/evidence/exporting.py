"""Reports as rows for a spreadsheet and as one JSON document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.models.evidence import (
    Acknowledgement,
    Cell,
    IssueReport,
    Mark,
    OrganisationReport,
    PersonEvidence,
    SentIssue,
    Share,
)
from bulletin.models.spreadsheets import neutral
from bulletin.pipeline.evidence import words

Row = Sequence[str]

PERSON_COLUMNS = (
    "organisation", "urn", "name", "email", "roles", "status", "last_acknowledged_on", "overdue",
    "issue", "sent_on", "outcome", "acknowledged_at", "edition", "content_hash", "wording",
)  # fmt: skip
ISSUE_COLUMNS = ("organisation", "urn", "copies", "acknowledged")
_NOTHING = ("",) * 7


def as_csv(report: OrganisationReport | IssueReport, zone: ZoneInfo) -> str:
    """A report as a CSV file that Excel reads as UTF-8 and no spreadsheet runs (requirement 62).

    Lines end in CRLF (RFC 4180), so it is written without translating line ends.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    if isinstance(report, OrganisationReport):
        writer.writerow(PERSON_COLUMNS)
        writer.writerows(map(neutral, row) for row in person_rows(report, zone))
    else:
        writer.writerow(ISSUE_COLUMNS)
        writer.writerows(map(neutral, row) for row in issue_rows(report))
    return out.getvalue()


def as_json(report: OrganisationReport | IssueReport) -> str:
    """A report as one JSON document, times in UTC."""
    if isinstance(report, OrganisationReport):
        value = organisation_document(report)
    else:
        value = issue_document(report)
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def person_rows(report: OrganisationReport, zone: ZoneInfo) -> Iterator[Row]:
    """One row per person and issue, times in the zone; a person without issues has one, too."""
    place = (report.organisation.name, report.organisation.urn)
    for person in (*report.people, *report.former):
        who = (*place, *_who(report, person, zone))
        for issue, cell in zip(report.issues, person.cells, strict=True):
            yield (*who, *_what(report, issue, cell.mark, cell.acknowledgement, zone))
        if not report.issues:
            yield (*who, *_NOTHING)
    issues = {issue.id: issue for issue in report.issues}
    for each in report.erased:
        nobody = (words.ERASED, "", "", "erased", "", "")
        issue = issues[each.issue_id]
        yield (*place, *nobody, *_what(report, issue, Mark.ACKNOWLEDGED, each, zone))


def _who(report: OrganisationReport, person: PersonEvidence, zone: ZoneInfo) -> Iterator[str]:
    yield person.name
    yield person.email
    yield words.roles(person.roles, report.role_names)
    yield words.presence(person, zone)
    yield _date(person.last.acknowledged_at, zone) if person.last else ""
    yield "yes" if person.overdue else "no"


def _what(
    report: OrganisationReport,
    issue: SentIssue,
    mark: Mark,
    found: Acknowledgement | None,
    zone: ZoneInfo,
) -> Iterator[str]:
    yield issue.title
    yield _date(issue.sent_at, zone)
    yield mark.value
    if found is None:
        yield from ("", "", "", "")
        return
    yield f"{found.acknowledged_at.astimezone(zone):%Y-%m-%d %H:%M}"
    yield str(found.edition)
    yield found.content_hash
    yield report.wordings.get(found.wording, "")


def issue_rows(report: IssueReport) -> Iterator[Row]:
    """One row per organisation."""
    for share in report.shares:
        name, urn = _place(share)
        yield (name, urn, str(share.copies), str(share.acknowledged))


def _place(share: Share) -> tuple[str, str]:
    if share.organisation is None:
        return words.NO_ORGANISATION, ""
    return share.organisation.name, share.organisation.urn


def organisation_document(report: OrganisationReport) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "organisation": asdict(report.organisation),
        "made_at": report.made_at.isoformat(),
        "guidance": report.guidance,
        "people": len(report.people),
        "overdue": len(report.overdue),
        "issues": [
            _issue(issue) | {"copies": share.copies, "acknowledged": share.acknowledged}
            for issue, share in zip(report.issues, report.shares, strict=True)
        ],
        "persons": [_person(report, each) for each in (*report.people, *report.former)],
        # Without their roles: in a school "headteacher" is a name.
        "erased": [_acknowledgement(report, each) for each in report.erased],
    }


def _issue(issue: SentIssue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "slug": issue.slug,
        "title": issue.title,
        "sent_at": issue.sent_at.isoformat(),
    }


def _person(report: OrganisationReport, person: PersonEvidence) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "roles": list(person.roles),
        "status": person.presence.value,
        "since": _moment(person.since),
        "joined_at": person.joined_at.isoformat(),
        "last_acknowledged_at": _moment(person.last.acknowledged_at if person.last else None),
        "overdue": person.overdue,
        "issues": [
            {"issue_id": issue.id, "outcome": cell.mark.value}
            | (_pressed(report, cell, cell.acknowledgement) if cell.acknowledgement else {})
            for issue, cell in zip(report.issues, person.cells, strict=True)
        ],
    }


def _pressed(report: OrganisationReport, cell: Cell, found: Acknowledgement) -> dict[str, Any]:
    """An acknowledgement of somebody we may name, in the roles their copy was cut to."""
    as_whom = {"roles": list(found.roles), "nation": found.nation or None}
    return _acknowledgement(report, found) | as_whom | {"elsewhere": cell.elsewhere}


def _acknowledgement(report: OrganisationReport, found: Acknowledgement) -> dict[str, Any]:
    return {
        "issue_id": found.issue_id,
        "acknowledged_at": found.acknowledged_at.isoformat(),
        "edition": found.edition,
        "content_hash": found.content_hash,
        "wording": report.wordings.get(found.wording, ""),
    }


def issue_document(report: IssueReport) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "issue": {"id": report.issue.id, "slug": report.issue.slug, "title": report.issue.title},
        "made_at": report.made_at.isoformat(),
        "status": asdict(report.status),
        "copies": report.copies,
        "acknowledged": report.acknowledged,
        "organisations": [
            {
                "id": share.organisation.id if share.organisation else None,
                "name": share.organisation.name if share.organisation else None,
                "urn": share.organisation.urn if share.organisation else None,
                "copies": share.copies,
                "acknowledged": share.acknowledged,
            }
            for share in report.shares
        ],
    }


def _date(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
