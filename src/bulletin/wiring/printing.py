"""What copies, letters and pages are made with."""

from __future__ import annotations

from functools import cached_property

from bulletin.messages import SigningKey
from bulletin.models.events import KEEP_EVENTS
from bulletin.models.evidence import LINK_LIFETIME
from bulletin.models.issues import Snapshot
from bulletin.models.requests import CONFIRM_WITHIN, KEEP_LETTERS
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.press import Press
from bulletin.pipeline.signing import signing_keys
from bulletin.rendering import Renderer, SiteTexts, Stationery, checked_renderer
from bulletin.settings import TransportName
from bulletin.wiring.foundation import Foundation


class Printing(Foundation):
    """Templates, signatures, and the personal half of a copy."""

    @cached_property
    def renderer(self) -> Renderer:
        """Raises RenderingError if the theme is broken, Misconfigured if the logo is."""
        return checked_renderer(self.brand, self.settings.theme_dir)

    @cached_property
    def stationery(self) -> Stationery:
        """Raises as `renderer`."""
        return Stationery(self.brand, self.settings.theme_dir)

    def check_theme(self) -> None:
        """Try every template. Raises RenderingError or Misconfigured."""
        _ = self.renderer, self.stationery, self.texts

    @cached_property
    def texts(self) -> SiteTexts:
        """The pages about the site. Raises RenderingError."""
        settings = self.settings
        known = {
            "name": settings.from_name,
            "postal_address": settings.postal_address,
            "from_email": settings.from_email,
            "contact": settings.reply_to or settings.from_email,
            "domain": settings.from_email.rpartition("@")[2],
            "selector": settings.dkim_selector,
            "sending_addresses": settings.sending_addresses,
            "site": settings.public_url,
            "host": settings.public_url.partition("://")[2],
            "confirm_days": str(CONFIRM_WITHIN.days),
            "letter_days": str(KEEP_LETTERS.days),
            "link_days": str(LINK_LIFETIME.days),
            "event_months": str(KEEP_EVENTS.days // 30),
        }
        return SiteTexts(settings.theme_dir, known)

    @cached_property
    def signing_keys(self) -> tuple[SigningKey, ...]:
        """What copies and letters are signed with; none where the provider signs.

        Raises Misconfigured.
        """
        settings = self.settings
        if settings.transport not in {TransportName.SMTP, TransportName.OUTBOX}:
            return ()
        return signing_keys(
            (settings.dkim_key, settings.dkim_selector),
            (settings.dkim_ed25519_key, settings.dkim_ed25519_selector),
        )

    def addressing(self, *, rehearsal: bool = False) -> Addressing:
        """Fills in who copies are for, with the roles as they are named now."""
        with self.store.read() as tx:
            roles = tx.roles.list_roles()
        return Addressing(
            self.signer,
            self.settings.readers_url(),
            roles,
            rehearsal=rehearsal,
            bounces_to=self.settings.bounces_to(),
        )

    def _press(self, issue_id: int, snapshot: Snapshot) -> Press:
        return Press(issue_id, snapshot, self.signing_keys)
