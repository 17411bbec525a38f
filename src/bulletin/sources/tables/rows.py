"""Rows: from the rows of a table to one record for each item.

A table repeats its headings on every page, puts a topic across all columns, leaves the first cell
empty where an item goes on, and merges a topic over the rows that it heads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources.tables import layouts
from bulletin.sources.tables.columns import Column
from bulletin.sources.tables.grids import Cell, plain
from bulletin.sources.tables.layouts import Layout, Row
from bulletin.sources.text.lines import Line
from bulletin.sources.text.looks import Look, is_sentence, look

HEADINGS: Final = "The headings of the table."
TOPIC: Final = "A heading over several items; it is their topic."
_JOINED: Final = (
    "The row below has no heading of its own, so it was taken as part of this item. If it is not, "
    "split it."
)
_SURPLUS: Final = (
    "Row {} of the table has more cells than the table has columns, so all that stands in it from "
    "the text on was kept as text. Look what belongs in another field."
)
_OWN: Final = frozenset({Column.SOURCE, Column.PUBLISHED, Column.DETAILS})
_MAX_TOPIC: Final = 14  # words
_NONE: Final = re.compile(r"n\s?[/.]?\s?a\.?|none|nil|tb[ac]|not\sapplicable|[–—-]+", re.IGNORECASE)
_NEAR: Final = 15  # rows below a topic


@dataclass(frozen=True, slots=True)
class Record:
    """What one item has in each column, and the topic that stands above its row."""

    cells: Row
    topic: str = ""
    unsure: str = ""


@dataclass(slots=True)
class _State:
    records: list[Record] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    topic: str = ""


def records(
    rows: Sequence[Row], layout: Layout, names: Row, unsure: Mapping[int, int]
) -> tuple[list[Record], list[Dropped]]:
    """The records of a table below its headings, and what was left out of it.

    unsure: the places of rows that had too many cells, with the number of each in its table.
    """
    state = _State()
    merged = _merges_topics(rows, layout)
    for index, written in enumerate(rows):
        row = tuple(() if _says_none(cell) else cell for cell in _aligned(written, layout))
        more = any(sum(map(bool, below)) > 1 for below in rows[index + 1 : index + _NEAR])
        if not any(row):
            continue
        if names and _same(row, names):
            state.dropped.append(Dropped(" | ".join(map(plain, written)), HEADINGS))
        elif _heads_rows(written) and more:
            state.topic = plain(row[0]) or plain(next(filter(None, row)))
            state.dropped.append(Dropped(state.topic, TOPIC))
        elif index in unsure:
            record = _record(row, state, merged=merged)
            state.records.append(replace(record, unsure=_SURPLUS.format(unsure[index])))
        elif state.records and _goes_on(row, state.records[-1].cells, layout):
            state.records[-1] = _joined(state.records[-1], row, layout)
        else:
            state.records.append(_record(row, state, merged=merged))
    return state.records, state.dropped


def _says_none(cell: Cell) -> bool:
    """Whether a cell only says that nothing stands in it."""
    return len(cell) == 1 and _NONE.fullmatch(cell[0].text) is not None


def _same(row: Row, names: Row) -> bool:
    texts = [plain(cell).casefold() for cell in row]
    return texts == [plain(cell).casefold() for cell in names] + [""] * (len(row) - len(names))


def _heads_rows(row: Row) -> bool:
    """Whether one short cell stands alone in a row: a heading over the rows below."""
    filled = [cell for cell in row if cell]
    if len(filled) != 1 or not row[0] or len(filled[0]) > 1:
        return False
    (line,) = filled[0]
    linked = any(run.target for run in line.runs)
    return line.words <= _MAX_TOPIC and not is_sentence(line) and not linked


def _aligned(row: Row, layout: Layout) -> Row:
    """A row as wide as the table. One that is shorter lacks the cells merged with those above."""
    missing = len(layout) - len(row)
    if missing <= 0 or len(row) == 1:
        return (*row, *[()] * max(missing, 0))
    left, right = (*[()] * missing, *row), (*row, *[()] * missing)
    return left if _fit(left, layout) >= _fit(right, layout) else right


def _fit(row: Row, layout: Layout) -> int:
    """How many cells look as their columns do."""
    found = layouts.layout(None, [row])
    strong = {Column.PUBLISHED, Column.LINK, Column.TEXT}
    return sum(one is two for one, two in zip(found, layout, strict=False) if two in strong)


def _merges_topics(rows: Sequence[Row], layout: Layout) -> bool:
    """Whether an empty topic means that of the row above: then no two rows repeat it."""
    if layout[:1] != [Column.TOPIC]:
        return False
    topics = [plain(row[0]) for row in rows if len(row) == len(layout)]
    return not any(one and one == two for one, two in pairwise(topics))


def _goes_on(row: Row, above: Row, layout: Layout) -> bool:
    """Whether a row has no heading where other rows have theirs, so that it is no item.

    A row that says of itself where it is from or when, unlike the row above, is one all the same.
    """
    own = zip(layout, above, row, strict=False)
    if any(one and two and plain(one) != plain(two) for name, one, two in own if name in _OWN):
        return False
    cells = dict(zip(layout, row, strict=False))
    if Column.TITLE in layout:
        return not cells.get(Column.TITLE) and not _own_heading(cells.get(Column.TEXT))
    if Column.TOPIC in layout:
        return not cells.get(Column.TOPIC) and not _own_heading(cells.get(Column.TEXT))
    text = cells.get(Column.TEXT)
    return Column.TEXT in layout and (not text or _completes(row, above, layout))


def _completes(row: Row, above: Row, layout: Layout) -> bool:
    """Whether a row brings the links that the row above lacks, whose details stand for both."""
    if Column.LINK not in layout:
        return False
    text, link = layout.index(Column.TEXT), layout.index(Column.LINK)
    said = layouts.states_details(above[text]) and not _own_heading(row[text])
    return said and bool(row[link]) and not above[link]


def _own_heading(cell: Cell | None) -> bool:
    if not cell:
        return False
    return (len(cell) > 1 and look(cell[0]) is Look.HEADING) or layouts.states_details(cell)


def _joined(above: Record, row: Row, layout: Layout) -> Record:
    """Two rows as one item; it is not sure if both have text."""
    cells = tuple(_both(one, two) for one, two in zip(above.cells, row, strict=True))
    both = any(
        column is Column.TEXT and any(map(is_sentence, one)) and any(map(is_sentence, two))
        for column, one, two in zip(layout, above.cells, row, strict=False)
    )
    return replace(above, cells=cells, unsure=_JOINED if both else above.unsure)


def _both(one: Cell, two: Cell) -> Cell:
    if not one or not two or plain(one) == plain(two):
        return one or two
    first: Line = replace(two[0], gap=1)
    return (*one, first, *two[1:])


def _record(row: Row, state: _State, *, merged: bool) -> Record:
    """A record of its own, with the topic of the row above if that cell is merged with this."""
    topic = state.topic
    if merged and not row[0] and state.records:
        topic = plain(state.records[-1].cells[0]) or state.records[-1].topic
    return Record(row, topic)
