"""Tables: one item in each row, in columns that a heading names or that their content tells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Final

from bulletin.models.items import Action, Dropped, Reading
from bulletin.sources import actions, boilerplate, details, inline, lines, markup, scope
from bulletin.sources.actions import Outcome
from bulletin.sources.columns import Column, columns
from bulletin.sources.dates import find_date
from bulletin.sources.details import Details
from bulletin.sources.drafting import Drafted, draft
from bulletin.sources.inline import Run
from bulletin.sources.joining import joined
from bulletin.sources.lines import Line

HEADINGS: Final = "The headings of the table."
OUTSIDE: Final = "Text outside the table."
UNKNOWN: Final = "A column of the table that is no part of an item."

_SHORT: Final = 120  # a longer cell is no heading by itself

Cell = tuple[Line, ...]
_DELIMITERS: Final = "\t,;|"
_TOP: Final = 40  # the row of headings stands among the first lines
_MAX_HEADINGS: Final = 2000
_PIPE_RULE: Final = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\Z")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, and the lines of text outside them."""

    rows: tuple[tuple[Cell, ...], ...]
    outside: tuple[str, ...] = ()


def text_grid(text: str, *, certain: bool = False) -> Grid | None:
    """The table in a text (tab, comma, semicolon or bar between cells), or None.

    Unless it is `certain` that there is one, commas, semicolons and bars need a row of headings,
    because prose has them too.
    """
    top = [line[:_MAX_HEADINGS] for line in islice(text.split("\n"), _TOP)]
    for delimiter in _DELIMITERS:
        headed = any(columns(line.strip().strip("|").split(delimiter)) for line in top)
        if not (headed or delimiter == "\t" or certain) or delimiter not in text:
            continue
        found = _rows(text, delimiter)
        start = _heading_row(found)
        if start is None and (delimiter == "\t" or certain):
            start = _first_even_row(found)
        if start is not None and (grid := _grid(found, start)):
            return grid
    return None


def read_grid(grid: Grid) -> Reading:
    """The items of a table."""
    dropped = [Dropped(text, OUTSIDE) for text in grid.outside]
    named = columns([_plain(cell) for cell in grid.rows[0]])
    rows = grid.rows
    if named:
        dropped.append(Dropped(" | ".join(_plain(cell) for cell in rows[0]), HEADINGS))
        rows = rows[1:]
    layout = _with_text(named or [None] * max(map(len, rows), default=0), rows)
    drafted = [_item(row, layout) for row in rows if any(row)]
    for one in drafted:
        dropped += one.dropped
    return Reading(tuple(one.item for one in drafted), tuple(dropped))


def is_news_table(table: markup.Table) -> bool:
    """Whether a table of a page has items in its rows, not figures or layout."""
    if columns([_plain(cell) for cell in table.rows[0]]):
        return True
    sourced = sum(any(_states_details(cell) for cell in row) for row in table.rows)
    return sourced * 2 >= len(table.rows)


def _states_details(cell: Cell) -> bool:
    return any(
        found is not None and found.named
        for line in cell
        for part in details.split_glued(line.text)
        if (found := details.parse(part))
    )


def _rows(text: str, delimiter: str) -> list[list[str]]:
    if delimiter == "|":
        kept = [line for line in text.split("\n") if not _PIPE_RULE.match(line)]
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in kept]
    quoted = '"' in text
    if not quoted:
        return [line.split(delimiter) for line in text.split("\n")]
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")]


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    return next((i for i, row in enumerate(rows[:_TOP]) if _filled(row) > 1 and columns(row)), None)


