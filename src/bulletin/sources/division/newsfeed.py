"""Newsfeeds: the lines of a text or page -> its items, and what was left out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Final

from bulletin.models.items import Dropped, ItemDraft, Reading
from bulletin.sources.division import (
    boundaries,
    chunks,
    glued,
    letters,
    numbering,
    rules,
    titled_dates,
)
from bulletin.sources.division.chunks import Chunk
from bulletin.sources.division.clearing import FOOTER, cleared
from bulletin.sources.division.navigation import CONTENTS
from bulletin.sources.division.pages import Page
from bulletin.sources.division.starts import Starts
from bulletin.sources.fields.details import Details
from bulletin.sources.fields.drafting import Drafted, draft
from bulletin.sources.formats.decoding import refuse_items
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_sentence, is_welcome, look, looks

BANNER: Final = "A banner above the first item."
WELCOME: Final = letters.INTRODUCTION
TOPIC: Final = "A heading over several items; it is their topic."
NO_NEWS: Final = "Details without any news."
_MOST: Final = 0.6
TITLE: Final = "heading"  # the mark of an item's first line
_FIELDS: Final = frozenset({Look.ACTION, Look.DETAILS})


@dataclass(frozen=True, slots=True)
class _Part:
    """The lines of one item."""

    lines: Sequence[Line]
    topic: str = ""
    unsure: str = ""


def read_newsfeed(lines: Sequence[Line]) -> Reading:
    """The items of a newsfeed, in order, and everything that was left out of them."""
    page = cleared(titled_dates.taken_apart(glued.taken_apart(lines)))
    pieces = list(chunks.ruled(chunks.taken_apart(page)))
    feed = _Feed(page.dropped)
    parts = feed.divided(pieces) if rules.divide(pieces) else feed.undivided(pieces)
    return feed.reading(parts)


class _Feed:
    """One reading under way; it collects what is dropped."""

    def __init__(self, dropped: Sequence[Dropped]) -> None:
        self._dropped = list(dropped)

    def divided(self, pieces: Sequence[Chunk]) -> list[_Part]:
        """Items between share blocks or rules; inside, only signs that the whole text shares."""
        two_headings = chunks.share_with_topics(pieces) >= _MOST
        make = chunks.common_make(pieces)
        shared = any(chunk.closed for chunk in pieces)
        parts: list[_Part] = []
        for index, chunk in enumerate((self._first(pieces), *pieces[1:])):
            last = index == len(pieces) - 1
            if chunk.lines and not (last and self._is_footer(chunk, shared)):
                parts += self._inside(chunk, make, two_headings=two_headings)
        return parts

    def undivided(self, pieces: Sequence[Chunk]) -> list[_Part]:
        """Items that nothing but their headings and details divides."""
        body = self._without_ends(pieces)
        page = rules.without_rules(body)
        return self._cut(page.lines, boundaries.find(page)) if page.lines else []

    def _without_ends(self, pieces: Sequence[Chunk]) -> Sequence[Chunk]:
        """The pieces without a banner and a footer that rules set apart from the items."""
        if len(pieces) > 1 and not chunks.has_item(pieces[-1]):
            self._drop(pieces[-1].lines, FOOTER)
            pieces = pieces[:-1]
        if len(pieces) > 1 and not chunks.has_item(pieces[0]) and chunks.opens(pieces[1]):
            self._drop_each(pieces[0].lines, list(map(_reason_above, pieces[0].lines)))
            pieces = pieces[1:]
        return pieces

    def reading(self, parts: Sequence[_Part]) -> Reading:
        refuse_items(len(parts))
        parts = _uncounted(parts)
        drafted = [
            draft(part.lines, known=Details(topic=part.topic), unsure=part.unsure) for part in parts
        ]
        if not any(one.item.title and one.item.topic for one in drafted):
            drafted = list(map(_titled, drafted))
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

    def _first(self, pieces: Sequence[Chunk]) -> Chunk:
        """The first piece without the banner of the page above the heading of its item."""
        chunk, lines = pieces[0], pieces[0].lines
        start = chunks.first_item_line(
            chunk, keep=2 if chunks.share_with_topics(pieces) >= _MOST else 1
        )
        if chunks.share_under_details(pieces) >= _MOST:
            while start and chunk.looks[start - 1] is Look.DETAILS:
                start -= 1
        if chunks.is_banner(pieces):
            start = len(lines)
        self._drop_each(lines[:start], list(map(_reason_above, lines[:start])))
        return replace(chunk, lines=lines[start:], looks=chunk.looks[start:])

    def _is_footer(self, chunk: Chunk, shared: bool) -> bool:
        if chunk.closed or (chunks.has_text(chunk.lines) and shared):
            return False
        if not shared and chunks.has_item(chunk) and not chunks.speaks_of_itself(chunk):
            return False
        self._drop(chunk.lines, FOOTER)
        return True

    def _inside(self, chunk: Chunk, make: str, *, two_headings: bool) -> list[_Part]:
        lines = chunk.lines
        page = Page.of(lines, chunk.looks)
        starts = boundaries.certain(page)
        if not starts and make:
            at = tuple(i for i, line in enumerate(lines) if line.mark == make)
            starts = Starts(at) if len(at) > 1 else None
        if starts and len(starts.at) > 1:
            return self._cut(lines, replace(starts, at=(0, *starts.at[1:])))
        if two_headings and chunks.has_topic(chunk):
            return self._section(chunk)
        return [_Part(_headed(lines), unsure=chunks.doubt_inside(page))]

    def _section(self, chunk: Chunk) -> list[_Part]:
        """A topic and what stands under it: one item after a share block, else one or several."""
        lines, topic = chunk.lines[1:], chunk.lines[0].text
        starts = boundaries.find(Page.of(lines, chunk.looks[1:]))
        if chunk.closed or len(starts.at) < 2 or starts.at[0]:
            return [_Part(_headed(lines), topic=topic)]
        self._drop(chunk.lines[:1], TOPIC)
        return [replace(part, topic=part.topic or topic) for part in self._cut(lines, starts)]

    def _cut(self, lines: Sequence[Line], starts: Starts, *, again: bool = False) -> list[_Part]:
        above = lines[: starts.at[0]]
        parts: list[_Part] = []
        if not again and _holds_item(above):
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
        topics = set(starts.topics)
        reasons = [
            TOPIC if index in topics else _reason_above(line) for index, line in enumerate(lines)
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


def _uncounted(parts: Sequence[_Part]) -> list[_Part]:
    firsts = numbering.uncounted([part.lines[0] for part in parts])
    return [
        replace(part, lines=[first, *part.lines[1:]])
        for part, first in zip(parts, firsts, strict=True)
    ]


def _titled(drafted: Drafted) -> Drafted:
    """A form that gives a topic and no title means the same by it, if no item has both."""
    item = drafted.item
    if item.title or not item.topic:
        return drafted
    doubts = tuple(doubt for doubt in item.warnings if doubt.code != "no_heading")
    return replace(drafted, item=replace(item, title=item.topic, warnings=doubts))


def _no_item(item: ItemDraft, *, again: bool) -> str:
    """Why a draft is no item: a title alone that comes again with its text was in a contents."""
    if item.body or item.actions:
        return ""
    if not item.title:
        return NO_NEWS
    return CONTENTS if again else ""


def _holds_item(above: Sequence[Line]) -> bool:
    """Whether lines above the first item are news too, rather than a date and a welcome."""
    seen = looks(above)
    first = next((at for at, found in enumerate(seen) if found is Look.HEADING), 0)
    if not chunks.has_text(above) or _FIELDS.isdisjoint(seen[first:]):
        return False
    return not boundaries.welcomes(Page.of(above), 0, len(above))


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


def _reason_above(line: Line) -> str:
    if line.kind in {Kind.NUMBERED, Kind.BULLET}:
        return CONTENTS
    return WELCOME if is_sentence(line) or is_welcome(line) else BANNER
