"""The web as Bulletin sees it: pages that were asked for, and who may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

FOR_FEEDS: Final[Mapping[str, str]] = {
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, application/json;q=0.9, text/html;q=0.8, */*;q=0.5"
}
"""Headers that ask for a feed where an address has both a feed and a page (RFC 9110 section 12)."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a web address answered.

    url:     where the answer came from, after redirects.
    status:  the HTTP status; 304 when a condition in the request held.
    headers: names in lower case.
    body:    unpacked (gzip and the like), whole; empty for pictures and what else nothing reads.
    moved:   the address that permanent redirects (301, 308) lead to, or "" if there were none.
    inside:  whether the way to it leads over an address that is not public, which an installation
             may allow itself to ask: others cannot follow.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved: str = ""
    inside: bool = False

    @property
    def charset(self) -> str:
        """The charset that the server named, or ""."""
        _, _, parameters = self.headers.get("content-type", "").partition(";")
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip(" \t\"'").lower()
        return ""

    def retry_after(self, now: datetime) -> float | None:
        """In how many seconds the server wants to be asked again (RFC 9110 section 10.2.3).

        now: where the server names a moment, not seconds. None if it says neither.
        """
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdigit():
            return float(asked[:9])
        try:
            moment = parsedate_to_datetime(asked)
            return max(0.0, (moment - now).total_seconds())
        except (ValueError, TypeError, OverflowError):
            return None


class Web(Protocol):
    """Asks public web addresses, and no others (requirement 65). Capped in size and time."""

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch an address, following redirects. Any status is an answer.

        headers: beside those of a browser that asks for a page; FOR_FEEDS asks for a feed.
        Raises AddressRefused if it, or one that it redirects to, may not be asked; Unreachable
        if there was no whole answer in time or it was too large.
        """
        ...

    def head(self, url: str) -> Page:
        """As `get`, without the body."""
        ...
