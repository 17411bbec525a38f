"""Evidence: reports of organisations and issues, and the pages that contacts are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bulletin.errors import NotFound, Refused
from bulletin.models.evidence import (
    ENGLAND_ASKS,
    IssueReport,
    Organisation,
    OrganisationReport,
    ReportLink,
)
from bulletin.models.mailboxes import mailbox
from bulletin.pipeline.evidence.assembly import assemble, beginning
from bulletin.pipeline.evidence.finding import find, number_in
from bulletin.pipeline.report import Reporting
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner


@dataclass(frozen=True, slots=True)
class Opened:
    """The page behind a report link: for whom it was made, and what it says now."""

    link: ReportLink
    report: OrganisationReport


class Evidence:
    """Says who acknowledged what.

    signer, readers_url: make the addresses of report pages; they raise Misconfigured if unset.
    zone:     days and times are counted and spoken in it.
    guidance: what the guidance asks for, as a sentence (requirement 54); may be "".
    """

    def __init__(
        self,
        store: Store,
        reporting: Reporting,
        *,
        signer: Callable[[], TokenSigner],
        readers_url: Callable[[], str],
        zone: ZoneInfo,
        guidance: str,
    ) -> None:
        self._store = store
        self._reporting = reporting
        self._signer = signer
        self._readers_url = readers_url
        self.zone = zone
        self._guidance = guidance

    def organisation(self, reference: str) -> OrganisationReport:
        """The report of an organisation by its name, URN or id.

        Raises NotFound, or Refused if the name is ambiguous.
        """
        with self._store.read() as tx:
            return self._report(tx, _found(tx, reference))

    def _report(self, tx: Transaction, organisation: Organisation) -> OrganisationReport:
        now = self._store.clock()
        dossier = tx.evidence.dossier(organisation, beginning(now))
        asks = self._guidance
        if asks == ENGLAND_ASKS and not organisation.may_be_in_england:
            asks = ""
        return assemble(dossier, now, self.zone, asks)

    def issue(self, reference: str) -> IssueReport:
        """What became of an issue, and who acknowledged it, by organisation.

        Raises NotFound, or Refused for a rehearsal, which is evidence of nothing.
        """
        issue, status = self._reporting.status(reference)
        if issue.rehearsal_of is not None:
            raise Refused(f"Issue '{issue.slug}' is a rehearsal: nobody was sent it.")
        with self._store.read() as tx:
            shares = tx.evidence.shares(issue.id)
        return IssueReport(issue, status, self._store.clock(), tuple(shares))

    def open_link(self, reference: str, contact: str, actor: str) -> ReportLink:
        """Give a contact of an organisation a page of its report, for LINK_LIFETIME.

        Raises InvalidInput if the contact is not one bare address; NotFound, Refused.
        """
        address = mailbox(contact.strip())
        now = self._store.clock()
        with self._store.write() as tx:
            organisation = _found(tx, reference)
            number = tx.report_links.add(organisation.id, address, actor, now)
            tx.audit.record(actor, "report.link", f"organisation:{organisation.id}", now, id=number)
            return self._link(tx, number)

    def links(self, reference: str) -> tuple[Organisation, Sequence[ReportLink]]:
        """The pages that an organisation's contacts were given, also those that ended.

        Raises NotFound or Refused.
        """
        with self._store.read() as tx:
            organisation = _found(tx, reference)
            return organisation, tx.report_links.of(organisation.id)

    def revoke(self, link_id: int, actor: str) -> tuple[ReportLink, bool]:
        """End a page for good; false if it had ended before. Raises NotFound."""
        now = self._store.clock()
        with self._store.write() as tx:
            link = self._link(tx, link_id)
            ended = tx.report_links.revoke(link_id, now)
            where = f"organisation:{link.organisation.id}"
            tx.audit.record(actor, "report.revoke", where, now, id=link_id, ended=ended)
            return self._link(tx, link_id), ended

    def _link(self, tx: Transaction, link_id: int) -> ReportLink:
        found = tx.report_links.get(link_id)
        if found is None:
            raise NotFound(f"There is no link {link_id}. See: bulletin report links ORGANISATION")
        return found

    def opens(self, link: ReportLink) -> bool:
        """Whether the page of a link can be seen now."""
        return link.opens(self._store.clock())

    def address(self, link: ReportLink) -> str:
        """Where a link leads. Raises Misconfigured if readers' links cannot be made."""
        return f"{self._readers_url()}/report/{self._signer().sign(Purpose.REPORT, link.id)}"

    def opened(self, token: str) -> Opened | None:
        """The page behind a token; None for any that is not ours, has ended or was revoked."""
        number = self._signer().verify(Purpose.REPORT, token)
        if number is None:
            return None
        with self._store.read() as tx:
            link = tx.report_links.get(number)
            if link is None or not self.opens(link):
                return None
            return Opened(link, self._report(tx, link.organisation))


def _found(tx: Transaction, reference: str) -> Organisation:
    """As `find`; one that is meant by its number is looked up, not looked for among all."""
    number = number_in(reference)
    meant = None if number is None else tx.evidence.organisation(number)
    return meant or find(reference, tx.evidence.organisations())
