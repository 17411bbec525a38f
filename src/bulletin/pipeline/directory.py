"""The readers as somebody looks through them, and the segments that pick some of them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bulletin.audience import Rules, describe, parse_segment, rules_of, tree_of
from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.models.directory import EntryPage, Lookup
from bulletin.models.people import Subscriber, Suppression, SuppressionReason
from bulletin.models.segments import Segment
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.voiding import OPEN_STATES
from bulletin.store.store import Store, Transaction

PAGE = 50


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment. rules: as a form shows it, or None if it says more than a form can.

    issues: titles of those that are to go to it, or not to it, and have not gone out.
    """

    id: int
    name: str
    expression: str
    people: int
    rules: Rules | None
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """One page of the addresses that get no mail. before, after: where other pages begin."""

    rows: tuple[Suppression, ...]
    start: int
    total: int

    @property
    def before(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None

    @property
    def after(self) -> int | None:
        following = self.start + PAGE
        return following if following < self.total else None


class Directory:
    """Looks people up, and names the rules that pick them. zone: where the readers are."""

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def page(self, lookup: Lookup) -> EntryPage:
        """Raises NotFound for a segment that there is not."""
        with self._store.read() as tx:
            segment = tx.segments.get(lookup.segment) if lookup.segment else None
            today = day_in(self._zone, self._store.clock())
            return tx.directory.page(lookup, segment, today, PAGE)

    def person(self, subscriber_id: int) -> Subscriber:
        """Raises NotFound."""
        with self._store.read() as tx:
            person = tx.subscribers.by_id(subscriber_id) or tx.subscribers.by_former_number(
                subscriber_id
            )
        if person is None:
            raise NotFound("Nobody on the list has this number: they left or were erased.")
        return person

    def suppressions(self, start: int) -> Stopped:
        """Addresses that get no mail, newest first, from the one at `start` on."""
        with self._store.read() as tx:
            return Stopped(tuple(tx.suppressions.page(start, PAGE)), start, tx.suppressions.count())

    def suppressed(self, email: str) -> SuppressionReason | None:
        """Why no mail goes to an address, or None."""
        with self._store.read() as tx:
            return tx.suppressions.reason(email)

    def names(self) -> list[str]:
        """Of all segments, in alphabetical order."""
        with self._store.read() as tx:
            return [name for _, name, _ in tx.segments.list_segments()]

    def segment(self, number: int) -> SegmentView:
        """Raises NotFound."""
        with self._store.read() as tx:
            name, tree = tx.segments.by_id(number)
            count = tx.segments.count(tree)
            return SegmentView(
                number, name, describe(tree), count, rules_of(tree), _users(tx, name)
            )

    def count(self, tree: Segment) -> int:
        """How many people a rule picks that is not named yet."""
        with self._store.read() as tx:
            return tx.segments.count(tree)

    def tree(self, rules: Rules, expression: str = "") -> Segment:
        """What a form means: its expression if there is one, else its rules.

        Raises WrongFields for values that cannot be, InvalidInput for an expression.
        """
        with self._store.read() as tx:
            roles = [role.key for role in tx.roles.list_roles()]
        if expression.strip():
            return parse_segment(expression, roles=roles)
        return tree_of(rules, roles=roles)

    def add_segment(self, name: str, tree: Segment, actor: str) -> int:
        """Name a rule. Raises InvalidInput or Refused for a name that cannot be used."""
        name = segment_name(name)
        with self._store.write() as tx:
            now = self._store.clock()
            number = tx.segments.add(name, tree, now)
            tx.audit.record(actor, "segment.add", f"segment:{number}", now, where=describe(tree))
        return number

    def change_segment(self, number: int, name: str, tree: Segment, actor: str) -> None:
        """Raises Refused for a name that is taken, and for a new name that an issue waits for."""
        name = segment_name(name)
        with self._store.write() as tx:
            before, _ = tx.segments.by_id(number)
            if before != name:
                _check_unused(tx, before, "renamed")
            tx.segments.change(number, name, tree)
            now = self._store.clock()
            subject = f"segment:{number}"
            tx.audit.record(actor, "segment.change", subject, now, where=describe(tree))

    def remove_segment(self, number: int, actor: str) -> str:
        """Raises Refused while an issue waits for it. Returns its name."""
        with self._store.write() as tx:
            name, tree = tx.segments.by_id(number)
            _check_unused(tx, name, "removed")
            tx.segments.remove(name)
            now = self._store.clock()
            subject = f"segment:{number}"
            tx.audit.record(actor, "segment.remove", subject, now, where=describe(tree))
        return name


def segment_name(text: str) -> str:
    """A name for a segment. Raises InvalidInput if it is none."""
    name = text.strip()
    if not name or len(name) > 80:
        raise InvalidInput("A segment needs a name of 1 to 80 characters.")
    one_line("name", name)
    return name


def _check_unused(tx: Transaction, name: str, what: str) -> None:
    if users := _users(tx, name):
        raise Refused(
            f"'{name}' cannot be {what}: it is in the audience of {', '.join(users)}. "
            "Choose another audience there first."
        )


def _users(tx: Transaction, name: str) -> tuple[str, ...]:
    """Titles of the issues that have not gone out and name a segment."""
    folded = name.casefold()
    return tuple(
        issue.title
        for issue in tx.issues.list_issues()
        if issue.state in OPEN_STATES
        and folded in map(str.casefold, (*issue.audience.include, *issue.audience.exclude))
    )
