"""Posts: what a provider sends to our webhook, once it is proven to come from there."""

from __future__ import annotations

from bulletin.errors import NotFound, Refused
from bulletin.events.sendgrid import Seal, read_post
from bulletin.pipeline.events import Intake, Tally
from bulletin.store.store import Store


class Posts:
    """Takes SendGrid's posts. seal: None where nothing is taken, since no key is set."""

    def __init__(self, store: Store, intake: Intake, seal: Seal | None) -> None:
        self._store = store
        self._intake = intake
        self._seal = seal

    def take(self, body: bytes, signature: str, timestamp: str) -> Tally:
        """Record what a post tells; it is committed when this returns.

        body: as it came, to the byte; signature, timestamp: its headers. Raises NotFound if
        nothing is taken here, Refused for anything but a recent post of the provider's,
        InvalidInput if it says nothing that can be read, StoreError if it is not on record.
        """
        if self._seal is None:
            raise NotFound("BULLETIN_SENDGRID_WEBHOOK_PUBLIC_KEY is not set.")
        if not self._seal.is_genuine(body, signature, timestamp, self._store.clock()):
            raise Refused("The post was not signed by SendGrid, or too long ago.")
        return self._intake.record(read_post(body))
