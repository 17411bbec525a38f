"""JSON Feed (https://www.jsonfeed.org/version/1.1/) -> entries."""

from __future__ import annotations

import json
from typing import Any

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped
from bulletin.sources.formats.days import as_day
from bulletin.sources.formats.decoding import clean
from bulletin.sources.formats.feed import (
    CROWD,
    MAX_AUTHORS,
    MAX_ENTRIES,
    MAX_TOPICS,
    Entry,
    Feed,
    plain,
)
from bulletin.sources.text import inline


def read_json(text: str) -> Feed:
    """The entries of a JSON feed. Raises InvalidInput if it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            "This JSON feed is damaged. Copy the news from its website, and paste it."
        ) from error
    entries = found.get("items") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise InvalidInput("This is no feed. Give the address of an RSS, Atom or JSON feed.")
    entries = [one for one in entries if isinstance(one, dict)]
    newest, older = entries[:MAX_ENTRIES], entries[MAX_ENTRIES:]
    return Feed(
        plain(_text(found, "title")),
        plain(_text(found, "description")),
        tuple(_entry(one) for one in newest),
        tuple(_text(one, "title") or _text(one, "id") for one in older),
        tuple(Dropped(names, CROWD) for one in newest if (names := _crowd(one))),
    )


def _entry(one: dict[str, Any]) -> Entry:
    published = as_day(_text(one, "date_published"))
    changed = as_day(_text(one, "date_modified"))
    return Entry(
        key=_text(one, "id"),
        title=plain(_text(one, "title")),
        content=_text(one, "content_html") or _text(one, "content_text") or _text(one, "summary"),
        link=_text(one, "external_url") or _text(one, "url"),
        published=published or changed,
        changed=published is None,
        author=plain(", ".join(_names(one)[:MAX_AUTHORS])),
        topics=tuple(dict.fromkeys(map(plain, _tags(one)[:MAX_TOPICS]))),
        base=_text(one, "url"),
        files=tuple(filter(None, (_text(file, "url") for file in _objects(one, "attachments")))),
    )


def _names(one: dict[str, Any]) -> list[str]:
    single = one.get("author")  # how version 1.0 had it
    authors = _objects(one, "authors") or ([single] if isinstance(single, dict) else [])
    return [name for author in authors if (name := _text(author, "name").strip())]


def _tags(one: dict[str, Any]) -> list[str]:
    return [clean(tag) for tag in _list(one, "tags") if isinstance(tag, str)]


def _crowd(one: dict[str, Any]) -> str:
    return inline.tidy(", ".join([*_names(one)[MAX_AUTHORS:], *_tags(one)[MAX_TOPICS:]]))


def _text(one: dict[str, Any], name: str) -> str:
    value = one.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        return str(value) if abs(value) < 10**18 else ""
    return clean(value) if isinstance(value, str) else ""


def _list(one: dict[str, Any], name: str) -> list[Any]:
    value = one.get(name)
    return value if isinstance(value, list) else []


def _objects(one: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [value for value in _list(one, name) if isinstance(value, dict)]
