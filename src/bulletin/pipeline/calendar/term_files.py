"""Term files: terms out of what somebody pastes or uploads, all of them or none.

A table (commas, semicolons or tabs between its columns, with headings) or a calendar file
(iCalendar, RFC 5545). Every row that cannot be read is said, with its number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.items import Nation
from bulletin.models.nations import UK, nations_named
from bulletin.models.terms import TermDraft
from bulletin.pipeline.written_days import written_day

MOST_ROWS = 1_000
_LONGEST = 200  # characters of a name
_LONGEST_TERM = timedelta(days=200)
_YEARS = range(2000, 2101)
# "Half term 2" is a stretch of school in some calendars; "October half term" is none.
_NO_TERM = re.compile(
    r"\b(half[\s-]?term(?! [1-6]\b)|holidays?|break|inset|training day|closed|vacation)\b",
    re.IGNORECASE,
)
_HEADINGS: Mapping[str, frozenset[str]] = {
    "nation": frozenset({"nation", "country", "where"}),
    "authority": frozenset({"local authority", "authority", "la", "council", "area"}),
    "name": frozenset({"name", "term", "what", "summary"}),
    "first": frozenset({"first day", "first", "start", "starts", "begins", "from", "start date"}),
    "last": frozenset({"last day", "last", "end", "ends", "to", "until", "end date"}),
}
_NEEDED = ("name", "first", "last")


@dataclass(frozen=True, slots=True)
class RowTrouble:
    """Why a row cannot be used. row counts from 1 at the headings, or at the first event."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadTerms:
    """What a text holds. With troubles, none of it is to be kept."""

    terms: tuple[TermDraft, ...] = ()
    troubles: tuple[RowTrouble, ...] = ()


def read_terms(text: str, nation: Nation | None, authority: str) -> ReadTerms:
    """Terms in a text. nation, authority: of rows that do not say; calendar files never do.

    Raises InvalidInput if the text is no table and no calendar file, or too long.
    """
    clean = text.lstrip("\ufeff").strip()
    if not clean:
        raise InvalidInput("Paste a table of terms, or choose a file.")
    if clean[:15].upper() == "BEGIN:VCALENDAR":
        if nation is None:
            raise InvalidInput("Choose the nation that this calendar file is for.")
        return _collected(enumerate(_events(clean), start=1), nation, authority)
    return _collected(_rows(clean, says_nation=nation is None), nation, authority)


def a_term(row: Mapping[str, str], nation: Nation | None, authority: str) -> TermDraft:
    """A term out of its fields as they are written: nation, authority, name, first, last.

    nation, authority: for a row that says none. Raises InvalidInput.
    """
    (one,) = _drafts(row, nation, authority, one_nation=True)
    return one


def _collected(
    rows: Iterator[tuple[int, Mapping[str, str]]] | enumerate[Mapping[str, str]],
    nation: Nation | None,
    authority: str,
) -> ReadTerms:
    terms: list[TermDraft] = []
    troubles: list[RowTrouble] = []
    for number, row in rows:
        try:
            new = _drafts(row, nation, authority)
            check_apart(terms, new)
            terms += new
        except InvalidInput as error:
            troubles.append(RowTrouble(number, str(error)))
    if not terms and not troubles:
        raise InvalidInput("There is no term in it: it has headings and nothing below them.")
    return ReadTerms(() if troubles else tuple(terms), tuple(troubles))


def check_apart(kept: Sequence[TermDraft], new: Sequence[TermDraft]) -> None:
    """Raises InvalidInput if a new term overlaps one of the same place."""
    for draft in new:
        for other in kept:
            same = other.nation == draft.nation
            same = same and other.authority.casefold() == draft.authority.casefold()
            if same and draft.first <= other.last and other.first <= draft.last:
                raise InvalidInput(
                    f"{draft.name} overlaps {other.name} of {other.place}. "
                    "Remove one of them, or mend its days."
                )


def _drafts(
    row: Mapping[str, str], nation: Nation | None, authority: str, *, one_nation: bool = False
) -> list[TermDraft]:
    """Raises WrongFields for the first field that is wrong."""
    nations = _nations(row.get("nation", "").strip(), nation)
    if len(nations) != 1 and (one_nation or not nations):
        raise WrongFields({
            "nation": "It does not say for which nation it is. "
            "Write England, Wales, Scotland or Northern Ireland."
        })  # fmt: skip
    name = _name(row.get("name", ""))
    council = " ".join((row.get("authority", "") or authority).split())
    if len(council) > _LONGEST or not council.isprintable():
        raise WrongFields({"authority": f"A local authority's name has up to {_LONGEST} letters."})
    first, last = _day(row, "first"), _day(row, "last")
    _check_days(first, last)
    return [TermDraft(each, council, name, first, last) for each in nations]


