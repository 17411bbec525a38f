"""Rehearse: an approved issue goes through the whole house, and to nobody but the team.

A rehearsal is a hidden issue of its own with what was approved. The team gets real copies of it;
for everybody else the simulator answers. It is evidence of nothing, and the next one replaces it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bulletin.composition import compose
from bulletin.errors import Refused, TransportError
from bulletin.models.deliveries import PREVIEW, Consignment, Outcome, Receipt
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Audience, Issue, IssueState, Snapshot, Visibility
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.deliver import Delivery, Halt
from bulletin.pipeline.freeze import freeze, thaw
from bulletin.pipeline.plan import STARTABLE, Planning, chosen_audience
from bulletin.pipeline.press import Press
from bulletin.pipeline.simulate import Simulating
from bulletin.roster import check_address
from bulletin.store.store import Store, Transaction
from bulletin.transports.base import Transport

MARK = "[Rehearsal] "
"""What stands before the subject of a rehearsal."""

_BARRED = "on the list of suppressions"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who gets real copies of a rehearsal, and which.

    addresses: whoever is meant; nobody named means everybody in `bulletin users list`.
    kind:      the edition for all of them. None: each their own, and whoever is not in the
               audience the whole issue.
    """

    addresses: tuple[str, ...] = ()
    kind: ReaderKind | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a rehearsal went. mailed: what became of the copy of each of the team, in a word."""

    issue: Issue
    halt: Halt
    mailed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Stage:
    """A rehearsal that is ready to begin.

    readers: those of the team whose copies are among the audience's.
    extras:  the deliveries of the others, with their copies' kind and person.
    barred:  those who may not be mailed, and why.
    """

    issue: Issue
    snapshot: Snapshot
    readers: frozenset[str]
    extras: tuple[_Extra, ...]
    barred: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Extra:
    """A copy for somebody of the team who gets none as a reader."""

    delivery_id: int
    email: str
    name: str
    organisation: str
    kind: ReaderKind


class Rehearsing:
    """Rehearses issues.

    open_transport: what really mails; a transport for one thread.
    delivery_to:    what sends rehearsals, and really mails none but these addresses.
    addressing:     makes what fills in copies, with links that act for nobody.
    press:          makes what prints an issue's copies; of its id and what was approved.
    """

    def __init__(
        self,
        store: Store,
        planning: Planning,
        simulating: Simulating,
        *,
        open_transport: Callable[[], Transport],
        delivery_to: Callable[[frozenset[str]], Delivery],
        addressing: Callable[[], Addressing],
        press: Callable[[int, Snapshot], Press] = Press,
    ) -> None:
        self._press = press
        self._store = store
        self._planning = planning
        self._simulating = simulating
        self._open_transport = open_transport
        self._delivery_to = delivery_to
        self._addressing = addressing

    def rehearse(
        self,
        reference: str,
        audience: Audience | None,
        cast: Cast,
        actor: str,
        *,
        stop: threading.Event,
    ) -> Rehearsed:
        """Go through with an approved issue as it would be sent now; it stays as it is.

        audience: else the issue's own. stop: set it and the copies in hand are finished, no more.
        Raises Refused if it is not approved, or if nobody would get a copy; InvalidInput for an
        address that is none.
        """
        with self._store.write() as tx:
            stage = self._set_up(tx, tx.issues.lock(reference), audience, cast, actor)
        number = stage.issue.id
        halt = Halt(error=self._mail(stage))
        if halt.error is None:
            halt = self._delivery_to(stage.readers).run(number, stop, lambda _: None)
        self._simulating.tell_of(number)
        with self._store.write() as tx:
            became = tx.rehearsals.became(number, [*stage.readers, *_addresses(stage.extras)])
            return Rehearsed(self._end(tx, number), halt, {**became, **stage.barred})

    def _set_up(
        self, tx: Transaction, issue: Issue, audience: Audience | None, cast: Cast, actor: str
    ) -> _Stage:
        _check(issue)
        snapshot = tx.issues.snapshot(issue)
        team = _team(tx, cast)
        tx.rehearsals.forget(issue.id)
        hidden, marked = self._hidden(tx, issue, snapshot, actor)
        chosen = chosen_audience(issue, audience)
        prepared = self._planning.write_copies(tx, hidden, chosen)
        if not prepared:
            raise Refused(
                f"Nobody would get issue '{issue.slug}'. See why with: "
                f"bulletin issue preflight {issue.slug}"
            )
        barred = {each: _BARRED for each in team if tx.suppressions.reason(each) is not None}
        going = [each for each in team if each not in barred]
        readers = frozenset() if cast.kind else tx.rehearsals.waiting_for(hidden.id, going)
        extras = [
            self._extra(tx, hidden, marked, email, cast.kind)
            for email in going
            if email not in readers
        ]
        now = self._store.clock()
        tx.issues.move(hidden, IssueState.SENDING, now, started_at=now)
        tx.audit.record(actor, "issue.rehearse", f"issue:{issue.id}", now, copies=prepared)
        return _Stage(tx.issues.get(hidden.id), marked, readers, tuple(extras), barred)

    def _hidden(
        self, tx: Transaction, issue: Issue, snapshot: Snapshot, actor: str
    ) -> tuple[Issue, Snapshot]:
        """A hidden issue with what was approved, its subject marked."""
        now = self._store.clock()
        marked = _marked(snapshot)
        hidden = tx.issues.add(
            slug=f"{issue.slug}-rehearsal",
            title=f"Rehearsal of {issue.title}",
            texts={
                "subject": MARK + issue.subject,
                "rehearsal_of": issue.id,
                "corrects_issue_id": issue.corrects_issue_id,
                "corrects_item_id": issue.corrects_item_id,
                "approved_hash": marked.hash,
            },
            visibility=Visibility.PRIVATE,
            actor=actor,
            now=now,
        )
        tx.issues.freeze(hidden.id, marked, now)
        return hidden, marked

    def _extra(
        self,
        tx: Transaction,
        hidden: Issue,
        snapshot: Snapshot,
        email: str,
        wanted: ReaderKind | None,
    ) -> _Extra:
        kind = wanted or ReaderKind(frozenset(role.key for role in tx.roles.list_roles()))
        if not compose(thaw(snapshot)[0], kind).items:
            raise Refused("Nothing of the issue is for such a reader: name other roles.")
        role_set, nation = tx.roles.set_id(kind.roles), kind.nation or ""
        number = tx.rehearsals.add_copy(hidden.id, email, role_set, nation)
        person = tx.subscribers.find(email)
        name, organisation = (person.name, person.organisation) if person else ("", "")
        return _Extra(number, email, name, organisation, kind)

    def _mail(self, stage: _Stage) -> Exception | None:
        """Hand over the copies of the team that are nobody's in the audience, one by one."""
        if not stage.extras:
            return None
        press, addressing = self._press(stage.issue.id, stage.snapshot), self._addressing()
        receipts: dict[int, Receipt] = {}
        transport = self._open_transport()
        trouble: Exception | None = None
        try:
            for extra in stage.extras:
                consignment = self._consignment(stage.issue.id, extra, press, addressing)
                receipts.update({each.delivery_id: each for each in transport.send(consignment)})
        except TransportError as error:
            trouble = error
        finally:
            transport.close()
            with self._store.write() as tx:
                found = [_receipt(extra, receipts, trouble) for extra in stage.extras]
                tx.rehearsals.record(found, self._store.clock())
        return trouble

    def _consignment(
        self, issue_id: int, extra: _Extra, press: Press, addressing: Addressing
    ) -> Consignment:
        copy = addressing.copy(
            delivery_id=extra.delivery_id,
            subscriber_id=PREVIEW,
            email=extra.email,
            name=extra.name,
            organisation=extra.organisation,
            roles=extra.kind.roles,
            domain=press.sender.email.rpartition("@")[2],
        )
        return Consignment(
            reference=f"{issue_id}-team",
            sender=press.sender,
            content=press.content_for(extra.kind),
            headers=press.headers,
            copies=(copy,),
            mime=press.copies(extra.kind, self._store.clock()),
            check=press.check_for(extra.kind),
        )

    def _end(self, tx: Transaction, issue_id: int) -> Issue:
        """Nobody waits for the retries of a rehearsal."""
        issue = tx.issues.lock(issue_id)
        if issue.state is IssueState.SENDING:
            now = self._store.clock()
            tx.issues.move(issue, IssueState.SENT, now, finished_at=now)
        return tx.issues.get(issue_id)


