"""Figures of an issue that went out: each is a number of people, and opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bulletin.models.deliveries import DeliveryState
from bulletin.models.editions import ReaderKind


class Figure(StrEnum):
    """What became of somebody's copy, as reports count it. Accepted is not delivered."""

    AUDIENCE = "audience"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    DELAYED = "delayed"
    CAME_BACK = "came_back"
    DROPPED = "dropped"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    TO_GO = "to_go"
    EXCLUDED = "excluded"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    ACKNOWLEDGED = "acknowledged"


_S = DeliveryState
STATES: Final[Mapping[Figure, tuple[DeliveryState, ...]]] = {
    Figure.AUDIENCE: tuple(DeliveryState),
    Figure.ACCEPTED: (
        _S.SUBMITTED, _S.DEFERRED, _S.DELIVERED, _S.BOUNCED_HARD, _S.BOUNCED_SOFT, _S.DROPPED
    ),
    Figure.DELIVERED: (_S.DELIVERED,),
    Figure.UNKNOWN: (_S.SUBMITTED,),
    Figure.DELAYED: (_S.DEFERRED,),
    Figure.CAME_BACK: (_S.BOUNCED_HARD, _S.BOUNCED_SOFT),
    Figure.DROPPED: (_S.DROPPED,),
    Figure.FAILED: (_S.FAILED,),
    Figure.UNCERTAIN: (_S.UNCERTAIN,),
    Figure.TO_GO: (_S.PREPARED, _S.SENDING, _S.RETRY_WAIT),
    Figure.EXCLUDED: (_S.EXCLUDED,),
}  # fmt: skip
"""The states behind a figure. The other figures are flags, and do not depend on a state.

audience = accepted + failed + uncertain + to go + excluded; accepted is the sum of the five that
stand under it.
"""

PARTS: Final = (
    Figure.ACCEPTED, Figure.FAILED, Figure.UNCERTAIN, Figure.TO_GO, Figure.EXCLUDED
)  # fmt: skip
OF_ACCEPTED: Final = (
    Figure.DELIVERED, Figure.UNKNOWN, Figure.DELAYED, Figure.CAME_BACK, Figure.DROPPED
)  # fmt: skip
SAID_SINCE: Final = (Figure.ACKNOWLEDGED, Figure.UNSUBSCRIBED, Figure.COMPLAINED)

WORDS: Final[Mapping[Figure, str]] = {
    Figure.AUDIENCE: "People in the audience",
    Figure.ACCEPTED: "Accepted by mail servers",
    Figure.DELIVERED: "Reported as delivered",
    Figure.UNKNOWN: "Nothing heard since",
    Figure.DELAYED: "Held up on the way",
    Figure.CAME_BACK: "Came back",
    Figure.DROPPED: "Stopped by the mail provider",
    Figure.FAILED: "Refused by mail servers",
    Figure.UNCERTAIN: "Not confirmed",
    Figure.TO_GO: "Still to go",
    Figure.EXCLUDED: "Left out",
    Figure.COMPLAINED: "Marked it as spam",
    Figure.UNSUBSCRIBED: "Unsubscribed because of it",
    Figure.ACKNOWLEDGED: "Confirmed that they have seen it",
}

SHORT: Final[Mapping[Figure, str]] = {
    Figure.AUDIENCE: "Audience",
    Figure.ACCEPTED: "Accepted",
    Figure.CAME_BACK: "Came back",
    Figure.ACKNOWLEDGED: "Confirmed",
}
"""The same as heads of narrow columns."""


@dataclass(frozen=True, slots=True)
class Tallied:
    """People of one kind of reader whose copies are in one state, for one reason."""

    kind: ReaderKind
    state: DeliveryState
    reason: str
    people: int
    complained: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """How many of a kind of reader acknowledged an issue."""

    kind: ReaderKind
    people: int


@dataclass(frozen=True, slots=True)
class Row:
    """One person's copy, as a figure's rows show it. email, name: "" once they were erased.

    cursor: what the next page begins behind. at: when they acknowledged it.
    """

    cursor: str
    email: str
    name: str
    kind: ReaderKind
    state: DeliveryState
    reason: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which part of a figure: holders of a role, readers in a nation ("": not known; None: all),
    left out for a reason. Empty: all of it."""

    role: str = ""
    nation: str | None = None
    reason: str = ""
