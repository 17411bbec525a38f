"""Dates as they are written in the UK: day first, months in words or figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NUMBERS: Final = {month: number for number, month in enumerate(_MONTHS, 1)}
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAME: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY_NAME: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_WEEKDAY: Final = rf"(?:(?P<weekday>{_WEEKDAY_NAME})\.?,?\s{{1,3}}(?:the\s)?)?"
_TIME: Final = (
    r"(?:(?:,?\s{1,3}(?:at\s|@\s?)?|,\s?)\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]m)?(?:\s(?:GMT|BST|UTC))?\b"
    r"|,?\s{1,3}at\s\d{1,2}\s?[ap]m\b)?"
)
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:\d{4}|['’]\d{2})"
# The letters that a weekday or month begins with: most words are passed over at once.
_BEGINS: Final = r"(?=\d|[mtwfsjaond][acehopru][bcdegilnprtuvy])"
_DATE: Final = re.compile(
    rf"\b{_BEGINS}(?<!\d[./-]){_WEEKDAY}(?:"
    rf"(?P<d1>\d{{1,2}}){_ORDINAL}(?:\s{{1,3}}(?:of\s)?|-)(?P<m1>{_MONTH_NAME})(?:,?\s{{1,3}}|-)(?P<y1>{_YEAR})"
    rf"|(?P<m2>{_MONTH_NAME})\s{{1,3}}(?P<d2>\d{{1,2}}){_ORDINAL},?\s{{1,3}}(?P<y2>{_YEAR})"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|(?P<d4>\d{1,2})(?P<sep>[/.-])(?P<m4>\d{1,2})(?P=sep)(?P<y4>\d{4}|\d{2})"
    rf"){_TIME}(?!\w|[./-]\d)",
    re.IGNORECASE,
)
# What speaks of a day without saying which: no year, no day, or counted from a day unknown.
_AGO: Final = (
    r"(?:\d{1,3}|an?|one|two|three|a\sfew)\s?(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|[hdw])\sago"
    r"|\d{1,3}[hdw]\b(?=\s|\Z)|yesterday|today|just\snow|(?:last|this)\s(?:week|month)"
)
_DAY_AND_MONTH: Final = (
    rf"(?:{_WEEKDAY_NAME},?\s)?(?:the\s)?\d{{1,2}}{_ORDINAL}\s(?:of\s)?{_MONTH_NAME}(?!\w)"
    rf"|{_MONTH_NAME}\s\d{{1,2}}(?:st|nd|rd|th)?(?!\w)"
)
_YEARLESS: Final = re.compile(rf"\b{_BEGINS}(?:{_DAY_AND_MONTH})(?!,?\s\d{{4}})", re.IGNORECASE)
_INCOMPLETE: Final = re.compile(
    rf"\b(?:(?P<ago>{_AGO})"
    rf"|(?:{_DAY_AND_MONTH})(?:,?\s\d{{4}})?"
    rf"|(?:{_MONTH_NAME}|spring|summer|autumn|winter)(?:\sterm)?,?\s(?:19|20)\d{{2}})(?!\w)",
    re.IGNORECASE,
)

# Most text has no date: these are much faster than to look for one at every word.
_HINT: Final = re.compile(r"\d{4}|\d[/.-]\d|['’]\d{2}")
_MAY_BE_INCOMPLETE: Final = re.compile(
    r"\d|\bago\b|yesterday|today|just\snow|(?:last|this)\s(?:week|month)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands in the text.

    doubt: why it may be another day (the weekday beside it is not its own), or "".
    """

    day: date
    start: int
    end: int
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Words in place of a date that name no day: "4 November", "March 2026", "3 days ago"."""

    said: str
    start: int
    end: int
    relative: bool = False


@lru_cache(maxsize=20_000)  # several rules ask for the date of a line
def find_date(text: str) -> FoundDate | None:
    """The first date with day, month and year, or None. 03/04/2026 is the third of April."""
    return next(find_dates(text), None)


def find_dates(text: str) -> Iterator[FoundDate]:
    if not _HINT.search(text):
        return
    for match in _DATE.finditer(text):
        day = _day(match)
        if day:
            yield FoundDate(day, match.start(), match.end(), _doubt(match, day))


def find_incomplete(text: str) -> Incomplete | None:
    """The first words that stand for a date but name no certain day, or None."""
    if not _MAY_BE_INCOMPLETE.search(text):
        return None
    match = _INCOMPLETE.search(text)
    return Incomplete(match[0].strip(), *match.span(), bool(match["ago"])) if match else None


def find_yearless(text: str) -> Iterator[Incomplete]:
    """Days and months without a year, as in "4 November"."""
    lowered = text.lower()
    if not any(month in lowered for month in _MONTHS):
        return
    for match in _YEARLESS.finditer(text):
        yield Incomplete(match[0].rstrip(". "), *match.span())


def _day(match: re.Match[str]) -> date | None:
    which = next(number for number in "1234" if match[f"d{number}"])
    written, month = match[f"y{which}"].lstrip("'’"), match[f"m{which}"]
    year = int(written) if len(written) == 4 else 2000 + int(written)
    if not 1900 <= year < 2100:
        return None
    try:
        return date(year, _month_number(month), int(match[f"d{which}"]))
    except ValueError:
        return None


def _doubt(match: re.Match[str], day: date) -> str:
    said, its_own = match["weekday"], _DAYS[day.weekday()]
    if not said or its_own.lower().startswith(said[:3].lower()):
        return ""
    return f"“{match[0].strip()}” was a {its_own}. Look the date up."


def _month_number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return _NUMBERS[written[:3].lower()]
