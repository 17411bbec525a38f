"""Lost tables: the names of columns, of a table that came as a line for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bulletin.sources.tables import rows
from bulletin.sources.tables.columns import column
from bulletin.sources.text.lines import Kind, Line

_TOP: Final = 12  # lines
_LEAST: Final = 2


def column_names(lines: Sequence[Line]) -> dict[int, str]:
    """Lines in a row at the top that are nothing but names of columns, of several kinds."""
    found: list[int] = []
    for at, line in enumerate(lines[:_TOP]):
        if _is_name(line) and (not found or (found[-1] == at - 1 and line.gap <= 1)):
            found.append(at)
        elif found:
            break
    known = {kind for at in found if (kind := column(lines[at].text))}
    more = found and found[-1] + 1 < len(lines)
    return dict.fromkeys(found, rows.HEADINGS) if more and len(known) >= _LEAST else {}


def _is_name(line: Line) -> bool:
    plain = line.kind is Kind.TEXT and line.text[-1] not in ".?!"
    return plain and column(line.text) is not None
