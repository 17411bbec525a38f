"""Where a link may lead. Judged by its looks; nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urldefrag, urlsplit

from bulletin.models.servers import is_near

_WEB = frozenset({"http", "https"})
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_MAILBOX = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,.]+")
_TELEPHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){3})[+0-9().\s-]+(?:;[\w=.-]+)*")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
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
    if ":" in host:
        return ""
    if len(labels) < 2:
        return "names no website of the public web"
    # Systems read 127.1 and 0x7f.1 as addresses, too; nobody who means well writes them.
    is_number = _NUMBER.fullmatch(labels[-1]) and not _IPV4.fullmatch(host)
    return "names a website that cannot exist" if is_number or not _is_name(labels) else ""


def _is_name(labels: list[str]) -> bool:
    return all(map(_LABEL.fullmatch, labels))


def leads_inside(url: str) -> bool:
    """Whether a web address leads into a network of one's own, by its looks (requirement 65)."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme.lower() in _WEB and bool(host) and is_near(host)


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
