"""What comes back: events from providers, reports from mail servers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from bulletin.errors import Misconfigured
from bulletin.events.imap import ImapInbox, ImapServer, imap_server
from bulletin.events.inbox import Inbox, open_path
from bulletin.events.sendgrid import Seal
from bulletin.pipeline.events import Intake
from bulletin.pipeline.guard import Guard
from bulletin.pipeline.polling import Polling
from bulletin.pipeline.posts import Posts
from bulletin.pipeline.reports import Ingested, Reports
from bulletin.wiring.foundation import Foundation


class Incoming(Foundation):
    """The doors that events come in by."""

    @cached_property
    def guard(self) -> Guard:
        return Guard(self.store, self.settings.pause_at_failed_percent)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.store, look_at=self.guard.look)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.store, self.signer, self.intake)

    def ingest_reports(self, path: Path | None) -> Ingested:
        """Record what lies in a file or Maildir, or without one in the bounce mailbox.

        Raises InvalidInput, Misconfigured or MailboxUnavailable.
        """
        inbox = self.open_bounce_mailbox() if path is None else open_path(path)
        try:
            return self.reports.ingest(inbox)
        finally:
            inbox.close()

    def bounce_mailbox(self) -> ImapServer | None:
        """Where bounces are read from, if that is set. Raises Misconfigured."""
        url = self.settings.bounce_imap_url.get_secret_value()
        return imap_server(url) if url else None

    def open_bounce_mailbox(self) -> Inbox:
        """Connect and sign in. Raises Misconfigured or MailboxUnavailable."""
        server = self.bounce_mailbox()
        if server is None:
            raise Misconfigured(
                "BULLETIN_BOUNCE_IMAP_URL is missing. It looks like "
                "imaps://user:password@mail.school.example/INBOX"
            )
        return ImapInbox(server)

    def probe_bounce_mailbox(self) -> None:
        """Connect and sign in, then leave. Raises as `open_bounce_mailbox`."""
        self.open_bounce_mailbox().close()

    def polling(self, seen: Callable[[Ingested], None]) -> Polling | None:
        """A worker's job that looks into the bounce mailbox every minute, if there is one.

        seen: told what each look brought. Raises Misconfigured.
        """
        if self.bounce_mailbox() is None:
            return None
        return Polling(self.reports, self.open_bounce_mailbox, seen)

    @cached_property
    def sendgrid_seal(self) -> Seal | None:
        """What knows SendGrid's posts, if its key is set. Raises Misconfigured if it is none."""
        key = self.settings.sendgrid_webhook_public_key
        return Seal(key) if key else None

    @cached_property
    def posts(self) -> Posts:
        """Raises as `sendgrid_seal`."""
        return Posts(self.store, self.intake, self.sendgrid_seal)
