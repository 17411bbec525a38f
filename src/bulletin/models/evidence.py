"""Evidence: who pressed "I have seen this issue", and what that says of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bulletin.models.deliveries import DeliveryState, IssueStatus
from bulletin.models.issues import Issue
from bulletin.models.items import Nation
from bulletin.models.people import SuppressionReason

RECENT_DAYS = 365
"""How long an acknowledgement counts: updates are due at least annually (requirement 54)."""

LINK_LIFETIME = timedelta(days=365)
"""How long a contact sees an organisation's page, before somebody has to say so again."""

ENGLAND_ASKS = (
    "Keeping children safe in education asks that all staff get safeguarding updates as required, "
    "and at least annually."
)
"""What reports name unless a setting says otherwise: the guidance for England (requirement 54)."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A school or other body. urn: its number in the national register; it and nation may be ""."""

    id: int
    name: str
    urn: str = ""
    nation: str = ""

    @property
    def may_be_in_england(self) -> bool:
        return self.nation in {"", Nation.ENGLAND}


@dataclass(frozen=True, slots=True)
class Slip:
    """What the page behind an acknowledgement link shows: whose copy of which issue it is.

    sent_at: when the issue's send started. acknowledged_at: None until the button is pressed.
    """

    issue_title: str
    sent_at: datetime
    name: str
    email: str
    organisation: str
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The record of one press, with everything as it was at that moment (requirement 53).

    subscriber_id: None once the person was erased; then name and email are empty, too.
    edition: its number in the issue. content_hash: SHA-256 of what the issue said.
    wording: the digest of the sentence that was put on record.
    """

    issue_id: int
    subscriber_id: int | None
    organisation_id: int | None
    name: str
    email: str
    roles: tuple[str, ...]
    nation: str
    edition: int
    content_hash: str
    wording: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class SentIssue:
    """An issue that went out, as a column of a report. sent_at: when its send started."""

    id: int
    slug: str
    title: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is at an organisation, or was when a copy of an issue went there.

    suppressed: why they get no mail any more, or None; suppressed_at: since when.
    private: whether the address is their own (PECR's individual subscriber): it is not told.
    """

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    here: bool
    joined_at: datetime
    suppressed: SuppressionReason | None = None
    suppressed_at: datetime | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class SentCopy:
    """What became of one copy. here: it went to the organisation that is asked about.

    subscriber_id: None once the person was erased. email and roles: as they were then.
    """

    subscriber_id: int | None
    issue_id: int
    state: DeliveryState
    here: bool
    acknowledged: bool
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the store knows of an organisation; the report is worked out from it alone.

    issues:  every issue ever sent, newest first.
    copies:  those that went to the organisation, and those of members who are here now.
    acknowledgements: those of members who are here now, and those made for the organisation.
    wordings: the sentences behind their digests.
    """

    organisation: Organisation
    issues: tuple[SentIssue, ...]
    members: tuple[Member, ...]
    copies: tuple[SentCopy, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    wordings: Mapping[str, str]
    role_names: Mapping[str, str]


class Mark(StrEnum):
    """What is known of one person and one issue.

    RETURNED: the copy bounced. AWAY: it went to another organisation, or the person had left, so
    nothing is said. A copy that may have arrived counts as sent.
    """

    ACKNOWLEDGED = "acknowledged"
    OPEN = "not acknowledged"
    RETURNED = "came back"
    NOT_SENT = "not sent"
    AWAY = "not here"


HANDED_OVER: Mapping[DeliveryState, Mark] = {
    DeliveryState.SUBMITTED: Mark.OPEN,
    DeliveryState.DEFERRED: Mark.OPEN,
    DeliveryState.DELIVERED: Mark.OPEN,
    DeliveryState.UNCERTAIN: Mark.OPEN,
    DeliveryState.BOUNCED_HARD: Mark.RETURNED,
    DeliveryState.BOUNCED_SOFT: Mark.RETURNED,
}
"""What is said of a copy that was handed over and not acknowledged. In no other state was it."""


class Presence(StrEnum):
    """Whether somebody is on the list for the organisation."""

    HERE = "on the list"
    UNREACHABLE = "address stopped working"
    LEFT = "left the list"
    MOVED = "left the organisation"


@dataclass(frozen=True, slots=True)
class Cell:
    """One person and one issue. elsewhere: acknowledged while at another organisation."""

    mark: Mark
    acknowledgement: Acknowledgement | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class PersonEvidence:
    """One person's row. cells: one per issue of the report, in its order.

    since: since when they left or cannot be reached, where that is known.
    overdue: whether nothing was acknowledged in the last RECENT_DAYS, although something was sent.
    email: "" where it is a private one.
    """

    name: str
    email: str
    roles: tuple[str, ...]
    presence: Presence
    since: datetime | None
    joined_at: datetime
    cells: tuple[Cell, ...]
    last: Acknowledgement | None
    overdue: bool

    @property
    def called(self) -> str:
        """What to call them."""
        return self.name or self.email or "Somebody with a private address"


@dataclass(frozen=True, slots=True)
class Share:
    """An organisation's part in one issue. copies: handed over to people there."""

    organisation: Organisation | None
    copies: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class OrganisationReport:
    """Who at an organisation acknowledged which issue in the last 24 months.

    guidance: what the guidance asks for, as a sentence; may be "".
    issues:   those that somebody there was sent, newest first. shares: one for each of them.
    people:   who is there now. former: who left in that time, or was sent something in it.
    erased:   acknowledgements of those issues by people who were erased since.
    titles:   of every issue that is spoken of, by id.
    """

    organisation: Organisation
    made_at: datetime
    guidance: str
    issues: tuple[SentIssue, ...]
    shares: tuple[Share, ...]
    people: tuple[PersonEvidence, ...]
    former: tuple[PersonEvidence, ...]
    erased: tuple[Acknowledgement, ...]
    titles: Mapping[int, str]
    wordings: Mapping[str, str]
    role_names: Mapping[str, str]

    @property
    def overdue(self) -> tuple[PersonEvidence, ...]:
        """Who is here and acknowledged nothing in the last RECENT_DAYS."""
        return tuple(person for person in self.people if person.overdue)

    @property
    def up_to_date(self) -> int:
        """How many of those who are here acknowledged something in the last RECENT_DAYS."""
        return sum(not person.overdue for person in self.people if person.last)


@dataclass(frozen=True, slots=True)
class IssueReport:
    """What became of one issue: its ledger, and who acknowledged it, by organisation."""

    issue: Issue
    status: IssueStatus
    made_at: datetime
    shares: tuple[Share, ...]

    @property
    def copies(self) -> int:
        return sum(share.copies for share in self.shares)

    @property
    def acknowledged(self) -> int:
        return sum(share.acknowledged for share in self.shares)


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A page of evidence that an organisation's contact was given, until it ends or is revoked."""

    id: int
    organisation: Organisation
    contact: str
    created_at: datetime
    created_by: str
    ends_at: datetime
    revoked_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Whether its page can be seen."""
        return self.revoked_at is None and now < self.ends_at
