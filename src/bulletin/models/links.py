"""Where a link may lead: one rule for what is imported, edited, checked and sent.

Judged by its looks; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit

from bulletin.models.servers import is_near

_WEB = frozenset({"http", "https"})
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_MAILBOX = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,.]+")
_TELEPHONE = re.compile(r"(?=(?:[^0-9]*[0-9]){3})[+0-9().\s-]+(?:;[\w=.-]+)*")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")


def address_problem(url: str) -> str:
    """Why no link may have this address, as a phrase after "The link ...", or "".

    Web (http, https), mail and telephone alone (requirement 59). What leads into a network of
    one's own is an address for some readers: see `leads_inside`.
    """
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
    if not host or "%" in parts.netloc:
        return "has no website in its address"
    if parts.username is not None:
        return "hides its website behind an @"
    labels = host.split(".")
    if ":" in host:
        return ""
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

SCHEMES = frozenset(_JUDGES)
"""What an address may begin with."""
