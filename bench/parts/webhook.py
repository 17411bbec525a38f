"""Posts as SendGrid's Event Webhook makes them, signed with a key that was made here."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient

PATH = "/webhooks/sendgrid"
_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@dataclass(frozen=True)
class Post:
    """A signed body, and how many events it holds."""

    body: bytes
    headers: Mapping[str, str]
    events: int

    def to(self, app: TestClient) -> None:
        """Hand it over. Raises RuntimeError if it is not taken."""
        answer = app.post(PATH, content=self.body, headers=dict(self.headers))
        if answer.status_code not in {200, 204}:
            raise RuntimeError(f"the webhook answered {answer.status_code}: {answer.text[:200]}")


class Provider:
    """Signs posts. `public_key` is what BULLETIN_SENDGRID_WEBHOOK_PUBLIC_KEY wants."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_key = base64.b64encode(der).decode()

    def post(self, events: Sequence[Mapping[str, object]]) -> Post:
        body = json.dumps(events).encode() + b"\r\n"
        moment = str(int(time.time()))
        signature = self._key.sign(moment.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            _SIGNATURE: base64.b64encode(signature).decode(),
            _TIMESTAMP: moment,
            "Content-Type": "application/json",
        }
        return Post(body, headers, len(events))


def event(kind: str, delivery_id: int, address: str) -> dict[str, object]:
    """One event in the provider's shape; the same one again for the same arguments."""
    return {
        "email": address,
        "timestamp": int(time.time()),
        "event": kind,
        "sg_event_id": f"{kind}-{delivery_id}-bench-of-events",
        "sg_message_id": f"sink-{delivery_id}.filter.example",
        "smtp-id": f"<{delivery_id}@ismtpd.example>",
        "delivery_id": str(delivery_id),
        "chunk_id": f"1-{delivery_id // 1000}",
        "response": "250 2.0.0 OK queued at mx.example",
        "tls": 1,
    }
