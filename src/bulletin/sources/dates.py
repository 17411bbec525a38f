"""Dates as they are written in the UK: day first, months in words or figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH: Final = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s{1,3})?"
)
_TIME: Final = r"(?:,?\s{1,3}(?:at\s)?\d{1,2}[:.]\d{2}(?:\s?[ap]m)?\b)?"
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
_DATE: Final = re.compile(
    rf"\b{_WEEKDAY}(?:"
    rf"(?P<d1>\d{{1,2}}){_ORDINAL}\s{{1,3}}(?:of\s)?{_MONTH.format('m1')},?\s{{1,3}}(?P<y1>\d{{4}})"
    rf"|{_MONTH.format('m2')}\s{{1,3}}(?P<d2>\d{{1,2}}){_ORDINAL},?\s{{1,3}}(?P<y2>\d{{4}})"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})(?:T\d{2}:\d{2}(?::\d{2})?Z?)?"
    r"|(?P<d4>\d{1,2})(?P<sep>[/.-])(?P<m4>\d{1,2})(?P=sep)(?P<y4>\d{4}|\d{2})"
    rf"){_TIME}\b",
    re.IGNORECASE,
)


# Most text has no date: this is much faster than to look for one at every word.
_HINT: Final = re.compile(r"\d{4}|\d[/.-]\d")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands in the text."""

    day: date
    start: int
    end: int


def find_date(text: str) -> FoundDate | None:
    """The first date with day, month and year, or None. 03/04/2026 is the third of April."""
    return next(find_dates(text), None)


def find_dates(text: str) -> Iterator[FoundDate]:
    if not _HINT.search(text):
        return
    for match in _DATE.finditer(text):
        day = _day(match)
        if day:
            yield FoundDate(day, match.start(), match.end())


def _day(match: re.Match[str]) -> date | None:
    which = next(number for number in "1234" if match[f"d{number}"])
    written, month = match[f"y{which}"], match[f"m{which}"]
    year = int(written) if len(written) == 4 else 2000 + int(written)
    if not 1900 <= year < 2100:
        return None
    try:
        return date(year, _month_number(month), int(match[f"d{which}"]))
    except ValueError:
        return None


def _month_number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(written[:3].lower()))
