"""The library: what is asked of it, what it answers, and what became of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bulletin.models.items import Item, ItemContent, ItemState, Nation


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """Which items are wanted. What is None or empty does not matter.

    words:     as a person types them: all must be there; "in quotes" side by side, -word not at
               all; the last may be unfinished.
    topic, source: part of it, whatever the case; "" for items that have none.
    nation:    the text says so; role: it sees the item, or the text names it as its audience.
    used:      whether it stands in an issue; issue_id: in this one.
    published_from, published_to: both days are among them.
    doubts:    whether it carries some.
    watched:   the id of a watched source that brought it.
    paste:     the number of the paste that it came of; then in the order of that.
    duplicates: only those that look like a copy of another.
    """

    words: str = ""
    states: frozenset[ItemState] = frozenset()
    topic: str | None = None
    source: str | None = None
    nation: Nation | None = None
    role: str | None = None
    used: bool | None = None
    issue_id: int | None = None
    published_from: date | None = None
    published_to: date | None = None
    doubts: bool | None = None
    watched: int | None = None
    paste: int | None = None
    duplicates: bool = False
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and whether it is what was searched for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found. title, passage: where; empty if no words were searched for."""

    item: Item
    title: tuple[Piece, ...] = ()
    passage: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """Some of the items that were found, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


class Change(StrEnum):
    """How a new version of an item came about."""

    EDITED = "edited"
    SPLIT = "split"  # its end became another item
    JOINED = "joined"  # another item was added to its end
    REVERTED = "reverted"  # it says again what it said in an earlier version


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """What an item said before a change, and who made it.

    version: its number; the change made the next one.
    other:   the item it was split into or joined with, or the version it went back to.
    """

    version: int
    changed_at: datetime
    changed_by: str
    how: Change
    before: ItemContent
    other: int | None = None
