"""Posts of SendGrid's Event Webhook, signed by a key of our own."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_PRIVATE = generate_private_key(SECP256R1())
_DER = _PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_KEY = base64.b64encode(_DER).decode()


def sign(body: bytes, timestamp: str) -> str:
    return base64.b64encode(_PRIVATE.sign(timestamp.encode() + body, ECDSA(SHA256()))).decode()


def signed(body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a post."""
    timestamp = str(int(at.timestamp()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": sign(body, timestamp),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        "Content-Type": "application/json",
    }


def row(event: str, delivery_id: int, at: datetime, **more: object) -> dict[str, object]:
    """One event, as the provider writes it."""
    return {
        "email": "dsl@school.example",
        "event": event,
        "sg_event_id": f"{event}-{delivery_id}",
        "sg_message_id": "AbC.filterdrecv-1",
        "smtp-id": "<AbC@ismtpd.example>",
        "timestamp": int(at.timestamp()),
        "delivery_id": str(delivery_id),
        "chunk_id": "1-0",
        **more,
    }


def body_of(*rows: object) -> bytes:
    return json.dumps(rows).encode() + b"\r\n"
