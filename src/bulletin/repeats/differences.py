"""Differences: where two texts that run alike part, and whether it makes them other news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from rapidfuzz.distance import Levenshtein

from bulletin.repeats.details import CALENDAR, Detail, Kind, details
from bulletin.repeats.traits import Traits
from bulletin.repeats.words import Words, telling

# A place where more words than these were exchanged was rewritten; what stands there is no
# counterpart of one another.
_MOST_EXCHANGED: Final = 8
# How many words around a place tell what it says: "12" in "12 January".
_AROUND: Final = 2
_MOST_WORDS: Final = 1500
# What turns a sentence round, if the sentence is the same but for it and a word or two.
_TURNS: Final = frozenset({"not", "never", "cannot", "nobody", "none", "without", "unless"})
_MOST_TURNED: Final = 3
# "inspector", "inspection": so many letters are about the same.
_STEM: Final = 5


@dataclass(frozen=True)
class Exchange:
    """A place at which one text has some words, and the other others."""

    _new: Words
    _old: Words
    _places: tuple[slice, slice]

    @property
    def new(self) -> tuple[str, ...]:
        return self._new.folded[self._places[0]]

    @property
    def old(self) -> tuple[str, ...]:
        return self._old.folded[self._places[1]]

    @property
    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names that stand there: (new, old)."""
        return _names(self._new, self._places[0]), _names(self._old, self._places[1])

    @property
    def capitals(self) -> tuple[frozenset[str], frozenset[str]]:
        """The telling words there that have a capital: (new, old)."""
        return _capitals(self._new[self._places[0]]), _capitals(self._old[self._places[1]])

    @property
    def details(self) -> tuple[list[Detail], list[Detail]]:
        """The dates and figures that stand there: (new, old)."""
        return _around(self._new, self._places[0]), _around(self._old, self._places[1])


class Differences:
    """What tells two items apart that run alike."""

    def __init__(self, new: Traits, old: Traits) -> None:
        self._new, self._old = new, old

    @cached_property
    def titles(self) -> list[Exchange]:
        return _exchanges(_parted(self._new.title, self._old.title))

    @cached_property
    def bodies(self) -> list[Exchange]:
        return _exchanges(self._parted)

    @cached_property
    def _parted(self) -> list[Exchange]:
        return list(_parted(self._new.body, self._old.body))

    @cached_property
    def titled(self) -> list[tuple[Detail, Detail]]:
        """Details of the titles that contradict one another: (new, old), one pair of a kind."""
        return list(_contradictions(self._new.title_details, self._old.title_details))

    @cached_property
    def other_days(self) -> list[tuple[Detail, Detail]]:
        """A day of each, if they have no day in common: (new, old)."""
        days = [detail for detail in self._new.details if detail.kind is Kind.DAY]
        others = [detail for detail in self._old.details if detail.kind is Kind.DAY]
        if {day.value for day in days} & {day.value for day in others}:
            return []
        return [(days[0], others[0])] if days and others else []

    @cached_property
    def changed(self) -> list[tuple[Detail, Detail]]:
        """Details that stand in one another's place: (new, old)."""
        said_new = {detail.value for detail in self._new.details}
        said_old = {detail.value for detail in self._old.details}
        pairs = {
            (new, old): None
            for exchange in (*self.titles, *self.bodies)
            for new, old in product(*exchange.details)
            if new.kind is old.kind and new.value != old.value
            if new.value not in said_old and old.value not in said_new
        }
        return list(pairs)

    @cached_property
    def turned(self) -> tuple[str, str] | None:
        """Where the one says "not" and the other goes on alike without it: (new, old)."""
        for exchange in self._parted:
            new, old = exchange.new, exchange.old
            if max(len(new), len(old)) <= _MOST_TURNED and _turns(new) is not _turns(old):
                return " ".join(new), " ".join(old)
        return None

    @cached_property
    def own_subjects(self) -> tuple[str, str] | None:
        """What the title of each says that the other says nowhere: (new, old), if both do."""
        new = _unsaid(self._new, self._old)
        old = _unsaid(self._old, self._new)
        return (" ".join(new), " ".join(old)) if new and old else None

    @cached_property
    def renamed(self) -> tuple[str, str] | None:
        """Another name in the place of a name, in a text that goes on alike: (new, old)."""
        for exchange in self.bodies:
            new, old = exchange.names
            if new or old:  # what stands beside a name may be one, too, that begins a sentence
                new, old = new or exchange.capitals[0], old or exchange.capitals[1]
            new, old = new - self._words[1], old - self._words[0]
            if new and old and not _abbreviates(exchange):
                return _shown(exchange.new, new), _shown(exchange.old, old)
        return None

    @cached_property
    def added(self) -> str:
        """A name that the new one has before a word where the old one has none."""
        for exchange in self._parted:
            names = exchange.names[0]
            if not exchange.old and names == set(exchange.new) and not names & self._words[1]:
                return _shown(exchange.new, names)
        return ""

    @cached_property
    def _words(self) -> tuple[frozenset[str], frozenset[str]]:
        """All words: (new, old)."""
        new, old = self._new, self._old
        return (
            frozenset(new.title.folded + new.body.folded),
            frozenset(old.title.folded + old.body.folded),
        )

    @cached_property
    def replaced_throughout(self) -> tuple[str, str] | None:
        """A subject that was put in another's place in title and body alike: (new, old)."""
        in_title = set(_subjects(self.titles))
        for pair in _subjects(self.bodies):
            if pair in in_title:
                return pair
        return None


