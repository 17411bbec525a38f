"""Rules: whether lines drawn across a text divide its items, or only set its ends apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from bulletin.sources.division import boundaries
from bulletin.sources.division.chunks import Chunk, has_item
from bulletin.sources.division.pages import Page

_FEW: Final = 3  # pieces: one rule or two may only set a banner and a footer apart


def divide(pieces: Sequence[Chunk]) -> bool:
    """Whether share blocks or rules divide items, rather than a page from its banner."""
    if any(chunk.closed for chunk in pieces):
        return True
    if sum(map(has_item, pieces)) < 2:
        return False
    return len(pieces) > _FEW or not _headings_divide_better(pieces)


def _headings_divide_better(pieces: Sequence[Chunk]) -> bool:
    """Whether one piece holds several of the items that the text has without its rules."""
    page = without_rules(pieces)
    starts = boundaries.find(page)
    heads = [at for at in starts.at if at not in starts.doubts]
    ends = list(accumulate(len(chunk.lines) for chunk in pieces))
    holding = {sum(end <= at for end in ends) for at in heads}
    return len(heads) > len(holding)


def without_rules(pieces: Sequence[Chunk]) -> Page:
    """The lines of all pieces as one page; a rule leaves room where it stood."""
    lines = [
        replace(line, gap=max(line.gap, 1)) if at == 0 else line
        for chunk in pieces
        for at, line in enumerate(chunk.lines)
    ]
    return Page.of(lines, [found for chunk in pieces for found in chunk.looks])