def _first_even_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Where rows of one width begin, if there are at least two with text in them."""
    wide = [index for index, row in enumerate(rows) if _filled(row) >= 2]
    texts = [index for index in wide if max(map(len, rows[index])) > 60]
    if len(wide) < 2 or len(texts) < 2 or len({len(rows[index]) for index in wide}) > 1:
        return None
    return wide[0]


def _grid(rows: list[list[str]], start: int) -> Grid | None:
    """The table from a row on; None if too many lines do not belong to it."""
    width = len(rows[start])
    inside: list[list[str]] = []
    outside = [" ".join(row) for row in rows[:start]]
    stray = 0
    for row in rows[start:]:
        if _filled(row) >= 2 or (len(row) == width and _filled(row)):
            inside.append(row)
        elif _filled(row):
            outside.append(" ".join(row))
            stray += 1
    if len(inside) < 2 or stray > 0.3 * len(inside):
        return None
    cells = tuple(tuple(_cell(cell) for cell in row) for row in _fitted(inside, width))
    return Grid(cells, tuple(inline.tidy(text) for text in outside if text.strip()))


def _fitted(rows: list[list[str]], width: int) -> Iterator[list[str]]:
    """Rows of one width: cells beyond it were cut from the last by an unquoted delimiter."""
    for row in rows:
        if len(row) <= width:
            yield row
        else:
            yield [*row[: width - 1], ", ".join(cell.strip() for cell in row[width - 1 :] if cell)]


def _cell(text: str) -> Cell:
    if "<" in text and markup.looks_like_markup(text):
        return tuple(markup.read_markup(text).lines)
    return tuple(lines.of_text(text))


def _plain(cell: Cell) -> str:
    return " ".join(line.text for line in cell)


def _with_text(layout: list[Column | None], rows: Sequence[Sequence[Cell]]) -> list[Column | None]:
    """The layout, if need be with the column that holds the news: the one with whole texts."""
    if Column.TEXT in layout:
        return layout
    lengths = {
        index: sum(len(_plain(row[index])) for row in rows if index < len(row))
        for index, known in enumerate(layout)
        if known in {None, Column.TITLE, Column.TOPIC}
    }
    longest = max(lengths, key=lambda index: lengths[index], default=None)
    if longest is None or (layout[longest] and lengths[longest] <= _SHORT * len(rows)):
        return layout
    found = list(layout)
    found[longest] = Column.TEXT
    return found if any(layout) else [one or Column.LINK for one in found]


def _item(row: Sequence[Cell], layout: Sequence[Column | None]) -> Drafted:
    cells: dict[Column, list[Line]] = {}
    unknown: list[Dropped] = []
    for cell, column in zip_longest(row, layout[: max(len(row), 1)], fillvalue=None):
        if not cell:
            continue
        if column is None:
            unknown.append(Dropped(_plain(cell), UNKNOWN))
        else:
            cells.setdefault(column, []).extend(cell)
    known, left = _known(cells)
    drafted = draft(_text(cells), known=known, beside=_links(cells))
    return _completed(drafted, cells, (*unknown, *left))


def _known(cells: dict[Column, list[Line]]) -> tuple[Details, list[Dropped]]:
    topic, title = (_cell_text(cells, column) for column in (Column.TOPIC, Column.TITLE))
    published = _cell_text(cells, Column.PUBLISHED)
    found = find_date(published)
    left = [Dropped(published, "A date that is not complete.")] if published and not found else []
    sources = _cell_text(cells, Column.SOURCE)
    return (
        Details(
            topic=topic,
            title=title or topic,
            source=sources,
            published=found.day if found else None,
            author=_cell_text(cells, Column.AUTHOR),
        ),
        left,
    )


def _cell_text(cells: dict[Column, list[Line]], column: Column) -> str:
    return " ".join(inline.words_only(line.runs) for line in cells.get(column, ())).strip()


def _text(cells: dict[Column, list[Line]]) -> list[Line]:
    """The lines of the news, with heading and details of the same line taken apart."""
    found: list[Line] = []
    for line in cells.get(Column.TEXT, ()):
        pieces = details.split_glued(line.text)
        if len(pieces) == 1:
            found.append(line)
        else:
            found += [lines.make(inline.parse(piece), raw=piece) for piece in pieces]
    return found


def _links(cells: dict[Column, list[Line]]) -> Outcome:
    """The actions of the link column: here every line is one, whatever its words."""
    label = _cell_text(cells, Column.LABEL)
    outcome = Outcome.of(_link(line, label) for line in joined(cells.get(Column.LINK, ())))
    return replace(outcome, actions=outcome.actions or ((Action(label),) if label else ()))


def _link(line: Line, label: str) -> Outcome:
    if reason := boilerplate.furniture(line):
        return Outcome(dropped=(Dropped(line.text, reason),))
    outcome = actions.examine(line)
    if outcome.actions and not outcome.kept:
        bare = not inline.words_only(line.runs) and len(outcome.actions) == 1
        if bare and label:
            return replace(outcome, actions=(replace(outcome.actions[0], label=label),))
        return outcome
    run = next(iter(inline.links(line.runs)), None)
    words = inline.words_only(line.runs) or line.text
    if run is None and "." in words and " " not in words:
        run = Run(words, words)
    return actions.named_by_link(label or words, run)


def _completed(
    drafted: Drafted,
    cells: dict[Column, list[Line]],
    dropped: tuple[Dropped, ...],
) -> Drafted:
    item = drafted.item
    nations = scope.nations(f"Nations: {_cell_text(cells, Column.NATIONS)}")
    roles = scope.roles(f"Audience: {_cell_text(cells, Column.ROLES)}")
    topic = item.topic or ("" if Column.TITLE in cells else item.title)
    return Drafted(
        replace(
            item,
            topic=topic,
            nations=nations or item.nations,
            roles=roles or item.roles,
        ),
        drafted.dropped + dropped,
    )
