"""Draft: an issue is made, items are placed in it, and its texts are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict

from bulletin.errors import InvalidInput
from bulletin.models.issues import (
    Helpline,
    Issue,
    IssueContent,
    Length,
    PlacedItem,
    Placement,
    Topic,
    Visibility,
)
from bulletin.models.items import Item, ItemState, Nation
from bulletin.models.library import Change
from bulletin.pipeline.arranging import Place, with_item_moved, with_topic_moved
from bulletin.pipeline.composing.changing import Changing
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.noting import for_readers
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.sorting import check_not_rejected
from bulletin.pipeline.standing import heading_of, open_issues
from bulletin.pipeline.versions import check_roles, keep_version
from bulletin.pipeline.voiding import OPEN_STATES, void_all
from bulletin.store.store import Store, Transaction


class IssueChanges(TypedDict, total=False):
    """What an editor changes of an issue itself; what is not there stays as it is.

    intro, closing: Markdown; the other texts are one line. length: None lets the size decide.
    """

    title: str
    subject: str
    standfirst: str
    intro: str
    closing: str
    dateline: str
    helplines: tuple[Helpline, ...]
    diary: bool
    length: Length | None


_ONE_LINE = ("title", "subject", "standfirst", "dateline")


@dataclass(frozen=True, slots=True)
class PlacingOptions:
    """What an editor says when placing items. None leaves a thing as it is.

    roles: who sees them (empty: everybody); notes: role key -> line; only_nations: see PlacedItem.
    Roles and notes belong to the item, so they hold in every issue that has it.
    """

    topic: str | None = None
    roles: Sequence[str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    only_nations: frozenset[Nation] | None = None


class Drafting:
    """Everything that changes what an issue says. Any such change voids its approval."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changing = Changing(store)

    def new(self, title: str, rest: IssueChanges, visibility: Visibility, actor: str) -> Issue:
        """Start an issue. Without a subject it has its title for one.

        Raises InvalidInput for a title without letters, or for line breaks in one line.
        """
        one_line("title", title)
        texts = _checked(rest)
        with self._store.write() as tx:
            issue = tx.issues.add(
                slug=slug_of(title),
                title=title,
                texts=texts,
                visibility=visibility,
                actor=actor,
                now=self._store.clock(),
            )
            tx.audit.record(actor, "issue.new", f"issue:{issue.id}", self._store.clock())
        return issue

    def edit(self, reference: str, changes: IssueChanges, actor: str) -> Issue:
        """Change an issue's own words and blocks. Raises InvalidInput as `new`."""
        values = _checked(changes)

        def change(tx: Transaction, issue: Issue) -> bool:
            tx.issues.edit(issue, self._store.clock(), **values)
            return True

        return self._changing.change(reference, actor, "issue.edit", change)

    def place(
        self, reference: str, item_ids: Sequence[int], options: PlacingOptions, actor: str
    ) -> Issue:
        """Put items at the end of an issue. All are placed, or none.

        One that is in it keeps its place, and is as the options say from now on. Where nothing
        changes, no trace is left, and an approval holds. Raises NotFound for an unknown item,
        InvalidInput for an unknown role.
        """
        one_line("topic", options.topic or "")
        item_ids = list(dict.fromkeys(item_ids))

        def change(tx: Transaction, issue: Issue) -> bool:
            check_roles(tx, [*(options.roles or ()), *options.notes])
            items = tx.items.get_all(item_ids)
            check_not_rejected(items)
            before = {placed.item_id: placed for placed in tx.issues.placements(issue.id)}
            placed = [_placement(item, options, before.get(item.id)) for item in items]
            tx.issues.place(issue.id, placed)
            is_new = any(one != before.get(one.item_id) for one in placed)
            now = self._store.clock()
            for item in items:
                wanted = for_readers(item.content, options.roles, options.notes)
                if keep_version(tx, item, wanted, how=Change.EDITED, actor=actor, now=now):
                    is_new = True
                    others = set(item.issues) - {issue.slug}
                    void_all(tx, others, f"item {item.id} changed", now)
            tx.items.set_state(item_ids, ItemState.USED, now)
            return is_new

        return self._changing.change(reference, actor, "issue.place", change, items=item_ids)

    def remove(self, reference: str, item_ids: Sequence[int], actor: str) -> Issue:
        """Take items out of an issue. Raises InvalidInput if one is not in it."""

        def change(tx: Transaction, issue: Issue) -> bool:
            for item_id in dict.fromkeys(item_ids):
                if not tx.issues.remove(issue.id, item_id):
                    raise InvalidInput(f"Item {item_id} is not in issue '{issue.slug}'.")
                if not tx.items.get(item_id).issues:
                    tx.items.set_state([item_id], ItemState.KEPT, self._store.clock())
            return bool(item_ids)

        return self._changing.change(reference, actor, "issue.remove", change, items=list(item_ids))

    def move(self, reference: str, item_id: int, place: Place[int], actor: str) -> Issue:
        """Let an item of an issue stand elsewhere: see `with_item_moved`, also for what it raises.

        Raises Refused if the issue can no longer change.
        """

        def change(tx: Transaction, issue: Issue) -> bool:
            order = tx.issues.placements(issue.id)
            return _arrange(tx, issue, order, with_item_moved(order, item_id, place, issue.slug))

        return self._changing.change(reference, actor, "issue.move", change, item=item_id)

    def move_topic(self, reference: str, topic: str, place: Place[str], actor: str) -> Issue:
        """The same for a heading, with all that stands under it: see `with_topic_moved`."""

        def change(tx: Transaction, issue: Issue) -> bool:
            order = tx.issues.placements(issue.id)
            return _arrange(tx, issue, order, with_topic_moved(order, topic, place, issue.slug))

        return self._changing.change(reference, actor, "issue.move", change, topic=topic)

    def headings(self, item_id: int) -> dict[str, str]:
        """What an item stands under in each open issue that has it, by slug. Raises NotFound."""
        with self._store.read() as tx:
            return {
                issue.slug: placed.topic
                for issue in open_issues(tx, tx.items.get(item_id))
                for placed in tx.issues.placements(issue.id)
                if placed.item_id == item_id
            }

    def issue(self, reference: str) -> Issue:
        """Raises NotFound."""
        with self._store.read() as tx:
            return tx.issues.get(reference)

    def issues(self, *, rehearsals: bool = False) -> list[Issue]:
        """Newest first; rehearsals only if they are asked for."""
        with self._store.read() as tx:
            return tx.issues.list_issues(rehearsals=rehearsals)

    def content(self, reference: str) -> tuple[Issue, IssueContent]:
        """An issue as it stands now, or as it went out."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            if issue.state in OPEN_STATES or issue.approved_hash is None:
                return issue, content_of(tx, issue)
            return issue, thaw(tx.issues.snapshot(issue))[0]


def _arrange(
    tx: Transaction, issue: Issue, before: Sequence[Placement], order: Sequence[Placement]
) -> bool:
    """Whether that is another order than before."""
    tx.issues.place(issue.id, [one for one in order if one not in before])
    tx.issues.arrange(issue.id, [one.item_id for one in order])
    return list(order) != list(before)


def _checked(changes: IssueChanges) -> dict[str, object]:
    values = dict(changes)
    for name in _ONE_LINE:
        one_line(name, str(values.get(name, "")))
    for helpline in changes.get("helplines", ()):
        for text in (helpline.name, helpline.phone, helpline.hours, helpline.url or ""):
            one_line("helpline", text)
        if not helpline.name.strip():
            raise InvalidInput("A helpline needs a name.")
    return values


def content_of(tx: Transaction, issue: Issue) -> IssueContent:
    """Everything readers may see of an issue: its items under their topics, in order."""
    placements = tx.issues.placements(issue.id)
    items = {item.id: item for item in tx.items.list_items(ids=[p.item_id for p in placements])}
    grouped: dict[str, list[PlacedItem]] = {}
    for placement in placements:
        placed = _placed(items[placement.item_id], placement)
        if issue.corrects_issue_id is not None:  # who had the mistake sees it put right
            placed = replace(placed, roles=frozenset(), only_nations=frozenset())
        grouped.setdefault(placement.topic, []).append(placed)
    return IssueContent(
        title=issue.title,
        subject=issue.subject,
        standfirst=issue.standfirst,
        intro=issue.intro,
        closing=issue.closing,
        topics=tuple(
            Topic(key, title, tuple(placed))
            for key, (title, placed) in enumerate(grouped.items(), start=1)
        ),
        dateline=issue.dateline,
        helplines=issue.helplines,
        diary=issue.diary,
        length=issue.length or Length.FULL,
    )


def _placed(item: Item, placement: Placement) -> PlacedItem:
    draft = item.draft
    return PlacedItem(
        id=item.id,
        title=draft.title,
        body=draft.body,
        source=draft.source,
        published=draft.published,
        actions=draft.actions,
        nations=draft.nations,
        roles=item.roles,
        notes=item.notes,
        only_nations=placement.only_nations,
        deadline=draft.deadline,
        content_note=draft.content_note,
    )


def _placement(item: Item, options: PlacingOptions, before: Placement | None) -> Placement:
    topic = options.topic
    if topic is None:
        topic = before.topic if before else item.draft.topic
    only = options.only_nations
    if only is None:
        only = before.only_nations if before else frozenset()
    return Placement(item.id, heading_of(topic), only)


def slug_of(title: str) -> str:
    """The address of an issue: lower-case letters, digits and hyphens, 80 at most.

    Raises InvalidInput if nothing of the title is left.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    if not slug:
        raise InvalidInput("The title needs some letters or digits.")
    return f"issue-{slug}" if slug.isdigit() else slug
