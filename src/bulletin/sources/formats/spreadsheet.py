"""Spreadsheets (.xlsx, ECMA-376) -> tables of news, with the links of their cells."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader

from bulletin.errors import InvalidInput
from bulletin.models.days import spoken_date
from bulletin.models.items import Dropped
from bulletin.sources.formats.archive import Packed
from bulletin.sources.formats.decoding import Amount, clean
from bulletin.sources.formats.furniture import PICTURE
from bulletin.sources.formats.markup import Markup, Table, lines_of_cell
from bulletin.sources.formats.sheets import MAX_COLUMNS, Sheet, sheet_of, tree
from bulletin.sources.tables.columns import columns
from bulletin.sources.text import inline, lines
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Line

HIDDEN: Final = "Hidden in the spreadsheet."
COMMENT: Final = "A comment in the spreadsheet."
_MAX_SHEETS: Final = 200
_MAX_LOOKS: Final = 60_000  # tags of styles, names and the like
_CELLS: Final = re.compile(rb"</?(?:x:)?(?:row|[cftvr]|is|si|rPr)[\s/>]")
_LONG: Final = re.compile(rb"<[^<]{200000}")  # cells have up to 32,767 characters
# Threads are written a second time as plain comments, for older programs.
_COMMENTS: Final = re.compile(r"xl/(?:comments/)?comments?\d{0,6}\.xml", re.IGNORECASE)
_DRAWINGS: Final = re.compile(r"xl/drawings/drawing\d{0,6}\.xml", re.IGNORECASE)
_TOP: Final = 40  # the row of headings stands among the first
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})

Cell = tuple[Line, ...]


def read_spreadsheet(packed: Packed) -> Markup:
    """The tables of a workbook, one for each sheet, and the lines above their headings.

    Hidden sheets, rows and columns are left out: whoever hid them, or filtered the rest, did not
    mean them. Raises InvalidInput for a damaged workbook and for one built to do harm
    (requirement 73).
    """
    try:
        with ZipFile(io.BytesIO(packed.data)) as archive:
            _refuse_looks(archive)
            return _read(archive, packed.data)
    except InvalidInput:
        raise
    except Exception as error:  # of a damaged file the library raises anything
        raise InvalidInput(
            "This spreadsheet is damaged. Open it, save it again as .xlsx and import that."
        ) from error


def _refuse_looks(archive: ZipFile) -> None:
    """Raises InvalidInput for what takes the library far longer to read than cells."""
    looks = 0
    for name in archive.namelist():
        content = archive.read(name)
        looks += content.count(b"<") - sum(1 for _ in _CELLS.finditer(content))
        if looks > _MAX_LOOKS:
            raise InvalidInput(
                "This spreadsheet has far too many styles or names. Copy the news and paste it."
            )
        # The library reads piece by piece, and begins again with what is not over in a piece.
        if _LONG.search(content):
            raise InvalidInput(
                "This spreadsheet has a cell with far more text than Excel takes. Paste its news."
            )


def _read(archive: ZipFile, data: bytes) -> Markup:
    # Reading cell by cell neither spreads merged cells nor links over all that they cover, which
    # a few bytes can make millions.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a workbook lacks besides its cells is no matter
        sheets = _sheets(data)
    parts: list[Line | Table] = []
    dropped: list[Dropped] = []
    amount = Amount()
    for sheet in sheets:
        # Where the links of its cells are told, the library says to nobody.
        extra = sheet_of(archive, str(sheet._worksheet_path))  # noqa: SLF001  # see above
        rows, hidden = _rows(sheet, extra, amount)
        if sheet.sheet_state != "visible":
            hidden, rows = [*(_plain(row) for row in rows), *hidden], []
        parts += _parts(rows)
        dropped += [Dropped(text, HIDDEN) for text in hidden if text]
    dropped += [Dropped(text, COMMENT) for text in _texts(archive, _COMMENTS, "comment")]
    dropped += [Dropped(text, PICTURE) for text in _texts(archive, _DRAWINGS, "txBody")]
    return Markup(tuple(parts), tuple(dropped))


def _texts(archive: ZipFile, parts: re.Pattern[str], tag: str) -> Iterator[str]:
    """What such elements say, in all sheets: what people noted beside cells, or wrote over them."""
    for name in filter(parts.fullmatch, archive.namelist()):
        for element in tree(archive, name).iter(f"{{*}}{tag}"):
            pieces = (
                one.text or "" if one.tag.endswith("t") else " "
                for one in element.iter("{*}t", "{*}p")
            )
            if text := inline.tidy(clean("".join(pieces))):
                yield text


def _sheets(data: bytes) -> list[Any]:
    """The sheets of a workbook. Raises InvalidInput for too many, or for one under many names."""
    reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    paths = [str(relation.target) for _, relation in reader.parser.find_sheets()]
    if len(paths) > _MAX_SHEETS or len(set(paths)) < len(paths):
        raise InvalidInput("This spreadsheet has far too many sheets. Copy the news and paste it.")
    reader.read()
    return list(reader.wb.worksheets)


def _rows(sheet: Any, extra: Sheet, amount: Amount) -> tuple[list[list[Cell]], list[str]]:
    """The rows that show something, and the text of those that are hidden."""
    shown: list[list[Cell]] = []
    hidden: list[str] = []
    amount.add(lines=max(extra.last, extra.cells))
    if extra.width > MAX_COLUMNS:
        raise InvalidInput(
            f"This spreadsheet has {extra.width:,} columns, far more than a table of news. Delete "
            "what stands far to the right, or copy the news and paste it."
        )
    # The library fills up to the size that a sheet says it has; what comes below is no cell.
    every = sheet.iter_rows(max_row=extra.last or 1, max_col=extra.width or 1)
    for number, row in enumerate(islice(every, extra.last), 1):
        filled = [cell for cell in row if _is_filled(cell, extra)]
        amount.add(lines=0, characters=sum(len(_written(cell.value)) for cell in filled))
        found = {cell.column: _cell(cell, extra) for cell in filled}
        away = set(found) if number in extra.hidden_rows else extra.hidden_columns & set(found)
        hidden.append(_plain([found.pop(column) for column in sorted(away)]))
        if any(found.values()):
            shown.append([found.get(column, ()) for column in range(1, max(found) + 1)])
    return _of_one_width(shown), [text for text in hidden if text]


def _is_filled(cell: Any, extra: Sheet) -> bool:
    return cell.value is not None or getattr(cell, "coordinate", "") in extra.links


def _of_one_width(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of one width, without columns that are empty from top to bottom."""
    width = max(map(len, rows), default=0)
    filled = [row + [()] * (width - len(row)) for row in rows]
    used = [column for column in range(width) if any(row[column] for row in filled)]
    return [[row[column] for column in used] for row in filled]


def _parts(rows: list[list[Cell]]) -> Iterator[Line | Table]:
    """The table from its headings on, and what stands above it as lines."""
    top = rows[:_TOP]
    start = next((i for i, row in enumerate(top) if columns([_plain([cell]) for cell in row])), 0)
    yield from (line for row in rows[:start] for cell in row for line in cell)
    if len(rows) > start:
        yield Table(tuple(tuple(row) for row in rows[start:]))


def _cell(cell: Any, extra: Sheet) -> Cell:
    address, words = extra.links.get(cell.coordinate, ("", ""))
    text = clean(_written(cell.value)).strip() or words
    if text in _ERRORS:
        text = words
    if not address:
        return lines_of_cell(text)
    shown = inline.tidy(text) or address
    return (lines.make((Run(shown, address, bare=shown == address),), raw=shown),)


def _written(value: Any) -> str:
    """A value as a person would write it."""
    if isinstance(value, datetime | date):
        return spoken_date(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _plain(row: Sequence[Cell]) -> str:
    return " | ".join(filter(None, (" ".join(line.text for line in cell) for cell in row)))
