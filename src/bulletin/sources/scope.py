"""Scope: the nations and roles that a text plainly says it is for. Anything less is left empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bulletin.models.items import Nation

_NATION: Final = "|".join(re.escape(nation.value) for nation in Nation)
_ANY_NATION: Final = re.compile(_NATION, re.IGNORECASE)
_NATIONS: Final = (
    rf"(?:the\s)?(?:{_NATION})(?:(?:,\s(?:and\s)?|\sand\s|\s&\s|\sor\s)(?:in\s)?(?:{_NATION}))*"
)
# Only bodies that a rule can bind, followed by where they are: "schools in England".
_BODIES: Final = (
    r"(?:schools?|colleges?|academies|nurseries|childminders|settings?|universities|trusts|"
    r"governors|dsls?|designated\ssafeguarding\sleads|governing\s(?:bodies|boards)|headteachers|teachers|staff|leaders|practitioners|"
    r"professionals|local\sauthorit(?:y|ies)|councils|providers|social\sworkers|social\scare|"
    r"children['’]s\shomes|foster\scarers|education|safeguarding\spartners(?:hips)?|pupils|"
    r"(?:school|maintained)\ssector|bodies|boards|employers|organisations|charities|parents)"
)
_SCOPE: Final = re.compile(
    rf"\b{_BODIES}\s(?:only\s)?(?:in|across|within|throughout)\s(?:all\sof\s)?({_NATIONS})"
    rf"|\bappl(?:y|ies|icable)\s(?:only\s)?(?:to|in|across)\s({_NATIONS})(?![\w’'])"
    rf"|\b({_NATIONS})\sonly\b"
    rf"|(?:^|\n)(?:nations?|countr(?:y|ies)|applies\sto):\s?({_NATIONS})",
    re.IGNORECASE,
)
_UNLIKE: Final = re.compile(
    r"\b(?:not|never|unlike|than|compared|except|excluding|outside|other\sthan)\b|n['’]t\b",
    re.IGNORECASE,
)
_EXEMPT: Final = re.compile(
    r"\bnot\s(?:affected|covered|included|in\sscope|apply|required)\b|\bexempt\b|\bunaffected\b",
    re.IGNORECASE,
)
_AUDIENCE: Final = re.compile(
    r"\b(?:aimed\s(?:primarily\s|mainly\s|particularly\s)?at|intended\s(?:primarily\s|mainly\s)?for|"
    r"designed\s(?:for|to\s(?:support|help))|written\sfor|intends?\sto\s(?:support|help)|"
    r"relevant\s(?:to|for)|"
    r"(?:guidance|advice|toolkit|training|guide|resource|briefing|course|checklist|information|webinar|"
    r"handbook|resources|materials)\s(?:is\s|are\s)?(?:for|to\s(?:support|help))"
    r"|(?:target\s)?audience\s?:|who\s(?:is\s(?:this|it)\sfor|should\sread\s(?:this|it))\s?[?:]|for\s?:)\s",
    re.IGNORECASE,
)
_ROLES: Final = (
    ("dsl", r"dsls?|designated\ssafeguarding\sleads?|designated\ssafeguarding\sofficers?"),
    ("deputy_dsl", r"ddsls?|deputy\s(?:dsls?|designated\ssafeguarding\sleads?)"),
    ("headteacher", r"head\s?-?teachers?|heads?|principals?"),
    ("safeguarding_governor", r"(?:link\s)?safeguarding\s(?:link\s)?governors?"),
    ("governor", r"(?:school\s)?governors?|governing\s(?:bodies|body|boards?)"),
    (
        "chair",
        r"chairs?(?:\sof\s(?:governors|dsls?|designated\ssafeguarding\sleads|governing\s(?:boards?|bodies)|trustees))?",
    ),
    ("trustee", r"trustees?"),
    ("senco", r"sencos?|sendcos?|special\seducational\sneeds\sco-?ordinators?"),
    ("designated_teacher", r"designated\steachers?"),
    ("social_worker", r"(?:children['’]s\s)?social\sworkers?"),
    ("lado", r"lados?|local\sauthority\sdesignated\sofficers?"),
    ("virtual_head", r"virtual\s(?:school\s)?heads?"),
    ("mat_safeguarding_lead", r"(?:mat|(?:multi-academy\s)?trust)\ssafeguarding\sleads?"),
)
_ROLE: Final = re.compile(
    r"(?:(?:all|the|new|every|both|school|your|their)\s){0,2}(?:"
    + "|".join(f"(?P<{key}>{names})" for key, names in _ROLES)
    + r")(?:\s?\([A-Za-z]{2,6}s?\))?(?:\s(?:in|within|at|across|from|working|who|of)\b.*)?\Z",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[.!?\n]")
_LIST: Final = re.compile(r",\s?(?:and\s|or\s)?|\s(?:and|or|&)\s|/|;\s?|\sas\swell\sas\s|•")
_MAX_PARTS: Final = 8
_MAX_TRIGGERS: Final = 200
_REACH: Final = 400


def nations(text: str) -> tuple[Nation, ...]:
    """The nations that the text names as its scope, in the order of Nation (requirement 56)."""
    named: set[str] = set()
    for match in _SCOPE.finditer(text) if _ANY_NATION.search(text) else ():
        listed = next(group for group in match.groups() if group)
        if not _denied(text, match):
            named.update(name.lower() for name in _ANY_NATION.findall(listed))
    return tuple(nation for nation in Nation if nation.value.lower() in named)


def roles(text: str) -> tuple[str, ...]:
    """The keys of the roles that the text names as its audience, in the order of the list."""
    triggers = islice(_AUDIENCE.finditer(text), _MAX_TRIGGERS)
    named = {key for trigger in triggers for key in _named_after(text, trigger)}
    return tuple(key for key, _ in _ROLES if key in named)


def _denied(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence around a match says that it is not, or no longer, about it."""
    before = _STOP.split(text[max(match.start() - _REACH, 0) : match.start()])[-1]
    after = _STOP.split(text[match.end() : match.end() + _REACH], maxsplit=1)[0]
    return bool(_UNLIKE.search(before) or _EXEMPT.search(after))


def _named_after(text: str, trigger: re.Match[str]) -> Iterator[str]:
    listed = _STOP.split(text[trigger.end() : trigger.end() + _REACH], maxsplit=1)[0]
    for part in _LIST.split(listed, maxsplit=_MAX_PARTS)[:_MAX_PARTS]:
        if part.count(" ") > 12:
            break
        found = _ROLE.match(part.strip())
        if found and found.lastgroup:
            yield found.lastgroup
