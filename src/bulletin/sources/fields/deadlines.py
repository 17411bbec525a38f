"""Deadlines: the date by which a text asks for something, or from which a rule is in force.

Each date is judged by the words before it in its own sentence; where none asks, there is none. The
day of an event asks for nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from bulletin.models.items import Deadline, ItemWarning
from bulletin.sources.fields import asking
from bulletin.sources.fields.asking import Place, Weight
from bulletin.sources.fields.dates import find_dates, find_yearless


@dataclass(frozen=True, slots=True)
class FoundDeadline:
    """The deadline of a text, or None, and the doubts about it."""

    deadline: Deadline | None = None
    warnings: tuple[ItemWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    """A date in the text. day: None if its year is not said. said: as written."""

    said: str
    day: date | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    weight: Weight
    says: str
    mention: _Mention


_HOUR: Final = (
    r"\d{1,2}(?:[.:]\d{2})?\s?[ap]m|\d{1,2}[.:]\d{2}|(?:12\s)?(?:noon|midnight|midday)|"
    r"close\sof\s(?:business|play)|the\send\sof"
)
_GAP: Final = re.compile(
    rf"(?:[\s:,(*–—-]|\b(?:on|at|the|is|of|now|be|{_HOUR})(?![\w.])){{1,16}}\Z", re.IGNORECASE
)
_PREP: Final = re.compile(
    r"(?<![\w-])(?P<prep>no\slater\sthan|not\slater\sthan|on\sor\sbefore|by|before|until|till|up\sto|from|to|"
    r"between|as\sof)(?:\sor\son)?\Z",
    re.IGNORECASE,
)
_CONNECTOR: Final = re.compile(
    rf"[\s,]*(?:(?:{_HOUR})[\s,]*)?(?:to|until|till|through\sto|and|[-–—])\s(?:(?:{_HOUR})\s)?(?:on\s)?\Z"
    r"|\s?[-–—]\s?\Z",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?]\s|\n")
_REACH: Final = 200
_MOST: Final = 40
_SHORT: Final = 40


def find_deadline(text: str, *, published: date | None = None) -> FoundDeadline:
    """The date by which a text asks for something, or from which a rule binds.

    text:      the words of one item, a line to each paragraph.
    published: its date of publication, for the proposal of a year that the text leaves out.
    A date without a year is not completed: it is a warning `unsure_deadline`, as are several
    dates that ask alike, of which the first to come is taken.
    """
    mentions = list(islice(_mentions(text), _MOST))
    candidates = [
        found
        for index, mention in enumerate(mentions)
        if (found := _judged(text, mentions, index, mention))
    ]
    if not candidates:
        return FoundDeadline()
    heaviest = max(one.weight for one in candidates)
    best = [one for one in candidates if one.weight == heaviest]
    dated = {one.mention.day: one for one in reversed(best) if one.mention.day}
    if not dated:
        return FoundDeadline(None, (_without_year(best[0], published),))
    first = min(dated)
    says = dated[first].says
    doubts = (_several(dated[first], sorted(dated)),) if len(dated) > 1 else ()
    return FoundDeadline(Deadline(first, says), doubts)


def _mentions(text: str) -> Iterator[_Mention]:
    """The dates of a text in order, those without a year among them."""
    dated = islice(find_dates(text), _MOST)
    whole = [_Mention(text[one.start : one.end], one.day, one.start, one.end) for one in dated]
    taken = {at for one in whole for at in range(one.start, one.end)}
    open_ones = [
        _Mention(one.said, None, one.start, one.end)
        for one in islice(find_yearless(text), 2 * _MOST)
        if one.start not in taken and one.end - 1 not in taken
    ]
    return iter(sorted((*whole, *open_ones), key=lambda one: one.start))


def _judged(
    text: str, mentions: Sequence[_Mention], index: int, mention: _Mention
) -> _Candidate | None:
    above = mentions[index - 1] if index else None
    below = mentions[index + 1] if index + 1 < len(mentions) else None
    if below and _connects(text, mention, below):
        return None  # the beginning of a span
    spans = above is not None and _connects(text, above, mention)
    place = _place(text, above.start if above and spans else mention.start, mention.end, spans)
    found = asking.judged(place)
    return _Candidate(*found, mention) if found else None


def _connects(text: str, one: _Mention, other: _Mention) -> bool:
    between = text[one.end : other.start]
    if len(between) > _SHORT or not _CONNECTOR.match(between):
        return False
    opened = text[max(one.start - _SHORT, 0) : one.start].lower()
    return "and" not in between or "between" in opened


def _place(text: str, start: int, end: int, spans: bool) -> Place:
    before = text[max(start - _REACH, 0) : start]
    sentence = _SENTENCE_END.split(before)[-1]
    lead, prep = _without_prep(sentence)
    if not lead and not prep and before.endswith("\n"):
        above = before.rstrip().rsplit("\n", 1)[-1]
        if len(above) <= _SHORT:
            lead, prep = _without_prep(above)
    after = _SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]
    return Place(lead, prep, after, spans)


def _without_prep(sentence: str) -> tuple[str, str]:
    lead = _GAP.sub("", sentence.strip())
    found = _PREP.search(lead)
    if not found:
        return lead, ""
    return _GAP.sub("", lead[: found.start()].rstrip()), " ".join(found["prep"].lower().split())


def _several(taken: _Candidate, days: Sequence[date]) -> ItemWarning:
    others = ", ".join(day.isoformat() for day in days[1:])
    return ItemWarning(
        "unsure_deadline",
        f"The text gives several dates that ask for something: “{taken.mention.said}” was taken, "
        f"others are {others}. Set the one that counts.",
    )


def _without_year(found: _Candidate, published: date | None) -> ItemWarning:
    near = _next(found.mention.said, published) if published else None
    proposal = f" If it is {near.isoformat()}, set that." if near else " Set it with its year."
    return ItemWarning(
        "unsure_deadline",
        f"“{found.mention.said}” asks for something, but its year is not said.{proposal}",
    )


def _next(said: str, published: date) -> date | None:
    """The first day so named that does not lie before the date of publication."""
    for year in (published.year, published.year + 1):
        found = next(find_dates(f"{said} {year}"), None)
        if found and found.day >= published and not found.doubt:
            return found.day
    return None
