"""Where a link may lead. Judged by its looks; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urldefrag, urlsplit

_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_MAILBOX = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,.]+")
_TELEPHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){3})[+0-9().\s-]+(?:;[\w=.-]+)*")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_TYPESET = re.compile("[–—…“”‘’]|%E2%80%(?:9[34C89D]|A6)", re.IGNORECASE)
_SHORTENERS = frozenset(
    {"bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rb.gy", "cutt.ly",
     "lnkd.in", "shorturl.at"}
)  # fmt: skip


def address_problem(url: str) -> str:
    """Why no link may have this address, as a phrase after "The link ...", or ""."""
    address = url.strip()
    if not address:
        return "has no address"
    if _BLANK.search(address):
        return "has a space in its address"
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return "has an address that cannot be read"
    judge = _JUDGES.get(parts.scheme.lower())
    if judge is None:
        return "leads neither to the web (https://) nor to a mail address or telephone"
    return judge(parts)


def _web_problem(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if not host:
        return "has no website in its address"
    if parts.username is not None:
        return "hides its website behind an @"
    labels = host.split(".")
    if ":" not in host and (len(labels) < 2 or not all(map(_LABEL.fullmatch, labels))):
        return "names a website that cannot exist"
    return ""


def _mail_problem(parts: SplitResult) -> str:
    good = all(_MAILBOX.fullmatch(one) for one in unquote(parts.path).split(","))
    return "" if good else "has a mail address that is not one"


def _telephone_problem(parts: SplitResult) -> str:
    good = _TELEPHONE.fullmatch(unquote(parts.path))
    return "" if good else "has a telephone number that is not one"


_JUDGES: dict[str, Callable[[SplitResult], str]] = {
    "http": _web_problem,
    "https": _web_problem,
    "mailto": _mail_problem,
    "tel": _telephone_problem,
}


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
