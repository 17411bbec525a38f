"""The roster: lists of subscribers as CSV, read row by row and written back. Pure."""

from bulletin.roster.addresses import check_address
from bulletin.roster.decoding import open_roster
from bulletin.roster.headings import FIELDS
from bulletin.roster.reading import read_roster
from bulletin.roster.writing import write_roster

__all__ = ["FIELDS", "check_address", "open_roster", "read_roster", "write_roster"]
