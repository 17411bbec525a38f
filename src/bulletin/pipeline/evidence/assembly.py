"""From the store's facts to a report of an organisation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bulletin.models.deliveries import DeliveryState
from bulletin.models.evidence import (
    RECENT_DAYS,
    Acknowledgement,
    Cell,
    Facts,
    Mark,
    Member,
    OrganisationReport,
    PersonEvidence,
    Presence,
    SentIssue,
)
from bulletin.models.people import SuppressionReason

_YEARS = 2  # how far back the issues of a report go

_MARKS = {
    DeliveryState.SUBMITTED: Mark.OPEN,
    DeliveryState.DEFERRED: Mark.OPEN,
    DeliveryState.DELIVERED: Mark.OPEN,
    DeliveryState.UNCERTAIN: Mark.OPEN,
    DeliveryState.BOUNCED_HARD: Mark.RETURNED,
    DeliveryState.BOUNCED_SOFT: Mark.RETURNED,
}


def beginning(now: datetime) -> datetime:
    """24 months before a moment; the 29th of February becomes the 28th."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - _YEARS, day=day)


def assemble(facts: Facts, now: datetime, zone: ZoneInfo, guidance: str) -> OrganisationReport:
    """The report of an organisation at a moment; days are counted in the zone."""
    by_person = _by_person(facts.acknowledgements)
    issues = _columns(facts, beginning(now))
    rows = [
        (member, _person(member, by_person.get(member.id, {}), facts, issues, now=now, zone=zone))
        for member in sorted(facts.members, key=_by_name)
    ]
    gone = {Presence.LEFT, Presence.MOVED}
    return OrganisationReport(
        organisation=facts.organisation,
        made_at=now,
        guidance=guidance,
        issues=issues,
        people=tuple(row for _, row in rows if row.presence not in gone),
        former=tuple(row for _, row in rows if row.presence in gone),
        erased=tuple(each for each in facts.acknowledgements if each.subscriber_id is None),
        titles={issue.id: issue.title for issue in facts.issues},
        wordings=facts.wordings,
        role_names=facts.role_names,
    )


def days_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> int:
    """Whole days of the calendar in a zone, whatever the clocks did in between."""
    return (_day(later, zone) - _day(earlier, zone)).days


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _by_name(member: Member) -> tuple[str, str]:
    return ((member.name or member.email).casefold(), member.email)


def _by_person(found: tuple[Acknowledgement, ...]) -> dict[int, dict[int, Acknowledgement]]:
    people: dict[int, dict[int, Acknowledgement]] = {}
    for each in found:
        if each.subscriber_id is not None:
            people.setdefault(each.subscriber_id, {})[each.issue_id] = each
    return people


def _columns(facts: Facts, since: datetime) -> tuple[SentIssue, ...]:
    """The issues that somebody there was sent, or acknowledged, since then."""
    sent = {issue_id for (_, issue_id), state in facts.states.items() if state in _MARKS}
    sent |= {each.issue_id for each in facts.acknowledgements}
    return tuple(issue for issue in facts.issues if issue.id in sent and issue.sent_at >= since)


def _person(
    member: Member,
    pressed: Mapping[int, Acknowledgement],
    facts: Facts,
    issues: tuple[SentIssue, ...],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> PersonEvidence:
    last = max(pressed.values(), key=lambda each: each.acknowledged_at, default=None)
    presence = _presence(member)
    latest = last if presence is Presence.MOVED else None
    return PersonEvidence(
        name=latest.name if latest else member.name,
        email=latest.email if latest else member.email,
        roles=latest.roles if latest else member.roles,
        presence=presence,
        since=None if presence is Presence.MOVED else member.suppressed_at,
        joined_at=member.joined_at,
        cells=tuple(_cell(member, issue.id, pressed.get(issue.id), facts) for issue in issues),
        last=last,
        overdue=last is None or days_between(last.acknowledged_at, now, zone) > RECENT_DAYS,
    )


def _presence(member: Member) -> Presence:
    if not member.here:
        return Presence.MOVED
    if member.suppressed is None:
        return Presence.HERE
    bounced = member.suppressed is SuppressionReason.HARD_BOUNCE
    return Presence.UNREACHABLE if bounced else Presence.LEFT


def _cell(
    member: Member, issue_id: int, acknowledged: Acknowledgement | None, facts: Facts
) -> Cell:
    if acknowledged is not None:
        elsewhere = acknowledged.organisation_id != facts.organisation.id
        return Cell(Mark.ACKNOWLEDGED, acknowledged, elsewhere)
    if not member.here:
        return Cell(Mark.GONE)
    state = facts.states.get((member.id, issue_id))
    return Cell(_MARKS.get(state, Mark.NOT_SENT) if state else Mark.NOT_SENT)
