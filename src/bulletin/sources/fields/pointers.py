"""Pointers: sentences that only say where a link is, and the label that each would have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bulletin.sources.text import wording

_VERBS_OF: Final = {
    "downloaded": "Download", "found": "Find", "read": "Read", "viewed": "View",
    "accessed": "Access", "seen": "See", "watched": "Watch", "ordered": "Order",
    "obtained": "Get", "booked": "Book", "completed": "Complete", "heard": "Listen to",
    "requested": "Request", "bought": "Buy", "explored": "Explore", "browsed": "Browse",
    "download": "Download", "view": "View", "watch": "Watch", "order": "Order",
    "buy": "Buy", "book": "Book", "access": "Access",
}  # fmt: skip
_WHERE: Final = (
    r"(?:(?:from|at|on|via|by|in)?\s?(?:(?:clicking|following|using|visiting)\s)?(?:on\s)?"
    r"(?:here|below|online|this\s(?:link|page|website|address)|"
    r"(?:the|our|their)(?:\sfollowing)?\s(?:link|page|web\s?site|address)(?:\sbelow)?|"
    r"at|from|on|via|by|visiting)(?:\sat)?)"
)
_OBJECT: Final = r"(?P<object>[^,;:.?!]{2,140}?)"
_PASSIVE: Final = re.compile(
    rf"{_OBJECT}\s(?:can|may)\s(?:also\s|now\s)?be\s(?P<verb>[a-z]+)(?:\sin\sfull|\sfree)?"
    rf"(?:\sonline)?\s{_WHERE}\Z",
    re.IGNORECASE,
)
_ON_WEBSITE: Final = re.compile(
    rf"{_OBJECT}\s(?:is|are)\s(?:now\s|also\s)?on\s(?:the|our|their)\s(?:[\w-]+\s)?"
    r"(?:web\s?site|web\s?page|page)\Z",
    re.IGNORECASE,
)
_IS_HERE: Final = re.compile(
    rf"{_OBJECT}\s(?:is|are)\s(?:now\s|also\s|all\s)?(?:here|below|at|via\sthis\slink|at\sthis\slink)\Z",
    re.IGNORECASE,
)
_AVAILABLE: Final = re.compile(
    rf"{_OBJECT}\s(?P<is>(?:is|are)\s)?(?:now\s|also\s|freely\s)?available"
    rf"(?:\s(?:to|for)\s(?P<verb>[a-z]+))?(?:\sonline)?\s{_WHERE}\Z",
    re.IGNORECASE,
)
_ENDS_WITH_NOUN: Final = re.compile(rf"\b{wording.NOUN}\Z", re.IGNORECASE)
_CAN: Final = re.compile(
    rf"(?:(?:you|schools|staff|parents|readers|settings)\scan\s(?:also\s|now\s)?|please\s)?"
    rf"(?P<verb>{wording.VERB})\s{_OBJECT}\s{_WHERE}\Z",
    re.IGNORECASE,
)
_CLICK: Final = re.compile(
    r"(?:please\s)?(?:click|tap|press|go|follow|use)\s(?:on\s)?"
    r"(?:here|this\slink|the\slink)(?:\sbelow)?\s(?:to|for)\s(?P<rest>[^;:]{3,140})\Z",
    re.IGNORECASE,
)
_TO_CLICK: Final = re.compile(
    r"(?:to\s|for\s)(?P<rest>[^;:,]{3,140}),?\s(?:please\s)?(?:click|tap|press|go|follow|visit|see|use)"
    r"(?:\s(?:on|to|at))?(?:\s(?:here|this\slink|the\slink|our\swebsite|the\swebsite))?"
    r"(?:\sbelow)?\Z",
    re.IGNORECASE,
)
# Stops and arrows, among them the hands that chats point with.
_TRAILING: Final = re.compile("[\\s:.!–—»>→-⇿➔-➿\U0001f446-\U0001f44a-]+\\Z")
_NOT_A_THING: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|should|must|that|which|who|because|if)\b",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:here|below|this\s(?:link|page|address)|the\s(?:following\s)?link)\b", re.IGNORECASE
)
_PLACES: Final = ("here", "below", "link", "page", "address")
_LEADING_THE: Final = ("full", "latest", "complete", "original", "whole", "new", "updated")
_TO_READ: Final = re.compile(r"(?:article|story|blog|press release|news story)\b", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"(?:it|they|them|this|these|those|that|both|all)\Z", re.IGNORECASE)
_OPENING: Final = frozenset({"access", "find", "read", "see", "view"})
_CLAUSE: Final = re.compile(r",?\s(?:and|while|but)\s")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A sentence that points at a link: what stays of it as news, and the link's label."""

    label: str
    kept: str = ""


