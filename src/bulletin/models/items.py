"""Items: single pieces of news, as drafted by a source and as kept in the library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Nation(StrEnum):
    """Where a rule or a reader belongs (requirement 56). The last three are not in the UK."""

    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"
    ISLE_OF_MAN = "Isle of Man"
    JERSEY = "Jersey"
    GUERNSEY = "Guernsey"


class ItemState(StrEnum):
    CANDIDATE = "candidate"
    KEPT = "kept"
    USED = "used"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Action:
    """A labelled link of an item.

    label: what the reader does ("Read the report").
    title: what it leads to ("Safer schools: annual review"), or "".
    url:   http(s) or mailto address, or None when the source lost it.
    """

    label: str
    title: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date that asks for something. `says` stands before it: "Closes", "In force from"."""

    on: date
    says: str = "Closes"


@dataclass(frozen=True, slots=True)
class ItemWarning:
    """A doubt about a drafted item: a stable `code` and a sentence for the editor."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that a source left out, and why."""

    text: str
    reason: str


class Likeness(StrEnum):
    """How one item is like another."""

    SAME = "same"  # letter for letter, but for space and case
    COPY = "copy"  # the same news in other words, or under another heading
    UPDATE = "update"  # a newer version of it
    RELATED = "related"  # the same subject, other news


@dataclass(frozen=True, slots=True)
class Repeat:
    """What an item is like. score: 0 to 1. `says`: what tells them apart or alike, in words."""

    likeness: Likeness
    score: float
    says: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What a source understood of one piece of news. Unknown is "" or None, never a guess.

    body is Markdown (paragraphs, lists, bold, italics, links, quotes; no HTML).
    nations and roles hold only what the text itself says.
    content_note is a line that prepares for a distressing subject, or "".
    duplicate_of and updates name items of the library: a copy of this one, an older version.
    """

    title: str
    topic: str = ""
    body: str = ""
    source: str = ""
    published: date | None = None
    author: str = ""
    actions: tuple[Action, ...] = ()
    nations: tuple[Nation, ...] = ()
    roles: tuple[str, ...] = ()
    warnings: tuple[ItemWarning, ...] = ()
    duplicate_of: int | None = None
    deadline: Deadline | None = None
    content_note: str = ""
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a source found in one text: its items in order, and what it left out.

    title:   what a feed calls itself, or "". Where an entry names no source, this is its source.
    origins: for each item of a feed what the feed knows it by: its id, else its address, else "".
             Empty where the items are of no feed.
    """

    items: tuple[ItemDraft, ...]
    dropped: tuple[Dropped, ...] = ()
    title: str = ""
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """'What this means for you': a line of an item for the holders of one role. Markdown."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What an editor may change of an item, and what a version of it keeps.

    roles: who sees it; empty means everybody.
    """

    draft: ItemDraft
    roles: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the library. `roles` empty means everybody.

    issues:           slugs of the issues that it is placed in.
    rejected_because: what was said when it was rejected, or "".
    source_id:        the watched source that brought it, or None.
    """

    id: int
    draft: ItemDraft
    roles: frozenset[str]
    notes: tuple[Note, ...]
    state: ItemState
    created_at: datetime
    updated_at: datetime
    version: int
    issues: tuple[str, ...] = field(default=())
    rejected_because: str = ""
    source_id: int | None = None

    @property
    def content(self) -> ItemContent:
        """What it says, who sees it and what it means for them."""
        return ItemContent(self.draft, self.roles, self.notes)
