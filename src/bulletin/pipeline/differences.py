"""Differences: what an edit changed of an item, field by field and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from bulletin.models.items import Action, ItemContent

# Comparing takes time and memory by the product of both lengths.
_MOST_WORDS = 4000
Value = str | tuple[str, ...]
_WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    """Whether words were there before, after, or both."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in a row that share what became of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one field of an item, in the order of reading.

    listed: the field is a list, and each passage one of its entries, whole.
    """

    field: str
    passages: tuple[Passage, ...]
    listed: bool = False


def differences(before: ItemContent, after: ItemContent) -> list[Difference]:
    """The fields in which two versions of an item differ."""
    return compared(dict(_fields(before)), dict(_fields(after)))


def compared(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[Difference]:
    """The fields in which two things with the same fields differ."""
    return [
        _difference(name, was, is_now) for name, was in old.items() if was != (is_now := new[name])
    ]


def _difference(name: str, was: Value, is_now: Value) -> Difference:
    if isinstance(was, str) or isinstance(is_now, str):
        return Difference(name, tuple(passages(str(was), str(is_now))))
    gone = (Passage(Kind.GONE, one) for one in was if one not in is_now)
    others = (Passage(Kind.SAME if one in was else Kind.NEW, one) for one in is_now)
    return Difference(name, (*gone, *others), listed=True)


def passages(old: str, new: str) -> Iterator[Passage]:
    """Two texts as one, with what only one of them has. Very long ones are compared as wholes."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        yield from _exchanged([old], [new])
        return
    gone: list[str] = []
    come: list[str] = []
    for step in Levenshtein.opcodes(before, after):
        if step.tag == "equal":
            yield from _exchanged(gone, come)
            gone, come = [], []
            yield Passage(Kind.SAME, "".join(after[step.dest_start : step.dest_end]))
        else:
            gone += before[step.src_start : step.src_end]
            come += after[step.dest_start : step.dest_end]
    yield from _exchanged(gone, come)


def _exchanged(gone: Sequence[str], come: Sequence[str]) -> Iterator[Passage]:
    for kind, words in ((Kind.GONE, gone), (Kind.NEW, come)):
        if text := "".join(words):
            yield Passage(kind, text)


def _fields(content: ItemContent) -> Iterator[tuple[str, Value]]:
    draft = content.draft
    yield "title", draft.title
    yield "topic", draft.topic
    yield "body", draft.body
    yield "source", draft.source
    yield "author", draft.author
    yield "date", draft.published.isoformat() if draft.published else ""
    yield "deadline", f"{draft.deadline.says} {draft.deadline.on}" if draft.deadline else ""
    yield "links", tuple(map(link_in_words, draft.actions))
    yield "nations", tuple(nation.value for nation in draft.nations)
    yield "roles", tuple(sorted(content.roles)) or ("everybody",)
    yield "notes", tuple(f"{note.role}: {note.text}" for note in content.notes)
    yield "content note", draft.content_note
    yield "doubts", tuple(dict.fromkeys(warning.code for warning in draft.warnings))


def link_in_words(action: Action) -> str:
    """A link as a line: what it says and where it leads."""
    return " | ".join(filter(None, (action.label, action.title, action.url or "(no address)")))