def points(sentence: str) -> bool:
    """Whether it speaks of a link, so that one was lost if there is none."""
    lowered = sentence.lower()
    return any(word in lowered for word in _PLACES) and bool(_POINTS.search(sentence))


def pointer(sentence: str, host: str = "") -> Pointer | None:
    """The label that a sentence gives to its link, or None if it says more than where a link is.

    The address itself is not in the sentence. A label that is vague by itself ("more information")
    names the host, if there is one.
    """
    text = _TRAILING.sub("", sentence.strip())
    if not 4 <= len(text) <= 300:
        return None
    whole = _label(text)
    if whole:
        return Pointer(_with_host(whole, host))
    for clause in reversed(list(_CLAUSE.finditer(text))):
        kept, tail = text[: clause.start()].rstrip(" ,"), text[clause.end() :]
        label = _label(tail)
        if label and kept.count(" ") >= 3 and not _CAN.match(tail):
            return Pointer(_with_host(label, host), f"{kept}.")
    return None


def _label(text: str) -> str:
    for rule in _RULES:
        label = rule(text)
        if label:
            return _without_pronoun(label)
    return ""


def _without_pronoun(label: str) -> str:
    """ "Download it" is "Download" of what the item is about, and "Find it" is "Read more"."""
    verb, _, thing = label.partition(" ")
    if not _PRONOUN.match(thing):
        return label
    return "Read more" if verb.lower() in _OPENING else verb


def _passive(text: str) -> str:
    match = _PASSIVE.match(text)
    if not match or _NOT_A_THING.search(match["object"]):
        return ""
    verb = _VERBS_OF.get(match["verb"].lower(), "")
    if verb == "Find" and _TO_READ.search(match["object"]):
        verb = "Read"
    return f"{verb} {_thing(match['object'])}" if verb else ""


def _available(text: str) -> str:
    match = _AVAILABLE.match(text)
    if not match or _NOT_A_THING.search(match["object"]):
        return ""
    if not (match["is"] or _ENDS_WITH_NOUN.search(match["object"])):
        return ""
    verb = _VERBS_OF.get((match["verb"] or "").lower(), "Read" if _reads(match) else "Find")
    return f"{verb} {_thing(match['object'])}"


def _reads(match: re.Match[str]) -> bool:
    return (match["verb"] or "").lower() in {"read", "reading"} or bool(
        _TO_READ.search(match["object"])
    )


def _can(text: str) -> str:
    match = _CAN.match(text)
    if not match or _NOT_A_THING.search(match["object"]) or match["verb"].lower() == "click":
        return ""
    return f"{match['verb'].capitalize()} {match['object']}"


def _click(text: str) -> str:
    match = _CLICK.match(text) or _TO_CLICK.match(text)
    if not match:
        return ""
    rest = match["rest"].strip()
    if re.match(rf"{wording.VERB}\b", rest, re.IGNORECASE):
        return _capital(rest)
    return f"Find {_thing(rest)}"


def _on_website(text: str) -> str:
    match = _ON_WEBSITE.match(text) or _IS_HERE.match(text)
    if not match or _NOT_A_THING.search(match["object"]):
        return ""
    return f"Find {_thing(match['object'])}"


_RULES: Final[tuple[Callable[[str], str], ...]] = (
    _click, _passive, _available, _on_website, _can,
)  # fmt: skip


def _thing(words: str) -> str:
    """The object of a label: "The guidance" -> "the guidance", names keep their capitals."""
    first, _, rest = words.partition(" ")
    named = any(word[:1].isupper() for word in rest.split()) and not re.fullmatch(
        wording.DETERMINER, first, re.IGNORECASE
    )
    if named or first.isupper():
        return words
    lowered = f"{first[:1].lower()}{words[1:]}"
    return f"the {lowered}" if first.lower() in _LEADING_THE else lowered


def _with_host(label: str, host: str) -> str:
    vague = wording.is_vague(label) or re.search(r"\b(?:more|information|details)\b", label)
    return f"{label} at {host}" if vague and host else label


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
