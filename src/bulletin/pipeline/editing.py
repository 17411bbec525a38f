"""Editing: items are changed, split and joined, and go back to what they said before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bulletin.errors import Conflict, InvalidInput, NotFound, Refused
from bulletin.models.items import Item, ItemContent, ItemState
from bulletin.models.library import Change, ItemVersion
from bulletin.pipeline.dividing import divided, united
from bulletin.pipeline.history import in_effect
from bulletin.pipeline.settling import settled, unlike
from bulletin.pipeline.sorting import check_not_rejected, is_going_out
from bulletin.pipeline.standing import come_back, open_issues, put_into, take_out, went_because
from bulletin.pipeline.versions import hold, keep_version
from bulletin.pipeline.voiding import void_all
from bulletin.store.store import Store, Transaction

_CONCERNING_TWO = frozenset({Change.SPLIT, Change.JOINED})


class EditedMeanwhile(Conflict):
    """Somebody else changed an item since it was read.

    theirs: the item as it is now; mine: what would have been made of it.
    """

    def __init__(self, theirs: Item, mine: ItemContent, expected: int) -> None:
        super().__init__(
            f"Item {theirs.id} was changed by somebody else: it is at version {theirs.version} "
            f"and you began with version {expected}. Nothing was kept of your change.",
            command=f"See theirs: bulletin items history {theirs.id}",
        )
        self.theirs = theirs
        self.mine = mine


@dataclass(frozen=True, slots=True)
class Reverted:
    """An item that went back.

    followed: items that went or came back with it, as they are now.
    left_alone: items that should have gone or come back with it, each with why it did not.
    elsewhere:  items that came back, with an issue in which they stood and could not stand again.
    """

    item: Item
    followed: tuple[Item, ...] = ()
    left_alone: tuple[tuple[int, str], ...] = ()
    elsewhere: tuple[tuple[int, str], ...] = ()


class Editing:
    """Everything that changes what an item says. Issues that hold it lose their approval."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def revise(
        self,
        item_id: int,
        change: Callable[[ItemContent], ItemContent],
        actor: str,
        *,
        expected_version: int | None = None,
        for_readers: bool = False,
    ) -> Item:
        """Change what an item says, who sees it and its notes. Doubts that this answers end.

        A change that changes nothing leaves no trace. expected_version: what the change was made
        from. for_readers: it says who the item is for, also if that is as it was. Raises
        EditedMeanwhile if the item is at another version, InvalidInput for a role that there is
        not, NotFound.
        """
        with self._store.write() as tx:
            [item] = hold(tx, item_id)
            wanted = change(item.content)
            if expected_version not in {None, item.version}:
                raise EditedMeanwhile(item, wanted, expected_version or 0)
            wanted = replace(wanted, draft=settled(item.draft, wanted.draft))
            now = self._store.clock()
            if for_readers or wanted.roles != item.roles:
                tx.composing.choose_readers([item_id], actor, now)
            if keep_version(tx, item, wanted, how=Change.EDITED, actor=actor, now=now):
                void_all(tx, item.issues, f"item {item_id} was edited", now)
            return tx.items.get(item_id)

    def split(
        self,
        item_id: int,
        line: int,
        actor: str,
        *,
        title: str = "",
        links: frozenset[int] = frozenset(),
    ) -> tuple[Item, Item]:
        """Make the text from a line of the body on an item of its own: see `divided`.

        In issues that can still change, the new item stands right behind the old one.
        """
        with self._store.write() as tx:
            [item] = hold(tx, item_id)
            check_not_rejected([item])
            first, second = divided(item.content, line, title=title, links=links)
            now = self._store.clock()
            new = tx.items.add(second.draft, now, source_id=item.source_id)
            tx.items.set_roles(new, second.roles)
            if tx.composing.with_readers([item_id]):
                tx.composing.choose_readers([new], actor, now)
            placed = [issue.id for issue in open_issues(tx, item)]
            for issue_id in placed:
                tx.issues.place_behind(issue_id, item_id, new)
            tx.items.set_state([new], _state_of_part(item, placed), now)
            keep_version(tx, item, first, how=Change.SPLIT, actor=actor, now=now, other=new)
            void_all(tx, item.issues, f"item {item_id} was split", now)
            return tx.items.get(item_id), tx.items.get(new)

    def join(self, item_id: int, other_id: int, actor: str) -> Item:
        """Add another item to the end of an item: see `united`. The other is rejected.

        In issues that can still change, the item stands in its place. Raises Refused if either
        was rejected, or the other is just being sent.
        """
        if item_id == other_id:
            raise InvalidInput("An item cannot be joined with itself.")
        with self._store.write() as tx:
            item, other = hold(tx, item_id, other_id)
            check_not_rejected([item, other])
            if is_going_out(tx, other):
                raise Refused(f"Item {other_id} is being sent. Wait until everybody has it.")
            now = self._store.clock()
            content = united(_apart(item, other_id), other.content)
            keep_version(tx, item, content, how=Change.JOINED, actor=actor, now=now, other=other_id)
            void_all(tx, {*item.issues, *other.issues}, f"item {item_id} was joined", now)
            put_into(tx, other, item, because=_joined_into(item_id), actor=actor, now=now)
            return tx.items.get(item_id)

    def revert(
        self, item_id: int, version: int, actor: str, *, expected_version: int | None = None
    ) -> Reverted:
        """Let an item say again what it said in an earlier version, which makes a new one.

        What was split off since is rejected, and what was joined since is restored, to where it
        stood in issues that can still change. expected_version: at which it was seen. Raises
        EditedMeanwhile if it is at another, NotFound if there is no such version.
        """
        with self._store.write() as tx:
            [item] = hold(tx, item_id)
            if expected_version not in {None, item.version}:
                raise EditedMeanwhile(item, item.content, expected_version or 0)
            versions = tx.item_versions.of(item_id)
            content = _content_of(item, versions, version)
            now = self._store.clock()
            if not keep_version(
                tx, item, content, how=Change.REVERTED, actor=actor, now=now, other=version
            ):
                return Reverted(item)
            void_all(tx, item.issues, f"item {item_id} was edited", now)
            return self._follow(tx, item, versions, version, actor)

    def _follow(
        self, tx: Transaction, item: Item, versions: Sequence[ItemVersion], version: int, actor: str
    ) -> Reverted:
        """Take back, or do again, what becomes of other items."""
        now_so, then_so = in_effect(versions, item.version), in_effect(versions, version)
        followed, left_alone, elsewhere = [], [], []
        for step in (step for step in versions if step.how in _CONCERNING_TWO):
            if (step.version in now_so) == (step.version in then_so):
                continue
            needed = (step.version in then_so) == (step.how is Change.SPLIT)
            other = tx.items.get(step.other or 0)
            if not _is_due(tx, item.id, other, step, needed=needed):
                continue
            if why := _touched(tx, item, other, step):
                left_alone.append((other.id, why))
                continue
            followed.append(other.id)
            if needed:
                lost = come_back(tx, other, actor, self._store.clock())
                elsewhere += [(other.id, slug) for slug in lost]
            else:
                self._put_away(tx, item.id, other, step, actor)
        return Reverted(
            tx.items.get(item.id),
            tuple(tx.items.get_all(followed)),
            tuple(left_alone),
            tuple(elsewhere),
        )

    def _put_away(
        self, tx: Transaction, item_id: int, other: Item, step: ItemVersion, actor: str
    ) -> None:
        now = self._store.clock()
        because = _because(step, item_id)
        if step.how is Change.SPLIT:
            take_out(tx, other, item_id, because=because, actor=actor, now=now)
            return
        void_all(tx, other.issues, f"item {item_id} was joined", now)
        put_into(tx, other, tx.items.get(item_id), because=because, actor=actor, now=now)


