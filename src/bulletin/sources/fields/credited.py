"""Credits: lines that say in words of any website where news is from, when and by whom.

"Lifted from X; on our pages since DATE (N)" has a shape that no heading has: a word or two and
"from", "via" or a colon, a name, words without a capital, a whole date, and at most a name after.
"""

from __future__ import annotations

import re
from typing import Final

from bulletin.sources.fields.dates import find_date

_LEAD: Final = re.compile(
    r"(?:(?:[A-Z][a-z]+(?:\s[a-z]+){0,2}\s)?(?:[Ff]rom|[Vv]ia|[Cc]ourtesy\sof|[Tt]hanks\sto)\s?:?\s"
    r"|(?P<weak>[A-Z][a-z]+(?:\s[a-z]+)?\s?:\s|(?:[A-Z][a-z]+ed|Seen|Found|Read)\s(?:on|at|in|by)\s))"
    r"(?:the\s)?(?=[A-Z0-9])"
)
# Who speaks of a page here says that it was put there; an event is held, opens, takes place.
_PUT: Final = re.compile(
    r"(?P<edge>\s?[,;.|(–—-]\s?(?:[A-Z][a-z]+\s)?|\s)(?P<how>(?:[a-z]+\s){0,4}?"
    r"(?:added|posted|published|put|placed|uploaded|shared|listed|entered|"
    r"online|here|site|website|pages?|blog|up|live|received|seen|reposted|copied|filed|logged|dated|issued|"
    r"released|circulated|sent|noted|found|read|loaded|reproduced)(?:\s[a-z]+){0,5})\Z"
)
_DUE: Final = re.compile(r"\b(?:by|before|until|till|from)\Z")
_FEW: Final = 3  # words
_EDGE: Final = re.compile(r"\s?[,;|–—(-]\s?\Z")
_PARTICIPLE: Final = re.compile(r"(?:[A-Z][a-z]+(?:ed|en|rom|ia)|Via|From|Courtesy|Thanks)\b")
_WRITER: Final = re.compile(
    r"[\s,;.|(–—-]{0,3}(?:(?:[A-Za-z][a-z]+\s){0,2}[Bb][Yy]:?\s)?(?P<name>[A-Z][\w’'.-]*(?:\s[\w’'.-]+){0,4}?)[).]{0,2}\Z"
)
_NAME: Final = re.compile(r"[^.:;!?]{2,100}\Z")
_MAX_LENGTH: Final = 220


def told(text: str) -> tuple[str, str, str] | None:
    """Source, date as written and author ("" if none) of a line of credits, or None."""
    lead = _LEAD.match(text) if len(text) <= _MAX_LENGTH else None
    day = find_date(text) if lead else None
    if not lead or not day:
        return None
    before, after = text[lead.end() : day.start], text[day.end :]
    put = _put(before)
    name = before[: put.start()] if put else _EDGE.sub("", before.removesuffix(" on"))
    author = _WRITER.match(after)
    if (after.strip(" .)") and not author) or not _NAME.match(name.strip()):
        return None
    edged = bool(put and put["edge"].strip()) or (not put and name != before)
    if not _says_so(text, lead, author, put=put is not None, edged=edged):
        return None
    source, _, writer = name.strip(" ,;|–—-(").partition(" by ")
    return source, text[day.start : day.end], author["name"] if author else writer


def _put(before: str) -> re.Match[str] | None:
    """The words before a date that say what was done to the page then."""
    put = _PUT.search(before.rstrip())
    if not put or _DUE.search(put["how"]):
        return None
    apart = bool(put["edge"].strip()) or put["how"].count(" ") < _FEW
    return put if apart else None


def _says_so(
    text: str, lead: re.Match[str], author: re.Match[str] | None, *, put: bool, edged: bool
) -> bool:
    """Whether more than a name and a date tell a credit from the heading of an event."""
    signed = author is not None and "by" in author[0].lower()
    if lead["weak"]:
        return edged and (put or signed)
    return put or signed or (edged and bool(_PARTICIPLE.match(text)))
