"""Checking repeats: what of an issue its readers have had, or would have twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bulletin.errors import Refused
from bulletin.models.checks import Repeated
from bulletin.models.issues import Issue, IssueContent, PlacedItem
from bulletin.models.items import ItemDraft, Likeness
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.recollection import Recollection
from bulletin.repeats import Match, Shelf, Traits, bands_of, traits_of
from bulletin.store.store import Transaction

ISSUES_BACK = 3
_KEPT_LETTERS = 250_000  # of items: at 60 bytes for each, 15 MB for 300 items
_BESIDE_LETTERS = 200  # what an item of no length weighs
_KEPT_ISSUES = 8
_Likened = tuple[Traits, dict[int, float]]


@dataclass(frozen=True, slots=True)
class _Had:
    """An item as it went out."""

    item: PlacedItem
    issue: str
    day: date


class RepeatChecking:
    """Compares issues with what went out before. Safe to share between threads.

    Everybody who looks at a check asks again about the same items, of which one or two have
    changed: what items are compared by is kept. zone: for the days of the issues.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._likened = Recollection[ItemDraft, _Likened](_weight, _KEPT_LETTERS)
        self._went_out = Recollection[tuple[int, str], list[PlacedItem]](lambda _: 1, _KEPT_ISSUES)

    def find(self, tx: Transaction, issue: Issue, content: IssueContent) -> tuple[Repeated, ...]:
        """What of an issue is like something in the last three issues, or like another item of it.

        A correction repeats what it corrects, and is not looked at.
        """
        placed = _placed(content)
        if issue.corrects_issue_id is not None or not placed:
            return ()
        return tuple(self._compared(placed, list(self._had(tx, issue))))

    def _compared(self, placed: Sequence[PlacedItem], had: Sequence[_Had]) -> Iterator[Repeated]:
        before, here = Shelf(), Shelf()
        drafts = [_draft(item) for item in (*(each.item for each in had), *placed)]
        likened = self._likened.of(drafts, _likened)
        for place, traits in enumerate(likened[: len(had)]):
            before.put(place, *traits)
        for place, (item, traits) in enumerate(zip(placed, likened[len(had) :], strict=True)):
            if match := _telling(before.like(*traits)):
                like = had[match.key]
                yield Repeated(
                    item.id, match.repeat, like.item.id, like.item.title, like.issue, like.day
                )
            if match := _telling(here.like(*traits)):
                like_it = placed[match.key]
                yield Repeated(item.id, match.repeat, like_it.id, like_it.title)
            here.put(place, *traits)

    def _had(self, tx: Transaction, issue: Issue) -> Iterator[_Had]:
        """The items of the last issues that went out, the newest issue first."""
        for other in tx.issues.last_out(ISSUES_BACK, but=issue.id):
            if other.started_at:
                day = day_in(self._zone, other.started_at)
                yield from (
                    _Had(item, other.title, day) for item in self._as_it_went_out(tx, other)
                )

    def _as_it_went_out(self, tx: Transaction, issue: Issue) -> list[PlacedItem]:
        def thawed(_: object) -> list[list[PlacedItem]]:
            return [_placed(thaw(tx.issues.snapshot(issue))[0])]

        try:
            return self._went_out.of([(issue.id, issue.approved_hash or "")], thawed)[0]
        except Refused:
            return []  # what was changed in the database since does not hold this issue up


def _telling(match: Match | None) -> Match | None:
    """A match, unless it is merely on the same subject."""
    return match if match and match.repeat.likeness is not Likeness.RELATED else None


def _likened(drafts: Sequence[ItemDraft]) -> Iterator[_Likened]:
    traits = [traits_of(draft) for draft in drafts]
    return zip(traits, bands_of(traits), strict=True)


def _weight(draft: ItemDraft) -> int:
    return _BESIDE_LETTERS + len(draft.title) + len(draft.body)


def _draft(item: PlacedItem) -> ItemDraft:
    """An item by what it is compared by."""
    return ItemDraft(
        title=item.title,
        body=item.body,
        source=item.source,
        published=item.published,
        actions=item.actions,
        nations=item.nations,
        deadline=item.deadline,
    )


def _placed(content: IssueContent) -> list[PlacedItem]:
    return [item for topic in content.topics for item in topic.items]
