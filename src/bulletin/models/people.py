"""People: subscribers, their organisations and roles, and the users who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bulletin.models.items import Nation


class SubscriberKind(StrEnum):
    """PECR regulation 22 (requirement 34): a corporate subscriber needs no consent."""

    CORPORATE = "corporate"
    INDIVIDUAL = "individual"


class UserRole(StrEnum):
    AUTHOR = "author"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"


class Theme(StrEnum):
    """The colours of the desk. SYSTEM: as the computer has it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    OBJECTION = "objection"
    ERASED = "erased"
    MANUAL = "manual"

    @property
    def came_back(self) -> bool:
        """Whether mail to the address came back: nobody's wish, so another one may do."""
        return self in {SuppressionReason.SOFT_BOUNCE, SuppressionReason.HARD_BOUNCE}


@dataclass(frozen=True, slots=True)
class Role:
    """What a reader does. Roles are data: an admin can add some.

    key: stable ("dsl"); name: in running text ("designated safeguarding lead");
    short: on a chip ("DSL"); aliases: other spellings that an import meets, casefolded.
    """

    key: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriberDraft:
    """One valid row of a subscriber list. Empty optional fields say nothing."""

    email: str
    roles: tuple[str, ...]
    name: str = ""
    organisation: str = ""
    urn: str = ""
    nation: Nation | None = None
    phase: str = ""
    local_authority: str = ""
    kind: SubscriberKind | None = None
    consent_basis: str = ""
    consent_date: date | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    id: int
    email: str
    name: str
    roles: frozenset[str]
    organisation: str
    urn: str
    nation: Nation | None
    phase: str
    local_authority: str
    kind: SubscriberKind | None
    consent_basis: str
    consent_date: date | None
    created_at: datetime
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row of a list that cannot be used. row counts from 1 at the headings."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import of subscribers did. With rejections and not `partial`, it did nothing.

    moved_away: addresses in it that somebody on the list has left; counted as unchanged.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    suppressed: int
    rejected: tuple[Rejection, ...]
    consent_stated: int = 0
    unused_columns: tuple[str, ...] = ()
    moved_away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    email: str
    reason: SuppressionReason
    created_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in. name: "" until they gave one.

    shortcuts: whether single letters are keys (WCAG 2.1.4). second_factor: whether signing in asks
    them for a code.
    """

    id: int
    email: str
    role: UserRole
    created_at: datetime
    name: str = ""
    shortcuts: bool = True
    theme: Theme = Theme.SYSTEM
    second_factor: bool = False

    @property
    def called(self) -> str:
        """What others read: their name, or else their address."""
        return self.name or self.email
