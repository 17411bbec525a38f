"""The only composition root: settings in, services out. Parts are made when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletin.errors import Misconfigured
from bulletin.events.imap import ImapInbox, ImapServer, imap_server
from bulletin.events.inbox import Inbox, open_path
from bulletin.events.sendgrid import Seal
from bulletin.messages import SigningKey
from bulletin.models.brand import Brand, Logo, Palette
from bulletin.models.events import KEEP_EVENTS
from bulletin.models.evidence import LINK_LIFETIME
from bulletin.models.issues import Sender, Snapshot
from bulletin.models.pools import Pool
from bulletin.models.requests import CONFIRM_WITHIN, KEEP_LETTERS
from bulletin.models.servers import SmtpServer
from bulletin.pipeline.acknowledge import Acknowledging
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.approve import Approval
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.authentication import Authentication, SendingAs, domain_of
from bulletin.pipeline.clearing import Clearing
from bulletin.pipeline.collect import Collecting
from bulletin.pipeline.correct import Correcting
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.dispatch import Dispatch
from bulletin.pipeline.draft import Drafting
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.events import Intake
from bulletin.pipeline.evidence import Evidence
from bulletin.pipeline.guard import Guard
from bulletin.pipeline.joining import Joining
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.moving import Moving
from bulletin.pipeline.nameservers import NameServers
from bulletin.pipeline.outlook import Outlook
from bulletin.pipeline.pacing import Pacing
from bulletin.pipeline.parting import Parting
from bulletin.pipeline.plan import Planning
from bulletin.pipeline.polling import Polling
from bulletin.pipeline.posts import Posts
from bulletin.pipeline.preferences import Preferences
from bulletin.pipeline.press import Press
from bulletin.pipeline.preview import Previewing
from bulletin.pipeline.publish import Publishing
from bulletin.pipeline.record import Recording
from bulletin.pipeline.rehearse import Rehearsing
from bulletin.pipeline.report import Reporting
from bulletin.pipeline.reports import Ingested, Reports
from bulletin.pipeline.resend import Resending
from bulletin.pipeline.signing import signing_keys
from bulletin.pipeline.simulate import Simulating
from bulletin.pipeline.watch import Watch
from bulletin.rendering import (
    LogoFile,
    Renderer,
    SiteTexts,
    Stationery,
    checked_renderer,
    read_logo,
)
from bulletin.scheduler import Clock, Duty, settling, starting, tidying
from bulletin.settings import Engine, Settings, TransportName, WhenUncertain, smtp_server
from bulletin.store.database import Database
from bulletin.store.jobs import MakeJobs, NoJobs
from bulletin.store.store import Store
from bulletin.tokens import TokenSigner
from bulletin.transports.base import Transport
from bulletin.transports.outbox import OutboxTransport
from bulletin.transports.outbox_reader import OutboxReader
from bulletin.transports.sendgrid import SendGridTransport
from bulletin.transports.simulator import SimulatorTransport
from bulletin.transports.smtp import SmtpTransport
from bulletin.transports.trial import TrialTransport

if TYPE_CHECKING:
    from bulletin.engine import WorkerEngine

# How long the other side may take to answer, and how long a chunk is ours without a sign of life.
SMTP_TIMEOUT = 30.0
SMTP_PATIENCE = 120.0  # for a whole message, which filters may read first (RFC 5321 4.5.3.2.6)
SENDGRID_TIMEOUT = 30.0
LEASES = {
    TransportName.OUTBOX: timedelta(seconds=20),
    TransportName.SIMULATOR: timedelta(seconds=20),
    TransportName.SMTP: timedelta(seconds=SMTP_PATIENCE + 60),
    TransportName.SENDGRID: timedelta(seconds=SENDGRID_TIMEOUT + 30),
}


class Services:
    """Everything the doors (CLI and web) may call."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def bare_store(self) -> Store:
        """The store without a look at its schema: for `db upgrade` and `doctor`."""
        return Store(
            Database(self.settings.database_url), lambda: datetime.now(UTC), self._make_jobs()
        )

    def _make_jobs(self) -> MakeJobs:
        if not self.is_distributed:
            return NoJobs
        if not self.settings.database_url.startswith("postgresql"):
            raise Misconfigured(
                "BULLETIN_ENGINE=distributed needs PostgreSQL, and BULLETIN_DATABASE_URL names "
                "something else. Workers on several machines cannot share a file."
            )
        from bulletin.store.queue import QueuedJobs  # noqa: PLC0415  # slow to load, rarely needed

        return QueuedJobs

    @property
    def is_distributed(self) -> bool:
        """Whether `bulletin worker` sends, and not this process."""
        return self.settings.engine is Engine.DISTRIBUTED

    @cached_property
    def store(self) -> Store:
        """The store, its tables made or checked. Raises StoreError."""
        self.bare_store.prepare()
        return self.bare_store

    def has_library(self) -> bool:
        """Whether there is a database to look into, without making one."""
        return self.bare_store.exists()

    @cached_property
    def signer(self) -> TokenSigner:
        return TokenSigner(self.settings.secret())

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
    def logo(self) -> LogoFile | None:
        """The picture that the page /brand/logo serves. Raises Misconfigured."""
        return read_logo(self.settings.logo) if self.settings.logo else None

    @cached_property
    def brand(self) -> Brand:
        """How the bulletin looks. Raises Misconfigured if the logo cannot be used."""
        logo = None
        if self.logo is not None:
            path = f"/brand/logo.{self.logo.suffix}"
            url = f"{self.settings.public_url}{path}"
            logo = Logo(path, url, self.logo.width, self.logo.height)
        palette = Palette(self.settings.brand_colour, self.settings.link_colour)
        return Brand(palette, logo, self.settings.footer_text)

    @cached_property
    def collecting(self) -> Collecting:
        return Collecting(self.store)

    @cached_property
    def drafting(self) -> Drafting:
        return Drafting(self.store)

    @cached_property
    def enrolment(self) -> Enrolment:
        return Enrolment(self.store, self.settings.zone)

    @cached_property
    def approval(self) -> Approval:
        return Approval(
            self.store,
            self.renderer,
            sender=self.settings.sender,
            self_approval=self.settings.self_approval,
        )

    @cached_property
    def planning(self) -> Planning:
        return Planning(
            self.store,
            chunk_size=self.settings.chunk_size,
            grace=timedelta(minutes=self.settings.schedule_grace_minutes),
            zone=self.settings.zone,
            check_sender=self.check_sender,
        )

    @cached_property
    def resending(self) -> Resending:
        zone = self.settings.zone
        return Resending(self.store, chunk_size=self.settings.chunk_size, zone=zone)

    @cached_property
    def correcting(self) -> Correcting:
        return Correcting(self.store, self.settings.zone)

    @cached_property
    def previewing(self) -> Previewing:
        return Previewing(
            self.store,
            self.renderer,
            sender=self.settings.sender,
            addressing=self.addressing,
        )

    @cached_property
    def publishing(self) -> Publishing:
        return Publishing(
            self.store,
            self.signer,
            public_url=self.settings.public_url,
            zone=self.settings.zone,
        )

    @cached_property
    def acknowledging(self) -> Acknowledging:
        return Acknowledging(self.store, self.signer)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(
            self.store,
            self.reporting,
            signer=lambda: self.signer,
            readers_url=self.settings.readers_url,
            zone=self.settings.zone,
            guidance=self.settings.guidance,
        )

    @cached_property
    def reporting(self) -> Reporting:
        return Reporting(self.store)

    @cached_property
    def asking(self) -> Asking:
        return Asking(
            self.store,
            per_hour=self.settings.requests_per_hour,
            per_client=self.settings.requests_per_hour_per_client,
            zone=self.settings.zone,
        )

    @cached_property
    def joining(self) -> Joining:
        zone, name = self.settings.zone, self.settings.from_name
        return Joining(self.store, self.asking, self.signer, zone, name=name)

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

    @cached_property
    def correspondence(self) -> Correspondence:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Correspondence(
            self.store,
            self.stationery,
            self.signer,
            open_transport=self.open_transport,
            addressing=self.addressing,
            sender=self.settings.sender,
            keys=self.signing_keys,
            pacing=self.pacing,
        )

    @cached_property
    def recording(self) -> Recording:
        return Recording(self.store, self.signer)

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

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.store, self.signer, self.asking, self.settings.zone)

    @cached_property
    def moving(self) -> Moving:
        return Moving(self.store, self.signer, self.settings.zone)

    @cached_property
    def parting(self) -> Parting:
        return Parting(self.store, self.signer, self.asking)

    @cached_property
    def delivery(self) -> Delivery:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Delivery(
            self.store,
            open_transport=self.open_transport,
            addressing=self.addressing,
            connections=self._connections(),
            lease=self.lease,
            zone=self.settings.zone,
            press=self._press,
            limits=self.settings.limits,
            look=self.guard.look,
        )

    @cached_property
    def pacing(self) -> Pacing:
        return Pacing(self.settings.limits, self.settings.zone, self.store.clock)

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.store, self.guard, self.pacing)

    @cached_property
    def guard(self) -> Guard:
        return Guard(self.store, self.settings.pause_at_failed_percent)

    @cached_property
    def clearing(self) -> Clearing:
        resend = self.settings.uncertain is WhenUncertain.RESEND
        return Clearing(self.store, resend=resend, zone=self.settings.zone)

    def _press(self, issue_id: int, snapshot: Snapshot) -> Press:
        return Press(issue_id, snapshot, self.signing_keys)

    def clock(self) -> Clock:
        """What has to happen at its time. Raises as `correspondence`."""
        duties = [
            Duty("schedule", 5, starting(self.planning)),
            Duty("doubts", 60, settling(self.clearing)),
            Duty("tidying up", 86_400, tidying(self.correspondence, self.intake)),
        ]
        if self.news is not None:
            duties.append(Duty("simulator", 20, self.news.tell))
        return Clock(duties)

    @cached_property
    def watch(self) -> Watch:
        return Watch(self.store, workers=self.is_distributed)

    @cached_property
    def dispatch(self) -> Dispatch:
        """Raises as `delivery`."""
        return Dispatch(self.store, self.delivery, self.correspondence)

    def engine(self, slots: Mapping[Pool, int]) -> WorkerEngine:
        """What `bulletin worker` runs. slots: how many jobs of each pool are done at once.

        Raises as `delivery`.
        """
        from bulletin.engine import Rhythm, WorkerEngine  # noqa: PLC0415  # slow to load
        from bulletin.store.queue import conninfo  # noqa: PLC0415  # the same

        return WorkerEngine(conninfo(self.settings.database_url), self.dispatch, slots, Rhythm())

    def _connections(self) -> int:
        # One thread writes files as fast as the disk. A SendGrid call holds a thousand copies: a
        # second thread makes the next one meanwhile.
        return {
            TransportName.SMTP: self.settings.smtp_connections,
            TransportName.SENDGRID: 2,
        }.get(self.settings.transport, 1)

    @cached_property
    def simulating(self) -> Simulating:
        return Simulating(self.store, self.intake)

    @property
    def news(self) -> Simulating | None:
        """What the simulator has to tell later, if it answers for anybody."""
        simulator = self.settings.transport is TransportName.SIMULATOR
        return self.simulating if self.settings.trial or simulator else None

    @cached_property
    def rehearsing(self) -> Rehearsing:
        """Raises Misconfigured now if the transport could not be opened later."""
        self.check_transport()
        return Rehearsing(
            self.store,
            self.planning,
            self.simulating,
            open_transport=self.open_transport,
            delivery_to=self._rehearsal_to,
            addressing=lambda: self.addressing(rehearsal=True),
            press=self._press,
        )

    def _rehearsal_to(self, team: frozenset[str]) -> Delivery:
        return Delivery(
            self.store,
            open_transport=lambda: _trial(self.open_transport(), team),
            addressing=lambda: self.addressing(rehearsal=True),
            connections=1,
            lease=self.lease,
            zone=self.settings.zone,
            press=self._press,
            rehearsals=True,
        )

    @property
    def lease(self) -> timedelta:
        """How long a chunk is held without a sign of life."""
        return LEASES[self.settings.transport]

    @property
    def outbox(self) -> OutboxReader:
        return OutboxReader(self.settings.outbox_dir)

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

    def links_lead_nowhere(self) -> bool:
        """Whether real mail would carry links that only this machine can open."""
        local = not self.settings.public_url.startswith("https://")
        stays_here = {TransportName.OUTBOX, TransportName.SIMULATOR}
        return local and self.settings.transport not in stays_here

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
        return _trial(self._chosen_transport(), team)

    def _chosen_transport(self) -> Transport:
        if self.settings.transport is TransportName.SIMULATOR:
            return SimulatorTransport()
        if self.settings.transport is TransportName.SMTP:
            return self._smtp_transport()
        if self.settings.transport is TransportName.SENDGRID:
            return SendGridTransport(
                self._sendgrid_key(),
                base_url=self.settings.sendgrid_base_url,
                timeout=SENDGRID_TIMEOUT,
            )
        return OutboxTransport(self.settings.outbox_dir)

    def _smtp_transport(self) -> SmtpTransport:
        return SmtpTransport(
            self.smtp_server(),
            timeout=SMTP_TIMEOUT,
            patience=SMTP_PATIENCE,
            messages_per_connection=self.settings.smtp_messages_per_connection,
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

    def close(self) -> None:
        """Let go of the database."""
        if "bare_store" in self.__dict__:
            self.bare_store.close()


def _trial(really: Transport, team: frozenset[str]) -> Transport:
    return TrialTransport(really, SimulatorTransport(), team.__contains__)
