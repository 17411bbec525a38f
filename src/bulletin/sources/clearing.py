"""Clearing: the lines of a page without what is no news, before anybody looks for items.

What goes is told by its place and its recurrence where it can be (a contents list says again what
comes later, a running head stands beside page numbers, a signature ends the text), and by the
words that websites and mail programs use for it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources import boilerplate, details, letters, navigation
from bulletin.sources.lines import Kind, Line
from bulletin.sources.looks import Look, is_sentence, looks

EMPTY: Final = "A label with nothing after it."
_LABEL: Final = re.compile(
    r"(?:source|date|author|by|published(?:\son|\sby)?|date\spublished|publisher|topic|title|summary|"
    r"link|url|category)\s?:",
    re.IGNORECASE,
)
_MAX_LABEL: Final = 60
FOOTER: Final = "A footer below the last item."
CLOSED: Final = "closed"  # the mark of a rule that stands where a share block stood
_HEADS: Final = (Look.HEADING, Look.DETAILS)

Reasons = dict[int, str]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What is left of a page, with rules where blocks divided it, and what went."""

    lines: list[Line]
    dropped: list[Dropped]


def cleared(lines: Sequence[Line]) -> Cleared:
    """The lines that may be news, in order, and the rest with reasons. Linear in their number."""
    blocks = boilerplate.blocks(lines)
    taken = {at for start, end, _ in blocks for at in range(start, end)}
    found: Reasons = {at: why for start, end, why in blocks for at in range(start, end)}
    for rule in _RULES:
        left = [at for at in range(len(lines)) if at not in found]
        found |= {left[at]: why for at, why in rule([lines[at] for at in left]).items()}
    ends = {start for start, _, _ in blocks} if _divide(lines, blocks, found) else set()
    return Cleared(_left(lines, found, ends), _dropped(lines, found, taken))


def _divide(lines: Sequence[Line], blocks: Sequence[tuple[int, int, str]], found: Reasons) -> bool:
    """Whether blocks stand between items; buttons under a title or below everything do not."""
    looked = looks(lines)
    kept = [at for at in range(len(lines)) if at not in found]
    below = {start: next((at for at in kept[_after(kept, end) :]), -1) for start, end, _ in blocks}
    if all(at < 0 for at in below.values()):
        return False
    inside = sum(
        start > 0 and _head_above(looked, found, start) and at >= 0 and looked[at] is Look.PROSE
        for start, at in below.items()
    )
    return inside * 2 < len(blocks)


def _after(kept: Sequence[int], end: int) -> int:
    low, high = 0, len(kept)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if kept[middle] < end else (low, middle)
    return low


def _head_above(looked: Sequence[Look], found: Reasons, start: int) -> bool:
    above = start - 1
    while above >= 0 and above in found:
        above -= 1
    return above >= 0 and looked[above] in _HEADS


def _left(lines: Sequence[Line], found: Reasons, ends: set[int]) -> list[Line]:
    left: list[Line] = []
    gap = 0
    for at, line in enumerate(lines):
        if at not in found:
            left.append(replace(line, gap=max(line.gap, gap)) if gap > line.gap else line)
            gap = 0
            continue
        if at in ends:
            left.append(Line("---", (), Kind.RULE, mark=CLOSED))
        # What was between two lines kept them apart.
        gap = max(gap, line.gap, 1)
    return left


def _dropped(lines: Sequence[Line], found: Reasons, blocks: set[int]) -> list[Dropped]:
    """Neighbours with one reason are one text, if a block or a list made them neighbours."""

    def key(at: int) -> tuple[object, ...]:
        whole = at in blocks or found[at] in _WHOLE
        return (found[at], at - order[at]) if whole else (found[at], at, "")

    places = sorted(found)
    order = {at: place for place, at in enumerate(places)}
    return [
        Dropped("\n".join(lines[at].raw or lines[at].text for at in group), str(why[0]))
        for why, group in groupby(places, key=key)
    ]


def _furniture(lines: Sequence[Line]) -> Reasons:
    return {at: why for at, line in enumerate(lines) if (why := boilerplate.furniture(line))}


def _empty_labels(lines: Sequence[Line]) -> Reasons:
    """ "Source:" with nothing after it, in a form whose next label or paragraph follows."""
    labels = [bool(_LABEL.fullmatch(line.text[:_MAX_LABEL])) for line in lines]
    return {
        at: EMPTY
        for at, label in enumerate(labels)
        if label and (at + 1 == len(lines) or lines[at + 1].gap or _next(lines[at + 1], labels, at))
    }


def _next(below: Line, labels: Sequence[bool], at: int) -> bool:
    filled = details.parse(below.text[:_MAX_LABEL]) is not None
    above = at > 0 and labels[at - 1]
    return labels[at + 1] or filled or (above and is_sentence(below))


def _footer(lines: Sequence[Line]) -> Reasons:
    """From the first furniture below the last news on, everything."""
    reasons = _furniture(lines)
    looked = looks(lines)
    news = [
        at
        for at, line in enumerate(lines)
        if at not in reasons
        and (is_sentence(line) or looked[at] in {Look.ACTION, Look.DETAILS, Look.LIST})
    ]
    start = next((at for at in sorted(reasons) if at > max(news, default=len(lines))), len(lines))
    below = {at: FOOTER for at in range(start, len(lines)) if lines[at].kind is not Kind.RULE}
    return below | reasons


_WHOLE: Final = frozenset({
    FOOTER, letters.HEAD, letters.SIGNATURE, navigation.NAVIGATION, navigation.RELATED,
    navigation.CONTENTS,
})  # fmt: skip
_RULES: Final[tuple[Callable[[Sequence[Line]], Reasons], ...]] = (
    navigation.contents, letters.heads, navigation.menus, navigation.running_heads,
    navigation.related, letters.signatures, _empty_labels, _footer,
)  # fmt: skip
