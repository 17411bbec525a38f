"""Chunks: the pieces of a newsfeed between rules and share blocks, and what each looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.sources.division import (
    boilerplate,
    categories,
    closings,
    dated,
    leads,
    listing,
    subheadings,
)
from bulletin.sources.division.clearing import CLOSED, Cleared
from bulletin.sources.division.pages import Page, without_labels
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence, is_welcome, looks

_PARAGRAPH: Final = 8  # words
_HEADING: Final = 22  # words
_CITED: Final = re.compile(r"\w\s+\(Source: [^()]{2,120}\)\Z", re.IGNORECASE)
_SOURCED: Final = (
    "A heading with a source of its own stands inside this item: another item may begin there. "
    "If so, split it."
)
_INSIDE: Final = (
    "A heading follows a link inside this item: another item may begin there. If so, split it."
)
_ALIKE: Final = (
    "A heading like its own stands inside this item: another item may begin there. If so, split it."
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines between two boundaries, and whether a share block closes them."""

    lines: Sequence[Line]
    looks: Sequence[Look]
    closed: bool = False


def taken_apart(page: Cleared) -> Chunk:
    """The whole page, with the headings that stand in one line with something else."""
    sorted_out = categories.taken_apart(page.lines, page.looks)
    listed = dated.taken_apart(listing.taken_apart(sorted_out))
    seen = page.looks if listed is page.lines else looks(listed)
    led = leads.taken_apart(listed, seen)
    return Chunk(led, without_labels(led, seen if led is listed else looks(led)))


def ruled(page: Chunk) -> Iterator[Chunk]:
    """Pieces between rules, closed where a share block stood instead of one."""
    start = 0
    stray = _stray(page.lines)
    for at, line in enumerate(page.lines):
        if line.kind is Kind.RULE and at not in stray:
            if start < at:
                yield Chunk(page.lines[start:at], page.looks[start:at], line.mark == CLOSED)
            start = at + 1
    if start < len(page.lines):
        yield Chunk(page.lines[start:], page.looks[start:])


def _stray(lines: Sequence[Line]) -> set[int]:
    """Rules within items that share blocks close: fewer than these, and not below the last."""
    drawn = [at for at, line in enumerate(lines) if line.kind is Kind.RULE]
    closed = [at for at in drawn if lines[at].mark == CLOSED]
    plain = [at for at in drawn if lines[at].mark != CLOSED and closed and at < closed[-1]]
    return set(plain) if len(plain) * 2 <= len(closed) else set()


def has_text(lines: Sequence[Line]) -> bool:
    return any(is_sentence(line) and not boilerplate.furniture(line) for line in lines)


def has_item(chunk: Chunk) -> bool:
    return has_text(chunk.lines) or (len(chunk.lines) > 1 and Look.ACTION in chunk.looks)


def speaks_of_itself(chunk: Chunk) -> bool:
    """Whether a chunk is headed "Contact the team" or "About this bulletin"."""
    return chunk.looks[0] is Look.HEADING and subheadings.is_subheading(chunk.lines[0].text)


def opens(chunk: Chunk) -> bool:
    return chunk.looks[0] in {Look.HEADING, Look.DETAILS}


def share_with_topics(chunks: Sequence[Chunk]) -> float:
    found = [has_topic(chunk) for chunk in chunks[1:] if len(chunk.lines) > 1]
    return sum(found) / len(found) if found else 0.0


def share_under_details(chunks: Sequence[Chunk]) -> float:
    """How many pieces have lines of details over their heading, as alerts have."""
    found = [_under_details(chunk) for chunk in chunks[1:] if len(chunk.lines) > 1]
    return sum(found) / len(found) if found else 0.0


def _under_details(chunk: Chunk) -> bool:
    below = next((found for found in chunk.looks if found is not Look.DETAILS), None)
    return chunk.looks[0] is Look.DETAILS and below is Look.HEADING


def has_topic(chunk: Chunk) -> bool:
    """Two headings in a row, then text: a topic and a title."""
    found = list(chunk.looks[:3])
    return found[:2] == [Look.HEADING] * 2 and found[2:] not in ([], [Look.HEADING])


def common_make(chunks: Sequence[Chunk]) -> str:
    """The marks that the headings of all items share, or ""."""
    makes = {chunk.lines[0].mark for chunk in chunks[1:]} or {""}
    return makes.pop() if len(makes) == 1 else ""


def is_banner(pieces: Sequence[Chunk]) -> bool:
    """Whether the first piece has no item: no text, a greeting, or no heading set as the others."""
    first = pieces[0]
    make = common_make(pieces) if any(chunk.closed for chunk in pieces) else ""
    unlike = bool(make) and all(line.mark != make for line in first.lines)
    return not first.closed and (unlike or not has_text(first.lines) or _greets(first))


def _greets(chunk: Chunk) -> bool:
    """Whether lines above the first rule only greet the reader."""
    plain = set(chunk.looks) <= {Look.HEADING, Look.PROSE}
    return plain and any(map(is_welcome, chunk.lines[:2]))


def first_item_line(chunk: Chunk, *, keep: int) -> int:
    """Below a banner: the last heading (or two) before the text of the first item begins."""
    lines, found = chunk.lines, chunk.looks
    texts = [i for i, one in enumerate(found) if one is Look.LIST or is_sentence(lines[i])]
    texts = [i for i in texts if not is_welcome(lines[i])] or texts
    # A motto in a banner is a sentence too, but a short one.
    first = next((i for i in texts if lines[i].words >= _PARAGRAPH), min(texts, default=0))
    head = next((i for i in range(first, 0, -1) if found[i - 1] is Look.HEADING), 0)
    start = head
    while start and head - start < keep and found[start - 1] is Look.HEADING:
        start -= 1
    return start


def holds_news(lines: Sequence[Line]) -> bool:
    """Whether lines beside tables are more than a banner, a welcome and an address."""
    return any(
        is_sentence(line) and line.words >= _PARAGRAPH and not is_welcome(line)
        for line in lines
        if not (boilerplate.furniture(line) or closings.closes(line))
    )


def doubt_inside(page: Page) -> str:
    """Why another item may begin within the lines of one, or ""."""
    for index in range(1, len(page.lines) - 1):
        line = page.lines[index]
        if any(run.target for run in line.runs):
            continue
        if page.heading(index) and line.gap and page.looks[index - 1] is Look.ACTION:
            return _INSIDE
        alike = page.heading(0) and page.make(index) == page.make(0) and line.gap
        if alike and page.names_text(index) and not page.divides(index):
            return _ALIKE
        if line.gap and line.words <= _HEADING and _CITED.search(line.text):
            return _SOURCED
    return ""
