"""Checking repeats: what of an issue its readers have had, or would have twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bulletin.errors import Refused
from bulletin.models.checks import Repeated
from bulletin.models.issues import Issue, IssueContent, IssueState, PlacedItem
from bulletin.models.items import ItemDraft, Likeness
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.freeze import thaw
from bulletin.repeats import Match, Shelf, Traits, bands_of, traits_of
from bulletin.store.store import Transaction

ISSUES_BACK = 3
_WENT_OUT = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)


@dataclass(frozen=True, slots=True)
class _Had:
    """An item as it went out."""

    item: PlacedItem
    issue: str
    day: date


def find_repeats(
    tx: Transaction, issue: Issue, content: IssueContent, zone: ZoneInfo
) -> tuple[Repeated, ...]:
    """What of an issue is like something in the last three issues, or like another item of it.

    A correction repeats what it corrects, and is not looked at. zone: for the days of the issues.
    """
    placed = _placed(content)
    if issue.corrects_issue_id is not None or not placed:
        return ()
    return tuple(_compared(placed, list(_had(tx, issue, zone))))


def _compared(placed: Sequence[PlacedItem], had: Sequence[_Had]) -> Iterator[Repeated]:
    before, here = Shelf(), Shelf()
    for place, traits in enumerate(_with_bands([each.item for each in had])):
        before.put(place, *traits)
    for place, (item, traits) in enumerate(zip(placed, _with_bands(placed), strict=True)):
        if match := _telling(before.like(*traits)):
            like = had[match.key]
            yield Repeated(
                item.id, match.repeat, like.item.id, like.item.title, like.issue, like.day
            )
        if match := _telling(here.like(*traits)):
            like_it = placed[match.key]
            yield Repeated(item.id, match.repeat, like_it.id, like_it.title)
        here.put(place, *traits)


def _telling(match: Match | None) -> Match | None:
    """A match, unless it is merely on the same subject."""
    return match if match and match.repeat.likeness is not Likeness.RELATED else None


def _with_bands(items: Sequence[PlacedItem]) -> Iterator[tuple[Traits, dict[int, float]]]:
    traits = [traits_of(_draft(item)) for item in items]
    return zip(traits, bands_of(traits), strict=True)


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


def _had(tx: Transaction, issue: Issue, zone: ZoneInfo) -> Iterator[_Had]:
    """The items of the last issues that went out, the newest issue first."""
    sent = [
        (other.started_at, other)
        for other in tx.issues.list_issues(states=_WENT_OUT)
        if other.started_at and other.id != issue.id and other.corrects_issue_id is None
    ]
    for started_at, other in sorted(sent, key=lambda each: each[0], reverse=True)[:ISSUES_BACK]:
        day = day_in(zone, started_at)
        yield from (_Had(item, other.title, day) for item in _as_it_went_out(tx, other))


def _as_it_went_out(tx: Transaction, issue: Issue) -> list[PlacedItem]:
    try:
        content, _ = thaw(tx.issues.snapshot(issue))
    except Refused:
        return []  # what was changed in the database since does not hold this issue up
    return _placed(content)


def _placed(content: IssueContent) -> list[PlacedItem]:
    return [item for topic in content.topics for item in topic.items]