def _nations(said: str, otherwise: Nation | None) -> list[Nation]:
    if not said:
        return [otherwise] if otherwise else []
    return [nation for nation in nations_named(said[:60]) if nation in UK]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise WrongFields({"name": "It has no name. Write one, such as Autumn term 2026."})
    if len(name) > _LONGEST or not name.isprintable():
        raise WrongFields({"name": f"A term's name has up to {_LONGEST} letters."})
    if _NO_TERM.search(name):
        raise WrongFields({
            "name": f"'{name}' looks like a holiday. Bring in terms, which are the days of school."
        })  # fmt: skip
    return name


def _day(row: Mapping[str, str], which: str) -> date:
    text = row.get(which, "").strip()
    if not text:
        raise WrongFields({which: f"It has no {which} day."})
    try:
        day = written_day(text[:60])
    except InvalidInput as error:
        raise WrongFields({which: str(error)}) from error
    if day.year not in _YEARS:
        raise WrongFields({which: "Its days are in no year from 2000 to 2100."})
    return day


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise WrongFields({"last": "Its last day comes before its first."})
    if last - first > _LONGEST_TERM:
        raise WrongFields({"last": "It is longer than half a year. Give each term by itself."})


def _rows(text: str, *, says_nation: bool) -> Iterator[tuple[int, Mapping[str, str]]]:
    head = text.splitlines()[0]
    between = max("\t;,", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    try:
        columns = _columns(next(lines), ("nation", *_NEEDED) if says_nation else _NEEDED)
        for number, cells in enumerate(lines, start=2):
            if number > MOST_ROWS:
                raise InvalidInput(f"It has more than {MOST_ROWS:,} rows.")
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise InvalidInput(f"The table cannot be read: {error}.") from error


def _columns(headings: Sequence[str], needed: Sequence[str]) -> list[str]:
    found = []
    for heading in headings:
        plain = " ".join(heading.casefold().replace("_", " ").split())
        found.append(next((key for key, names in _HEADINGS.items() if plain in names), plain))
    missing = [key for key in needed if key not in found]
    if missing:
        words = ", ".join(f"{key} day" if key in {"first", "last"} else key for key in missing)
        raise InvalidInput(
            "The first line has to name the columns: nation, local authority, name, first day, "
            f"last day. It does not name: {words}."
        )
    return found


def _events(text: str) -> Iterator[Mapping[str, str]]:
    """The events of a calendar file, as rows."""
    event: dict[str, str] | None = None
    for count, line in enumerate(_unfolded(text)):
        if count > MOST_ROWS * 30:
            raise InvalidInput(f"It has more than {MOST_ROWS:,} events.")
        name, _, value = line.partition(":")
        key = name.partition(";")[0].upper()
        if (key, value.strip().upper()) == ("BEGIN", "VEVENT"):
            event = {}
        elif (key, value.strip().upper()) == ("END", "VEVENT") and event is not None:
            yield _row_of(event)
            event = None
        elif event is not None:
            event.setdefault(key, value)


def _unfolded(text: str) -> Iterator[str]:
    """Logical lines: one that begins with a space or tab goes on the line before (section 3.1)."""
    whole = re.sub(r"\r?\n[ \t]", "", text)
    return iter(whole.splitlines())


def _row_of(event: Mapping[str, str]) -> Mapping[str, str]:
    # Commas, semicolons and line ends are escaped by a backslash (section 3.3.11).
    name = re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", " ", event.get("SUMMARY", "")))
    first, last = event.get("DTSTART", ""), event.get("DTEND", "")
    return {
        "name": name,
        "first": _plain_day(first),
        "last": _plain_day(last, is_end=True) if last else _plain_day(first),
    }


def _plain_day(value: str, *, is_end: bool = False) -> str:
    """`20260901` or `20260901T000000Z` as 2026-09-01. The end of whole days is the day after
    (section 3.6.1), so a day is taken from it."""
    digits = value.strip()
    try:
        day = datetime.strptime(digits[:8], "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return digits
    whole_days = len(digits) == 8
    return (day - timedelta(days=1) if is_end and whole_days else day).isoformat()
