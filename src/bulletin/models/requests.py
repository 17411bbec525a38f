"""Requests: what somebody asked for on a page, and the letters that ask them to confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bulletin.models.items import Nation

CONFIRM_WITHIN = timedelta(days=7)
"""For how long a link that asks for a confirmation works; then the request is forgotten."""

KEEP_LETTERS = timedelta(days=30)
"""For how long letters are kept, and so for how long a link works that names a letter."""


class RequestKind(StrEnum):
    JOIN = "join"
    CHANGE_ADDRESS = "change_address"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was filled in. email: a checked address; client: who asked, such as an IP address.

    subscriber_id: which reader asks, unless it is to join. wording: the version of the words
    agreed to.
    """

    kind: RequestKind
    email: str
    client: str
    subscriber_id: int | None = None
    name: str = ""
    organisation: str = ""
    nation: Nation | None = None
    roles: tuple[str, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A wish on record. Who asked is kept as a keyed hash alone."""

    id: int
    kind: RequestKind
    email: str
    subscriber_id: int | None
    name: str
    organisation: str
    nation: Nation | None
    roles: tuple[str, ...]
    wording: str
    requested_at: datetime
    confirmed_at: datetime | None


class LetterKind(StrEnum):
    """Mail to one person that belongs to no issue.

    CONFIRM_JOIN, CONFIRM_ADDRESS and CONFIRM_ERASURE ask for a press of a button; ALREADY_ON_LIST
    tells who asked to join, or to move here, that this address gets the bulletin already;
    MOVED_AWAY tells an old address that the bulletin goes elsewhere, and how to take it back;
    INVITATION and RESET_PASSWORD lead users to where they choose a password.
    """

    CONFIRM_JOIN = "confirm_join"
    CONFIRM_ADDRESS = "confirm_address"
    CONFIRM_ERASURE = "confirm_erasure"
    ALREADY_ON_LIST = "already_on_list"
    MOVED_AWAY = "moved_away"
    INVITATION = "invitation"
    RESET_PASSWORD = "reset_password"  # noqa: S105  # the name of a letter


STRANGERS_LETTERS = frozenset({LetterKind.CONFIRM_JOIN, LetterKind.CONFIRM_ADDRESS})
"""What anybody can have sent to an address that is not theirs."""


class LetterState(StrEnum):
    """What became of a letter. WITHHELD: the address must not be written to, so it was not."""

    PREPARED = "prepared"
    SENDING = "sending"
    SUBMITTED = "submitted"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Letter:
    id: int
    kind: LetterKind
    email: str
    request_id: int | None
    attempt: int
    created_at: datetime
