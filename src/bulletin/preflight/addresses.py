"""Addresses that may lead somewhere, and yet are doubtful. Judged by their looks alone."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlsplit

from bulletin.models.links import address_problem

_TYPESET = re.compile("[–—…“”‘’]|%E2%80%(?:9[34C89D]|A6)", re.IGNORECASE)
_SHORTENERS = frozenset(
    {"bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rb.gy", "cutt.ly",
     "lnkd.in", "shorturl.at"}
)  # fmt: skip


def page_of(url: str) -> str:
    """The web page that an address leads to, without its fragment; "" if it leads to none."""
    address = url.strip()
    if address_problem(address) or not address.lower().startswith(("http:", "https:")):
        return ""
    page = urldefrag(address).url
    return page if page.isprintable() else ""


def address_doubt(url: str) -> str:
    """Why an address may not work or not be welcome, as a phrase, or ""."""
    address = url.strip()
    if _TYPESET.search(address):
        return "has typeset dashes, quotes or dots in its address, often put there by Word"
    if address.endswith((".", ",", ";", ":")):
        return "ends with a punctuation mark that may not belong to it"
    host = urlsplit(address).hostname or ""
    if host.removeprefix("www.") in _SHORTENERS:
        return "hides where it leads behind a link shortener (give the full address)"
    return ""
