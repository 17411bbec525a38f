"""Measuring: how alike two items are, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulletin.repeats.traits import Traits

# A few words are found in many a text, so that holding them all means little.
_FEWEST_RUNS: Final = 8
_FEWEST_WORDS: Final = 5
_PARTLY: Final = 0.4


@dataclass(frozen=True, slots=True)
class Measures:
    """How alike two items are, each from 0 to 1.

    wording: how much of the shorter one's wording the longer one has. titles: how far the titles
    are about the same. subject: how much of what the shorter one is about the longer one has.
    opening: how much of one's beginning the other has; small print that stands under many items
    is none. led: True if they lead to the same particular address, False if to others, else None.
    slight: the shorter one is so short that wording and subject may agree by chance.
    """

    wording: float
    titles: float
    subject: float
    opening: float
    led: bool | None
    slight: bool


def measured(new: Traits, old: Traits) -> Measures:
    """Compare two items. Takes time in proportion to their length."""
    shared = bool(new.addresses & old.addresses)
    known = bool(new.addresses) and bool(old.addresses)
    return Measures(
        wording=_of_the_smaller(new.runs, old.runs),
        titles=_dice(new.title_about, old.title_about),
        subject=_of_the_smaller(new.about, old.about),
        opening=max(_share(new.opening, old), _share(old.opening, new)),
        led=True if shared else (False if known else None),
        slight=min(len(new.runs), len(old.runs)) < _FEWEST_RUNS
        or min(len(new.about), len(old.about)) < _FEWEST_WORDS,
    )


def alike(found: Measures) -> bool:
    """Whether two items run alike or tell the same, whatever their dates and figures."""
    if found.led and not found.slight:
        one = found.titles >= 0.5 or found.opening >= 0.5
        return one and (found.wording >= 0.5 or found.subject >= 0.5)
    if found.led:
        return found.titles >= 0.6 or found.wording >= 0.6
    if found.slight:
        return found.titles >= 0.75 and found.wording >= 0.75
    if found.titles < 0.6 and found.opening < 0.5:
        return False
    return _run_alike(found) or _tell_alike(found)


def _run_alike(found: Measures) -> bool:
    if found.wording >= 0.6:
        return found.subject >= 0.6
    return found.wording >= 0.3 and found.subject >= 0.85


def _tell_alike(found: Measures) -> bool:
    """The same in other words. What leads elsewhere has to be more alike."""
    if found.led is None:
        return found.titles >= 0.5 and found.subject >= 0.6
    enough = 0.6 if found.wording >= _PARTLY else 0.7
    return found.titles >= 0.7 and found.subject >= enough


def _share(begins: frozenset[str], other: Traits) -> float:
    return len(begins & other.about) / len(begins) if begins else 0.0


def _of_the_smaller(one: frozenset[str], other: frozenset[str]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    every = len(one) + len(other)
    return 2 * len(one & other) / every if every else 0.0
