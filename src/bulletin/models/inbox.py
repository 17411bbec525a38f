"""What was pasted, and the items that were found in it, until somebody keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bulletin.models.items import Dropped, ItemDraft, ItemWarning

SAMPLE: Final = "Bulletin's sample newsfeed"  # whose items are always known to be made up


@dataclass(frozen=True, slots=True)
class Pasted:
    """One text, file or page on its way in.

    name:    what it is called: "Pasted from Word", "november.docx", an address.
    data:    as it came. charset, url: see `sources.read`.
    shown:   its text as a person reads it, a line for each paragraph.
    trouble: why it could not be read, or "".
    """

    name: str
    data: bytes
    charset: str = ""
    url: str = ""
    shown: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Like:
    """What an item that was found repeats, as a doubt about it.

    same: the library has it word for word. item: that of the library, or None for one before it.
    """

    doubt: ItemWarning
    same: bool = False
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An item as it was found, and perhaps mended since.

    key:  its number in its paste, which stays whatever becomes of the others.
    text: which of the texts it is from, by its place from 0.
    out:  somebody left it out.
    like: what it repeated when the paste was last changed.
    """

    key: int
    draft: ItemDraft
    text: int = 0
    out: bool = False
    like: Like | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Text that the reading left out, and of which of the texts, by its place from 0."""

    dropped: Dropped
    text: int = 0


@dataclass(frozen=True, slots=True)
class PasteState:
    """What has been made of a paste so far. said: what the last change was, in words."""

    found: tuple[Found, ...]
    dropped: tuple[LeftOut, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Paste:
    """Something that was pasted, between its coming and its items being kept.

    version:  counts its changes.
    undoable: what the last change was that can be taken back, or "".
    kept:     the items of the library that came of it; None before they were kept.
    """

    id: int
    created_at: datetime
    created_by: str
    name: str
    version: int
    state: PasteState
    undoable: str = ""
    texts: tuple[Pasted, ...] = field(default=(), repr=False)
    kept_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def wanted(self) -> tuple[Found, ...]:
        """The items that nobody left out."""
        return tuple(one for one in self.state.found if not one.out)


@dataclass(frozen=True, slots=True)
class PasteName:
    """A paste in a list. waiting: how many items it has that nobody has kept yet."""

    id: int
    created_at: datetime
    created_by: str
    name: str
    waiting: int = 0
