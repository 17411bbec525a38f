"""Asking: whether the words before a date ask for something by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Weight(IntEnum):
    """How plainly a date asks for something: the heaviest of a text is its deadline."""

    IN_FORCE = 1
    PROSE = 2
    LABEL = 3


@dataclass(frozen=True, slots=True)
class Place:
    """What stands around a date in its sentence.

    lead: the words before it, without `prep` ("by", "from", "until") and the hour between.
    spans: whether the date ends a span of two ("3 March to 5 April").
    """

    lead: str
    prep: str
    after: str
    spans: bool = False


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
    r"\b(?P<verb>closes?|closing|ends?|ending|expires?|shuts?)(?:\s(?:for|to)\s[^,;()]{1,50}|\s(?:the|this|our)\s[\w\s-]{1,30})?\Z",
    re.IGNORECASE,
)
_NOTHING_TO_ANSWER: Final = re.compile(
    r"\b(?:buildings?|cent(?:re|er)|colleges?|libraries|library|nurser(?:y|ies)|offices?|pools?|roads?|"
    r"schools?|site|terms?|years?|months?|weeks?|period|quarter|holidays?|contracts?)\s"
    r"(?:will\s|then\s|officially\s)?\Z",
    re.IGNORECASE,
)
_KEPT_OPEN: Final = re.compile(
    r"\b(?:accept(?:ed|ing)|available|collecting|extended|gathering|have|has|inviting|live|open|runs?|running|"
    r"seeking|taking|wait|welcom(?:e|ing))\b",
    re.IGNORECASE,
)
_ASKS: Final = (
    r"apply|ask|bid|book|claim|comment|complete|confirm|contact|contribute|email|enrol|enter|join|nominate|"
    r"order|pay|register|reply|respond|return|review|rsvp|send|share|sign\sup|submit|subscribe|"
    r"upload|vote|write"
)
# What anybody may be told to do, where it stands as an order: "Check yours before DATE".
_ORDERS: Final = (
    rf"{_ASKS}|add|answer|arrange|bring|buy|call|cancel|change|check|choose|collect|copy|correct|delete|display|"
    r"download|draw\sup|fill\sin|find|finish|get|give|hand\sin|have\syour\ssay|inform|install|invite|keep|let|log|"
    r"make|move|note|notify|offer|pick|plan|post|prepare|propose|provide|publish|put|raise|read|"
    r"record|remind|remove|renew|replace|report|request|reserve|ring|run|save|select|set|sign|speak|"
    r"start|stop|suggest|supply|switch|take|talk|tell|tick|train|turn|update|use|volunteer|watch"
)
_DUTY: Final = re.compile(
    r"\b(?:must|should|needs?|ha(?:s|ve)\sto|(?:asked|invited|required|urged|encouraged)\sto|"
    rf"can|due|needed|(?:are|is)\sto\s(?:{_ORDERS})|(?:from|for)\s(?:you|answers|replies)|"
    rf"(?:would|could|will|if)\syou\s(?:{_ORDERS}))\b",
    re.IGNORECASE,
)
_IMPERATIVE: Final = re.compile(
    rf"(?:\A\W*|[,;:–(-]\s?|[^\w\s.,'’)]\s|\b(?:and|or|to|please|then|so|kindly|just)\s)(?P<verb>{_ORDERS})\b",
    re.IGNORECASE,
)
# "Schools reply by ...": somebody and what they do, but not what somebody will or may do.
_THEY_DO: Final = re.compile(
    rf"\A(?:(?!(?:will|would|may|might|could|to|and|or)\s)[\w’'-]+\s){{1,4}}(?:{_ASKS})\b",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"(?:all\s|any\s|your\s|completed\s|final\s)?(?:abstracts?|answers?|applications?|bids?|bookings?|comments?|"
    r"consent|entries|evidence|expressions\sof\sinterest|feedback|forms?|ideas|names|nominations?|"
    r"numbers|offers|orders?|papers?|payments?|photos|proposals?|questions?|quotes|registrations?|"
    r"replies|requests?|responses?|returns?|submissions?|suggestions|votes|views)\b",
    re.IGNORECASE,
)
_WAITED_FOR: Final = re.compile(
    r"\b(?:with|to|reach(?:es)?)\s(?:us|me|the\s\w+)\Z|\b(?:wanted|expected|received|(?:be|is|are)\sin)\Z",
    re.IGNORECASE,
)
_MAY: Final = re.compile(
    rf"\b(?:can|may|able\sto|invited\sto|ha(?:s|ve))\s(?:still\s|now\s|also\s|\w+\sto\s)?(?:{_ASKS}|sign|answer)\b",
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


_Found = tuple[Weight, str]


def _by_label(place: Place) -> _Found | None:
    """ "Deadline: DATE", "The closing date for replies is DATE"."""
    label = _LABEL.search(place.lead)
    if not label or _OVER.search(place.lead) or (place.prep == "from" and not place.spans):
        return None
    return Weight.LABEL, _act(place.lead) or "Deadline:"


def _closing(place: Place) -> _Found | None:
    """ "Applications close on DATE", "open until DATE", "runs from DATE to DATE"."""
    what = _OPEN.search(place.lead)
    if _PAST.search(place.lead):
        return None
    closes = _CLOSES.search(place.lead)
    if closes and not place.prep:
        subject = place.lead[: closes.start()]
        if closes["verb"].lower().startswith("end") and not what and subject.strip():
            return None
        return None if _NOTHING_TO_ANSWER.search(subject) else (Weight.PROSE, "Closes")
    lasting = place.spans or place.prep in {"until", "till", "up to", "to"}
    kept = _KEPT_OPEN.search(place.lead)
    open_until = kept and (what or kept[0].lower() == "open" or place.prep in {"until", "till"})
    if place.prep in {"until", "till", "up to"} and _MAY.search(place.lead):
        return Weight.PROSE, _act(place.lead) or "Closes"
    if lasting and (open_until or (place.spans and what)):
        return Weight.PROSE, "Closes"
    return None


def _asking(place: Place) -> _Found | None:
    """ "Book by DATE", "Schools must reply no later than DATE"."""
    if place.prep not in {"by", "before", "no later than", "not later than", "on or before"}:
        return None
    firm = place.prep not in {"by", "before"}
    if _PAST.search(place.lead) and not _IMPERATIVE.search(place.lead):
        return None
    asks = (
        _GIVEN.match(place.lead)
        or _IMPERATIVE.search(place.lead)
        or _DUTY.search(place.lead)
        or _THEY_DO.match(place.lead)
        or _WAITED_FOR.search(place.lead)
    )
    if not (firm or asks):
        return None
    return Weight.PROSE, _act(place.lead, place.prep) or place.prep.capitalize()


def _in_force(place: Place) -> _Found | None:
    """ "comes into force on DATE", "From DATE, schools must"."""
    if _IN_FORCE.search(place.lead) and place.prep in {"", "from", "as of"}:
        return None if _PAST.search(place.lead) else (Weight.IN_FORCE, "In force from")
    from_then = place.prep in {"from", "as of"} and not place.spans
    if from_then and place.lead.lower() in {"", "starting", "as"} and _BINDS.search(place.after):
        return None if _PAST.search(place.after) else (Weight.IN_FORCE, "In force from")
    return None


_RULES: Final[tuple[Callable[[Place], _Found | None], ...]] = (
    _by_label, _closing, _asking, _in_force,
)  # fmt: skip


def _act(lead: str, prep: str = "by") -> str:
    """What is asked for, as a label: "Respond by"."""
    until = "before" if prep == "before" else "by"
    found = _ACT.search(lead)
    if not found:
        return ""
    if found["verb"]:
        verb = found["verb"].lower()
        return f"{'RSVP' if verb == 'rsvp' else verb.capitalize()} {until}"
    return f"{_VERB_OF[(found['passive'] or found['noun']).lower()]} {until}"


def judged(place: Place) -> tuple[Weight, str] | None:
    """How plainly the date at this place asks for something, and what to write before it."""
    return next((found for rule in _RULES if (found := rule(place))), None)
