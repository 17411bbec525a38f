"""Cells: what the cells of a row are by their columns, with nothing of them lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.models.items import Dropped, ItemWarning
from bulletin.sources.division.glued import references_apart
from bulletin.sources.fields import actions, details, scope
from bulletin.sources.fields.dates import find_date, find_yearless
from bulletin.sources.fields.outcomes import Outcome
from bulletin.sources.tables import layouts
from bulletin.sources.tables.columns import Column
from bulletin.sources.tables.grids import Cell, plain
from bulletin.sources.tables.layouts import Layout, Row
from bulletin.sources.text import inline, lines
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Line
from bulletin.sources.text.looks import is_sentence

UNKNOWN: Final = "A column of the table that is no part of an item."
DATE: Final = "A date that is not complete."
BESIDE: Final = "What stands beside a date of publication."
NOT_KNOWN: Final = "No nation or role that an item can be for."
_MEANT: Final[dict[Column, tuple[Callable[[str], object], str]]] = {
    Column.NATIONS: (scope.nations, "Nations"),
    Column.ROLES: (scope.roles, "Audience"),
}
_AND: Final = re.compile(r"[,;/|&•\n]|\b(?:and|or)\b", re.IGNORECASE)
SAYS_DATE: Final = re.compile(
    r"\b(?:(?:first\s)?published|posted|issued|released|date|dated|source|on|by|the|of"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|\d{1,2}(?:st|nd|rd|th)"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b",
    re.IGNORECASE,
)
_WORDS: Final = 3  # fewer are a mark or a reference, which says nothing to a reader
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class Cells:
    """The lines of one row in each column, and what was said of those that have no place.

    unclear: what stands in the column of dates and is none.
    """

    of: dict[Column, list[Line]] = field(default_factory=dict)
    unclear: str = ""
    aside: Outcome = field(default_factory=Outcome)

    def words(self, column: Column) -> str:
        """The text of a column in one line, without addresses."""
        return " ".join(inline.words_only(line.runs) for line in self.of.get(column, ())).strip()

    def add(self, column: Column, written: Sequence[Line]) -> None:
        self.of.setdefault(column, []).extend(written)

    def say(self, *outcomes: Outcome) -> None:
        self.aside = Outcome.of((self.aside, *outcomes))


def sorted_cells(row: Row, layout: Layout, titles: Sequence[str]) -> Cells:
    """The cells of a row by column. titles: the headings of the table, if it has any."""
    cells = Cells()
    for index, written in enumerate(row):
        cell = tuple(references_apart(written))
        column = layout[index] if index < len(layout) else None
        title = titles[index].strip(" :") if index < len(titles) else ""
        if not cell:
            continue
        if column is None:
            _add_unknown(cells, title, cell)
        elif column is Column.MORE:
            cells.add(column, [_labelled(title, cell)])
        elif column is Column.TITLE:
            _add_title(cells, cell)
        elif column is Column.PUBLISHED:
            _add_date(cells, title, cell)
        elif column in _MEANT:
            _add_meant(cells, title, column, cell)
        else:
            cells.add(column, cell)
    return cells


def taken_apart(written: Sequence[Line]) -> list[Line]:
    """The lines, with heading and details of the same line as lines of their own."""
    found: list[Line] = []
    for line in written:
        pieces = layouts.glued(line.text)
        if len(pieces) == 1:
            found.append(line)
        else:
            found += [lines.make(inline.parse(piece), raw=piece) for piece in pieces]
    return found


def _add_title(cells: Cells, cell: Cell) -> None:
    """A title; the details, text and actions that stand below it in its cell go to the text."""
    written = taken_apart(cell)
    end = next((at for at, line in enumerate(written) if at and _ends_title(line)), len(written))
    cells.add(Column.TITLE, written[:end])
    if end < len(written):
        cells.of[Column.TEXT] = [*written[end:], *cells.of.get(Column.TEXT, ())]


def _ends_title(line: Line) -> bool:
    return bool(details.parse(line.text)) or is_sentence(line) or actions.is_action(line)


def _add_date(cells: Cells, title: str, cell: Cell) -> None:
    """A date of publication. A day without its year may be that of an event: it stays as text."""
    text = plain(cell)
    if find_date(text):
        cells.add(Column.PUBLISHED, cell)
        _say_beside(cells, text)
        return
    cells.unclear = text
    if next(find_yearless(text), None):
        cells.add(Column.MORE, [_labelled(title, cell)])
    else:
        cells.say(Outcome(dropped=(Dropped(text, DATE),)))


def _say_beside(cells: Cells, text: str) -> None:
    """What stands beside the date in its cell: "3 May 2026 (reviewed each year)"."""
    found = find_date(text)
    rest = f"{text[: found.start]} {text[found.end :]}" if found else ""
    if _LETTERS.search(SAYS_DATE.sub("", rest)):
        cells.say(Outcome(dropped=(Dropped(text, BESIDE),)))


def _add_meant(cells: Cells, title: str, column: Column, cell: Cell) -> None:
    """Nations or readers; those that are none that an item can have are named."""
    cells.add(column, cell)
    says, label = _MEANT[column]
    parts = (part.strip() for part in _AND.split(cells.words(column)))
    unknown = [part for part in parts if _LETTERS.search(part) and not says(f"{label}: {part}")]
    if unknown:
        text = ", ".join(unknown)
        cells.say(Outcome(dropped=(Dropped(text, NOT_KNOWN),), warnings=(_left_out(title, text),)))


def _labelled(title: str, cell: Cell) -> Line:
    """A cell as a line of the text, after the heading of its column."""
    if details.parse(f"{title}: {plain(cell)}"):
        title = "When" if details.parse(f"{title}: 1 May 2026") else ""
    label = f"{title}:" if title else ""
    runs = [run for line in cell for run in (Run(" "), *line.runs)]
    return lines.make(inline.merge((Run(label), *runs)), gap=1)


def _add_unknown(cells: Cells, title: str, cell: Cell) -> None:
    """A cell of a column that nothing explains: its words are text, a mark is named as left out."""
    text = plain(cell)
    if inline.links([run for line in cell for run in line.runs]) or (
        len(_LETTERS.findall(text)) >= _WORDS
    ):
        cells.add(Column.MORE, [_labelled(title, cell)])
        return
    doubts = (_left_out(title, text),) if _LETTERS.search(text) else ()
    cells.say(Outcome(dropped=(Dropped(text, UNKNOWN),), warnings=doubts))


def _left_out(title: str, text: str) -> ItemWarning:
    where = f"column “{title[:80]}”" if title else "a column without a heading"
    return ItemWarning(
        "unknown_column",
        f"“{text[:80]}” of {where} is in no field. Put it in if readers need it.",
    )
