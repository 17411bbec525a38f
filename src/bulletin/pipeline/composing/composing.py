"""Composing: an issue is arranged in the browser, change by change, each of which can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bulletin.errors import Conflict, InvalidInput
from bulletin.models.composing import Part
from bulletin.models.issues import Issue, IssueState, Placement
from bulletin.models.items import Item, ItemDraft, ItemState, Nation
from bulletin.models.people import Role
from bulletin.pipeline.composing import sections as arranged
from bulletin.pipeline.composing.changing import Changing, document_of, line, name_of, words_from
from bulletin.pipeline.composing.sections import Sections, order_of, sections_of
from bulletin.pipeline.composing.undoing import Line
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import check_not_rejected
from bulletin.pipeline.standing import heading_of
from bulletin.pipeline.voiding import OPEN_STATES
from bulletin.store.store import Store, Transaction

_Arrange = Callable[[Sections], Sections]


@dataclass(frozen=True, slots=True)
class Composition:
    """An issue as it is composed.

    items:   those that stand in it, by their ids.
    unread:  ids of those of which nobody has said yet who they are for.
    order, words: what can be taken back of either part; the present state is known by its name.
    """

    issue: Issue
    sections: Sections
    items: Mapping[int, Item]
    unread: frozenset[int]
    order: Line
    words: Line

    @property
    def is_open(self) -> bool:
        """Whether what it says can still change."""
        return self.issue.state in OPEN_STATES

    @property
    def is_settled(self) -> bool:
        """Whether a change would end an approval, or a wait for one."""
        return self.is_open and self.issue.state is not IssueState.DRAFT


class Composing:
    """Everything that an editor moves, adds and takes out on the page of an issue.

    While it is approved, or waits for that, `reopen` comes first: all else raises EndsApproval.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changing = Changing(store)

    def composition(self, reference: str) -> Composition:
        """An issue with all that the page shows. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            sections = _sections(tx, issue)
            ids = [one.item_id for one in order_of(sections)]
            items = {item.id: item for item in tx.items.list_items(ids=ids)}
            chosen = tx.composing.with_readers(ids)
            without = (item.id for item in items.values() if not item.roles)
            return Composition(
                issue, sections, items, frozenset(without) - chosen,
                _line(tx, issue, Part.ORDER), _line(tx, issue, Part.WORDS),
            )  # fmt: skip

    def roles(self) -> list[Role]:
        """All roles that readers may have, in their order."""
        with self._store.read() as tx:
            return tx.roles.list_roles()

    def move(self, reference: str, item_id: int, topic: str, place: int, actor: str) -> Issue:
        """Let an item stand under a topic, at a place from 1; one beyond the last is the last.

        Raises NotFound if somebody has taken the item or the topic out, and as all changes do.
        """
        change = partial(arranged.with_item_at, item_id=item_id, topic=topic, place=place - 1)
        return self._arrange(reference, change, actor, "issue.move", item=item_id)

    def shift(self, reference: str, item_id: int, places: int, actor: str) -> Issue:
        """Let an item stand one place up (-1) or down (1); from a topic's end it goes on."""
        change = partial(arranged.with_item_shifted, item_id=item_id, by=places)
        return self._arrange(reference, change, actor, "issue.move", item=item_id)

    def move_topic(self, reference: str, topic: str, place: int, actor: str) -> Issue:
        """Let a topic, with all that stands under it, stand at a place from 1."""
        change = partial(arranged.with_topic_at, topic=topic, place=place - 1)
        return self._arrange(reference, change, actor, "issue.move", topic=topic)

    def shift_topic(self, reference: str, topic: str, places: int, actor: str) -> Issue:
        """Let a topic stand one place up (-1) or down (1)."""
        change = partial(arranged.with_topic_shifted, topic=topic, by=places)
        return self._arrange(reference, change, actor, "issue.move", topic=topic)

    def add_topic(self, reference: str, title: str, actor: str) -> Issue:
        """One more topic, at the end. Raises InvalidInput if there is one of that name."""
        change = partial(arranged.with_topic, title=title)
        return self._arrange(reference, change, actor, "issue.topic", topic=title)

    def rename_topic(self, reference: str, topic: str, title: str, actor: str) -> Issue:
        """Another name for a topic. One that there is already takes its items at its end."""
        change = partial(arranged.with_topic_renamed, topic=topic, title=title)
        return self._arrange(reference, change, actor, "issue.topic", topic=topic, title=title)

    def remove_topic(self, reference: str, topic: str, actor: str) -> Issue:
        """Take a topic out of an issue, with its items, which stay in the library."""
        change = partial(arranged.without_topic, topic=topic)
        return self._arrange(reference, change, actor, "issue.remove", topic=topic)

    def take_out(self, reference: str, item_id: int, actor: str) -> Issue:
        """Take an item out of an issue; its topic stays, also without items. Raises NotFound."""

        def change(sections: Sections) -> Sections:
            number, place = arranged.where(sections, item_id)
            placed = sections[number].placed
            left = arranged.Section(sections[number].title, placed[:place] + placed[place + 1 :])
            return (*sections[:number], left, *sections[number + 1 :])

        return self._arrange(reference, change, actor, "issue.remove", items=[item_id])

    def add(self, reference: str, item_ids: Sequence[int], topic: str, actor: str) -> Issue:
        """Put items at the end of a topic, or with "" each under its own. What stands in the
        issue already stays where it is. Raises Refused for a rejected item, NotFound."""

        def change(tx: Transaction, issue: Issue) -> bool:
            items = tx.items.get_all(list(dict.fromkeys(item_ids)))
            check_not_rejected(items)
            return _placed(tx, issue, items, topic, self._store.clock())

        return self._change(reference, change, actor, "issue.place", items=list(item_ids))

    def add_new(self, reference: str, title: str, topic: str, actor: str) -> int:
        """Write a new item, and put it at the end of a topic. Returns its id.

        Raises InvalidInput without a title.
        """
        one_line("title", title)
        if not title.strip():
            raise InvalidInput("A new item needs a title. You can change it later.")
        made: list[int] = []

        def change(tx: Transaction, issue: Issue) -> bool:
            now = self._store.clock()
            made.append(tx.items.add(ItemDraft(title.strip(), topic=topic), now))
            return _placed(tx, issue, tx.items.get_all(made), topic, now)

        self._change(reference, change, actor, "issue.place", title=title)
        return made[0]

    def limit(self, reference: str, item_id: int, nations: frozenset[Nation], actor: str) -> Issue:
        """Let only readers in these nations see an item of this issue; none: all do."""

        def change(tx: Transaction, issue: Issue) -> bool:
            arranged.where(_sections(tx, issue), item_id)
            [before] = [p for p in tx.issues.placements(issue.id) if p.item_id == item_id]
            after = Placement(item_id, before.topic, nations)
            tx.issues.place(issue.id, [after])
            return after != before

        return self._change(reference, change, actor, "issue.place", items=[item_id])

    def reopen(self, reference: str, actor: str) -> Issue:
        """End an approval, or the wait for one, so that the issue can be changed.

        A draft stays as it is. Raises Refused if what it says can no longer change.
        """

        def change(_tx: Transaction, issue: Issue) -> bool:
            return issue.state is not IssueState.DRAFT

        return self._changing.change(reference, actor, "issue.reopen", change)

    def step(self, reference: str, part: Part, present: str, actor: str, *, back: bool) -> Issue:
        """Take the last change of a part back, or (not back) do the one that was taken back again.

        present: the name of the state that the editor sees. Raises Conflict if it is another by
        now, or there is nothing to take back.
        """

        def change(tx: Transaction, issue: Issue) -> bool:
            now = document_of(tx, issue, part)
            versions = tx.composing.versions(issue.id, part)
            found = line(versions, now)
            target = found.back if back else found.forth
            if name_of(now) != present or target is None:
                raise Conflict(
                    "Somebody has changed this since you saw it, so nothing was taken back. "
                    "Look at it as it is now."
                )
            known = {name_of(one.before): one.before for one in versions}
            _restore(tx, issue, part, known[target], self._store)
            return True

        action = "issue.undo" if back else "issue.redo"
        return self._change(reference, change, actor, action, goes_back=True, part=part.value)

    def _arrange(
        self, reference: str, rearranged: _Arrange, actor: str, action: str, **detail: object
    ) -> Issue:
        def change(tx: Transaction, issue: Issue) -> bool:
            before = _sections(tx, issue)
            after = rearranged(before)
            if after == before:
                return False
            _put(tx, issue, after, self._store)
            return True

        return self._change(reference, change, actor, action, **detail)

    def _change(
        self,
        reference: str,
        change: Callable[[Transaction, Issue], bool],
        actor: str,
        action: str,
        **detail: Any,
    ) -> Issue:
        return self._changing.change(reference, actor, action, change, may_end=False, **detail)


