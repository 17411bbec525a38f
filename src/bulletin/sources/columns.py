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


_NAMES: Final = {
    Column.TOPIC: "topic|theme|category|subject|area|section|type",
    Column.TITLE: (
        "title|headline|heading|item|name|news|news item|update|story|news title|document"
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
        "find out more|link(s)|where to find it|further reading|more"
    ),
    Column.LABEL: (
        "link text|label|link title|action label|link label|button|call to action|link name"
    ),
    Column.NATIONS: "nation|nations|country|countries|applies to|jurisdiction",
    Column.ROLES: (
        "audience|role|roles|for|who|who is it for|who for|relevant to|who should read|aimed at"
    ),
}
_COLUMNS: Final = {name: column for column, names in _NAMES.items() for name in names.split("|")}


def column(heading: str) -> Column | None:
    """What a column of this heading holds, or None if the name is not known."""
    plain = re.sub(r"\s+", " ", heading.strip(" :*#?|").replace("_", " ")).lower()
    plain = plain.replace("’", "'")
    return _COLUMNS.get(plain) or _COLUMNS.get(plain.removesuffix("s"))


def columns(row: Sequence[str]) -> list[Column | None] | None:
    """The columns that a row of headings names, or None if it is no row of headings."""
    found = [column(cell) for cell in row]
    filled = sum(bool(cell.strip()) for cell in row)
    known = sum(one is not None for one in found)
    return found if known >= 2 and known * 2 >= filled else None
