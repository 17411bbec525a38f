"""RSS (0.9 to 2.0), RDF and Atom -> entries, by feedparser."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import feedparser
from lxml import etree

from bulletin.errors import InvalidInput
from bulletin.sources.formats.days import as_day
from bulletin.sources.formats.feed import Entry, Feed, plain
from bulletin.sources.formats.prologue import refuse_entities

_MAX_TAGS: Final = 250_000  # a thousand long entries have about 100,000
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,400}\?>", re.IGNORECASE)
_NAMED_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w{1,30};")
_LONE_AMPERSAND: Final = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{1,30};)")
_MAILBOX: Final = re.compile(r"\S+@\S+")


def read_xml(text: str, url: str = "") -> Feed:
    """The entries of a feed. url: where it came from, for links that begin with "/".

    Small faults of its XML are mended. Raises InvalidInput if it declares entities (requirement
    73) or is no feed.
    """
    if text.count("<") + text.count("&") > _MAX_TAGS:
        raise InvalidInput("This feed is built too intricately. Copy the news from its website.")
    document = _DECLARATION.sub("", text, count=1).strip().encode()
    refuse_entities(document, dtd=True)
    found = feedparser.parse(
        io.BytesIO(_well_formed(document)),
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
    return Feed(title, about, tuple(_entry(entry, atom=atom) for entry in found.entries))


def _well_formed(document: bytes) -> bytes:
    """The same document with its faults mended, as every reader of feeds does."""
    # Names of HTML's characters mean nothing in XML, and many feeds use them.
    text = _LONE_AMPERSAND.sub("&amp;", document.decode())
    text = _NAMED_ENTITY.sub(lambda found: _character(found[0]), text)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
    )
    try:
        # `refuse_entities` has been here before.
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise InvalidInput("This feed is damaged. Copy the news from its website, and paste it.")
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


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
    written = [plain(one.get("name", "")) for one in entry.get("authors", ())]
    whole = plain(entry.get("author", ""))
    if _MAILBOX.search(whole) or not any(written):
        written = [whole]  # the library cuts mailboxes of newer domains in two
    names = (_MAILBOX.sub("", name).strip(" ()<>,") for name in written)
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
