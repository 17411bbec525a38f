"""Trying: single copies of an issue go to colleagues, marked, by the real way out.

They are no deliveries: nothing of them is in the ledger, their links act for nobody, and they go
to users of the desk alone. Each is on record before it is handed over, so that a crash leaves it
"not confirmed" and the limit counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import make_msgid
from zoneinfo import ZoneInfo

from bulletin.composition import compose
from bulletin.errors import Refused, TransportError, WrongFields
from bulletin.messages import SigningKey, Skeleton, static_headers
from bulletin.models.deliveries import PREVIEW, Consignment, Copy, Outcome, Receipt
from bulletin.models.editions import EditionContent, ReaderKind
from bulletin.models.issues import Issue, Sender
from bulletin.models.people import User
from bulletin.models.reviews import TrialCopy
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.asking import too_many
from bulletin.pipeline.preview import EXAMPLE_NAME, EXAMPLE_ORGANISATION
from bulletin.pipeline.showing.galley import Galley, Galleys
from bulletin.store.store import Store, Transaction
from bulletin.transports.base import Transport

MARK = "[Test] "
"""What stands before the subject of a test copy."""

MOST_AN_HOUR = 40
"""Copies that one user may have sent in an hour."""

_WINDOW = timedelta(hours=1)
_SHOWN = 20
# Transports name a copy by a number. These are no delivery's (above 0) and no letter's (below it).
_FIRST_NUMBER = -1_000_000_000_000
_BARRED = "This address is on the list of suppressions, so nothing is sent to it."
_NO_ANSWER = "The transport stopped without an answer."


class Trying:
    """Sends test copies.

    open_transport: what mails; raises Misconfigured if it cannot be opened.
    addressing:     makes what fills in copies, with links that act for nobody.
    keys:           each signs every copy (DKIM).
    zone:           for the time at which more may be sent.
    """

    def __init__(
        self,
        store: Store,
        galleys: Galleys,
        *,
        open_transport: Callable[[], Transport],
        addressing: Callable[[], Addressing],
        keys: Callable[[], Sequence[SigningKey]],
        zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._galleys = galleys
        self._open_transport = open_transport
        self._addressing = addressing
        self._keys = keys
        self._zone = zone

    def colleagues(self) -> Sequence[User]:
        """Who can get test copies: everybody who has an account that is on."""
        with self._store.read() as tx:
            return tx.users.list_users()

    def recent(self, reference: str) -> list[TrialCopy]:
        """The last test copies of an issue, newest first. Raises NotFound."""
        with self._store.read() as tx:
            return tx.reviews.trials_of(tx.issues.get(reference).id, _SHOWN)

    def send(
        self, reference: str, addresses: Iterable[str], kind: ReaderKind, edition: str, actor: str
    ) -> list[TrialCopy]:
        """Send colleagues the edition of a kind of reader, and say what became of each copy.

        edition: whose it is, in words. Raises WrongFields if nobody is chosen, or somebody who has
        no account; Refused if the issue has nothing for such a reader; TooMany beyond the limit;
        as `Galleys.of`, and Misconfigured.
        """
        issue, galley = self._galleys.of(reference)
        printed = self._printed(issue, galley, kind)
        transport = self._open_transport()
        try:
            with self._store.write() as tx:
                colleagues = _chosen(tx, addresses)
                self._check_limit(tx, actor, len(colleagues))
                begun = [self._begin(tx, issue, one, edition, actor) for one in colleagues]
            return [
                trial if trial.outcome == Outcome.FAILED else self._go(transport, printed, trial)
                for trial in begun
            ]
        finally:
            transport.close()

    def _printed(self, issue: Issue, galley: Galley, kind: ReaderKind) -> _Printed:
        edition = compose(galley.content, kind)
        if not edition.items:
            raise Refused("Nothing of the issue is for such a reader: choose other roles.")
        cut = galley.cutter.cut(edition.visible)
        content = replace(cut, subject=MARK + cut.subject)
        headers = static_headers(issue_id=issue.id, sender=galley.sender)
        skeleton = Skeleton(content, galley.sender, headers, self._keys())
        return _Printed(galley.sender, content, headers, skeleton, kind.roles)

    def _check_limit(self, tx: Transaction, actor: str, wanted: int) -> None:
        now = self._store.clock()
        sent = tx.reviews.trials_since(actor, now - _WINDOW)
        over = len(sent) + wanted - MOST_AN_HOUR
        if over > 0:
            raise too_many(sent[min(over, len(sent)) - 1] if sent else now, now, self._zone)

    def _begin(
        self, tx: Transaction, issue: Issue, user: User, edition: str, actor: str
    ) -> TrialCopy:
        now = self._store.clock()
        barred = tx.suppressions.reason(user.email) is not None
        outcome, detail = (Outcome.FAILED, _BARRED) if barred else (Outcome.UNCERTAIN, "")
        trial = TrialCopy(0, issue.id, user.email, edition, actor, now, outcome.value, detail)
        return replace(trial, id=tx.reviews.keep_trial(trial))

    def _go(self, transport: Transport, printed: _Printed, trial: TrialCopy) -> TrialCopy:
        """Hand a copy over, and put down what became of it."""
        consignment = Consignment(
            reference=f"test-{trial.id}",
            sender=printed.sender,
            content=printed.content,
            headers=printed.headers,
            copies=(self._copy(printed, trial),),
            mime=printed.skeleton.dated(self._store.clock()),
        )
        receipt = _sent(transport, consignment)
        done = replace(trial, outcome=_final(receipt.outcome).value, detail=receipt.detail)
        with self._store.write() as tx:
            tx.reviews.settle_trial(done)
        return done

    def _copy(self, printed: _Printed, trial: TrialCopy) -> Copy:
        with self._store.read() as tx:
            user = tx.users.by_email(trial.address)
        domain = printed.sender.email.rpartition("@")[2]
        copy = self._addressing().copy(
            delivery_id=PREVIEW,
            subscriber_id=PREVIEW,
            email=trial.address,
            name=user.name if user and user.name else EXAMPLE_NAME,
            organisation=EXAMPLE_ORGANISATION,
            roles=printed.roles,
            domain=domain,
        )
        # A preview's own would be the same for each, and mailboxes keep one message of a name.
        named = make_msgid(domain=domain)
        number = _FIRST_NUMBER - trial.id
        return replace(copy, delivery_id=number, message_id=named, bounces_to="")


@dataclass(frozen=True, slots=True)
class _Printed:
    """What all copies of one test have in common."""

    sender: Sender
    content: EditionContent
    headers: tuple[tuple[str, str], ...]
    skeleton: Skeleton
    roles: frozenset[str]


def _chosen(tx: Transaction, addresses: Iterable[str]) -> list[User]:
    wanted = {address.strip().lower() for address in addresses}
    found = [user for user in tx.users.list_users() if user.email in wanted]
    if not wanted:
        raise WrongFields({"to": "Choose who the test goes to."})
    if len(found) != len(wanted):
        raise WrongFields({"to": "Tests go only to people who can sign in here. Choose again."})
    return found


def _sent(transport: Transport, consignment: Consignment) -> Receipt:
    """What became of the one copy. Without a receipt nobody knows, unless the transport does."""
    number = consignment.copies[0].delivery_id
    try:
        found = list(transport.send(consignment))
    except TransportError as error:
        return Receipt(number, Outcome.FAILED, str(error))
    return found[0] if found else Receipt(number, Outcome.UNCERTAIN, _NO_ANSWER)


def _final(outcome: Outcome) -> Outcome:
    """Nobody tries a test copy again."""
    return Outcome.FAILED if outcome is Outcome.RETRY else outcome
