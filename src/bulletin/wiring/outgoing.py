"""How mail leaves: the transport, and whether its sender will be believed."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit

from bulletin.errors import Misconfigured
from bulletin.models.issues import Sender
from bulletin.models.servers import SmtpServer, Tls
from bulletin.pipeline.authentication import Authentication, SendingAs, domain_of
from bulletin.pipeline.nameservers import NameServers
from bulletin.settings import TransportName, smtp_server
from bulletin.transports.base import Transport
from bulletin.transports.outbox import OutboxTransport
from bulletin.transports.outbox_reader import OutboxReader
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.simulator import SimulatorTransport
from bulletin.transports.smtp import SmtpTransport
from bulletin.transports.trial import TrialTransport
from bulletin.wiring.printing import Printing

# How long the other side may take to answer, and how long a chunk is ours without a sign of life.
SMTP_TIMEOUT = 30.0
SMTP_PATIENCE = 120.0  # for a whole message, which filters may read first (RFC 5321 4.5.3.2.6)
SENDGRID_TIMEOUT = 30.0
LEASES = {
    TransportName.OUTBOX: timedelta(seconds=20),
    TransportName.SIMULATOR: timedelta(seconds=20),
    # What takes longest is a message and its answer; before it, a third may be gone (handover.py).
    TransportName.SMTP: 2 * timedelta(seconds=SMTP_TIMEOUT + SMTP_PATIENCE),
    TransportName.SENDGRID: timedelta(seconds=SENDGRID_TIMEOUT + 30),
}


class Outgoing(Printing):
    """Transports, by the settings."""

    @cached_property
    def authentication(self) -> Authentication:
        return Authentication(NameServers())

    def sending_as(self, sender: Sender) -> SendingAs | None:
        """Who mail comes from as receivers see it; None if it goes no further than this network.

        Raises Misconfigured.
        """
        domain, selector = domain_of(sender.email), self.settings.dkim_selector
        if self.settings.transport is TransportName.SENDGRID:
            host = urlsplit(self.settings.sendgrid_base_url).hostname or ""
            elsewhere = host.endswith(".sendgrid.com")
            return SendingAs(domain, "", selector=selector) if elsewhere else None
        if self.settings.transport is not TransportName.SMTP or self.smtp_server().is_near:
            return None
        envelope = domain_of(self.settings.bounces_to() or sender.email)
        return SendingAs(domain, envelope, self.signing_keys, selector)

    def check_sender(self, sender: Sender) -> None:
        """Raises Refused if the DNS says that mail from this sender would be turned away."""
        if self.settings.check_sender and (sending := self.sending_as(sender)):
            self.authentication.require(sending)

    @property
    def lease(self) -> timedelta:
        """How long a chunk is held without a sign of life."""
        return LEASES[self.settings.transport]

    @property
    def outbox(self) -> OutboxReader:
        return OutboxReader(self.settings.outbox_dir)

    def links_lead_nowhere(self) -> bool:
        """Whether real mail would carry links that only this machine can open."""
        local = not self.settings.public_url.startswith("https://")
        stays_here = {TransportName.OUTBOX, TransportName.SIMULATOR}
        return local and self.settings.transport not in stays_here

    @property
    def mails_people(self) -> bool:
        """Whether a letter leaves this machine."""
        return self.settings.transport in {TransportName.SMTP, TransportName.SENDGRID}

    def check_transport(self) -> None:
        """Raises Misconfigured if a setting that sending needs is missing."""
        self.settings.secret()
        self.settings.sender()
        self.settings.readers_url()
        self.settings.bounces_to()
        _ = self.signing_keys
        if self.settings.transport is TransportName.SMTP:
            self.smtp_server()
        if self.settings.transport is TransportName.SENDGRID:
            self._sendgrid_key()

    def open_transport(self) -> Transport:
        """A transport for one thread; in a trial it mails nobody but the team."""
        if not self.settings.trial:
            return self._chosen_transport()
        with self.store.read() as tx:
            team = frozenset(user.email for user in tx.users.list_users())
        return in_trial(self._chosen_transport(), team)

    def _chosen_transport(self) -> Transport:
        if self.settings.transport is TransportName.SIMULATOR:
            return SimulatorTransport()
        if self.settings.transport is TransportName.SMTP:
            return self._smtp_transport()
        if self.settings.transport is TransportName.SENDGRID:
            url = self.settings.sendgrid_base_url
            return SendGridTransport(
                self._sendgrid_key(),
                base_url=url,
                timeout=SENDGRID_TIMEOUT,
                context=self.authorities if url.startswith("https:") else None,
            )
        return OutboxTransport(self.settings.outbox_dir)

    def _smtp_transport(self) -> SmtpTransport:
        server = self.smtp_server()
        return SmtpTransport(
            server,
            timeout=SMTP_TIMEOUT,
            patience=SMTP_PATIENCE,
            messages_per_connection=self.settings.smtp_messages_per_connection,
            context=None if server.tls is Tls.NONE else self.authorities,
        )

    def smtp_server(self) -> SmtpServer:
        """Raises Misconfigured."""
        url = self.settings.smtp_url.get_secret_value()
        if not url:
            raise Misconfigured(
                "BULLETIN_SMTP_URL is missing. It looks like "
                "smtp://user:password@mail.school.example:587?tls=starttls"
            )
        return smtp_server(url)

    def probe_smtp(self) -> None:
        """Connect, secure and sign in, then leave. Raises TransportError or Misconfigured."""
        transport = self._smtp_transport()
        try:
            transport.connect()
        finally:
            transport.close()

    def _sendgrid_key(self) -> str:
        key = self.settings.sendgrid_api_key.get_secret_value()
        if not key:
            raise Misconfigured("BULLETIN_SENDGRID_API_KEY is missing.")
        return key

    @property
    def connections(self) -> int:
        """How many threads, each with a connection of its own, send copies at once."""
        # One thread writes files as fast as the disk. A SendGrid call holds a thousand copies: the
        # others make the next ones while it is answered, and while the ledger is written.
        return {
            TransportName.SMTP: self.settings.smtp_connections,
            TransportName.SENDGRID: 4,
        }.get(self.settings.transport, 1)


def in_trial(really: Transport, team: frozenset[str]) -> Transport:
    """A transport that mails the team, and has the simulator answer for everybody else."""
    return TrialTransport(really, SimulatorTransport(), team.__contains__)