def _exchanges(parted: Iterable[Exchange]) -> list[Exchange]:
    return [
        exchange
        for exchange in parted
        if all(0 < len(words) <= _MOST_EXCHANGED for words in (exchange.new, exchange.old))
    ]


def _parted(new: Words, old: Words) -> Iterator[Exchange]:
    """Every place at which two texts part; what stands there may be nothing in one of them."""
    block: tuple[int, int, int, int] | None = None
    for step in Levenshtein.opcodes(old.folded[:_MOST_WORDS], new.folded[:_MOST_WORDS]):
        if step.tag != "equal":
            begin = block or (step.src_start, 0, step.dest_start, 0)
            block = (begin[0], step.src_end, begin[2], step.dest_end)
        elif block:
            yield _exchange(new, old, block)
            block = None
    if block:
        yield _exchange(new, old, block)


def _exchange(new: Words, old: Words, block: tuple[int, int, int, int]) -> Exchange:
    return Exchange(new, old, (slice(*block[2:]), slice(*block[:2])))


def _turns(words: tuple[str, ...]) -> bool:
    """Whether they say no."""
    return any(word in _TURNS or word.endswith("n't") for word in words)


def _names(words: Words, place: slice) -> frozenset[str]:
    both = zip(words.folded[place], words.named[place], strict=True)
    return frozenset(
        word for word, named in both if named and word.isalpha() and word not in CALENDAR
    )


def _capitals(words: Words) -> frozenset[str]:
    capitals = (word.casefold() for word in words.raw if word.istitle())
    return frozenset(telling(capitals)) - CALENDAR


def _around(words: Words, place: slice) -> list[Detail]:
    return details(words[max(place.start - _AROUND, 0) : place.stop + _AROUND])


def _contradictions(new: list[Detail], old: list[Detail]) -> Iterator[tuple[Detail, Detail]]:
    for kind in Kind:
        here = {detail.value: detail for detail in new if detail.kind is kind}
        there = {detail.value: detail for detail in old if detail.kind is kind}
        if here.keys() - there.keys() and there.keys() - here.keys():
            yield (
                next(here[value] for value in here if value not in there),
                next(there[value] for value in there if value not in here),
            )


def _abbreviates(exchange: Exchange) -> bool:
    """ "DfE" in the place of "the Department for Education"."""
    return _initials(exchange.new, exchange.old) or _initials(exchange.old, exchange.new)


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    every = "".join(word[0] for word in long)
    telling_ones = "".join(word[0] for word in telling(long))
    return any(1 < len(word) <= 8 and (word in every or word in telling_ones) for word in short)


def _unsaid(one: Traits, other: Traits) -> list[str]:
    """The telling words of a title, in order, of which another item has not even the stem."""
    said = {word[:_STEM] for word in other.about}
    return [
        raw
        for raw, folded in zip(one.title.raw, one.title.folded, strict=True)
        if folded.isalpha() and folded not in CALENDAR
        if any(word[:_STEM] not in said for word in telling([folded]))
    ]


def _subjects(exchanges: list[Exchange]) -> Iterator[tuple[str, str]]:
    for exchange in exchanges:
        new, old = tuple(telling(exchange.new)), tuple(telling(exchange.old))
        yield from (
            (one, other) for one in new for other in old if one not in old and other not in new
        )


def _shown(words: tuple[str, ...], names: frozenset[str]) -> str:
    return " ".join(word.title() for word in words if word in names)
