"""Undated: what to tell of an item that gives no date of publication as such."""

from __future__ import annotations

import re
from typing import Final

from bulletin.models.items import ItemWarning
from bulletin.sources.fields.dates import find_date
from bulletin.sources.fields.details import Details

# A sentence says of something in it when that appeared: most likely the news itself.
_APPEARED: Final = re.compile(
    r"\b(?:published|issued|released|launched|announced)\b[^.!?\n]{0,80}?\bon\s(?=[\w\s]{0,14}\d)"
)
_REACH: Final = 40  # characters of a date


def doubt(found: Details, text: str) -> ItemWarning:
    """The doubt `no_date`. found: what details give; text: all that the item says."""
    return ItemWarning("no_date", _message(found, text))


def _message(found: Details, text: str) -> str:
    if found.unclear:
        return f"“{found.unclear}” names no day: put the date of publication in if you know it."
    for said in _APPEARED.finditer(text):
        day = find_date(text[said.end() : said.end() + _REACH])
        if day and not day.start:
            written = text[said.end() :][: day.end]
            return (
                f"The text says what appeared on {written}, but not that it is the date of this "
                f"news. If it is, set {day.day}."
            )
    return "The text gives no date of publication. Put it in if you know it."
