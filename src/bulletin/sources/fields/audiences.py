"""Audiences: the roles that a text names as its readers. A role that is only mentioned is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bulletin.models.roles import DEFAULT_ROLES

_PUBLISHED: Final = (
    r"(?:advice|app|assembly|briefing|bulletin|checklist|conference|course|event|factsheet|film|forum|group|"
    r"framework|guidance|guide|guidelines|handbook|hub|information|induction|kit|leaflet|lesson|letter|"
    r"materials?|meeting|module|network|newsletter|note|pack|podcast|poster|programme|publication|"
    r"questions|quiz|report|resource|seminar|session|summary|survey|template|toolkit|tool|training|"
    r"video|webinar|workshop)s?"
)
_TRIGGER: Final = re.compile(
    r"\b(?:(?:aimed|directed|targeted)\s(?:\w+ly\s)?at|(?:intended|designed|written|meant|suitable|ideal|essential|"
    r"recommended|open|relevant|useful|helpful|a\smust(?:[\s-]read)?)\s(?:\w+ly\s)?(?:reading\s)?"
    r"(?:by\s[\w\s]{1,30}\s)?for(?:\suse\sby)?|"
    r"(?:intended|designed|written|meant|useful|helpful)\s(?:\w+ly\s)?to\s(?:support|help)|"
    r"(?:open|relevant|useful|helpful)\s(?:\w+ly\s)?to|"
    r"(?:is|are)\s(?:(?:just|only|mainly|especially|also)\s)?for|(?:that|which)\shelps?|"
    r"intends?\sto\s(?:support|help)|of\s(?:particular\s)?(?:interest|use|relevance)\s(?:to|for)|hear\sfrom|"
    r"calling\sall|"
    rf"{_PUBLISHED}(?:\s(?:on|about|in|of)(?:\s[\w’'-]+){{1,5}}?)?\s(?:is\s|are\s)?(?:(?:just|only|mainly|especially)\s)?"
    r"(?:for|to(?:\s(?:support|help))?)|"
    r"who\s(?:is\s(?:this|it)\sfor|it\sis\sfor|it(?:’|')?s\sfor|(?:should|can|may)\s(?:apply|attend|book|come|join|read)(?:\s(?:this|it))?|"
    r"is\sit\sfor|for)\s?[?:]|(?:\A|(?<=\n)|(?<=[.!?]\s))(?:for\sthe\sattention\sof|fao\s?:?|"
    r"for(?!\swhom)\s?:?))\s"
    r"|(?:\A|(?<=\n)|(?<=[|·•]\s))(?:(?:target|intended|recommended|suggested)\s)?(?:audience|readers?|readership|roles?|"
    r"for\swhom|relevant\sto|suitable\sfor|aimed\sat|intended\sfor|of\sinterest\sto|(?:please\s)?(?:share\swith|"
    r"pass\s(?:this\s)?(?:on\s)?to|circulate\sto)|attention|who|who\s(?:should|can|may)\s(?:apply|attend|book|come|join|know|read)(?:\s(?:this|it))?|"
    r"who\sis\s(?:it|this)\sfor)\s?(?::\s?|\?\s|\n)",
    # No IGNORECASE: lower case is looked at, in which alternatives are ruled out much faster.
)
# "Governors should ...": a text that tells somebody what to do is for them.
_TOLD: Final = re.compile(
    r"(?:\A|(?<=[.!?:]\s)|(?<=\n))(?P<who>[A-Z][^.!?\n:]{1,120}?)\s(?:should|must|needs?\sto|ha(?:ve|s)\sto|will\sneed\sto|"
    r"may\swish\sto|are\s(?:\w+ly\s)?(?:asked|reminded|advised|encouraged|expected|invited|required|urged|welcome)\b)"
    r"(?!\s(?:have|not\shave|never\shave)\b)"
)
_IN_PARTICULAR: Final = re.compile(
    r"\b(?:asks|addresses|affects|concerns|interests|invites|matters\sto|wants)\s(?P<who>[^.!?\n:]{3,100}?),?\s"
    r"(?:in\sparticular|especially|above\sall)\b",
    re.IGNORECASE,
)
_DEPUTIES: Final = re.compile(
    r"(?:(?:their|its|the)\s)?deput(?:y|ies)(?:\Z|[,;]?\s(?!head))", re.IGNORECASE
)
_DENIED: Final = re.compile(
    r"\b(?:not|never|rather\sthan)\s[^,.\n]{0,30}\Z|n['’]t\s[^,.\n]{0,30}\Z", re.IGNORECASE
)
_STOP: Final = re.compile(r"[.!?:\n]|\s[–—-]\s")
_LIST: Final = re.compile(
    r",\s?(?:and\s|or\s)?|\s(?:and|or|&)\s|/|;\s?|\sas\swell\sas\s|\s?•\s?", re.IGNORECASE
)
_LEADING: Final = frozenset(
    [
        "the",
        "all",
        "every",
        "both",
        "new",
        "your",
        "their",
        "our",
        "other",
        "school",
        "newly",
        "appointed",
        "experienced",
        "primary",
        "secondary",
        "busy",
        "any",
    ]
)
_FOLLOWING: Final = frozenset(
    [
        "in",
        "within",
        "at",
        "across",
        "from",
        "working",
        "who",
        "with",
        "whose",
        "new",
        "and",
        "on",
        "about",
        "to",
        "only",
        "how",
        "what",
        "when",
        "whether",
        "which",
        "why",
    ]
)
_MORE_NAMES: Final = {
    "governor": ("governing body", "governing bodies", "governing board", "board of governors"),
    "staff": ("staff", "teaching staff", "early years staff", "nursery staff", "tutor"),
    "chair": ("chair",),
    "social_worker": ("children's social worker", "child's social worker"),
    "safeguarding_governor": ("link safeguarding governor",),
    "headteacher": ("head teacher",),
}
_PLACES: Final = frozenset({
    "academie", "college", "nurserie", "primary", "school", "secondary", "setting", "special",
    "unit",
})  # fmt: skip
_MAX_PARTS: Final = 8
_MAX_TRIGGERS: Final = 200
_REACH: Final = 400


def _singular(words: str) -> str:
    """Words in lower case, without plural, possessive and hyphens, to be looked up."""
    plain = words.lower().replace("’", "'").replace("'s", "").replace("-", " ").replace("'", "")
    return " ".join(
        word[:-1] if len(word) > 2 and word.endswith("s") else word for word in plain.split()
    )


_NAMES: Final = {
    _singular(name): role.key
    for role in DEFAULT_ROLES
    for name in (role.name, role.short, *role.aliases, *_MORE_NAMES.get(role.key, ()))
}
# Every audience names one of these: where none stands, the text need not be looked at.
_FIRST_WORDS: Final = frozenset(name.split()[0] for name in _NAMES)
_LONGEST: Final = max(name.count(" ") + 1 for name in _NAMES)


def roles(text: str) -> tuple[str, ...]:
    """The keys of the roles that the text names as its audience, in the order of the first list."""
    lowered = text.lower()
    if not any(word in lowered for word in _FIRST_WORDS):
        return ()
    triggers = islice(_TRIGGER.finditer(_lowered(text)), _MAX_TRIGGERS)
    named = {key for trigger in triggers for key in _named_after(text, trigger)}
    for told in islice(_TOLD.finditer(text), _MAX_TRIGGERS):
        if _role(_LIST.split(told["who"], maxsplit=1)[0]):
            named.update(_listed(told["who"]))
    for meant in islice(_IN_PARTICULAR.finditer(text), _MAX_TRIGGERS):
        named.update(_listed(meant["who"]))
    return tuple(role.key for role in DEFAULT_ROLES if role.key in named)


def _lowered(text: str) -> str:
    """A text in lower case, letter for letter: only this capital becomes two characters."""
    return text.replace("İ", "I").lower()


def _named_after(text: str, trigger: re.Match[str]) -> Iterator[str]:
    if not _DENIED.search(text[max(trigger.start() - 40, 0) : trigger.start()]):
        yield from _listed(_STOP.split(text[trigger.end() : trigger.end() + _REACH], maxsplit=1)[0])


def _listed(names: str) -> Iterator[str]:
    """The roles in a list of names, up to the first part that is too long to be one."""
    above = ""
    for part in _LIST.split(names, maxsplit=_MAX_PARTS)[:_MAX_PARTS]:
        if above == "dsl" and _DEPUTIES.match(part.strip()):
            yield "deputy_dsl"
        if part.count(" ") > 12:
            break
        above = _role(part)
        if above:
            yield above


def _only_says_where(words: list[str]) -> bool:
    """Whether words behind a role leave it what it is: "in Wales", "of special schools"."""
    of_place = words[:1] == ["of"] and words[-1] in _PLACES
    return not words or words[0] in _FOLLOWING or of_place


def _role(part: str) -> str:
    """The role that words begin with, if what follows only says where; or ""."""
    words = _singular(re.sub(r"\([^()]*\)", " ", part)).split()
    while words:
        for size in range(min(_LONGEST, len(words)), 0, -1):
            key = _NAMES.get(" ".join(words[:size]), "")
            if key and _only_says_where(words[size:]):
                return key
        if words[0] not in _LEADING:
            return ""
        words = words[1:]
    return ""
