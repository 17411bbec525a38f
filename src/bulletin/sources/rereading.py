"""Reading again: what an item of the library says, by the rules of an import."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from bulletin.models.items import ItemDraft
from bulletin.models.lines import unescaped
from bulletin.sources.fields.details import Details
from bulletin.sources.fields.drafting import NUMBER, draft
from bulletin.sources.text import inline, lines
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, look

_MOST_WORDS: Final = 10  # of a first line that is taken for a title because it is short
_STARS: Final = re.compile(r"(?<!\\)\*")  # of bold and italics: bodies have no underscores for it
_NO_TITLE: Final = frozenset({Look.ACTION, Look.DETAILS})


def read_again(title: str, body: str, published: date | None = None) -> ItemDraft:
    """What a title and a body (Markdown) say of source, dates, nations, roles and deadline.

    published: when it was, if the text does not say; a deadline without a year is after it.
    """
    written = lines.of_text(unescaped(body))
    told = draft(written, known=Details(title=title)).item
    if told.published or not published:
        return told
    dated = draft(written, known=Details(title=title, published=published)).item
    return replace(told, deadline=dated.deadline)


def headed(body: str) -> tuple[str, str]:
    """A body's first line as a title, without its number, and the rest.

    That is a heading, a line in bold throughout, or a short one that is no sentence. ("", body) if
    it is something else.
    """
    first, _, rest = body.lstrip("\n").partition("\n")
    rest = rest.strip("\n")
    found = lines.of_text(unescaped(first))
    if len(found) != 1 or inline.links(found[0].runs):
        return "", body
    title = _words(lines.make(inline.parse(unescaped(_STARS.sub("", first)))))
    marked = bool(found[0].mark) and found[0].kind is Kind.TEXT
    if title and (marked or (rest.strip() and _is_short(title, found[0]))):
        return title, rest
    return "", body


def without_title(body: str, title: str) -> str:
    """A body without a first line that only says its title again."""
    found, rest = headed(body)
    return rest if found and rest and _plain(found) == _plain(title) else body


def _words(line: Line) -> str:
    words = (inline.words_only(line.runs) or line.text).lstrip("# ")
    number = NUMBER.match(words)
    title = words[number.end() :] if number else words
    return " ".join(title.split()).rstrip(" :|")


def _is_short(title: str, line: Line) -> bool:
    if line.kind not in {Kind.TEXT, Kind.NUMBERED} or title[-1] in ".;,!…":
        return False
    plain = look(lines.make(inline.parse(title)))
    return plain not in _NO_TITLE and title.count(" ") < _MOST_WORDS


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