def _sections(tx: Transaction, issue: Issue) -> Sections:
    return sections_of(tx.issues.placements(issue.id), tx.composing.headings(issue.id))


def _line(tx: Transaction, issue: Issue, part: Part) -> Line:
    return line(tx.composing.versions(issue.id, part), document_of(tx, issue, part))


def _placed(
    tx: Transaction, issue: Issue, items: Sequence[Item], topic: str, now: datetime
) -> bool:
    """Put items at the end of a topic. False if all of them stand in the issue already."""
    there = {one.item_id for one in tx.issues.placements(issue.id)}
    new = [item for item in items if item.id not in there]
    before = _sections(tx, issue)
    tx.issues.place(
        issue.id, [Placement(item.id, topic or heading_of(item.draft.topic)) for item in new]
    )
    after = _sections(tx, issue)
    tx.issues.arrange(issue.id, [one.item_id for one in order_of(after)])
    tx.composing.set_headings(issue.id, [each.title for each in after])
    tx.items.set_state([item.id for item in new], ItemState.USED, now)
    return before != after


def _put(tx: Transaction, issue: Issue, sections: Sections, store: Store) -> None:
    """Let an issue hold these sections and nothing else."""
    order = order_of(sections)
    stood = tx.issues.placements(issue.id)
    before = {one.item_id for one in stood}
    after = [one.item_id for one in order]
    now = store.clock()
    for item_id in before - set(after):
        tx.issues.remove(issue.id, item_id)
        if not tx.items.get(item_id).issues:
            tx.items.set_state([item_id], ItemState.KEPT, now)
    new = tx.items.get_all([item_id for item_id in after if item_id not in before])
    check_not_rejected(new)
    tx.issues.place(issue.id, [one for one in order if one not in stood])
    tx.issues.arrange(issue.id, after)
    tx.composing.set_headings(issue.id, [each.title for each in sections])
    tx.items.set_state([item.id for item in new], ItemState.USED, now)


def _restore(
    tx: Transaction, issue: Issue, part: Part, document: Mapping[str, Any], store: Store
) -> None:
    if part is Part.ORDER:
        order = [
            Placement(item_id, topic, frozenset(map(Nation, nations)))
            for item_id, topic, nations in document["placed"]
        ]
        _put(tx, issue, sections_of(order, document["headings"]), store)
        return
    tx.issues.edit(issue, store.clock(), **words_from(document))
