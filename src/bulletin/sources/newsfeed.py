"""Newsfeeds: the lines of a text or page -> its items, and what was left out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Final

from bulletin.models.items import Dropped, ItemDraft, Reading
from bulletin.sources import boilerplate, boundaries, leads, listing
from bulletin.sources.boundaries import Starts
from bulletin.sources.clearing import CLOSED, FOOTER, Cleared, cleared
from bulletin.sources.details import Details
from bulletin.sources.drafting import Drafted, draft
from bulletin.sources.lines import Kind, Line
from bulletin.sources.looks import Look, is_sentence, is_welcome, look, looks
from bulletin.sources.navigation import CONTENTS
from bulletin.sources.pages import Page

BANNER: Final = "A banner above the first item."
WELCOME: Final = "An introduction above the first item."
TOPIC: Final = "A heading over several items; it is their topic."
NO_NEWS: Final = "Details without any news."
TITLE: Final = "heading"  # the mark of an item's first line
_PARAGRAPH: Final = 8
_FIELDS: Final = frozenset({Look.ACTION, Look.DETAILS})
_HEADING: Final = 22  # words
_CITED: Final = re.compile(r"\w\s+\(Source: [^()]{2,120}\)\Z", re.IGNORECASE)
_SOURCED: Final = (
    "A heading with a source of its own stands inside this item: another item may begin there."
)
_INSIDE: Final = "A heading follows a link inside this item: another item may begin there."


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines between two boundaries, and whether a share block closes them."""

    lines: Sequence[Line]
    looks: Sequence[Look]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one item."""

    lines: Sequence[Line]
    topic: str = ""
    unsure: str = ""


def read_newsfeed(lines: Sequence[Line]) -> Reading:
    """The items of a newsfeed, in order, and everything that was left out of them."""
    page = cleared(lines)
    chunks = list(_ruled(_taken_apart(page)))
    feed = _Feed(page.dropped)
    parts = feed.divided(chunks) if _divides(chunks) else feed.undivided(chunks)
    return feed.reading(parts)


def holds_news(lines: Sequence[Line]) -> bool:
    """Whether lines beside tables are more than a banner, a welcome and an address."""
    return any(
        is_sentence(line) and line.words >= _PARAGRAPH and not is_welcome(line)
        for line in lines
        if not boilerplate.furniture(line)
    )


def _taken_apart(page: Cleared) -> _Chunk:
    """The whole page, with the headings that stand in one line with something else."""
    listed = listing.taken_apart(page.lines)
    seen = page.looks if listed is page.lines else looks(listed)
    led = leads.taken_apart(listed, seen)
    return _Chunk(led, seen if led is listed else looks(led))


class _Feed:
    """One reading under way; it collects what is dropped."""

    def __init__(self, dropped: Sequence[Dropped]) -> None:
        self._dropped = list(dropped)

    def divided(self, chunks: Sequence[_Chunk]) -> list[_Part]:
        """Items between share blocks or rules; inside, only signs that the whole text shares."""
        two_headings = _share_with_topics(chunks) >= 0.6
        make = _common_make(chunks)
        shared = any(chunk.closed for chunk in chunks)
        parts: list[_Part] = []
        for index, chunk in enumerate(chunks):
            rest = self._trimmed(chunk, topic=two_headings) if index == 0 else chunk
            if not rest.lines or (index == len(chunks) - 1 and self._is_footer(rest, shared)):
                continue
            parts += self._inside(rest, make, two_headings=two_headings)
        return parts

    def undivided(self, chunks: Sequence[_Chunk]) -> list[_Part]:
        """Items that nothing but their headings and details divides."""
        body = self._without_ends(chunks)
        lines = [line for chunk in body for line in chunk.lines]
        seen = [look for chunk in body for look in chunk.looks]
        return self._cut(lines, boundaries.find(Page.of(lines, seen))) if lines else []

    def _without_ends(self, chunks: Sequence[_Chunk]) -> Sequence[_Chunk]:
        """The chunks without a banner and a footer that rules set apart from the items."""
        if len(chunks) > 1 and not _has_item(chunks[-1]):
            self._drop(chunks[-1].lines, FOOTER)
            chunks = chunks[:-1]
        if len(chunks) > 1 and not _has_item(chunks[0]) and _opens(chunks[1]):
            self._drop_each(chunks[0].lines, list(map(_reason_above, chunks[0].lines)))
            chunks = chunks[1:]
        return chunks

    def reading(self, parts: Sequence[_Part]) -> Reading:
        drafted = [
            _titled(draft(part.lines, known=Details(topic=part.topic), unsure=part.unsure))
            for part in parts
        ]
        left = Counter(one.item.title for one in drafted)
        items: list[ItemDraft] = []
        for part, one in zip(parts, drafted, strict=True):
            left[one.item.title] -= 1
            reason = _no_item(one.item, again=left[one.item.title] > 0)
            if reason:
                self._drop(part.lines, reason)
            else:
                items.append(one.item)
                self._dropped += one.dropped
        return Reading(tuple(items), tuple(self._dropped))

    def _trimmed(self, chunk: _Chunk, *, topic: bool) -> _Chunk:
        """The first chunk without the banner of the page above its heading."""
        lines = chunk.lines
        start = _first_item_line(chunk, keep=2 if topic else 1)
        if not chunk.closed and (not _has_text(lines) or _greets(chunk)):
            start = len(lines)
        self._drop_each(lines[:start], list(map(_reason_above, lines[:start])))
        return replace(chunk, lines=lines[start:], looks=chunk.looks[start:])

    def _is_footer(self, chunk: _Chunk, shared: bool) -> bool:
        if chunk.closed or (_has_text(chunk.lines) and shared):
            return False
        if not shared and _has_item(chunk):
            return False
        self._drop(chunk.lines, FOOTER)
        return True

    def _inside(self, chunk: _Chunk, make: str, *, two_headings: bool) -> list[_Part]:
        lines = chunk.lines
        page = Page.of(lines, chunk.looks)
        starts = boundaries.certain(page)
        if not starts and make:
            at = tuple(i for i, line in enumerate(lines) if line.mark == make)
            starts = Starts(at) if len(at) > 1 else None
        if starts and len(starts.at) > 1:
            return self._cut(lines, replace(starts, at=(0, *starts.at[1:])))
        if two_headings and _has_topic(chunk):
            return [_Part(lines[1:], topic=lines[0].text)]
        return [_Part(_headed(lines), unsure=_doubt_inside(page))]

    def _cut(self, lines: Sequence[Line], starts: Starts, *, again: bool = False) -> list[_Part]:
        above = lines[: starts.at[0]]
        parts: list[_Part] = []
        if not again and _has_text(above) and any(look(line) in _FIELDS for line in above):
            # Items of another make stand above the first of these.
            parts = self._cut(above, boundaries.find(Page.of(above)), again=True)
        else:
            self._preamble(above, starts)
        topic = next((lines[at].text for at in reversed(starts.topics) if at < starts.at[0]), "")
        for start, end in zip(starts.at, (*starts.at[1:], len(lines)), strict=True):
            over = starts.topics[
                bisect_right(starts.topics, start) : bisect_left(starts.topics, end)
            ]
            doubt = starts.doubts.get(start, "")
            parts.append(_Part(_headed(lines[start : min([end, *over])]), topic, doubt))
            if over:
                topic = lines[over[-1]].text
                self._drop(lines[over[0] : over[-1] + 1], TOPIC)
                parts += [_Part(lines[over[-1] + 1 : end])] if over[-1] + 1 < end else []
        return parts

    def _preamble(self, lines: Sequence[Line], starts: Starts) -> None:
        reasons = [
            TOPIC if index in starts.topics else _reason_above(line)
            for index, line in enumerate(lines)
        ]
        self._drop_each(lines, reasons)

    def _drop_each(self, lines: Sequence[Line], reasons: Sequence[str]) -> None:
        """Lines in a row with the same reason are dropped as one text."""
        for reason, pairs in groupby(zip(lines, reasons, strict=True), key=itemgetter(1)):
            self._drop([line for line, _ in pairs], reason)

    def _drop(self, lines: Sequence[Line], reason: str) -> None:
        text = "\n".join(line.raw or line.text for line in lines if line.kind is not Kind.RULE)
        self._drop_text(text, reason)

    def _drop_text(self, text: str, reason: str) -> None:
        if text:
            self._dropped.append(Dropped(text, reason))


def _titled(drafted: Drafted) -> Drafted:
    """A form that gives a topic and no title means the same by it."""
    item = drafted.item
    if item.title or not item.topic:
        return drafted
    doubts = tuple(doubt for doubt in item.warnings if doubt.code != "no_heading")
    return replace(drafted, item=replace(item, title=item.topic, warnings=doubts))


def _ruled(page: _Chunk) -> Iterator[_Chunk]:
    """Pieces between rules, closed where a share block stood instead of one."""
    start = 0
    for at, line in enumerate(page.lines):
        if line.kind is Kind.RULE:
            if start < at:
                yield _Chunk(page.lines[start:at], page.looks[start:at], line.mark == CLOSED)
            start = at + 1
    if start < len(page.lines):
        yield _Chunk(page.lines[start:], page.looks[start:])


def _divides(chunks: Sequence[_Chunk]) -> bool:
    """Whether share blocks or rules divide items, rather than a page from its banner."""
    if any(chunk.closed for chunk in chunks):
        return True
    return sum(map(_has_item, chunks)) >= 2


def _has_text(lines: Sequence[Line]) -> bool:
    return any(is_sentence(line) and not boilerplate.furniture(line) for line in lines)


def _has_item(chunk: _Chunk) -> bool:
    return _has_text(chunk.lines) or (len(chunk.lines) > 1 and Look.ACTION in chunk.looks)


def _no_item(item: ItemDraft, *, again: bool) -> str:
    """Why a draft is no item: a title alone that comes again with its text was in a contents."""
    if item.body or item.actions:
        return ""
    if not item.title:
        return NO_NEWS
    return CONTENTS if again else ""


def _opens(chunk: _Chunk) -> bool:
    return chunk.looks[0] in {Look.HEADING, Look.DETAILS}


def _share_with_topics(chunks: Sequence[_Chunk]) -> float:
    found = [_has_topic(chunk) for chunk in chunks[1:] if len(chunk.lines) > 1]
    return sum(found) / len(found) if found else 0.0


def _has_topic(chunk: _Chunk) -> bool:
    """Two headings in a row, then text: a topic and a title."""
    found = list(chunk.looks[:3])
    return found[:2] == [Look.HEADING] * 2 and found[2:] not in ([], [Look.HEADING])


def _common_make(chunks: Sequence[_Chunk]) -> str:
    """The marks that the headings of all items share, or ""."""
    makes = {chunk.lines[0].mark for chunk in chunks[1:]} or {""}
    return makes.pop() if len(makes) == 1 else ""


def _headed(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of an item, its heading marked as one, whatever else it looks like.

    A number before the first line numbers the item; only a second number makes it a list.
    """
    numbers = [line.kind is Kind.NUMBERED for line in lines[:2]]
    first = lines[0]
    if numbers in ([True], [True, False]):
        first = replace(first, kind=Kind.TEXT)
    if first.kind is Kind.TEXT and (
        first.mark or look(first) is Look.HEADING or first is not lines[0]
    ):
        return [replace(first, mark=TITLE, gap=0), *lines[1:]]
    return lines


def _greets(chunk: _Chunk) -> bool:
    """Whether lines above the first rule only greet the reader."""
    plain = set(chunk.looks) <= {Look.HEADING, Look.PROSE}
    return plain and any(map(is_welcome, chunk.lines[:2]))


def _reason_above(line: Line) -> str:
    if line.kind in {Kind.NUMBERED, Kind.BULLET}:
        return CONTENTS
    return WELCOME if is_sentence(line) or is_welcome(line) else BANNER


def _first_item_line(chunk: _Chunk, *, keep: int) -> int:
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


def _doubt_inside(page: Page) -> str:
    """Why another item may begin within the lines of one, or ""."""
    for index in range(1, len(page.lines) - 1):
        line = page.lines[index]
        if page.heading(index) and line.gap and page.looks[index - 1] is Look.ACTION:
            return _INSIDE
        if line.gap and line.words <= _HEADING and _CITED.search(line.text):
            return _SOURCED
    return ""
