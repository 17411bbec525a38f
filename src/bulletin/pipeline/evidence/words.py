"""What a report says, in sentences: the same on a page, on paper and on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bulletin.models.days import spoken_date
from bulletin.models.deliveries import IssueStatus
from bulletin.models.evidence import (
    RECENT_DAYS,
    Cell,
    IssueReport,
    OrganisationReport,
    PersonEvidence,
    Presence,
    ReportLink,
    SentIssue,
    Share,
)
from bulletin.pipeline.clock import spoken

ERASED = "A person since erased"
NO_ORGANISATION = "No organisation on record"


def day(at: datetime, zone: ZoneInfo) -> str:
    """`9 December 2026` in the zone."""
    return spoken_date(at.astimezone(zone))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Wed 9 December 2026, 7:00am` in the zone."""
    return spoken(at, zone)


def summary(report: OrganisationReport) -> str:
    """The first sentence of a report of an organisation."""
    total = len(report.people)
    if not total:
        return "Nobody at this organisation is on the list."
    return (
        f"{report.up_to_date:,} of {_people(total)} acknowledged an issue in the last "
        f"{RECENT_DAYS} days."
    )


def issue_summary(report: IssueReport) -> str:
    """The first sentence of a report of an issue."""
    copies = f"{report.copies:,} {'copy' if report.copies == 1 else 'copies'}"
    return f"{report.acknowledged:,} of {copies} acknowledged."


def latest(person: PersonEvidence, zone: ZoneInfo) -> str:
    """How long ago somebody acknowledged anything, as a sentence."""
    if person.last is None:
        return f"No issue acknowledged. On the list since {day(person.joined_at, zone)}."
    since = day(person.last.acknowledged_at, zone)
    return f"No issue acknowledged since {since}." if person.overdue else f"Acknowledged {since}."


def presence(person: PersonEvidence, zone: ZoneInfo) -> str:
    """Whether somebody is on the list, and since when they are not."""
    said = person.presence.value.capitalize()
    if person.presence is Presence.HERE or person.since is None:
        return said
    return f"{said} on {day(person.since, zone)}"


def cell(found: Cell, zone: ZoneInfo) -> str:
    """What stands in a table for one person and one issue."""
    if found.acknowledgement is None:
        return found.mark.value.capitalize()
    where = " (at another organisation)" if found.elsewhere else ""
    return day(found.acknowledgement.acknowledged_at, zone) + where


def roles(keys: Iterable[str], names: Mapping[str, str]) -> str:
    """Roles by their short names, in the order that the installation lists them."""
    held = set(keys)
    known = [name for key, name in names.items() if key in held]
    return ", ".join([*known, *sorted(held - names.keys())])


def period(issues: Sequence[SentIssue], zone: ZoneInfo) -> str:
    """When issues, newest first, were sent."""
    newest, oldest = day(issues[0].sent_at, zone), day(issues[-1].sent_at, zone)
    return f"Sent on {newest}" if newest == oldest else f"Sent from {oldest} to {newest}"


def ledger(status: IssueStatus) -> list[tuple[str, int]]:
    """What became of an issue's copies: (words, copies), in the order of their way."""
    return [
        ("People in the audience", status.audience),
        ("Excluded", status.excluded),
        ("Waiting", status.prepared + status.sending),
        ("Accepted by mail servers", status.submitted),
        ("Delivered", status.delivered),
        ("Delayed", status.deferred),
        ("Bounced", status.bounced),
        ("Failed", status.failed),
        ("Not confirmed", status.uncertain),
        ("Complained", status.complained),
        ("Unsubscribed", status.unsubscribed),
    ]


def erased(report: OrganisationReport, column: int) -> int:
    """How many people who were erased since acknowledged the issue in a column."""
    return sum(each.issue_id == report.issues[column].id for each in report.erased)


def tally(share: Share) -> str:
    """`3 of 5`: the copies of an issue that went to people there, and how many acknowledged."""
    return f"{share.acknowledged:,} of {share.copies:,}"


def link(found: ReportLink, zone: ZoneInfo) -> str:
    """Since when a page is there, and until when."""
    end = (
        f"revoked on {day(found.revoked_at, zone)}"
        if found.revoked_at
        else (f"until {day(found.ends_at, zone)}")
    )
    return f"made on {day(found.created_at, zone)}, {end}"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"
