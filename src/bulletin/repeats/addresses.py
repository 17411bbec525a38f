"""Addresses: which of them lead to one particular thing, each in one spelling."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

# A page of this name is where a site's news is listed: it is the same for many items.
_LIST_PAGES: Final = """
about blog bulletin bulletins consultations contact cy default en english events guidance
home index latest news newsletter newsletters press publications reports resources search
services training updates welcome
"""
_LISTS: Final = frozenset(_LIST_PAGES.split())


def particular(url: str) -> str | None:
    """An address in one spelling, or None if it leads to no one thing: a site, a list, a mailbox.

    Trackers are gone from it before: `sources` leaves them out of whatever it reads.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    path = unquote(parts.path).rstrip("/").casefold()
    steps = [step for step in path.split("/") if step]
    if not parts.query and all(step.partition(".")[0] in _LISTS for step in steps):
        return None
    query = "&".join(sorted(parts.query.split("&")))
    return f"{host}{path}?{query}" if query else host + path
