"""Titled dates: headings that have their date, and perhaps their source, in the same line.

"Gates and yards | Gate Trust | 3 May 2026" over text looks like details, as "Gate Trust | 3 May
2026" does. What differs from line to line and is no name is the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bulletin.sources.fields import actions, bylines, citations, details
from bulletin.sources.fields.dates import find_date
from bulletin.sources.text import inline, lines
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence, look

_BETWEEN: Final = re.compile(r"\s?[|•·]\s?|\s[–—-]\s")
_EDGES: Final = " ,;|•·–—-:()[]"
_MOST: Final = 25  # words
_NAME: Final = 5  # words
_SMALL: Final = 3  # letters of words that have no capital in a name either

Span = tuple[int, int]


def taken_apart(written: Sequence[Line]) -> list[Line]:
    """The lines, each such heading as a title and a line of details under it."""
    spans = {at: _spans(line.text) for at, line in enumerate(written) if _may_be(written, at)}
    texts = [[written[at].text[s:e] for s, e in own] for at, own in spans.items()]
    place = _place_of_titles(texts)
    found: list[Line] = []
    for at, line in enumerate(written):
        own = spans.get(at, [])
        found += _split(line, own, place) if 0 <= place < len(own) else [line]
    return found


def _may_be(written: Sequence[Line], at: int) -> bool:
    """Whether a line with a date heads the text below it, and no heading stands above it."""
    line, below = written[at], written[at + 1 : at + 2]
    plain = line.kind is Kind.TEXT and line.words <= _MOST and (line.gap > 0 or at == 0)
    if not plain or not below or not is_sentence(below[0]) or citations.is_bare(line.text):
        return False
    told = details.parse(line.text)
    if not told or told.named or not told.published:
        return False
    above = written[at - 1] if at else None
    return not above or look(above) is not Look.HEADING or actions.at_end(above) is not None


def _spans(text: str) -> list[Span]:
    """Where the pieces of a line stand that are not its date."""
    day = find_date(text)
    cuts = [(found.start(), found.end()) for found in _BETWEEN.finditer(text)]
    cuts += [(day.start, day.end)] if day else []
    edges = [(0, 0), *sorted(cuts), (len(text), len(text))]
    between = [_trimmed(text, one[1], two[0]) for one, two in pairwise(edges)]
    return [span for span in between if span[0] < span[1]]


def _trimmed(text: str, start: int, end: int) -> Span:
    start += len(text[start:end]) - len(text[start:end].lstrip(_EDGES))
    return start, start + len(text[start:end].rstrip(_EDGES))


def _place_of_titles(rows: Sequence[Sequence[str]]) -> int:
    """Which piece is the title: most in its place are no names and all differ; -1 if none is."""
    fitting: dict[int, int] = {}
    for place in range(min(map(len, rows), default=0)):
        told = [row[place] for row in rows]
        titles = [text for text in told if not _is_name(text)]
        if len(set(told)) == len(told) and len(titles) * 2 > len(told):
            fitting[place] = sum(map(len, told))
    return max(fitting, key=lambda place: fitting[place], default=-1)


def _is_name(text: str) -> bool:
    """Whether words can be whose news it is, or what kind it is, rather than what it says."""
    words = [word for word in text.split() if len(word) > _SMALL]
    named = text.count(" ") < _NAME and all(word[:1].isupper() for word in words)
    return named or bylines.is_kind(text) or bylines.BY.match(text) is not None


def _split(line: Line, spans: Sequence[Span], place: int) -> list[Line]:
    start, end = spans[place]
    day = find_date(line.text)
    others = [line.text[s:e] for at, (s, e) in enumerate(spans) if at != place]
    dated = [line.text[day.start : day.end]] if day else []
    said = " | ".join((*others, *dated))
    title = replace(line.with_runs(inline.part(line.runs, start, end)), gap=max(line.gap, 1))
    return [title, lines.make((Run(said),), raw=said)]
