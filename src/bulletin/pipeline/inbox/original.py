"""The original beside what was found in it: where each item begins and ends, what was left out.

A passage is said to belong to an item only where the words of the item stand in it. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Final

from bulletin.models.items import Dropped, ItemDraft

_LETTERS: Final = re.compile(r"[\W_]+")
_TARGET: Final = re.compile(r"\]\([^()\s]{0,2000}\)")
_SHORTEST: Final = 3  # letters of a line that are told from chance
_TELLING: Final = 40  # letters by which the beginning of a text is found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of the original in a row that share what became of them.

    item:   the number of the item they are in, or None.
    left:   the number of what was left out here, or None; reason: why, or "".
    begins, ends: whether their item does here.
    """

    lines: tuple[str, ...]
    item: int | None = None
    left: int | None = None
    reason: str = ""
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """An original, cut up. missing: numbers of the items that are not found in it.

    elsewhere: what was left out and stands in no line of its own.
    """

    stretches: tuple[Stretch, ...]
    missing: frozenset[int] = frozenset()
    elsewhere: tuple[Dropped, ...] = ()

    def about(self, numbers: range) -> tuple[Stretch, ...]:
        """The part of the original that holds these items, and what stands around them.

        What stands before the first item of all goes with that, anything else with the item that
        it follows.
        """
        shown: list[Stretch] = []
        last = 1
        for stretch in self.stretches:
            last = stretch.item or last
            if last in numbers:
                shown.append(stretch)
        return tuple(shown)


def beside(
    text: str, items: Sequence[tuple[int, ItemDraft]], dropped: Mapping[int, Dropped]
) -> Beside:
    """Cut an original up by the items that were found in it. items, dropped: by their numbers."""
    page = _Page(text)
    found = {number: page.begin(_Words(draft)) for number, draft in items}
    words = {number: _Words(draft) for number, draft in items}
    begins = sorted((at, number) for number, at in found.items() if at is not None)
    leavings = _Leavings(dropped)
    owners: list[int | None] = [None] * len(page.lines)
    for place, (at, number) in enumerate(begins):
        until = begins[place + 1][0] if place + 1 < len(begins) else len(page.lines)
        _claim(page, owners, words[number], number, range(at, until))
    left = [
        leavings.number(key, None if owner is None else words[owner])
        for key, owner in zip(page.keys, owners, strict=True)
    ]
    missing = frozenset(number for number, at in found.items() if at is None)
    stretches = (
        replace(one, reason="" if one.left is None else dropped[one.left].reason)
        for one in _stretches(page.lines, owners, left)
    )
    return Beside(tuple(stretches), missing, leavings.left())


class _Words:
    """What an item says, letters only."""

    def __init__(self, draft: ItemDraft) -> None:
        body = _TARGET.sub("]", draft.body)
        links = [text for one in draft.actions for text in (one.label, one.title, one.url or "")]
        self.title = _letters(draft.title)
        self.body = _letters(body)
        self.lines = {_letters(line) for line in (draft.title, *body.split("\n"), *links)}
        self.facts = [key for key in map(_letters, (draft.source, draft.author, *links)) if key]
        self.all = "\n".join((self.title, self.body, *self.facts))

    def has(self, key: str) -> bool:
        """Whether a line of the original, as letters, is in the item."""
        if len(key) < _SHORTEST:
            return False
        told = (fact for fact in (self.title, *self.facts) if len(fact) >= _SHORTEST)
        return key in self.all or any(fact in key for fact in told)


class _Page:
    """The original: its lines, and the same with letters only."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.keys = [_letters(line) for line in self.lines]
        self._text = "\n".join(self.keys)
        self._offsets = [0, *accumulate(len(key) + 1 for key in self.keys)]
        self._taken: set[int] = set()
        self._cursor = 0

    def begin(self, words: _Words) -> int | None:
        """The line in which an item begins, behind the item before it if possible."""
        for start in (self._offsets[self._cursor], 0):
            if (at := self._first(words, start)) is not None:
                self._taken.add(at)
                self._cursor = at
                return at
        return None

    def _first(self, words: _Words, start: int) -> int | None:
        """By its title, alone in a line or not, or else by the beginning of its text."""
        tried = [f"\n{words.title}\n", words.title, words.title[:_TELLING], words.body[:_TELLING]]
        for sought in (one for one in tried if len(one.strip()) >= _SHORTEST):
            for at in self._places(sought, start):
                if at not in self._taken and words.has(self.keys[at]):
                    return at
        return None

    def _places(self, sought: str, start: int) -> Iterator[int]:
        text = f"\n{self._text}\n"  # so that the first and the last line stand between breaks, too
        at = text.find(sought, start)
        while at >= 0:
            inside = at if sought.startswith("\n") else at - 1
            yield min(bisect_right(self._offsets, max(inside, 0)) - 1, len(self.lines) - 1)
            at = text.find(sought, at + 1)


class _Leavings:
    """What was left out, line by line, each as often as it was."""

    def __init__(self, dropped: Mapping[int, Dropped]) -> None:
        self._all = dropped
        self._lines: dict[str, Counter[int]] = {}
        for number, one in dropped.items():
            for key in filter(None, map(_letters, one.text.split("\n"))):
                self._lines.setdefault(key, Counter())[number] += 1
        self._seen: set[int] = set()

    def number(self, key: str, words: _Words | None) -> int | None:
        """Which of what was left out a line is, if it is, as far as can be told."""
        numbers = self._lines.get(key)
        if not numbers or (words is not None and key in words.lines):
            return None
        number = next(iter(numbers))
        numbers[number] -= 1
        if not numbers[number]:
            del numbers[number]
        self._seen.add(number)
        return number

    def left(self) -> tuple[Dropped, ...]:
        return tuple(one for number, one in self._all.items() if number not in self._seen)


def _claim(page: _Page, owners: list[int | None], words: _Words, number: int, lines: range) -> None:
    """The lines from an item's first to the last that says something of it are the item's."""
    last = max((at for at in lines if words.has(page.keys[at])), default=lines.start)
    for at in range(lines.start, last + 1):
        owners[at] = number


def _stretches(
    lines: Sequence[str], owners: Sequence[int | None], left: Sequence[int | None]
) -> Iterator[Stretch]:
    first = {owner: at for at, owner in reversed(list(enumerate(owners)))}
    last = {owner: at for at, owner in enumerate(owners)}
    at = 0
    for (owner, number), run in groupby(zip(owners, left, strict=True)):
        until = at + len(list(run))
        inside = owner is not None
        yield Stretch(
            tuple(lines[at:until]),
            owner,
            number,
            begins=inside and at <= first[owner] < until,
            ends=inside and at <= last[owner] < until,
        )
        at = until


def _letters(text: str) -> str:
    return _LETTERS.sub("", text.casefold())
