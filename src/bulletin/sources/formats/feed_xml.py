"""RSS (0.9 to 2.0), RDF and Atom -> entries, by feedparser."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import feedparser

from bulletin.errors import InvalidInput
from bulletin.sources.formats.days import as_day
from bulletin.sources.formats.feed import Entry, Feed, plain
from bulletin.sources.formats.feed_bounds import bounded, intricate
from bulletin.sources.formats.prologue import refuse_entities

_MAX_TAGS: Final = 250_000  # a thousand long entries have about 100,000
_MAX_EQUALS: Final = 200_000  # of attributes, which take thirty times their size
_DECLARATION: Final = re.compile(r"\A\s*<\?xml\b[^>]{0,400}\?>", re.IGNORECASE)
_NAMED_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w{1,30};")
_LONE_AMPERSAND: Final = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{1,30};)")
_MAILBOX: Final = re.compile(r"(?<!\S)\S+@\S+")


def read_xml(text: str, url: str = "") -> Feed:
    """The entries of a feed. url: where it came from, for links that begin with "/".

    Small faults of its XML are mended. Raises InvalidInput if it declares entities (requirement
    73) or is no feed.
    """
    tags = text.count("<") + text.count("&")
    if tags > _MAX_TAGS or text.count("=") > _MAX_EQUALS:
        raise intricate()
    document = _DECLARATION.sub("", text, count=1).strip().encode()
    refuse_entities(document)
    feed = bounded(_in_xml(document.decode()).encode())
    found = feedparser.parse(
        io.BytesIO(feed.document),
        # Nothing of it is shown before our own markup code has looked at it.
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
    )
    if not found.version and not found.entries:
        raise InvalidInput("This is no feed. Give the address of an RSS, Atom or JSON feed.")
    atom = found.version.startswith("atom")
    title = plain(found.feed.get("title", ""))
    about = plain(found.feed.get("subtitle", ""))
    entries = tuple(_entry(entry, atom=atom) for entry in found.entries)
    return Feed(title, about, entries, feed.older, feed.left)


def _in_xml(text: str) -> str:
    """The same with the names of HTML's characters, which mean nothing in XML, as characters."""
    text = _LONE_AMPERSAND.sub("&amp;", text)
    return _NAMED_ENTITY.sub(lambda found: _character(found[0]), text)


def _character(entity: str) -> str:
    """What a name of HTML stands for; what is no such name is text."""
    found = html.unescape(entity)
    return f"&amp;{entity[1:]}" if found == entity else found


def _entry(entry: Any, *, atom: bool) -> Entry:
    written = entry.get("content") or []
    content = max((one.get("value", "") for one in written), key=len, default="")
    published, name = _day(entry)
    return Entry(
        key=entry.get("id", ""),
        title=plain(entry.get("title", "")),
        content=content or entry.get("summary", ""),
        link=entry.get("link", ""),
        published=published,
        # In RSS, where `dc:date` alone can be meant, it is the date of the item (RSS 1.0, dc).
        changed=name == "updated" and atom,
        author=_author(entry),
        topics=tuple(dict.fromkeys(_topics(entry))),
        source=plain((entry.get("source") or {}).get("title", "")),
        base=next((one.get("base") or "" for one in written), ""),
        files=tuple(one["href"] for one in entry.get("enclosures", ()) if one.get("href")),
    )


def _author(entry: Any) -> str:
    """The names of who wrote it, "mailbox (name)" as RSS 2.0 has it among them."""
    whole = entry.get("author", "")
    written = [name for one in entry.get("authors", ()) if (name := one.get("name"))]
    if _MAILBOX.search(plain(whole)) or not written:
        written = [whole]  # the library cuts mailboxes of newer domains in two
    names = (
        _MAILBOX.sub("", name).strip(" ()<>,") for name in plain(", ".join(written)).split(", ")
    )
    return ", ".join(dict.fromkeys(filter(None, names)))


def _topics(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if name := plain(tag.get("label") or tag.get("term") or ""):
            yield name


def _day(entry: Any) -> tuple[date | None, str]:
    """The date of publication in the feed's own zone, and what the feed calls it."""
    # feedparser gives one for the other if that is missing; `in` asks for what the feed has.
    for name in ("published", "created", "updated"):
        if name in entry.keys() and (day := as_day(entry[name])):  # noqa: SIM118  # `in` asks for more names
            return day, name
    return None, ""
