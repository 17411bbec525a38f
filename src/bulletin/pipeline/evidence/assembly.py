"""From the store's dossier to a report of an organisation. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bulletin.models.evidence import (
    HANDED_OVER,
    RECENT_DAYS,
    Acknowledgement,
    Cell,
    Dossier,
    Mark,
    Member,
    OrganisationReport,
    PersonEvidence,
    Presence,
    SentCopy,
    SentIssue,
    Share,
)
from bulletin.pipeline.clock import day_in

_YEARS = 2  # how far back a report goes
_GONE = {Presence.LEFT, Presence.MOVED}

Kept = TypeVar("Kept", Acknowledgement, SentCopy)


def beginning(now: datetime) -> datetime:
    """24 months before a moment; the 29th of February becomes the 28th."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - _YEARS, day=day)


def assemble(
    dossier: Dossier, now: datetime, zone: ZoneInfo, guidance: str = ""
) -> OrganisationReport:
    """The report of an organisation at a moment; days are counted in the zone."""
    shares = _shares(dossier)
    issues = _columns(dossier, shares, beginning(now))
    rows = _Rows(dossier, issues, now, zone)
    people = [rows.of(member) for member in sorted(dossier.members, key=_by_name)]
    return OrganisationReport(
        organisation=dossier.organisation,
        made_at=now,
        guidance=guidance,
        issues=issues,
        shares=tuple(shares[issue.id] for issue in issues),
        people=tuple(each for each in people if each.presence not in _GONE),
        former=tuple(each for each in people if each.presence in _GONE and rows.recent(each)),
        erased=_erased(dossier, issues),
        titles={issue.id: issue.title for issue in dossier.issues},
        wordings=dossier.wordings,
        role_names=dossier.role_names,
    )


def days_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> int:
    """Whole days of the calendar in a zone, whatever the clocks did in between."""
    return (day_in(zone, later) - day_in(zone, earlier)).days


class _Rows:
    """Makes the rows of a report."""

    def __init__(
        self, dossier: Dossier, issues: Sequence[SentIssue], now: datetime, zone: ZoneInfo
    ) -> None:
        self._organisation_id = dossier.organisation.id
        self._now = now
        self._zone = zone
        self._start = beginning(now)
        self._pressed = _by_person(dossier.acknowledgements)
        self._copies = _by_person(dossier.copies)
        self._issues = issues

    def of(self, member: Member) -> PersonEvidence:
        """The row of somebody."""
        pressed = self._pressed.get(member.id, {})
        last = max(pressed.values(), key=lambda each: each.acknowledged_at, default=None)
        shown = member if member.here else self._as_they_were(member, last)
        return PersonEvidence(
            name=shown.name,
            email="" if member.private else shown.email,
            roles=shown.roles,
            presence=_presence(member),
            since=member.suppressed_at if member.here else None,
            joined_at=member.joined_at,
            cells=tuple(self._cell(member, issue.id) for issue in self._issues),
            last=last,
            overdue=self._is_overdue(member, last),
        )

    def _is_overdue(self, member: Member, last: Acknowledgement | None) -> bool:
        if last is not None:
            return days_between(last.acknowledged_at, self._now, self._zone) > RECENT_DAYS
        copies = self._copies.get(member.id, {}).values()
        return any(copy.state in HANDED_OVER for copy in copies)  # else nothing to acknowledge

    def recent(self, person: PersonEvidence) -> bool:
        """Whether the report reaches back to when somebody who left was there."""
        last = person.last.acknowledged_at if person.last else None
        reached = any(at >= self._start for at in (person.since, last) if at is not None)
        return reached or any(cell.mark not in {Mark.AWAY, Mark.NOT_SENT} for cell in person.cells)

    def _as_they_were(self, member: Member, last: Acknowledgement | None) -> Member:
        """Somebody who moved, as they were here: where they are now is not told."""
        if last is not None:
            return replace(member, name=last.name, email=last.email, roles=last.roles)
        copies = self._copies.get(member.id, {})
        for issue in self._issues:
            if issue.id in copies and copies[issue.id].here:
                copy = copies[issue.id]
                return replace(member, email=copy.email, roles=copy.roles)
        return member

    def _cell(self, member: Member, issue_id: int) -> Cell:
        pressed = self._pressed.get(member.id, {}).get(issue_id)
        if pressed is not None:
            elsewhere = pressed.organisation_id != self._organisation_id
            return Cell(Mark.ACKNOWLEDGED, pressed, elsewhere)
        copy = self._copies.get(member.id, {}).get(issue_id)
        if copy is None:
            return Cell(Mark.NOT_SENT if member.here else Mark.AWAY)
        return Cell(HANDED_OVER.get(copy.state, Mark.NOT_SENT) if copy.here else Mark.AWAY)


def _by_name(member: Member) -> tuple[str, str]:
    return ((member.name or member.email).casefold(), member.email)


def _by_person(found: Iterable[Kept]) -> dict[int, dict[int, Kept]]:
    people: dict[int, dict[int, Kept]] = {}
    for each in found:
        if each.subscriber_id is not None:
            people.setdefault(each.subscriber_id, {})[each.issue_id] = each
    return people


def _shares(dossier: Dossier) -> Mapping[int, Share]:
    """The organisation's part in each issue, by the issue's id."""
    went = [c for c in dossier.copies if c.here and (c.acknowledged or c.state in HANDED_OVER)]
    copies = Counter(copy.issue_id for copy in went)
    pressed = Counter(copy.issue_id for copy in went if copy.acknowledged)
    return {
        issue.id: Share(dossier.organisation, copies[issue.id], pressed[issue.id])
        for issue in dossier.issues
    }


def _columns(
    dossier: Dossier, shares: Mapping[int, Share], since: datetime
) -> tuple[SentIssue, ...]:
    """The issues that somebody there was sent, or acknowledged, since then."""
    pressed = {each.issue_id for each in dossier.acknowledgements}
    return tuple(
        issue
        for issue in dossier.issues
        if issue.sent_at >= since and (shares[issue.id].copies or issue.id in pressed)
    )


def _erased(dossier: Dossier, issues: Iterable[SentIssue]) -> tuple[Acknowledgement, ...]:
    shown = {issue.id for issue in issues}
    found = (each for each in dossier.acknowledgements if each.subscriber_id is None)
    return tuple(each for each in found if each.issue_id in shown)


def _presence(member: Member) -> Presence:
    if not member.here:
        return Presence.MOVED
    if member.suppressed is None:
        return Presence.HERE
    return Presence.UNREACHABLE if member.suppressed.came_back else Presence.LEFT