def _check(issue: Issue) -> None:
    if issue.rehearsal_of is not None:
        raise Refused(f"Issue '{issue.slug}' is a rehearsal itself. Rehearse the issue.")
    if issue.state not in STARTABLE:
        raise Refused(
            f"Issue '{issue.slug}' is {issue.state.value}; only an approved issue that has not "
            "gone out can be rehearsed."
        )


def _team(tx: Transaction, cast: Cast) -> list[str]:
    """The addresses of the team, each once. Raises InvalidInput or Refused."""
    named = [check_address(address) for address in cast.addresses]
    team = named or [user.email for user in tx.users.list_users()]
    if not team:
        raise Refused(
            "A rehearsal needs somebody to get it: add --to EMAIL, or name the team with "
            "bulletin users add EMAIL --role editor"
        )
    return list(dict.fromkeys(address.lower() for address in team))


def _marked(snapshot: Snapshot) -> Snapshot:
    content, sender = thaw(snapshot)
    return freeze(
        replace(content, subject=MARK + content.subject),
        sender,
        replace(snapshot.compiled, subject=MARK + snapshot.compiled.subject),
        approved_by=snapshot.approved_by,
        override_reason=snapshot.override_reason,
    )


def _receipt(extra: _Extra, receipts: Mapping[int, Receipt], trouble: Exception | None) -> Receipt:
    """What became of a copy. One without a receipt was not accepted, if the transport said so."""
    if extra.delivery_id in receipts:
        return receipts[extra.delivery_id]
    outcome = Outcome.FAILED if trouble else Outcome.UNCERTAIN
    return Receipt(extra.delivery_id, outcome, str(trouble or "the transport stopped"))


def _addresses(extras: Iterable[_Extra]) -> list[str]:
    return [extra.email for extra in extras]
