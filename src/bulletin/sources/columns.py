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
    Column.TOPIC: "topic|theme|category|subject|area|section|type",
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
        "source|publisher|organisation|organization|from|published by|issued by|provider|issuer"
    ),
    Column.PUBLISHED: (
        "date|date published|published|publication date|published date|date of publication|"
        "posted|issued|date issued|released|date added|published on"
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
    Column.NATIONS: "nation|nations|country|countries|applies to|jurisdiction",
    Column.ROLES: (
        "audience|role|roles|for|who|who is it for|who for|relevant to|who should read|aimed at|"
        "who should know|target audience|intended for|for whom|for the attention of"
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
# The word that tells what a longer heading means: "Where to read it", "Name of the publisher".
_TELLING: Final = (
    (Column.PUBLISHED, re.compile(r"\b(?:published|posted|issued|released|publication)\b")),
    (Column.LINK, re.compile(r"\b(?:links?|urls?|websites?|read|web|download|find|online)\b")),
    (Column.SOURCE, re.compile(r"\b(?:source|publisher|organisation|organization|who\ssaid)\b")),
    (Column.TEXT, re.compile(r"\b(?:summary|details?|description|what|information|text)\b")),
    (Column.TITLE, re.compile(r"\b(?:title|headline|name|news|item|update|document)\b")),
    (Column.TOPIC, re.compile(r"\b(?:topic|theme|category|subject|area)\b")),
    (Column.NATIONS, re.compile(r"\b(?:nations?|countr(?:y|ies))\b")),
    (Column.ROLES, re.compile(r"\b(?:audience|roles?|for\swhom)\b")),
)  # fmt: skip
_AND: Final = re.compile(r"\s*(?:\band\b|&|/|\+|,)\s*")
_ABOUT: Final = frozenset({Column.SOURCE, Column.PUBLISHED, Column.AUTHOR})
_MAX_WORDS: Final = 6


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