def _apart(item: Item, other_id: int) -> ItemContent:
    """What an item says, but for being a copy or a newer version of the other."""
    if other_id in {item.draft.duplicate_of, item.draft.updates}:
        return replace(item.content, draft=unlike(item.draft))
    return item.content


def _because(step: ItemVersion, item_id: int) -> str:
    """Why the other item of a split or join is put aside, as it was and will be said."""
    if step.how is Change.JOINED:
        return _joined_into(item_id)
    return f"its text is back in item {item_id}"


def _joined_into(item_id: int) -> str:
    return f"joined into item {item_id}"


def _is_due(tx: Transaction, item_id: int, other: Item, step: ItemVersion, *, needed: bool) -> bool:
    """Whether the other item of a split or join has to come back (needed), or to go.

    One that somebody has restored has yet to stand where it stood.
    """
    if other.state is ItemState.REJECTED:
        return needed
    return not needed or went_because(tx, other) == _because(step, item_id)


def _touched(tx: Transaction, item: Item, other: Item, step: ItemVersion) -> str:
    """Why the other item of a split or join may not come or go, or "" if it is as that left it."""
    if other.state is ItemState.REJECTED:
        why = other.rejected_because
        return "" if why == _because(step, item.id) else f"it was rejected: {why}".rstrip(": ")
    if is_going_out(tx, other):
        return "it is being sent"
    changed = any(later.changed_at > step.changed_at for later in tx.item_versions.of(other.id))
    return "it was edited in the meantime" if changed else ""


def _state_of_part(item: Item, placed: Sequence[int]) -> ItemState:
    if placed:
        return ItemState.USED
    return ItemState.KEPT if item.state is ItemState.USED else item.state


def _content_of(item: Item, versions: Sequence[ItemVersion], number: int) -> ItemContent:
    contents = {version.version: version.before for version in versions}
    contents[item.version] = item.content
    if number not in contents:
        raise NotFound(
            f"Item {item.id} has no version {number}.",
            command=f"See: bulletin items history {item.id}",
        )
    return contents[number]
