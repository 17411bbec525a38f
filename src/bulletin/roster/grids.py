"""Files that hold lists of people, as grids of text: CSV as it is pasted or saved, workbooks."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from bulletin.errors import InvalidInput
from bulletin.models.rosters import Choices, Sheet
from bulletin.roster.headings import FIELDS, field_of, recognised

_DELIMITERS = ",;\t"
_TOP = 40  # the headings stand among the first rows
_MAX_ROWS = 100_000
_MAX_COLUMNS = 100
_MAX_SHEETS = 50


def sheet_of_text(lines: Iterable[str], name: str) -> Sheet:
    """A CSV file, or rows pasted from a spreadsheet. lines: as `open_roster` gives them.

    Raises InvalidInput for what cannot be read, and for more rows than a page can show.
    """
    try:
        text = list(islice(lines, _MAX_ROWS + 1))
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "The file is not the text it says it is. Save it as CSV UTF-8."
        ) from error
    _check_size(len(text))
    if text and text[0].startswith("sep="):  # Excel's own hint, in row 1
        text[0] = "\n"
    top = text[:_TOP]
    mark = max(
        _DELIMITERS, key=lambda mark: max((_known_in(line, mark) for line in top), default=0)
    )
    reader = csv.reader(text, delimiter=mark)
    rows: dict[int, tuple[str, ...]] = {}
    row = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows[row] = _bounded(cells, row)
            row = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(
            f"Row {row} cannot be read: {error}. Is a quotation mark left open?"
        ) from error
    return Sheet(name, rows)


def _known_in(line: str, mark: str) -> int:
    """How many headings a line has when it is cut at a mark."""
    try:
        return recognised(next(csv.reader([line], delimiter=mark), []), {})
    except csv.Error:
        return 0


def sheets_of_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook (.xlsx) that hold something.

    data: an archive that was found harmless. Raises InvalidInput for a damaged one.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  # slow to load, rarely needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a workbook lacks besides its cells is no matter
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            shown = [one for one in book.worksheets if one.sheet_state == "visible"]
            found = [_sheet(one) for one in shown[:_MAX_SHEETS]]
    except InvalidInput:
        raise
    except Exception as error:  # of a damaged file the library raises anything
        raise InvalidInput(
            "This spreadsheet is damaged. Open it, save it again as .xlsx and bring that."
        ) from error
    return [sheet for sheet in found if sheet.rows]


def _sheet(worksheet: Any) -> Sheet:
    rows: dict[int, tuple[str, ...]] = {}
    every = worksheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True)
    for number, values in enumerate(islice(every, _MAX_ROWS + 1), 1):
        _check_size(number)
        cells = [_written(value) for value in values]
        if any(map(str.strip, cells)):
            rows[number] = tuple(cells)
    return Sheet(str(worksheet.title), rows)


def _written(value: Any) -> str:
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _bounded(cells: Sequence[str], row: int) -> tuple[str, ...]:
    if len(cells) > _MAX_COLUMNS:
        raise InvalidInput(f"Row {row} has {len(cells):,} cells; up to {_MAX_COLUMNS} can be read.")
    return tuple(cells)


def _check_size(rows: int) -> None:
    if rows > _MAX_ROWS:
        raise InvalidInput(
            f"The list has more than {_MAX_ROWS:,} rows. Cut it into several files, or bring it in "
            "with: bulletin subscribers import FILE"
        )


def settled_choices(
    sheets: Sequence[Sheet], choices: Choices
) -> tuple[int, int, Mapping[int, str]]:
    """(sheet, row of headings, field by column): what was chosen, else what the file looks like.

    Raises InvalidInput if there is nothing in it, or a choice is not of this file.
    """
    if not sheets:
        raise InvalidInput("The file is empty: there is no row in it.")
    at = choices.sheet if choices.sheet is not None else max(
        range(len(sheets)), key=lambda place: _headings_in(sheets[place])[0]
    )  # fmt: skip
    if not 0 <= at < len(sheets):
        raise InvalidInput(f"The file has no sheet {at + 1}.")
    rows = sheets[at].rows
    heading = choices.heading if choices.heading is not None else _headings_in(sheets[at])[1]
    if heading not in rows:
        raise InvalidInput(f"Row {heading} of '{sheets[at].name}' is empty: it holds no headings.")
    columns = choices.columns if choices.columns is not None else _guessed(sheets[at], heading)
    return at, heading, columns


def _headings_in(sheet: Sheet) -> tuple[int, int]:
    """How many headings we know stand in one row, and which row that is."""
    top = islice(sheet.rows.items(), _TOP)
    most, row = max(((recognised(cells, {}), -number) for number, cells in top), default=(0, -1))
    return most, -row


def _guessed(sheet: Sheet, heading: int) -> dict[int, str]:
    """What each column is by its heading; the addresses, else, by what they look like."""
    found = _by_name(sheet.rows[heading])
    if "email" not in found.values():
        below = [cells for row, cells in sheet.rows.items() if row > heading][:_TOP]
        signs = {
            at: sum("@" in cells[at] for cells in below if at < len(cells))
            for at, field in found.items()
            if not field
        }
        at = max(signs, key=lambda column: signs[column], default=None)
        if at is not None and signs[at] * 2 > len(below):
            found[at] = "email"
    return found


def _by_name(headings: Sequence[str]) -> dict[int, str]:
    """The first column of each field that its heading names."""
    found: dict[int, str] = {}
    for at, heading in enumerate(headings):
        name = field_of(heading)
        found[at] = name if name and name not in found.values() else ""
    return found


def lines_of(
    sheet: Sheet, heading: int, columns: Mapping[int, str], choices: Choices
) -> Iterator[str]:
    """The list as `read_roster` takes it: each line stands where its row stood in the file.

    Columns that nothing is read from are left out, what was mended says what it should, and rows
    that were left out are blank.
    """
    used = [(at, name) for at, name in sorted(columns.items()) if name in FIELDS]
    yield from ("\n" for _ in range(1, heading))
    yield _line([name for _, name in used])
    last = heading
    for number, cells in sheet.rows.items():
        if number <= heading:
            continue
        yield from ("\n" for _ in range(last + 1, number))
        last = number
        if number in choices.left_out:
            yield "\n"
            continue
        mends = choices.mends.get(number, {})
        yield _line([mends.get(name, cells[at] if at < len(cells) else "") for at, name in used])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([" ".join(cell.splitlines()) for cell in cells])
    return out.getvalue()
