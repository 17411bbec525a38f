"""Columns: what the headings of a table call the parts of an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    TOPIC = "topic"
    TITLE = "title"
    TEXT = "text"
    SOURCE = "source"
    PUBLISHED = "published"
    AUTHOR = "author"
    LINK = "link"
    LABEL = "label"
    NATIONS = "nations"
    ROLES = "roles"
    DETAILS = "details"  # source, date or author, several in one
    MORE = "more"  # belongs to the text, under its own heading


_NAMES: Final = {
    Column.TOPIC: (
        "topic|theme|category|subject|area|section|type|subject area|what it is about|about what"
    ),
    Column.TITLE: (
        "title|headline|heading|item|name|news|news item|update|story|news title|document|"
        "event|course|session|training|webinar|meeting|report|publication|consultation|policy|what"
    ),
    Column.TEXT: (
        "information|summary|description|details|detail|body|text|content|overview|abstract|"
        "notes|what it says|what is new|what's new|key points|about|news summary|"
        "information summary"
    ),
    Column.SOURCE: (
        "source|publisher|organisation|organization|from|published by|issued by|provider|issuer|"
        "taken from|who from|comes from|where from|body|who said it"
    ),
    Column.PUBLISHED: (
        "date|date published|published|publication date|published date|date of publication|"
        "posted|issued|date issued|released|date added|published on|date out|came out|day|dated"
    ),
    Column.AUTHOR: "author|by|written by|posted by|added by",
    Column.LINK: (
        "link|links|url|urls|web address|website|web link|hyperlink|address|"
        "further information|action|actions|read more|more information|resource|resources|"
        "find out more|link(s)|booking|how to book|book|book here|register|registration|more info|"
        "where to find it|further reading|more"
    ),
    Column.LABEL: (
        "link text|label|link title|action label|link label|button|call to action|link name"
    ),
    Column.NATIONS: "nation|nations|country|countries|applies to|applies in|jurisdiction",
    Column.ROLES: (
        "audience|role|roles|for|who|who is it for|who for|relevant to|who should read|aimed at|"
        "who should know|target audience|intended for|for whom|for the attention of|readers"
    ),
    Column.MORE: (
        "deadline|closing date|closes|respond by|reply by|book by|cost|fee|price|venue|location|"
        "place|where|time|times|when|event date|date of event|dates and times|duration|contact|"
        "contacts|phone|telephone|e-mail|email|action needed|action required|what to do|"
        "implications|impact|what it means|what this means|why it matters|next steps|"
        "who to contact|comment|comments|our view|in force|effective date|effective from|speaker|"
        "implications for schools|what schools need to do|what you need to do"
    ),
}
_COLUMNS: Final = {name: column for column, names in _NAMES.items() for name in names.split("|")}
# The words that tell what a longer heading means: "Where to read it", "Name of the publisher".
# What is for somebody, or by somebody, says so first: "Who should read it" holds no links.
_TELLING: Final = (
    (Column.MORE, re.compile(
        r"\b(?:deadline|clos(?:es|ing|e)|due|expir(?:es|y)|in\sforce|effective)\b|\bby\s(?:when|date)\b"
        r"|\b(?:respond|reply|return|book|apply|answer|send)\b.{0,20}\bby\Z|\bto\scontact\b"
        r"|\b(?:event|start|end|review|course|training|meeting|session)\b.{0,20}\bdates?\b"
        r"|\bdates?\s(?:of|for)\s(?:the\s)?(?:event|course|training|meeting|session|review)\b")),
    (Column.SOURCE, re.compile(
        r"\b(?:source|publisher|organi[sz]ation|issuer|provider|who\s(?:said|says))\b"
        r"|\b(?:published|issued|posted|released|produced)\sby\b|\bwho\s(?:publish|issue|post|release)(?:s|d|e[sd])?\b"
        r"|(?:\A(?:who|where|taken|comes?|came)|\bis)\b.{0,20}\bfrom\Z")),
    (Column.AUTHOR, re.compile(r"\b(?:author|written\sby|who\swrote)\b")),
    (Column.ROLES, re.compile(
        r"\A(?:who|for)\b|\bwhom?\b.{0,20}\bfor\Z|\bfor\swhom?\b"
        r"|\b(?:audiences?|roles?|readers|readership|aimed\sat|intended\sfor|relevant\s(?:to|for))\b")),
    (Column.PUBLISHED, re.compile(
        r"\b(?:published|posted|issued|released|publication|date\sout|came\sout|appeared)\b"
        r"|\Adate\b|\bdate\Z|\Awhen\b")),
    (Column.LINK, re.compile(
        r"\b(?:links?|urls?|websites?|read|web|download|find|online|book|register)\b|\Awhere\b")),
    (Column.TEXT, re.compile(r"\b(?:summary|details?|description|what|information|text)\b")),
    (Column.TITLE, re.compile(r"\b(?:title|headline|name|news|item|update|document)\b")),
    (Column.TOPIC, re.compile(r"\b(?:topic|theme|category|subject|area)\b")),
    (Column.NATIONS, re.compile(r"\b(?:nations?|countr(?:y|ies))\b")),
)  # fmt: skip
_AND: Final = re.compile(r"\s*(?:\band\b|&|/|\+|,)\s*")
_ABOUT: Final = frozenset({Column.SOURCE, Column.PUBLISHED, Column.AUTHOR})
_MAX_WORDS: Final = 8
_DAYS: Final = frozenset({"date", "dates", "day", "when"})
_OF_EVENTS: Final = re.compile(
    r"events?|courses?|sessions?|trainings?|webinars?|meetings?|venue|location|place|where|times?|"
    r"start(?:s|\stime)?|cost|fee|price|duration|how\sto\sbook|booking|speakers?"
)


def column(heading: str) -> Column | None:
    """What a column of this heading holds, or None if the name is not known."""
    plain = re.sub(r"\s+", " ", heading.strip(" :*#?|").replace("_", " ")).lower()
    plain = plain.replace("’", "'")
    known = _COLUMNS.get(plain) or _COLUMNS.get(plain.removesuffix("s"))
    return known or _of_several(plain)


def told_column(heading: str) -> Column | None:
    """The same for headings that say it in more words, which a cell of news might have as well."""
    plain = heading.strip(" :*#?|").lower()
    if plain.count(" ") >= _MAX_WORDS:
        return None
    told = (column for column, words in _TELLING if words.search(plain))
    return column(heading) or next(told, None)


def with_days_of_events(found: Sequence[Column | None], row: Sequence[str]) -> list[Column | None]:
    """The columns, with a plain "Date" or "When" as the day of publication or of an event.

    Beside a venue, an hour or a fee it is the day on which something is held.
    """
    names = [cell.strip(" :*#?|").lower() for cell in row]
    held = any(_OF_EVENTS.fullmatch(name) for name in names)
    stated = any(
        one is Column.PUBLISHED and name not in _DAYS
        for one, name in zip(found, names, strict=True)
    )
    day = Column.MORE if held or stated else Column.PUBLISHED
    return [day if name in _DAYS else one for one, name in zip(found, names, strict=True)]


def columns(row: Sequence[str]) -> list[Column | None] | None:
    """The columns that a row of headings names, or None if it is no row of headings."""
    found = [column(cell) for cell in row]
    filled = sum(bool(cell.strip()) for cell in row)
    known = sum(one is not None for one in found)
    # "Guidance, policies, training" is prose: a table has columns of more than one kind.
    kinds = len(set(found) - {None})
    return found if kinds >= 2 and known * 2 >= filled else None


def _of_several(plain: str) -> Column | None:
    """ "Source and date", "Title / summary"."""
    names = [_COLUMNS.get(name) for name in _AND.split(plain) if name]
    found = {name for name in names if name}
    if len(names) < 2 or None in names:
        return None
    if found <= _ABOUT:
        return Column.DETAILS if len(found) > 1 else found.pop()
    if Column.TEXT in found:
        return Column.TEXT
    return Column.TITLE if found <= {Column.TITLE, Column.TOPIC} else _only(found)


def _only(found: set[Column]) -> Column | None:
    return found.pop() if len(found) == 1 else None
