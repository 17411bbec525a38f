"""Events: what a provider, or a mail server somewhere, tells about a copy later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bulletin.models.people import SuppressionReason

KEEP_EVENTS = timedelta(days=395)
"""How long what came back is kept: a year's issues and a month to look at them (requirement 45)."""

BOUNCED_BEFORE = "Bounced Address"
"""SendGrid's words for a copy that it dropped since the address bounced some time before."""

SENDGRID = "sendgrid"
MADE_UP = "simulator"
"""The provider of events that were made up to rehearse with: they move copies and bar nobody."""

TELL_OF_ALL = (SENDGRID, MADE_UP)
"""Who tells of every copy that was accepted, so that silence about one says something. A mail
server tells of what went wrong, and of that only at times."""


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


_BARRING = {
    EventKind.BOUNCED_HARD: SuppressionReason.HARD_BOUNCE,
    EventKind.COMPLAINED: SuppressionReason.COMPLAINT,
    EventKind.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that became of one copy.

    provider, event_id: together the same for every repetition of the event (requirement 80).
    delivery_id: the copy it is about, from what we stamped into it.
    occurred_at: when, as its provider says; on record it is never before the copy nor to come.
    address:     the address it names, "" if it names none; an event for another address than
                 the copy's is about nobody here.
    detail:      the other side's words, shortened and printable.
    raw:         what came, without the address.
    knows:       why its provider mails the address no more, where its kind does not say that.
    """

    provider: str
    event_id: str
    kind: EventKind
    delivery_id: int
    occurred_at: datetime
    address: str = ""
    detail: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    knows: SuppressionReason | None = None

    @property
    def bars(self) -> SuppressionReason | None:
        """Why the address is to get no more mail, if so."""
        if self.provider == MADE_UP:
            return None
        return self.knows or _BARRING.get(self.kind)


class ReportKind(StrEnum):
    """What a message in the bounce mailbox is. Only a `bounce` says that a copy came back."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    OTHER = "other"


class Fate(StrEnum):
    """What a report says became of a copy for one recipient (the actions of RFC 3464 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient in a report, as somebody else's machine wrote it: printable, and no more.

    status:     an enhanced status code (RFC 3463), or "".
    hard:       there is no such mailbox, for good: the only bounce that suppresses by itself.
    diagnostic: the other side's words, shortened.
    """

    address: str
    fate: Fate
    status: str = ""
    hard: bool = False
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A message of the bounce mailbox, understood as far as it goes.

    recipients: whom it names; of several, at most one is ours.
    """

    kind: ReportKind
    recipients: tuple[Recipient, ...] = ()
