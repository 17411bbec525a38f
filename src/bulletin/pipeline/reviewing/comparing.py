"""Comparing: what changed of an issue between two versions that were frozen. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulletin.models.issues import Helpline, IssueContent, PlacedItem, Sender
from bulletin.pipeline.differences import Difference, Value, compared, link_in_words


@dataclass(frozen=True, slots=True)
class ItemHere:
    """Where an item stands in a version. place: its number under its topic, of so many there."""

    item: PlacedItem
    topic: str
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """An item that stands elsewhere."""

    before: ItemHere
    now: ItemHere


@dataclass(frozen=True, slots=True)
class ItemEdited:
    """An item that says something else, or goes to others. changes: field by field."""

    now: ItemHere
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class IssueDifferences:
    """What changed. texts: of the issue itself and its sender."""

    texts: tuple[Difference, ...] = ()
    added: tuple[ItemHere, ...] = ()
    removed: tuple[ItemHere, ...] = ()
    moved: tuple[ItemMoved, ...] = ()
    edited: tuple[ItemEdited, ...] = ()

    def __bool__(self) -> bool:
        return any((self.texts, self.added, self.removed, self.moved, self.edited))


def issue_differences(
    before: tuple[IssueContent, Sender], now: tuple[IssueContent, Sender]
) -> IssueDifferences:
    """What changed from one frozen version of an issue to another."""
    old, new = _standing(before[0]), _standing(now[0])
    both = [key for key in old if key in new]
    edits = ((key, _edits(old[key].item, new[key].item)) for key in both)
    return IssueDifferences(
        texts=tuple(compared(dict(_texts(*before)), dict(_texts(*now)))),
        added=tuple(here for key, here in new.items() if key not in old),
        removed=tuple(here for key, here in old.items() if key not in new),
        moved=tuple(ItemMoved(old[key], new[key]) for key in _moved(old, new)),
        edited=tuple(ItemEdited(new[key], changes) for key, changes in edits if changes),
    )


def _standing(content: IssueContent) -> dict[int, ItemHere]:
    """The items of an issue in the order of reading, by their number."""
    return {
        item.id: ItemHere(item, topic.title, place, len(topic.items))
        for topic in content.topics
        for place, item in enumerate(topic.items, start=1)
    }


def _moved(old: Mapping[int, ItemHere], new: Mapping[int, ItemHere]) -> Iterator[int]:
    """Items under another topic, and the fewest whose moves explain the new order of the rest."""
    before = {key: place for place, key in enumerate(old)}
    both = [key for key in new if key in old]
    stayed = {both[at] for at in _longest_rising([before[key] for key in both])}
    for key in both:
        if old[key].topic != new[key].topic or key not in stayed:
            yield key


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The places of a longest rising subsequence (patience sorting)."""
    tops: list[int] = []  # by length, the least number that ends a rising row so long
    ends: list[int] = []  # the place of that number
    came_from: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tops, number)
        came_from.append(ends[length - 1] if length else None)
        tops[length : length + 1] = [number]
        ends[length : length + 1] = [place]
    row: list[int] = []
    at = ends[-1] if ends else None
    while at is not None:
        row.append(at)
        at = came_from[at]
    return row[::-1]


def _edits(before: PlacedItem, now: PlacedItem) -> tuple[Difference, ...]:
    return tuple(compared(dict(_fields(before)), dict(_fields(now))))


def _fields(item: PlacedItem) -> Iterator[tuple[str, Value]]:
    yield "title", item.title
    yield "body", item.body
    yield "source", item.source
    yield "date", item.published.isoformat() if item.published else ""
    yield "deadline", f"{item.deadline.says} {item.deadline.on}" if item.deadline else ""
    yield "links", tuple(map(link_in_words, item.actions))
    yield "nations", tuple(nation.value for nation in item.nations)
    yield "roles", tuple(sorted(item.roles)) or ("everybody",)
    yield "only for", tuple(sorted(nation.value for nation in item.only_nations)) or ("everywhere",)
    yield "notes", tuple(f"{note.role}: {note.text}" for note in item.notes)
    yield "content note", item.content_note


def _texts(content: IssueContent, sender: Sender) -> Iterator[tuple[str, Value]]:
    yield "title", content.title
    yield "subject", content.subject
    yield "opening line", content.standfirst
    yield "dateline", content.dateline
    yield "intro", content.intro
    yield "closing words", content.closing
    yield "helplines", tuple(map(_helpline, content.helplines))
    yield "dates for the diary", "shown" if content.diary else "not shown"
    yield "length", content.length.value
    yield "from", f"{sender.name} <{sender.email}>"
    yield "answers go to", sender.reply_to
    yield "postal address", sender.postal_address


def _helpline(helpline: Helpline) -> str:
    known = (helpline.name, helpline.phone, helpline.hours, helpline.url or "")
    return ", ".join(filter(None, known))
