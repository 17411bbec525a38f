"""Details: dates, figures and numbers of editions, by which two alike texts are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulletin.repeats.words import Words


class Kind(StrEnum):
    YEAR = "year"
    DAY = "day"
    PERIOD = "period"  # a month, a season, a quarter
    EDITION = "edition"  # part 2, issue 14
    TIME = "time"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Detail:
    """One of them. `value` is what is compared, `shown` is how the text has it."""

    kind: Kind
    value: str
    shown: str


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# Names that are nobody's.
CALENDAR: Final = frozenset(_MONTHS) | {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
}  # fmt: skip
_SEASONS: Final = frozenset({"spring", "summer", "autumn", "winter", "michaelmas", "easter"})
_COUNTED: Final = frozenset({
    "part", "volume", "vol", "issue", "number", "no", "week", "module", "phase", "chapter",
    "version", "edition", "stage", "session", "unit", "tier", "quarter", "series", "episode",
    "round", "wave", "level", "year", "ks", "case",
})  # fmt: skip
# Reviews call people by a letter: "Child R".
_LETTERED: Final = frozenset({"child", "baby", "family", "adult", "person", "mother", "case"})
_COUNTS: Final = {
    name: str(number)
    for number, names in enumerate(
        ("one i first", "two ii second", "three iii third", "four iv fourth", "five v fifth",
         "six vi sixth", "seven vii seventh", "eight viii eighth", "nine ix", "ten x"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
IS_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_YEARS: Final = re.compile(r"((?:19|20)\d\d)[/-](?:(?:19|20)?\d\d)\Z")
_NUMERIC_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d\d){1,2}\Z")
_ISO_DAY: Final = re.compile(r"(?:19|20)\d\d-(\d\d)-(\d\d)\Z")
_DAY: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\Z")
_TIME: Final = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:am|pm)\Z|\d{1,2}:\d\d\Z")
_QUARTERS: Final = frozenset("1234")
_BEGIN: Final = frozenset(_MONTHS) | _SEASONS | _COUNTED | _LETTERED | {"q"}
DIGITS: Final = frozenset("0123456789£$€")


def details(words: Words) -> list[Detail]:
    """What a text says in dates and figures, in order."""
    return list(_details(words))


def _details(words: Words) -> Iterator[Detail]:
    end = 0
    for at, word in enumerate(words.folded):
        if at < end or not (word in _BEGIN or word[0] in DIGITS):
            continue
        found = _day(words, at) or _edition(words, at) or _period(words, at) or _number(words, at)
        if found is not None:
            kind, value, size = found
            end = at + size
            yield Detail(kind, value, " ".join(words.raw[at:end]))


_Found = tuple[Kind, str, int] | None


def _day(words: Words, at: int) -> _Found:
    """A day of a month, either way round: `28 March 2024`, `March 28th`, `28/03/2024`."""
    here, after = words.folded[at], _word(words, at + 1)
    if numeric := _NUMERIC_DAY.match(here):
        return Kind.DAY, f"{int(numeric[1])}-{int(numeric[2])}", 1
    if iso := _ISO_DAY.match(here):
        return Kind.DAY, f"{int(iso[2])}-{int(iso[1])}", 1
    if after == "of" and _word(words, at + 2) in _MONTHS and (day := _DAY.match(here)):
        return Kind.DAY, f"{int(day[1])}-{_MONTHS[_word(words, at + 2)]}", 3
    if after in _MONTHS and (day := _DAY.match(here)):
        return Kind.DAY, f"{int(day[1])}-{_MONTHS[after]}", 2
    if here in _MONTHS and (day := _DAY.match(after)) and _word(words, at + 2) not in _MONTHS:
        return Kind.DAY, f"{int(day[1])}-{_MONTHS[here]}", 2
    return (Kind.TIME, here.replace(".", ":"), 1) if _TIME.match(here) else None


def _edition(words: Words, at: int) -> _Found:
    after = _word(words, at + 1)
    if words.folded[at] in _COUNTED and (after in _COUNTS or (after.isdigit() and len(after) < 4)):
        return Kind.EDITION, f"{words.folded[at]} {_COUNTS.get(after, after)}", 2
    if words.folded[at] in _LETTERED and _is_letter(words.raw[at + 1 : at + 2]):
        return Kind.EDITION, f"{words.folded[at]} {after[0]}", 2
    return None


def _is_letter(after: tuple[str, ...]) -> bool:
    """Whether a letter for a name comes next; "I" is whoever writes."""
    name = "".join(after).removesuffix("'s")
    return len(name) == 1 and name.isalpha() and name.isupper() and name != "I"


def _period(words: Words, at: int) -> _Found:
    here = words.folded[at]
    capital = words.raw[at][0].isupper()
    if here in _MONTHS and (len(here) > 3 or here == "may") and capital:
        # "May" and "March" open sentences, too; a month has a number or a name's place.
        certain = (
            here not in {"may", "march"} or words.named[at] or IS_YEAR.match(_word(words, at + 1))
        )
        return (Kind.PERIOD, str(_MONTHS[here]), 1) if certain else None
    if here in _SEASONS and _word(words, at + 1) in {"term", "half"}:
        return Kind.PERIOD, here, 2
    if here in _SEASONS and IS_YEAR.match(_word(words, at + 1)):
        return Kind.PERIOD, here, 1
    if here == "q" and _word(words, at + 1) in _QUARTERS:
        return Kind.PERIOD, f"quarter {words.folded[at + 1]}", 2
    return None


def _number(words: Words, at: int) -> _Found:
    here = words.folded[at]
    if IS_YEAR.match(here):
        return Kind.YEAR, here, 1
    if years := _YEARS.match(here):
        return Kind.YEAR, years[1], 1
    if not any(map(str.isdigit, here)):
        return None
    return Kind.FIGURE, here.lstrip("£$€").replace(",", ""), 1


def _word(words: Words, at: int) -> str:
    return words.folded[at] if at < len(words) else ""
