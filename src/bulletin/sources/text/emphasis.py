"""Emphasis: **bold** and _italics_ as Markdown, chats and mail write them in plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run, Runs

# A mark that can open or close emphasis (CommonMark 6.2): not between two letters, not in room.
_OPENING: Final = re.compile(r"(?<![\w*_\\])(\*{1,3}|_{1,3})(?=[^\s*_])")
_CLOSING: Final = re.compile(r"(?<=[^\s*_\\])(\*{1,3}|_{1,3})(?![\w*_])")
_HEADING: Final = re.compile(r"^#{1,6} \S", re.MULTILINE)
_LONGEST: Final = 2000  # characters of a line that is looked at
_MOST_TEXT: Final = 300_000  # characters; what is longer was not written by hand
_MOST: Final = 100  # marks in a line: beyond, they are no emphasis


def is_used(text: str) -> bool:
    """Whether a text writes emphasis with marks: they pair off, and it is not a lone asterisk."""
    if len(text) > _MOST_TEXT or not ("*" in text or "_" in text):
        return False
    pairs, singles = Counter[str](), Counter[str]()
    for line in text.split("\n"):
        if "*" not in line and "_" not in line:
            continue
        opened = Counter(_OPENING.findall(line[:_LONGEST]))
        closed = Counter(_CLOSING.findall(line[:_LONGEST]))
        pairs.update(opened & closed)
        singles.update((opened - closed) + (closed - opened))
    found = pairs.total()
    strong = sum(count for mark, count in pairs.items() if len(mark) > 1)
    sure = strong or found > 1 or (found and _HEADING.search(text))
    return bool(sure) and singles.total() * 4 <= found


def applied(runs: Runs) -> Runs:
    """The runs with their marks made bold and italics; a mark without a partner stays text."""
    text = inline.plain(runs)[:_LONGEST]
    pairs = list(_pairs(_marks(runs, text)))
    if not pairs:
        return runs
    cuts = sorted(
        {at for start, end, size in pairs for at in (start, start + size, end, end + size)}
    )
    return inline.merge(_styled(runs, cuts, pairs))


def _marks(runs: Runs, text: str) -> list[tuple[int, str, bool]]:
    """Where marks stand outside of links, which, and whether they may open."""
    linked = [False] * len(text)
    start = 0
    for run in runs:
        if run.target is not None:
            linked[start : start + len(run.text)] = [True] * len(run.text)
        start += len(run.text)
    found = [(mark.start(), mark[1], True) for mark in _OPENING.finditer(text)]
    found += [(mark.start(), mark[1], False) for mark in _CLOSING.finditer(text)]
    free = [one for one in sorted(found) if not linked[one[0]]]
    return free if len(free) <= _MOST else []


def _pairs(marks: Sequence[tuple[int, str, bool]]) -> Iterator[tuple[int, int, int]]:
    """Start and end of each emphasis, and how wide its marks are; the inner ones first."""
    open_marks: list[tuple[int, str]] = []
    for at, mark, opens in marks:
        if opens:
            open_marks.append((at, mark))
            continue
        partner = next(
            (i for i in range(len(open_marks) - 1, -1, -1) if open_marks[i][1] == mark), -1
        )
        if partner >= 0:
            yield open_marks[partner][0], at, len(mark)
            del open_marks[partner:]


def _styled(
    runs: Runs, cuts: Sequence[int], pairs: Sequence[tuple[int, int, int]]
) -> Iterator[Run]:
    marks = {
        at
        for start, end, size in pairs
        for at in (*range(start, start + size), *range(end, end + size))
    }
    offset = 0
    for run in runs:
        stops = [at - offset for at in cuts if offset < at < offset + len(run.text)]
        for low, high in zip([0, *stops], [*stops, len(run.text)], strict=True):
            at = offset + low
            if at not in marks:
                over = [size for start, end, size in pairs if start < at < end]
                bold = run.bold or any(size > 1 for size in over)
                italic = run.italic or any(size != 2 for size in over)
                yield replace(run, text=run.text[low:high], bold=bold, italic=italic)
        offset += len(run.text)
