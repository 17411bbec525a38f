"""Deadlines: the date by which a text asks for something, or from which a rule is in force.

Each date is judged by the words before it in its own sentence; where none asks, there is none. The
day of an event asks for nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import islice
from typing import Final

from bulletin.models.items import Deadline, ItemWarning
from bulletin.sources.dates import find_dates, find_yearless


class _Weight(IntEnum):
    """How plainly a date asks for something: the heaviest of a text is its deadline."""

    IN_FORCE = 1
    PROSE = 2
    LABEL = 3


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
class _Place:
    """What stands around a date in its sentence.

    lead: the words before it, without `prep` ("by", "from", "until") and the hour between.
    spans: whether the date ends a span of two ("3 March to 5 April").
    """

    lead: str
    prep: str
    after: str
    spans: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    weight: _Weight
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
_LABEL: Final = re.compile(
    r"\b(?:deadline|closing\sdate|close\sdate|cut-?off(?:\sdate)?|end\sdate|expiry(?:\sdate)?|"
    r"last\s(?:date|day)|due(?:\sdate)?|rsvp|(?:final|latest)\sdate)\b[^,;()]{0,60}\Z",
    re.IGNORECASE,
)
_OPENS: Final = (
    r"(?P<what>applications?|bookings?|calls?|competition|consultations?|entries|enrolment|evidence|"
    r"fund(?:ing)?|inquiry|nominations?|offer|poll|portal|registrations?|scheme|submissions?|survey|"
    r"questionnaire|voting|window)"
)
_OPEN: Final = re.compile(rf"\b{_OPENS}\b", re.IGNORECASE)
_CLOSES: Final = re.compile(
    r"\b(?P<verb>closes?|closing|ends?|ending|expires?)(?:\s(?:for|to)\s[^,;()]{1,50})?\Z",
    re.IGNORECASE,
)
_NOTHING_TO_ANSWER: Final = re.compile(
    r"\b(?:buildings?|cent(?:re|er)|colleges?|libraries|library|nurser(?:y|ies)|offices?|pools?|roads?|"
    r"schools?|site|terms?|years?|months?|weeks?|period|quarter|holidays?|contracts?)\s"
    r"(?:will\s|then\s|officially\s)?\Z",
    re.IGNORECASE,
)
_KEPT_OPEN: Final = re.compile(
    r"\b(?:accept(?:ed|ing)|available|extended|have|has|live|open|runs?|running|wait)\b",
    re.IGNORECASE,
)
_DUTY: Final = re.compile(
    r"\b(?:must|should|needs?\sto|ha(?:s|ve)\sto|(?:asked|invited|required|urged|encouraged|are|is)\sto|"
    r"can|due|needed)\b",
    re.IGNORECASE,
)
_ASKS: Final = (
    r"apply|book|comment|complete|confirm|contact|contribute|email|enrol|enter|join|nominate|order|"
    r"pay|register|reply|respond|return|review|rsvp|send|share|sign\sup|submit|subscribe|"
    r"upload|vote|write"
)
_IMPERATIVE: Final = re.compile(
    rf"(?:\A|[,;:–(-]\s?|\b(?:and|or|to|please|then)\s)(?P<verb>{_ASKS}|have\syour\ssay|take\spart|tell\s|"
    r"let\sus|give\sus|get\s)\b",
    re.IGNORECASE,
)
_ACT: Final = re.compile(
    rf"\b(?:(?P<verb>{_ASKS})|(?P<passive>appl|book|complet|confirm|enter|nominat|order|pai|register|"
    r"return|review|sen|shar|submi|upload)(?:ed|ted|tted|d|t)|"
    r"(?P<noun>repl|respon|bookings?|applications?|nominations?|submissions?)(?:ies|ses?)?)\b",
    re.IGNORECASE,
)
_VERB_OF: Final = {
    "appl": "Apply", "book": "Book", "complet": "Complete", "confirm": "Confirm", "enter": "Enter",
    "nominat": "Nominate", "order": "Order", "pai": "Pay", "register": "Register",
    "return": "Return", "review": "Review", "sen": "Send", "shar": "Share", "submi": "Submit",
    "upload": "Upload", "repl": "Reply", "respon": "Respond", "bookings": "Book",
    "booking": "Book", "applications": "Apply", "application": "Apply", "nomination": "Nominate",
    "nominations": "Nominate", "submission": "Submit", "submissions": "Submit",
}  # fmt: skip
_PAST: Final = re.compile(
    r"\b(?:was|were|had|did|been|became|began|came|closed|ended|found|missed|said|took|went)\b",
    re.IGNORECASE,
)
_OVER: Final = re.compile(r"\b(?:was|were|had|missed|passed)\b", re.IGNORECASE)
_IN_FORCE: Final = re.compile(
    r"\b(?:(?:in|into)\s(?:force|effect|operation)|takes?\seffect|effective|with\seffect|"
    r"commenc(?:es?|ing)|appl(?:y|ies)|becom(?:es?|ing)\s(?:law|mandatory|statutory|compulsory|"
    r"a\s(?:legal\s|statutory\s)?(?:duty|requirement)))\Z",
    re.IGNORECASE,
)
_BINDS: Final = re.compile(
    r"\b(?:must|have\sto|has\sto|required|requirements?|appl(?:y|ies)|duty|duties|needs?\sto|"
    r"in\sforce|law|compulsory|mandatory|statutory)\b",
    re.IGNORECASE,
)
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
    for rule in _RULES:
        found = rule(place)
        if found:
            return _Candidate(*found, mention)
    return None


def _connects(text: str, one: _Mention, other: _Mention) -> bool:
    between = text[one.end : other.start]
    if len(between) > _SHORT or not _CONNECTOR.match(between):
        return False
    opened = text[max(one.start - _SHORT, 0) : one.start].lower()
    return "and" not in between or "between" in opened


def _place(text: str, start: int, end: int, spans: bool) -> _Place:
    before = text[max(start - _REACH, 0) : start]
    sentence = _SENTENCE_END.split(before)[-1]
    lead, prep = _without_prep(sentence)
    if not lead and not prep and before.endswith("\n"):
        above = before.rstrip().rsplit("\n", 1)[-1]
        if len(above) <= _SHORT:
            lead, prep = _without_prep(above)
    after = _SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]
    return _Place(lead, prep, after, spans)


def _without_prep(sentence: str) -> tuple[str, str]:
    lead = _GAP.sub("", sentence.strip())
    found = _PREP.search(lead)
    if not found:
        return lead, ""
    return _GAP.sub("", lead[: found.start()].rstrip()), " ".join(found["prep"].lower().split())


_Found = tuple[_Weight, str]


def _by_label(place: _Place) -> _Found | None:
    """ "Deadline: DATE", "The closing date for replies is DATE"."""
    label = _LABEL.search(place.lead)
    if not label or _OVER.search(place.lead) or (place.prep == "from" and not place.spans):
        return None
    return _Weight.LABEL, _act(place.lead) or "Deadline:"


def _closing(place: _Place) -> _Found | None:
    """ "Applications close on DATE", "open until DATE", "runs from DATE to DATE"."""
    what = _OPEN.search(place.lead)
    if _PAST.search(place.lead):
        return None
    closes = _CLOSES.search(place.lead)
    if closes and not place.prep:
        subject = place.lead[: closes.start()]
        if closes["verb"].lower().startswith("end") and not what and subject.strip():
            return None
        return None if _NOTHING_TO_ANSWER.search(subject) else (_Weight.PROSE, "Closes")
    lasting = place.spans or place.prep in {"until", "till", "up to", "to"}
    open_until = _KEPT_OPEN.search(place.lead) and (what or place.prep in {"until", "till"})
    if lasting and (open_until or (place.spans and what)):
        return _Weight.PROSE, "Closes"
    return None


def _asking(place: _Place) -> _Found | None:
    """ "Book by DATE", "Schools must reply no later than DATE"."""
    if place.prep not in {"by", "before", "no later than", "not later than", "on or before"}:
        return None
    firm = place.prep not in {"by", "before"}
    if _PAST.search(place.lead) and not _IMPERATIVE.search(place.lead):
        return None
    if not (firm or _IMPERATIVE.search(place.lead) or _DUTY.search(place.lead)):
        return None
    return _Weight.PROSE, _act(place.lead) or "By"


def _in_force(place: _Place) -> _Found | None:
    """ "comes into force on DATE", "From DATE, schools must"."""
    if _IN_FORCE.search(place.lead) and place.prep in {"", "from", "as of"}:
        return None if _PAST.search(place.lead) else (_Weight.IN_FORCE, "In force from")
    from_then = place.prep in {"from", "as of"} and not place.spans
    if from_then and place.lead.lower() in {"", "starting", "as"} and _BINDS.search(place.after):
        return None if _PAST.search(place.after) else (_Weight.IN_FORCE, "In force from")
    return None


_RULES: Final[tuple[Callable[[_Place], _Found | None], ...]] = (
    _by_label, _closing, _asking, _in_force,
)  # fmt: skip


def _act(lead: str) -> str:
    """What is asked for, as a label: "Respond by"."""
    found = _ACT.search(lead)
    if not found:
        return ""
    if found["verb"]:
        return "RSVP by" if found["verb"].lower() == "rsvp" else f"{found['verb'].capitalize()} by"
    return f"{_VERB_OF[(found['passive'] or found['noun']).lower()]} by"


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
