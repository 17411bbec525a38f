"""The inbox: candidates are listed and sorted, with a way back from each decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bulletin.models.inbox import PasteName
from bulletin.models.issues import Issue, IssueState
from bulletin.models.items import Item, ItemState
from bulletin.models.library import LibraryPage, LibraryQuery
from bulletin.models.people import Role
from bulletin.models.sources import WatchedSource
from bulletin.pipeline.draft import Drafting, PlacingOptions
from bulletin.pipeline.inbox.pieces import called
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import bring_back, kept, put_aside
from bulletin.pipeline.standing import open_issues, went_because
from bulletin.pipeline.versions import check_roles
from bulletin.pipeline.voiding import OPEN_STATES
from bulletin.store.store import Store, Transaction

_MOST_NAMES = 300
_MOST_PASTES = 12
_WAS = {
    ItemState.CANDIDATE: "is to be sorted again",
    ItemState.KEPT: "was kept",
    ItemState.USED: "was put into an issue",
    ItemState.REJECTED: "was rejected",
}


class Wish(StrEnum):
    """What somebody decides about an item."""

    USE = "use"
    KEEP = "keep"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to, and the issues that items can go into, newest first."""

    topics: list[str]
    sources: list[str]
    roles: list[Role]
    watched: list[WatchedSource]
    pastes: list[PasteName]
    issues: list[Issue]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the inbox. states: how many items there are in each; twins: what items are like."""

    page: LibraryPage
    states: Mapping[ItemState, int]
    twins: Mapping[int, Item]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision.

    before: the items as they were. left: why others were left alone, a sentence for each.
    issue: what they were put into.
    """

    wish: Wish
    before: tuple[Item, ...]
    left: tuple[str, ...] = ()
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with items. seen: what each was when whoever decides saw it.

    issue: the number of the issue to use them in. because: why they are rejected, or "".
    """

    wish: Wish
    seen: Mapping[int, ItemState] = field(default_factory=dict)
    issue: int = 0
    because: str = ""


class Inbox:
    """Lists what waits, and sorts it."""

    def __init__(self, store: Store, drafting: Drafting) -> None:
        self._store = store
        self._drafting = drafting

    def shelf(self, query: LibraryQuery) -> Shelf:
        """A page of items. Raises InvalidInput for a role that there is not."""
        with self._store.read() as tx:
            if query.role is not None:
                check_roles(tx, [query.role])
            page = tx.library.search(query)
            twins = tx.items.list_items(ids=sorted(_twins([hit.item for hit in page.hits])))
            return Shelf(page, tx.facets.states(), {twin.id: twin for twin in twins})

    def states(self) -> dict[ItemState, int]:
        """How many items there are in each state."""
        with self._store.read() as tx:
            return tx.facets.states()

    def choices(self) -> Choices:
        """What there is to choose from."""
        with self._store.read() as tx:
            return Choices(
                topics=tx.facets.topics(_MOST_NAMES),
                sources=tx.facets.sources(_MOST_NAMES),
                roles=list(tx.roles.list_roles()),
                watched=list(tx.watched.list_sources()),
                pastes=tx.pastes.kept(_MOST_PASTES),
                issues=_fillable(tx),
            )

    def decide(self, decision: Decision, actor: str) -> Decided:
        """Sort items that still are what whoever decides saw; leave the others alone, and say so.

        Raises Refused if the issue to use them in can no longer change, InvalidInput for a reason
        of several lines, NotFound.
        """
        one_line("reason", decision.because)
        with self._store.write() as tx:
            fresh, left = _fresh(tx, decision)
            if decision.wish is not Wish.USE:
                self._sort(tx, fresh, decision, actor)
        if decision.wish is not Wish.USE or not fresh:
            return Decided(decision.wish, tuple(fresh), tuple(left))
        placing = [item.id for item in fresh]
        issue = self._drafting.place(str(decision.issue), placing, PlacingOptions(), actor)
        return Decided(Wish.USE, tuple(fresh), tuple(left), issue)

    def undo(self, wish: Wish, was: Mapping[int, ItemState], issue: int, actor: str) -> Decided:
        """Take a decision back for those items that nobody has sorted otherwise since.

        was: what each was before; issue: what they were put into. Raises Refused if that can no
        longer change.
        """
        became = {Wish.KEEP: ItemState.KEPT, Wish.REJECT: ItemState.REJECTED}.get(
            wish, ItemState.USED
        )
        seen = Decision(Wish.KEEP, dict.fromkeys(was, became))
        if wish is Wish.USE:
            with self._store.read() as tx:
                inside = {placed.item_id for placed in tx.issues.placements(issue)}
            self._drafting.remove(str(issue), [one for one in was if one in inside], actor)
            seen = Decision(Wish.KEEP, dict.fromkeys(was, ItemState.KEPT))
        with self._store.write() as tx:
            fresh, left = _fresh(tx, seen)
            for item in fresh:
                self._put_back(tx, item, was[item.id], actor)
        return Decided(wish, tuple(fresh), tuple(left))

    def _sort(self, tx: Transaction, items: Sequence[Item], decision: Decision, actor: str) -> None:
        now = self._store.clock()
        for item in items:
            if decision.wish is Wish.REJECT:
                put_aside(tx, item, decision.because, actor, now)
            else:
                tx.items.set_state([item.id], kept(item), now)
                tx.audit.record(actor, "item.keep", f"item:{item.id}", now)

    def _put_back(self, tx: Transaction, item: Item, was: ItemState, actor: str) -> None:
        now = self._store.clock()
        if item.state is ItemState.REJECTED:
            bring_back(tx, item, actor, now)
        elif was is ItemState.REJECTED:
            put_aside(tx, item, went_because(tx, item), actor, now)
        elif was is ItemState.CANDIDATE:
            tx.items.set_state([item.id], was, now)
            tx.audit.record(actor, "item.unsort", f"item:{item.id}", now)


def _twins(items: Iterable[Item]) -> set[int]:
    named = ((item.draft.duplicate_of, item.draft.updates) for item in items)
    return {number for pair in named for number in pair if number}


def _fillable(tx: Transaction) -> list[Issue]:
    """Issues that items can go into: drafts first, then what an item would put back into draft."""
    found = tx.issues.list_issues(states=tuple(OPEN_STATES))
    return sorted(found, key=lambda issue: issue.state is not IssueState.DRAFT)


def _fresh(tx: Transaction, decision: Decision) -> tuple[list[Item], list[str]]:
    """Items that are what they were seen as, held; and about each other one, why it is left."""
    tx.items.take_turns()
    there = {item.id: item for item in tx.items.list_items(ids=list(decision.seen))}
    fresh: list[Item] = []
    left: list[str] = []
    for number, state in decision.seen.items():
        item = there.get(number)
        if item is None:
            left.append(f"Item {number} is no longer there.")
        elif why := _left_alone(tx, item, state, decision.wish):
            left.append(why)
        else:
            fresh.append(item)
    return fresh, left


def _left_alone(tx: Transaction, item: Item, seen: ItemState, wish: Wish) -> str:
    name = f"“{called(item.draft)}”"
    if item.state is not seen:
        by = _who(tx, item)
        return f"{name} {_WAS[item.state]}{by} in the meantime, and was left as it is."
    if wish is Wish.REJECT and (issues := open_issues(tx, item)):
        return f"{name} stands in {issues[0].title}. Take it out there first."
    if wish is Wish.USE and item.state is ItemState.REJECTED:
        return f"{name} was rejected. Restore it first."
    return ""


def _who(tx: Transaction, item: Item) -> str:
    """Who sorted an item last, if that is on record."""
    trail = tx.audit.history(f"item:{item.id}")
    return f" by {trail[-1][1]}" if trail and item.state is not ItemState.USED else ""
