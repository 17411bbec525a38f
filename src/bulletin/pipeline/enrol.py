"""Enrol: the list of subscribers, their segments and suppressions, and who may sign in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bulletin.audience import describe, parse_segment
from bulletin.errors import InvalidInput, Refused
from bulletin.models.people import (
    ImportResult,
    Rejection,
    Role,
    Subscriber,
    SubscriberDraft,
    Suppression,
    SuppressionReason,
    User,
    UserRole,
)
from bulletin.models.segments import Segment
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.directory import segment_name
from bulletin.pipeline.erasing import erase, nothing_held
from bulletin.pipeline.one_line import one_line
from bulletin.roster import read_roster, write_roster
from bulletin.store.store import Store, Transaction

FOR_A_NEW_HOLDER = "For a new holder: bulletin subscribers add EMAIL --new-holder"

# Recorded when a list says neither what kind of subscriber somebody is nor why we may write.
# Whoever imports the list states it, as with every sender's import form; the record says so.
STATED_AT_IMPORT = "stated by the importer: this person asked for the bulletin or it is their duty"


class Enrolment:
    """Everything about people on the list. zone: where they are; consent has the day there."""

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def import_subscribers(
        self,
        lines: TextIO,
        *,
        mapping: Mapping[str, str],
        partial: bool,
        dry_run: bool,
        actor: str,
    ) -> ImportResult:
        """Bring a list in. With a bad row nothing is imported, unless `partial`.

        Raises InvalidInput when the file as a whole cannot be read.
        """
        now = self._store.clock()
        with self._store.write() as tx:
            result = bring_in(tx, lines, mapping=mapping, actor=actor, now=now, zone=self._zone)
            if result.rejected and not partial:
                result = replace(
                    result, created=0, updated=0, unchanged=0, consent_stated=0, moved_away=()
                )
                tx.undo()
            if dry_run:
                tx.undo()
        return result

    def add(
        self,
        draft: SubscriberDraft,
        actor: str,
        *,
        new_holder: bool = False,
        whole: bool = False,
    ) -> Subscriber:
        """Add or update one person. Raises InvalidInput if the address is suppressed.

        whole: the draft says all there is, so what it leaves empty is no longer known.
        new_holder: whoever moved away from the address stays as they are, and has it no more.
        Without it, Refused is raised if somebody moved away from it.
        """
        one_line("name", draft.name)
        one_line("organisation", draft.organisation)
        one_line("consent", draft.consent_basis)
        now = self._store.clock()
        with self._store.write() as tx:
            handed_over = new_holder and tx.subscribers.hand_over(draft.email)
            result = tx.roster_import(now, actor).run(_consenting([draft], day_in(self._zone, now)))
            if result.moved_away:
                raise Refused(
                    f"Somebody on the list moved away from {draft.email}.",
                    command=FOR_A_NEW_HOLDER,
                )
            if result.suppressed:
                raise InvalidInput(
                    f"{draft.email} is suppressed and gets no mail.",
                    command="See: bulletin suppressions list",
                )
            person = tx.subscribers.by_email(draft.email)
            if whole:
                tx.subscribers.clear(person.id, _empty(draft), now)
                person = tx.subscribers.by_email(draft.email)
            subject = f"subscriber:{person.id}"
            tx.audit.record(actor, "subscriber.add", subject, now, new_holder=handed_over)
            return person

    def export(self, out: TextIO) -> int:
        """Write everybody as CSV, safe to open in a spreadsheet. Returns how many."""
        with self._store.read() as tx:
            return write_roster(tx.subscribers.stream(), out)

    def show(self, email: str) -> tuple[Subscriber, SuppressionReason | None, list[str]]:
        """A person, whether they are suppressed, and their consent history as lines.

        email: an address that they have or had. Raises NotFound.
        """
        with self._store.read() as tx:
            person = tx.subscribers.holder(email)
            history = [
                f"{said['recorded_at']:%d %B %Y}: {said['action']}, {said['basis']} "
                f"({said['recorded_by']})"
                for said in tx.holdings.of(person)["consents"]
            ]
            return person, tx.suppressions.reason(person.email), history

    def holdings(self, email: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """All that is held about an address and its person, section by section.

        Raises NotFound if that is nothing.
        """
        with self._store.read() as tx:
            person = tx.subscribers.find(email)
            held = tx.holdings.of(person) if person else tx.holdings.of_address(email)
        if not any(held.values()):
            raise nothing_held(email)
        return held

    def forget(self, email: str, actor: str) -> None:
        """Erase a person; a keyed hash remains so that no import brings them back.

        Raises NotFound if nothing is held about the address.
        """
        with self._store.write() as tx:
            erase(tx, email, actor, self._store.clock())

    def suppress(self, email: str, reason: SuppressionReason, detail: str, actor: str) -> bool:
        """False if the address was suppressed already."""
        now = self._store.clock()
        with self._store.write() as tx:
            added = tx.suppressions.add(email, reason, now, detail=detail)
            tx.audit.record(actor, "suppression.add", "suppressions", now, added=added)
        return added

    def unsuppress(self, email: str, actor: str) -> bool:
        """False if the address was not suppressed."""
        with self._store.write() as tx:
            removed = tx.suppressions.remove(email)
            now = self._store.clock()
            tx.audit.record(actor, "suppression.remove", "suppressions", now, removed=removed)
        return removed

    def suppressions(self) -> list[Suppression]:
        with self._store.read() as tx:
            return tx.suppressions.list_suppressions()

    def add_segment(self, name: str, expression: str, actor: str) -> tuple[int, Segment]:
        """Name a segment. Raises InvalidInput for an expression that cannot be read."""
        name = segment_name(name)
        now = self._store.clock()
        with self._store.write() as tx:
            tree = parse_segment(expression, roles=[role.key for role in tx.roles.list_roles()])
            number = tx.segments.add(name, tree, now)
            tx.audit.record(actor, "segment.add", f"segment:{number}", now, where=describe(tree))
        return number, tree

    def segments(self) -> list[tuple[int, str, str, int]]:
        """(id, name, expression, people) of every segment."""
        with self._store.read() as tx:
            return [
                (number, name, describe(tree), tx.segments.count(tree))
                for number, name, tree in tx.segments.list_segments()
            ]

    def count(self, name: str) -> int:
        """How many people a segment picks. Raises NotFound."""
        with self._store.read() as tx:
            return tx.segments.count(tx.segments.get(name))

    def describe_segment(self, name: str) -> str:
        with self._store.read() as tx:
            return describe(tx.segments.get(name))

    def roles(self) -> list[Role]:
        with self._store.read() as tx:
            return tx.roles.list_roles()

    def add_user(self, email: str, role: UserRole, password_hash: str, actor: str) -> User:
        """Raises Refused if the address has an account."""
        now = self._store.clock()
        with self._store.write() as tx:
            user = tx.users.add(email.strip().lower(), role, password_hash, now)
            tx.audit.record(actor, "user.add", f"user:{user.id}", now, role=role.value)
        return user

    def users(self) -> Sequence[User]:
        with self._store.read() as tx:
            return tx.users.list_users()


def _empty(draft: SubscriberDraft) -> list[str]:
    """Which facts of a person a draft leaves empty."""
    names = ("name", "organisation", "nation", "kind")
    return [name for name in names if not getattr(draft, name)]


def bring_in(
    tx: Transaction,
    lines: Iterable[str],
    *,
    mapping: Mapping[str, str],
    actor: str,
    now: datetime,
    zone: ZoneInfo,
    file_id: int | None = None,
) -> ImportResult:
    """Bring the good rows of a list in, within a transaction; the bad ones are in the result.

    zone: where the people are. file_id: the file that they come from, if this may be undone.
    Raises InvalidInput when the list as a whole cannot be read.
    """
    rejected: list[Rejection] = []
    unused: list[str] = []
    rows = read_roster(lines, roles=tx.roles.list_roles(), mapping=mapping, unused=unused.extend)
    drafts = _consenting(_good(rows, rejected), day_in(zone, now))
    result = tx.roster_import(now, actor, file_id=file_id).run(drafts)
    tx.audit.record(
        actor, "subscribers.import", "subscribers", now,
        created=result.created, updated=result.updated, rejected=len(rejected),
    )  # fmt: skip
    return replace(
        result,
        read=result.read + len(rejected),
        rejected=tuple(rejected),
        unused_columns=tuple(unused),
    )


def _good(
    rows: Iterable[SubscriberDraft | Rejection], rejected: list[Rejection]
) -> Iterator[SubscriberDraft]:
    for row in rows:
        if isinstance(row, Rejection):
            rejected.append(row)
        else:
            yield row


def _consenting(
    drafts: Iterable[SubscriberDraft], today: date
) -> Iterator[tuple[SubscriberDraft, bool]]:
    for draft in drafts:
        stated = draft.kind is None and not draft.consent_basis
        if stated:
            basis = replace(draft, consent_basis=STATED_AT_IMPORT, consent_date=today)
            yield basis, True
        else:
            yield draft, False
