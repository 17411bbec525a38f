"""Cells of a CSV file that a spreadsheet opens without running any of it (requirement 62)."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula, full-width forms included. A cell that already has our
# apostrophe before such a sign gets another, so that reading it back is exact.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def neutral(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
