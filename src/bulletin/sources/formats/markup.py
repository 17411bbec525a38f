"""Markup: HTML -> lines and tables of lines, from a safe tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from bulletin.models.items import Dropped
from bulletin.sources.formats import places
from bulletin.sources.formats.clipboard import ITEM, LOOK
from bulletin.sources.formats.decoding import Amount, clean
from bulletin.sources.formats.facts import NO_FACTS, Facts
from bulletin.sources.formats.nesting import intricate
from bulletin.sources.formats.places import Place, counted, inside, is_address, line_of
from bulletin.sources.formats.sanitising import BLOCKS, sanitised
from bulletin.sources.tables import figures
from bulletin.sources.text import inline, lines
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line

_KNOWN_TAG: Final = re.compile(
    r"</?(?:a|article|b|body|br|div|em|font|h[1-6]|head|html|i|li|main|ol|p|section|span|strong|table|"
    r"tbody|td|th|tr|u|ul|blockquote|script|style|img)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BLOCK_TAG: Final = re.compile(
    r"<(?:p|div|li|h[1-6]|br|td|tr|section|article|table)[\s>/]", re.IGNORECASE
)
_TOP: Final = 300_000  # characters; what has no tags so far is text that mentions them
_ANY_BLOCK: Final = re.compile(f"<(?:br|{'|'.join(sorted(BLOCKS))})[\\s>/]", re.IGNORECASE)
TITLE: Final = "The title of the whole document."
_SPACE: Final = Run(" ")
_MAX_DEPTH: Final = 200  # of elements; mails that were replied to forty times have half of that
_WHOLE_PAGE: Final = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page: each cell is its lines."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """A page: its lines in order with its tables among them, what was left out, what it is."""

    parts: tuple[Line | Table, ...]
    dropped: tuple[Dropped, ...]
    facts: Facts = NO_FACTS

    @property
    def lines(self) -> list[Line]:
        """All lines, those of tables row by row or cell by cell."""
        found: list[Line] = []
        for part in self.parts:
            if isinstance(part, Line):
                found.append(part)
            else:
                found.extend(figures.written(part.rows))
        return found


def looks_like_markup(text: str) -> bool:
    """Whether a text is HTML rather than text that mentions a tag."""
    if _WHOLE_PAGE.match(text):
        return True
    tags = list(islice(_KNOWN_TAG.finditer(text, 0, _TOP), 2))
    return len(tags) >= 2 or (bool(tags) and text.lstrip().startswith("<"))


def line_count(text: str) -> int:
    """How many lines a text or a page has at most, as far as can be told without reading it."""
    return max(text.count("\n"), sum(1 for _ in _ANY_BLOCK.finditer(text)))


def read_markup(html: str, base: str = "") -> Markup:
    """Take a page or a piece of one apart. Raises InvalidInput for excess.

    base: the address of the page, for its links.
    """
    if not _BLOCK_TAG.search(html):
        html = html.replace("\n", "<br>")
    safe = sanitised(html, base)
    walk = _Walk()
    if safe.body is not None:
        walk.into(safe.body)
    walk.end_line()
    parts, title = _without_title(walk.parts)
    return Markup(tuple(parts), (*safe.dropped, *title), safe.facts)


def _without_title(parts: list[Line | Table]) -> tuple[list[Line | Table], list[Dropped]]:
    """The parts without the title of the whole document, if others have headings of their own."""
    written = [part for part in parts if isinstance(part, Line)]
    titles = [line for line in written if line.mark == places.TITLE]
    if not titles or not any(line.mark in places.HEADINGS for line in written):
        return parts, []
    return [part for part in parts if part not in titles], [
        Dropped(line.text, TITLE) for line in titles
    ]


def lines_of_cell(text: str) -> tuple[Line, ...]:
    """The lines of a cell that was written as text, with HTML in it or without."""
    if "<" in text and looks_like_markup(text):
        return tuple(read_markup(text).lines)
    return tuple(lines.of_text(text))


class _Walk:
    """Goes through a safe page and writes down its lines."""

    def __init__(self, amount: Amount | None = None, depth: int = 0) -> None:
        self._amount = amount or Amount()
        self._depth = depth
        self.parts: list[Line | Table] = []
        self._runs: list[Run] = []
        self._gap = 0
        self._place = Place()
        self._counts: list[int | None] = []

    def into(self, node: LexborNode) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise intricate()
        for child in node.iter(include_text=True):
            self._enter(child)
        self._depth -= 1

    def end_line(self, gap: int = 0) -> None:
        runs = inline.merge(self._runs)
        self._runs = []
        if runs:
            self.parts.append(line_of(runs, self._place, self._gap))
            self._amount.add(len(inline.plain(runs)))
            self._gap = 0
            if self._place.kind in {Kind.BULLET, Kind.NUMBERED}:
                # What follows in the same list item is a paragraph, not another item.
                self._place = replace(self._place, kind=Kind.TEXT, marker="")
        self._gap = max(self._gap, gap)

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._text(clean(node.text(deep=False)))
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._rule()
        elif tag == "table" and (table := _data_table(node, self._amount, self._depth)):
            self.end_line(1)
            self.parts.append(table)
        elif tag == "article" and node.attributes.get(LOOK) == ITEM:
            self._rule()
            self._within(node, tag)
            self._rule()
        else:
            self._within(node, tag)

    def _rule(self) -> None:
        self.end_line(1)
        self.parts.append(Line("---", (Run("---"),), Kind.RULE, 1, raw="---"))

    def _within(self, node: LexborNode, tag: str) -> None:
        outside = self._place
        block = tag in BLOCKS
        if block:
            self.end_line(0 if tag in {"li", "dd"} else 1)
        self._place = inside(self._place, node, tag, self._number(node, tag))
        if tag == "li":
            self._place = replace(
                self._place, depth=min(max(len(self._counts) - 1, 0), places.MAX_DEPTH)
            )
        self.into(node)
        if block:
            self.end_line(0 if tag in {"li", "dt"} else 1)
        if tag in {"ul", "ol"}:
            self._counts.pop()
        if block:
            self._place = outside
        elif self._place.run is not outside.run:
            self._place = replace(self._place, run=outside.run)

    def _number(self, node: LexborNode, tag: str) -> int:
        """The number of a list item in an ordered list, else 0."""
        if tag in {"ul", "ol"}:
            start = counted(node, "start", 1)
            self._counts.append(start - 1 if tag == "ol" else None)
        if tag != "li" or not self._counts or self._counts[-1] is None:
            return 0
        self._counts[-1] = counted(node, "value", self._counts[-1] + 1)
        return self._counts[-1]

    def _text(self, text: str) -> None:
        run = self._place.run
        if not text or (not self._runs and text.isspace()):
            return
        if run.target is not None:
            bare = is_address(text, run.target)
            self._runs.append(Run(text, run.target, bare, run.bold, run.italic))
            return
        if text[0].isspace():
            self._runs.append(_SPACE)
        self._runs += [
            Run(one.text, one.target, one.bare, run.bold, run.italic) for one in inline.parse(text)
        ]
        if text[-1].isspace():
            self._runs.append(_SPACE)

    def _break(self) -> None:
        empty = not inline.plain(self._runs).strip()
        self.end_line(1 if empty else 0)


def _data_table(table: LexborNode, amount: Amount, depth: int) -> Table | None:
    """A table of two or more rows and columns without a table in it; the rest is layout."""
    if len(table.css("table")) > 1:
        return None
    rows = [[cell for cell in row.iter() if cell.tag in {"td", "th"}] for row in table.css("tr")]
    filled = [row for row in rows if row]
    if len(filled) < 2 or max(map(len, filled)) < 2:
        return None
    return Table(tuple(tuple(_cell(cell, amount, depth) for cell in row) for row in filled))


def _cell(node: LexborNode, amount: Amount, depth: int) -> tuple[Line, ...]:
    walk = _Walk(amount, depth)
    walk.into(node)
    walk.end_line()
    return tuple(part for part in walk.parts if isinstance(part, Line))
