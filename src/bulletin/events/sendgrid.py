"""SendGrid's Event Webhook: who signed a post, and what it says.

Source: "Event Webhook Reference" and "Event Webhook Security Features" of docs.sendgrid.com.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bulletin.errors import InvalidInput, Misconfigured
from bulletin.events.codes import codes_in, is_hard
from bulletin.models.events import SENDGRID, Event, EventKind
from bulletin.models.lines import in_one_line, without
from bulletin.models.people import SuppressionReason

REPLAY_WINDOW = timedelta(hours=25)
"""How old a post may be. The provider repeats one that was not taken for 24 hours, and whether it
signs it anew is not documented. A post from within the window that somebody else repeats changes
nothing either: its events are on record, and kept for longer than that."""
_AHEAD = timedelta(minutes=5)  # by how much the clocks may differ
_MOST_SIGNATURE = 500  # characters; of P-256 it has 96

_ROW_IDS = range(1, 2**63)
_MOST_ID = 128
_MOST_SAID = 2000
# What is kept of a post. An allow-list: addresses, IP addresses and user agents never are.
_KEPT = ("event", "type", "status", "attempt", "bounce_classification", "tls", "sg_message_id")
_WORDS = ("reason", "response")
_KINDS = {
    "processed": EventKind.PROCESSED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED_SOFT,
    "dropped": EventKind.DROPPED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
}
# Why the provider did not even try. "Bounced Address" is missing: its list of those holds more
# than mailboxes that are gone, so such drops are counted like other bounces.
_DROPPED_FOR = {
    "spam reporting address": SuppressionReason.COMPLAINT,
    "unsubscribed address": SuppressionReason.UNSUBSCRIBED,
    "invalid": SuppressionReason.HARD_BOUNCE,
}


class Seal:
    """Tells posts of the provider from anybody else's (requirement 66).

    public_key: as its page "Event Webhook" shows it, base64 of a DER key. Raises Misconfigured.
    """

    def __init__(self, public_key: str) -> None:
        try:
            key = load_der_public_key(base64.b64decode("".join(public_key.split()), validate=True))
        except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
            raise Misconfigured(_NO_KEY) from error
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            raise Misconfigured(_NO_KEY)
        self._key = key

    def is_genuine(self, body: bytes, signature: str, timestamp: str, now: datetime) -> bool:
        """Whether these raw bytes were signed, and lately. Anything malformed is just not."""
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return False
        age = now.timestamp() - int(timestamp)
        if not -_AHEAD.total_seconds() <= age <= REPLAY_WINDOW.total_seconds():
            return False
        try:
            signed = base64.b64decode(signature[:_MOST_SIGNATURE], validate=True)
            self._key.verify(signed, timestamp.encode() + body, ECDSA(SHA256()))
        except (binascii.Error, ValueError, InvalidSignature):
            return False
        return True


_NO_KEY = (
    "BULLETIN_SENDGRID_WEBHOOK_PUBLIC_KEY is no verification key: copy it whole, as one line, from "
    "SendGrid's page Settings > Mail Settings > Event Webhook."
)


def read_post(body: bytes) -> tuple[Event, ...]:
    """What a post whose signature was good says of our copies; the rest is left out.

    Raises InvalidInput if it is not a list of events.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The post is not JSON.") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput("The post is not a list of events.")
    return tuple(event for row in rows if (event := _event(row)) is not None)


def _event(row: Mapping[str, Any]) -> Event | None:
    """One event, or None: opens and clicks, which nothing here may rest on (requirement 52),
    letters, and mail that others send through the same account."""
    kind = _KINDS.get(str(row.get("event")))
    delivery_id = _row_id(row.get("delivery_id"))
    occurred_at = _moment(row.get("timestamp"))
    address = row.get("email")
    if kind is None or delivery_id is None or occurred_at is None:
        return None
    if not isinstance(address, str) or not address.strip():
        return None  # an event without one would count for whomever the copy went to
    said = next((text for name in _WORDS if isinstance(text := row.get(name), str) and text), "")
    return Event(
        provider=SENDGRID,
        event_id=_event_id(row),
        kind=_bounced(row, said) if kind is EventKind.BOUNCED_SOFT else kind,
        delivery_id=delivery_id,
        occurred_at=occurred_at,
        address=address,
        detail=in_one_line(without(address, said[:_MOST_SAID])),
        raw={name: _plain(row[name]) for name in _KEPT if name in row},
        knows=_DROPPED_FOR.get(said.strip().lower()) if kind is EventKind.DROPPED else None,
    )


def _bounced(row: Mapping[str, Any], said: str) -> EventKind:
    """A `blocked` is about this copy or our server, never about a mailbox that is gone."""
    status = str(row.get("status") or "")[:20]
    unnamed = not codes_in(said) and status in {"", "5.0.0"}
    named_by_provider = unnamed and row.get("bounce_classification") == "Invalid Address"
    gone = row.get("type") != "blocked" and (named_by_provider or is_hard(status, said))
    return EventKind.BOUNCED_HARD if gone else EventKind.BOUNCED_SOFT


def _row_id(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if type(value) is int and value in _ROW_IDS else None  # True is no number


def _moment(value: Any) -> datetime | None:
    if type(value) not in {int, float} or not 0 < value < 1e11:
        return None
    return datetime.fromtimestamp(value, UTC)


def _event_id(row: Mapping[str, Any]) -> str:
    """The provider's own number of an event, or one made of all that it says."""
    given = row.get("sg_event_id")
    if isinstance(given, str) and 0 < len(given) <= _MOST_ID and given.isascii():
        return in_one_line(given, _MOST_ID)
    told = json.dumps(row, sort_keys=True).encode()
    return hashlib.sha256(told).hexdigest()


def _plain(value: object) -> str | int | float | None:
    is_number = isinstance(value, int | float) and abs(value) < 1e11
    return value if is_number else in_one_line(str(value))  # type: ignore[return-value]  # a number
