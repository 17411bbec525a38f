"""Deliveries: an intent to send one copy to one person, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Sender

PREVIEW = 0
"""The number in a preview's links and copies: no subscriber and no delivery has it."""


class DeliveryState(StrEnum):
    PREPARED = "prepared"
    SENDING = "sending"
    RETRY_WAIT = "retry_wait"
    SUBMITTED = "submitted"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED_HARD = "bounced_hard"
    BOUNCED_SOFT = "bounced_soft"
    DROPPED = "dropped"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    EXCLUDED = "excluded"


MAY_HAVE_A_COPY = frozenset(
    {
        DeliveryState.SENDING,
        DeliveryState.SUBMITTED,
        DeliveryState.DEFERRED,
        DeliveryState.DELIVERED,
        DeliveryState.BOUNCED_HARD,
        DeliveryState.BOUNCED_SOFT,
        DeliveryState.UNCERTAIN,
    }
)
"""The states in which somebody took a copy, or may have: nobody is sent another one over them."""


class Exclusion(StrEnum):
    """Why a candidate gets no copy."""

    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    NO_CONSENT = "no_consent"
    PAUSED = "paused"
    NOTHING_FOR_ROLES = "nothing_for_roles"
    EXCLUDED_SEGMENT = "excluded_segment"
    ADDRESS_HAS_COPY = "address_has_copy"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What a transport knows of one copy after a call."""

    SUBMITTED = "submitted"
    FAILED = "failed"
    RETRY = "retry"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Copy:
    """One person's copy of an edition.

    delivery_id:   the ledger's row, as an opaque number; stamped into every copy.
    address:       one bare address (requirement 44).
    name:          display name, may be "".
    message_id:    `<...@domain>`, unchanged on retry (requirement 3).
    list_unsubscribe: the HTTPS address of the one-click POST (RFC 8058); None for a letter, which
                   goes to somebody who may be on no list.
    fields:        plain text per Field; escaped by whoever writes it into HTML.
    bounces_to:    the bare address that this copy's bounces go to (RFC 5321 4.1.1.2), its own
                   where that is set up (requirement 17); "" for the sender's.
    """

    delivery_id: int
    address: str
    name: str
    message_id: str
    list_unsubscribe: str | None
    fields: Mapping[Field, str]
    bounces_to: str = ""

    @property
    def one_click(self) -> tuple[tuple[str, str], ...]:
        """The headers of one-click unsubscribe: both, or none (RFC 8058 3.1, requirement 6)."""
        if self.list_unsubscribe is None:
            return ()
        return (
            ("List-Unsubscribe", f"<{self.list_unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Consignment:
    """Copies of one edition that are handed to a transport together.

    reference:  names the call in a provider's records ("12-3" is issue 12, chunk 3).
    headers:    the same for every copy, already safe (List-Id, Feedback-ID).
    mime:       builds the finished MIME bytes of a copy, CRLF line ends.
    check:      raises InvalidInput as `mime` would, without building anything; None: `mime` does.
    go_on:      asked before each further copy or call is begun; once it says no, the transport
                finishes what it has begun and raises TransportStopped.
    """

    reference: str
    sender: Sender
    content: EditionContent
    headers: tuple[tuple[str, str], ...]
    copies: tuple[Copy, ...]
    mime: Callable[[Copy], bytes]
    go_on: Callable[[], bool] = _always
    check: Callable[[Copy], object] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one copy. `detail` is the other side's own words, shortened."""

    delivery_id: int
    outcome: Outcome
    detail: str = ""
    provider_ref: str = ""


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """Counts of an issue's ledger. audience = prepared + sending + ... + excluded.

    `submitted` counts copies that the transport accepted and of which nothing later is known.
    """

    state: str
    audience: int
    excluded: int
    excluded_by_reason: Mapping[str, int]
    prepared: int
    sending: int
    submitted: int
    delivered: int
    deferred: int
    bounced: int
    failed: int
    uncertain: int
    complained: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class Toll:
    """What an issue cost so far, in copies.

    handed_over: that left us, or were refused; accepted: of those, what a server said yes to.
    failed:      that failed, bounced for good, or were dropped by the provider.
    complained:  that a reader marked as spam.
    planned:     all there are.
    uncertain:   of which nobody knows whether they were accepted.
    """

    handed_over: int = 0
    accepted: int = 0
    failed: int = 0
    complained: int = 0
    planned: int = 0
    uncertain: int = 0

    @property
    def went_wrong(self) -> int:
        """Copies that give a reason to stop."""
        return self.failed + self.uncertain

    def since(self, earlier: Toll) -> Toll:
        """What came on top of an earlier toll."""
        return Toll(
            self.handed_over - earlier.handed_over,
            self.accepted - earlier.accepted,
            self.failed - earlier.failed,
            self.complained - earlier.complained,
            self.planned - earlier.planned,
            max(0, self.uncertain - earlier.uncertain),  # doubts may be settled meanwhile
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """A copy of which nobody can say whether it was accepted.

    since:  when that was found. known: what is known of it, in words.
    """

    delivery_id: int
    issue: str
    address: str
    since: datetime
    known: str
    attempts: int


class Resolution(StrEnum):
    """What a person says became of a copy in doubt, or is to become of it."""

    SUBMITTED = "submitted"
    FAILED = "failed"
    RESEND = "resend"
