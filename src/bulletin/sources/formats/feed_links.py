"""What a page says in its head: the feeds it has, as feed readers find them, and its title."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bulletin.sources.formats.decoding import decode
from bulletin.sources.recognising import is_feed

_TYPES: Final = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
})  # fmt: skip
_COMMENTS: Final = re.compile(r"\bcomments?\b", re.IGNORECASE)
_MOST: Final = 20


def feed_links(data: bytes | str, base: str = "", charset: str = "") -> list[str]:
    """The addresses of a page's feeds, in its order, those of readers' comments last.

    base:    the page's own address, for links that do not begin with https://.
    charset: what its server said of it.
    Only web addresses are given, at most 20; none for what is a feed itself. Raises InvalidInput
    for what cannot be read.
    """
    text = decode(data, charset)
    if is_feed(text):
        return []
    page = LexborHTMLParser(text)
    stated = page.css_first("base[href]")
    base = _joined(base, (stated.attributes.get("href") if stated else "") or "")
    news: dict[str, None] = {}
    comments: dict[str, None] = {}
    for link in page.css("link[rel][href][type]"):
        given = {name: (value or "").strip() for name, value in link.attributes.items()}
        if "alternate" not in given["rel"].lower().split() or given["type"].lower() not in _TYPES:
            continue
        address = _joined(base, given["href"])
        if address.startswith(("http://", "https://")):
            about = f"{given.get('title', '')} {address}"
            (comments if _COMMENTS.search(about) else news)[address] = None
    return [*news, *(address for address in comments if address not in news)][:_MOST]


def page_title(data: bytes | str, charset: str = "") -> str:
    """What a page calls itself, in one line, or "". Raises InvalidInput for what cannot be read."""
    found = LexborHTMLParser(decode(data, charset)).css_first("head title")
    return " ".join(found.text().split()) if found else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
