"""Events: what a provider, or a mail server somewhere, tells about a copy later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """`processed` says no more than that the copy was accepted."""

    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED_HARD = "bounced_hard"
    BOUNCED_SOFT = "bounced_soft"
    DROPPED = "dropped"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that became of one copy.

    provider, event_id: together the same for every repetition of the event (requirement 80).
    delivery_id: the copy it is about, from what we stamped into it.
    address:     the address it names, "" if it names none; an event for another address than
                 the copy's is about nobody here.
    detail:      the other side's words, shortened and printable.
    raw:         what came, without the address.
    """

    provider: str
    event_id: str
    kind: EventKind
    delivery_id: int
    occurred_at: datetime
    address: str = ""
    detail: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
