"""Scope: the nations that a text plainly says it is about or for (requirement 56).

Anything less is left empty: a body's name ("Bank of England"), a government that published
something, a language, a place abroad, a nation that is only compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bulletin.models.items import Nation
from bulletin.models.nations import UK, nation_named
from bulletin.sources.fields.audiences import roles

__all__ = ["nations", "roles"]

_NAME: Final = (
    r"(?:England|Wales|Scotland|Northern\sIreland|(?:the\s)?Isle\sof\sMan|Jersey|Guernsey|"
    r"ENGLAND|WALES|SCOTLAND|NORTHERN\sIRELAND|ISLE\sOF\sMAN|JERSEY|GUERNSEY)(?!\w|\sCity)"
)
_NATION: Final = re.compile(_NAME)
_NATIONS: Final = re.compile(
    rf"(?:the\s)?{_NAME}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s|\sor\s|\s?/\s?)(?:in\s)?{_NAME}){{0,7}}"
)
_SEVERAL: Final = re.compile(rf"{_NAME}.+{_NAME}", re.DOTALL)
_ABROAD: Final = re.compile(r"\b(?:New|South)\s\Z", re.IGNORECASE)
# Whom a rule can bind or news can be about, followed by where they are: "schools in England".
_SUBJECT: Final = (
    r"(?:academies|academy\strusts?|adults|agencies|apprentices|areas|boards|bodies|boys|carers|charities|childcare|"
    r"childminders|children(?:['’]s\s(?:homes|services|social\scare)|\sin\s(?:care|need))?|colleges?|communities|councils|counties|courts|"
    r"curriculum|dsls?|early\syears|education|employers|families|forces|framework|further\seducation|girls|"
    r"governing\s(?:bodies|boards)|governors|guidance|headteachers|heads|health\sboards|homes|hospitals|households|"
    r"law|leaders|leads|legislation|local\sauthorit(?:y|ies)|nurseries|organisations|parents|partners(?:hips)?|people|"
    r"pharmacies|places|police|practice|practitioners|prisons|professionals|protection\s(?:register|system)|providers|pupils|registers|"
    r"regulations|rules|safeguarding(?:\s(?:system|partners(?:hips)?|boards))?|school\ssector|schools?|sector|sencos|services|settings?|"
    r"social\s(?:care|work(?:ers)?)|staff|students|system|teachers|teenagers|trusts?|universities|volunteers|"
    r"workers|workforce|youth\s(?:justice|work))"
)
_BINDING: Final = (
    r"(?:act|bill|code|curriculum|duty|duties|framework|guidance|inspection|law|legislation|measures|plan|policy|"
    r"policies|procedures|regulations|rules|scheme|standards|strategy|system)"
)
_ADJECTIVES: Final = {
    "english": Nation.ENGLAND,
    "welsh": Nation.WALES,
    "scottish": Nation.SCOTLAND,
    "northern irish": Nation.NORTHERN_IRELAND,
}
_BEFORE: Final = re.compile(
    rf"\b{_SUBJECT}\s(?:(?:aged?|between|over|under|with|without)\s(?:[\w-]+\s){{1,4}})?"
    r"(?:only\s)?(?:in|across|within|throughout)\s(?:(?:all|the\swhole)\sof\s)?\Z"
    r"|\b(?:appl(?:y|ies|icable)|extends?|relates?)\s(?:only\s)?(?:to|in|across)\s\Z"
    r"|\b(?:in\sforce|mandatory|statutory|compulsory|required|offence|illegal|unlawful|against\sthe\slaw)\s(?:only\s)?(?:in|across)\s\Z"
    r"|\b(?:data|figures|findings|numbers|results|statistics|tables)\b(?:\s(?!and\b)[\w’'-]+){0,4}\sfor\s\Z"
    rf"|\b{_BINDING}\sfor\s\Z|\bcover(?:s|ing)\s(?:all\sof\s|only\s)?\Z"
    r"|\b(?:available|valid|binding|for\suse|in\suse)\s(?:only\s)?(?:in|across|throughout)\s\Z",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(rf"['’]s?\s(?:[a-z]+\s){{0,2}}?{_SUBJECT}\b|[\s-]only\b", re.IGNORECASE)
_LINE_BEGINS: Final = re.compile(r"(?:\A|\n|(?:\A|\n)[^\n|:.?!–—]{1,40}(?:\s[|–—-]\s|\|\s?|:\s))\Z")
# Set apart from the sentence before it, so that it is said of all of it: "..., in England."
_SET_APART: Final = re.compile(r",\s(?:only\s)?(?:in|across|throughout)\s\Z")
_ENDS: Final = re.compile(r"(?:\sonly)?\s?(?:[.!?;\n]|\Z)")
# Any people or bodies for whom something is: "for clubs in England".
_NO_PEOPLE: Final = (
    r"(?!(?:years|months|weeks|days|times|hours|holidays|parts|places|cases|towns|cities)\b)"
)
_FOR_THOSE: Final = re.compile(
    r"(?:\b(?:for|to|of|by|all|asked|counted|polled|surveyed)\s(?:(?:[a-z][\w’'-]+\s){0,2}[a-z][\w’'-]+s\sand\s)?(?:(?!(?:and|or|but|with|that|who|which)\b)[a-z][\w’'-]*\s){0,3}"
    rf"{_NO_PEOPLE}[a-z][\w’'-]{{2,}}s|\b(?:[Ee]ach|[Ee]very|[Aa]ny)\s(?:[a-z][\w’'-]*\s){{0,2}}{_NO_PEOPLE}[a-z][\w’'-]{{2,}}"
    rf"|(?:\A|\n|[.!?]\s){_NO_PEOPLE}[A-Z][a-z]{{2,}}s"
    r"|[A-Za-z]{2,}s\s(?:(?:who\s|that\s)(?:live|teach|work)|living|registered|teaching|working))"
    r"\s(?:only\s)?(?:in|across|throughout)\s(?:(?:all|the\swhole)\sof\s)?\Z"
)
_LINE_ENDS: Final = re.compile(r"(?:\sonly)?\s?:|\n|\Z|\s[|–—-]\s")
_OPENS: Final = re.compile(
    r"(?:\A|[.!?]\s|\n)(?:Only\s)?(?:[Ii]n|[Ff]or|[Aa]cross|[Tt]hroughout)\s\Z"
)
_ALL_OF: Final = re.compile(r"\b(?:all|each|every|for)\s(?:the\s)?\Z", re.IGNORECASE)
_OF_IT: Final = re.compile(rf"\s(?:[a-z][\w-]*\s){{0,2}}?{_SUBJECT}\b", re.IGNORECASE)
# Where several nations are listed, anybody who is there: "asks operators in England and Wales".
_THOSE_THERE: Final = re.compile(
    rf"\b(?!(?:lives|works|operates|differs)\b){_NO_PEOPLE}[a-z][\w’'-]{{2,}}s"
    r"\s(?:only\s)?(?:in|across|within|throughout)\s\Z"
)
_OF_THE_KINGDOM: Final = re.compile(
    rf"\b(?:{_SUBJECT}\s(?:across|throughout)|(?:schools|colleges|settings)\sin|appl(?:y|ies|icable)\s(?:to|in|across|throughout))\s"
    r"the\s(?:whole\s(?:of\sthe\s)?)?\Z",
    re.IGNORECASE,
)
_KINGDOM: Final = re.compile(r"\b(?:UK|United\sKingdom)\b(?P<wide>[\s-]wide\b)?")
_FOUR: Final = re.compile(r"\bfour\s(?:UK\s|home\s)?nations\b", re.IGNORECASE)
_ADJECTIVE: Final = re.compile(r"\b(?:Northern\sIrish|English|Welsh|Scottish)(?=\s)")
_ADJECTIVE_OF: Final = re.compile(
    rf"\s(?:[a-z]+\s)?(?:{_SUBJECT}|(?:census|figures|poll|statistics|study|survey)\s(?:of|on|for))\b"
)
_LABEL: Final = re.compile(
    r"(?:\A|(?<=\n))(?:nations?|countr(?:y|ies)|jurisdictions?|applies\s(?:to|in))\s?:\s?([^\n]{1,200})",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"[,;/|&•]|\band\b|\bonly\b", re.IGNORECASE)
_HINTS: Final = (
    "england", "wales", "scotland", "ireland", "isle of", "jersey", "guernsey", "nation", "countr",
    "jurisdiction", "applies", "uk", "united k", "welsh", "scottish", "english", "irish",
)  # fmt: skip
_UNLIKE: Final = re.compile(
    r"\b(?:not|never|no|unlike|than|compared|except|excluding|outside|unaffected)\b[^,;:]{0,60}\Z|n['’]t\b[^,;:]{0,60}\Z",
    re.IGNORECASE,
)
_EXEMPT: Final = re.compile(
    r"\bnot\s(?:affected|covered|included|in\sscope|apply|required)\b|\bexempt\b|\bunaffected\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[.!?\n]")
_WINDOW: Final = 120
_REACH: Final = 400
_MOST: Final = 200


def nations(text: str) -> tuple[Nation, ...]:
    """The nations that the text names as what it is about or for, in the order of Nation."""
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return ()
    named = set(_labelled(text)) | set(_said(text))
    return tuple(nation for nation in Nation if nation in named)


def _labelled(text: str) -> Iterator[Nation]:
    """The nations of "Nations: England, NI", as forms and tables have it."""
    for label in islice(_LABEL.finditer(text), _MOST):
        for part in _LISTED.split(label[1]):
            name = part.strip(" .()")
            if name.casefold() in {"uk", "uk-wide", "uk wide", "united kingdom", "all uk"}:
                yield from UK
            elif nation := nation_named(name.removeprefix("the ")):
                yield nation


def _said(text: str) -> Iterator[Nation]:
    for match in islice(_NATIONS.finditer(text), _MOST):
        if _is_scope(text, match) and not _denied(text, match):
            for name in _NATION.findall(match[0]):
                if nation := nation_named(name.removeprefix("the ")):
                    yield nation
    for match in islice(_ADJECTIVE.finditer(text), _MOST):
        if _ADJECTIVE_OF.match(text, match.end()) and not _denied(text, match):
            yield _ADJECTIVES[" ".join(match[0].lower().split())]
    if _names_kingdom(text):
        yield from UK


def _is_scope(text: str, match: re.Match[str]) -> bool:
    """Whether what stands around the name of nations makes them those that the news is about."""
    before = text[max(match.start() - _WINDOW, 0) : match.start()]
    after = text[match.end() : match.end() + _WINDOW]
    if _ABROAD.search(before):
        return False
    if before[-1:] in {"(", "["} and after[:1] in {")", "]"}:
        return True
    alone = _LINE_BEGINS.search(before) and _LINE_ENDS.match(after)
    opens = _OPENS.search(before) and (after.startswith(",") or _ENDS.match(after))
    spaced = before[-1:].isspace()  # what leads to a name ends with a space: costly to look for
    possessive = after.startswith(("'", "’"))
    led = spaced and not possessive and _leads(before, several=_SEVERAL.search(match[0]))
    apart = _SET_APART.search(before) and _ENDS.match(after)
    return bool(alone or opens or led or apart or _AFTER.match(after))


def _leads(before: str, *, several: object) -> bool:
    """Whether words before a nation say whose or where it is. several: others are listed too."""
    found = _BEFORE.search(before) or _FOR_THOSE.search(before)
    return bool(found or (several and _THOSE_THERE.search(before)))


def _names_kingdom(text: str) -> bool:
    """Whether the news is plainly for all four nations of the United Kingdom."""
    for match in islice(_KINGDOM.finditer(text), _MOST):
        before = text[max(match.start() - _WINDOW, 0) : match.start()]
        led = before[-1:].isspace() and (
            _OF_THE_KINGDOM.search(before)
            or (_ALL_OF.search(before) and _OF_IT.match(text, match.end()))
        )
        if (match["wide"] or led) and not _denied(text, match):
            return True
    four = _FOUR.search(text)
    return four is not None and not _denied(text, four)


def _denied(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence around a match says that it is not, or no longer, about it."""
    before = _STOP.split(text[max(match.start() - _REACH, 0) : match.start()])[-1]
    after = _STOP.split(text[match.end() : match.end() + _REACH], maxsplit=1)[0]
    return bool(_UNLIKE.search(before) or _EXEMPT.search(after))
