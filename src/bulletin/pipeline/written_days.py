"""Written days: what an editor writes for a day, in the forms that an import reads. Pure."""

from __future__ import annotations

from datetime import date

from bulletin.errors import InvalidInput
from bulletin.sources.fields.dates import find_dates

_FORMS = "2026-12-18, 18/12/2026 or 18 December 2026"


def written_day(text: str) -> date:
    """The day that a text is; 03/04/2026 is the third of April. Raises InvalidInput."""
    words, day = words_and_day(text)
    if words or day is None:
        raise InvalidInput(f"'{text}' is no date; write it like {_FORMS}.")
    return day


def words_and_day(text: str) -> tuple[str, date | None]:
    """The day that a text ends in, if it does, and the words before it.

    Raises InvalidInput if the weekday beside it is not its own.
    """
    whole = " ".join(text.split()).rstrip(".")
    for found in find_dates(whole):
        if found.end == len(whole):
            if found.doubt:
                raise InvalidInput(found.doubt)
            return whole[: found.start].rstrip(), found.day
    return whole, None
