"""Doubts on the spot: which part of an item each doubt is about, and what ends it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bulletin.models.items import ItemDraft, ItemWarning


class Part(StrEnum):
    """A part of an item that a doubt is shown beside."""

    TITLE = "title"
    SOURCE = "source"
    DATE = "date"
    DEADLINE = "deadline"
    BODY = "body"
    LINKS = "links"
    TWIN = "twin"


_PARTS: Final[Mapping[str, Part]] = {
    "no_heading": Part.TITLE,
    "no_source": Part.SOURCE,
    "unsure_source": Part.SOURCE,
    "no_date": Part.DATE,
    "unsure_date": Part.DATE,
    "unsure_deadline": Part.DEADLINE,
    "lost_link": Part.LINKS,
    "broken_link": Part.LINKS,
    "unsafe_link": Part.LINKS,
    "repaired_link": Part.LINKS,
    "private_link": Part.LINKS,
    "tracked_link": Part.LINKS,
    "duplicate": Part.TWIN,
    "updates": Part.TWIN,
    "related": Part.TWIN,
}
_WORDS: Final[Mapping[str, str]] = {
    "no_heading": "No title",
    "no_text": "No text",
    "truncated": "Text is cut off",
    "unsure_boundary": "May be two items",
    "no_source": "No source",
    "unsure_source": "Two sources named",
    "no_date": "No date",
    "unsure_date": "Date unsure",
    "unsure_deadline": "Deadline unsure",
    "lost_link": "Link lost",
    "broken_link": "Link broken",
    "unsafe_link": "Link not safe",
    "repaired_link": "Link was mended",
    "private_link": "Link is private",
    "tracked_link": "Link is tracked",
    "unknown_column": "Column not understood",
    "duplicate": "Looks like a copy",
    "updates": "Looks like a newer version",
    "related": "Related to another",
}


def part_of(doubt: ItemWarning) -> Part:
    """What a doubt is about; of what nothing else is known, the text."""
    return _PARTS.get(doubt.code, Part.BODY)


def in_words(doubt: ItemWarning) -> str:
    """A doubt in two or three words, for a list."""
    return _WORDS.get(doubt.code, "To be looked at")


def by_part(draft: ItemDraft) -> dict[str, list[ItemWarning]]:
    """The doubts about an item beside what they are about; parts without any have none."""
    found: dict[str, list[ItemWarning]] = {part.value: [] for part in Part}
    for doubt in dict.fromkeys(draft.warnings):
        found[part_of(doubt).value].append(doubt)
    return found


def short_doubts(draft: ItemDraft) -> list[str]:
    """The doubts about an item in a few words, each once; what it is like is said elsewhere."""
    doubts = (one for one in draft.warnings if part_of(one) is not Part.TWIN)
    return list(dict.fromkeys(map(in_words, doubts)))
