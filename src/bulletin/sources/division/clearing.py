"""Clearing: the lines of a page without what is no news, before anybody looks for items.

What goes is told by its place and its recurrence where it can be (a contents list says again what
comes later, a running head stands beside page numbers, a signature ends the text), and by the
words that websites and mail programs use for it otherwise.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources.division import (
    boilerplate,
    closings,
    comments,
    letters,
    lost_tables,
    navigation,
)
from bulletin.sources.fields import details
from bulletin.sources.tables import rows
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence, look, looks

EMPTY: Final = "A label with nothing after it."
_LABEL: Final = re.compile(
    r"(?:source|date|author|by|published(?:\son|\sby)?|date\spublished|publisher|topic|title|summary|"
    r"link|url|category)\s?:",
    re.IGNORECASE,
)
_MAX_LABEL: Final = 60
_WITHIN: Final = frozenset({rows.HEADINGS, boilerplate.CROSS_REFERENCE})
FOOTER: Final = "A footer below the last item."
CLOSED: Final = "closed"  # the mark of a rule that stands where a share block stood
_HEADS: Final = (Look.HEADING, Look.DETAILS)

Reasons = dict[int, str]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What is left of a page and what it looks like, with rules for blocks, and what went."""

    lines: list[Line]
    looks: list[Look]
    dropped: list[Dropped]


def cleared(lines: Sequence[Line]) -> Cleared:
    """The lines that may be news, in order, and the rest with reasons. Linear in their number."""
    looked = looks(lines)
    blocks = boilerplate.blocks(lines, looked)
    taken = {at for start, end, _ in blocks for at in range(start, end)}
    found: Reasons = {at: why for start, end, why in blocks for at in range(start, end)}
    for rule in _RULES:
        left = [at for at in range(len(lines)) if at not in found]
        rest = rule([lines[at] for at in left], [looked[at] for at in left])
        found |= {left[at]: why for at, why in rest.items()}
    ends = {start for start, _, _ in blocks} if _divide(looked, blocks, found) else set()
    left_lines, left_looks = _left(lines, looked, found, ends)
    if marks := comments.pattern(lines):
        left_lines = [comments.without_marks(line, marks) for line in left_lines]
    return Cleared(left_lines, left_looks, _dropped(lines, found, taken))


def _divide(looked: Sequence[Look], blocks: Sequence[tuple[int, int, str]], found: Reasons) -> bool:
    """Whether blocks stand between items; buttons under a title or below everything do not."""
    kept = [at for at in range(len(looked)) if at not in found]
    between = [(bisect_left(kept, start), bisect_left(kept, end)) for start, end, _ in blocks]
    if all(below == len(kept) for _, below in between):
        return False
    inside = sum(
        0 < above == below < len(kept)
        and looked[kept[above - 1]] in _HEADS
        and looked[kept[below]] is Look.PROSE
        for above, below in between
    )
    return inside * 2 < len(blocks)


def _left(
    lines: Sequence[Line], looked: Sequence[Look], found: Reasons, ends: set[int]
) -> tuple[list[Line], list[Look]]:
    left: list[Line] = []
    seen: list[Look] = []
    gap = 0
    for at, line in enumerate(lines):
        if at not in found:
            if found.get(at - 1) == navigation.RUNNING_HEAD and left and _runs_on(left[-1], line):
                left[-1] = _whole(left[-1], line)
                seen[-1] = look(left[-1])
                gap = 0
                continue
            moved = replace(line, gap=gap) if gap > line.gap else line
            left.append(moved)
            # Room above makes a link of what was a heading with a mark.
            seen.append(look(moved) if moved is not line and line.mark else looked[at])
            gap = 0
            continue
        if at in ends:
            left.append(Line("---", (), Kind.RULE, mark=CLOSED))
            seen.append(Look.RULE)
        # What was between two lines kept them apart, unless it was a line of the item itself.
        gap = max(gap, line.gap, int(found[at] not in _WITHIN))
    return left, seen


def _runs_on(above: Line, line: Line) -> bool:
    """Whether a sentence was broken by the end of a page."""
    plain = above.kind is not Kind.RULE and not above.mark and line.kind is Kind.TEXT
    return plain and not line.mark and line.text[:1].islower() and above.text[-1:] not in ".:;!?"


def _whole(above: Line, line: Line) -> Line:
    runs = inline.merge((*above.runs, Run(" "), *line.runs))
    return replace(above.with_runs(runs), raw=f"{above.raw}\n{line.raw}")


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


def _footer(lines: Sequence[Line], looked: Sequence[Look]) -> Reasons:
    """From the first furniture below the last news on, everything."""
    reasons = _furniture(lines)
    closing = closings.start(lines, boilerplate.furniture)
    reasons |= {
        at: FOOTER
        for at in range(closing, len(lines))
        if at not in reasons and lines[at].kind is not Kind.RULE
    }
    news = [
        at
        for at, line in enumerate(lines)
        if at not in reasons
        and (is_sentence(line) or looked[at] in {Look.ACTION, Look.DETAILS, Look.LIST})
    ]
    last = max(news, default=len(lines))
    start = next((at for at in sorted(reasons) if at > last), len(lines))
    below = {at: FOOTER for at in range(start, len(lines)) if lines[at].kind is not Kind.RULE}
    return below | reasons


_WHOLE: Final = frozenset({
    FOOTER, letters.HEAD, letters.SIGNATURE, letters.OLDER, navigation.NAVIGATION,
    navigation.RELATED, navigation.CONTENTS,
})  # fmt: skip
Rule = Callable[[Sequence[Line], Sequence[Look]], Reasons]


def _by_lines(rule: Callable[[Sequence[Line]], Reasons]) -> Rule:
    return lambda lines, _: rule(lines)


_RULES: Final[tuple[Rule, ...]] = (
    _by_lines(comments.below), _by_lines(navigation.contents), letters.introductions,
    _by_lines(letters.heads),
    _by_lines(navigation.menus), _by_lines(lost_tables.column_names),
    _by_lines(navigation.running_heads), _by_lines(navigation.related),
    _by_lines(letters.signatures), _by_lines(_empty_labels), _footer,
)  # fmt: skip
