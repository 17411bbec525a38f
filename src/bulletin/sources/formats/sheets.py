"""Sheets of a spreadsheet: where their cells lead, and what of them is hidden."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LINK: Final = re.compile(
    r"\s*HYPERLINK\(\s*\"([^\"]{1,2000})\"(?:\s*,\s*\"([^\"]{0,500})\")?", re.IGNORECASE
)
_NOTED: Final = ("{*}c", "{*}row", "{*}hyperlink", "{*}col")
MAX_COLUMNS: Final = 100
_LAST_ROW: Final = 1_048_576  # of Excel
_MAX_ADDRESS: Final = 2000


@dataclass(slots=True)
class Sheet:
    """What a sheet has besides values: where cells lead, and what is hidden.

    links: address and, of a formula, the text to show, by the name of the cell ("B7").
    row, column, filled: the row and cell that were read last, the last of its cells with something.
    last, width, cells: the last row and column with something in it, and the cells that have it.
    """

    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    row: int = 0
    column: int = 0
    filled: int = 0
    last: int = 0
    width: int = 0
    cells: int = 0


def sheet_of(packed: ZipFile, path: str) -> Sheet:
    """What the XML of a sheet says besides the values of its cells.

    path: of the part. Raises ValueError and the like for what no program writes.
    """
    found = Sheet()
    targets = _targets(packed, path)
    with packed.open(path.lstrip("/")) as stream:
        # `archive.harmless` has been here before: there are no entities in it.
        for _, element in etree.iterparse(
            stream, tag=_NOTED, resolve_entities=False, no_network=True
        ):
            _note(element, etree.QName(element).localname, targets, found)
    return found


def _note(element: Any, tag: str, targets: dict[str, str], found: Sheet) -> None:
    if tag == "c":
        _note_cell(element, found)
        element.clear()
    elif tag == "row":
        _note_row(element, found)
        element.clear()
    elif tag == "hyperlink":
        cell = element.get("ref", "").partition(":")[0]
        target = targets.get(element.get(_RELATION, ""), "")
        if 0 < len(target) <= _MAX_ADDRESS:
            found.links[cell] = (target, "")
            found.width = max(found.width, coordinate_to_tuple(cell)[1])
    elif _is_set(element.get("hidden")):
        first, last = int(element.get("min", 1)), int(element.get("max", 1))
        found.hidden_columns |= set(range(first, min(last, MAX_COLUMNS) + 1))


def _note_cell(cell: Any, found: Sheet) -> None:
    # A cell may leave its place out; then it follows the one before. So may a row.
    place = cell.get("r")
    found.column = coordinate_to_tuple(place)[1] if place else found.column + 1
    if not any(inner.text or len(inner) for inner in cell):
        return
    found.filled = max(found.filled, found.column)
    found.cells += 1
    formula = cell.find("{*}f")
    if formula is not None and (link := _LINK.match(formula.text or "")):
        found.links[place or ""] = (link[1], link[2] or "")


def _note_row(row: Any, found: Sheet) -> None:
    found.row = int(row.get("r") or found.row + 1)
    if found.row > _LAST_ROW:
        raise ValueError(found.row)
    if found.filled:
        found.last = max(found.last, found.row)
        found.width = max(found.width, found.filled)
        if _is_set(row.get("hidden")):
            found.hidden_rows.add(found.row)
    found.column = found.filled = 0


def _is_set(value: str | None) -> bool:
    return value in {"1", "true"}


def _targets(packed: ZipFile, path: str) -> dict[str, str]:
    """Where the links of a sheet lead, by their keys."""
    folder, name = posixpath.split(path.lstrip("/"))
    part = f"{folder}/_rels/{name}.rels"
    if part not in packed.namelist():
        return {}
    return {
        str(one.get("Id")): str(one.get("Target"))
        for one in tree(packed, part)
        if one.get("TargetMode") == "External"
    }


def tree(packed: ZipFile, part: str) -> Any:
    """The XML of a part. Raises etree.XMLSyntaxError if it is damaged."""
    # `archive.harmless` has been here before: there are no entities in it.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(packed.read(part), parser)  # so it is safe
