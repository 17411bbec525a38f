"""The list of readers as somebody looks through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bulletin.models.people import SuppressionReason


class ReaderState(StrEnum):
    """Whether somebody gets the next issue, but for what its audience says."""

    ACTIVE = "active"
    PAUSED = "paused"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Whom to show. Empty: everybody.

    text:    stands in an address, a name or the name of an organisation.
    role:    one of their roles; nation: where they are; segment: the name of one that picks them.
    after:   the address after which the page begins, in alphabetical order.
    """

    text: str = ""
    role: str = ""
    nation: str = ""
    segment: str = ""
    state: ReaderState | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reader in a list. suppressed: why no mail goes to them, or None."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    organisation: str
    nation: str
    suppressed: SuppressionReason | None
    paused_until: date | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of readers. total: how many there are in all; after: where the next page begins."""

    entries: tuple[Entry, ...]
    total: int
    after: str
