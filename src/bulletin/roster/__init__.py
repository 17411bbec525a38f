"""The roster: lists of subscribers, read row by row and written back. Pure."""

from bulletin.roster.addresses import check_address
from bulletin.roster.decoding import open_roster
from bulletin.roster.grids import lines_of, settled_choices, sheet_of_text, sheets_of_workbook
from bulletin.roster.headings import FIELDS, REQUIRED
from bulletin.roster.reading import read_roster
from bulletin.roster.writing import write_roster

__all__ = [
    "FIELDS",
    "REQUIRED",
    "check_address",
    "lines_of",
    "open_roster",
    "read_roster",
    "settled_choices",
    "sheet_of_text",
    "sheets_of_workbook",
    "write_roster",
]
