"""The identity provider: the one address within a network that may be asked without being named in
BULLETIN_FETCH_PRIVATE, since whoever set it up named it as the issuer."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

from bulletin.errors import AddressRefused
from bulletin.fetching.client import WebClient
from bulletin.models.lines import in_one_line
from bulletin.models.web import Page

_SECONDS: Final = 10.0  # somebody waits for it
_MOST: Final = 1_000_000  # bytes
_ANYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_HEADERS: Final = {"Accept": "application/json"}


class IssuerWeb:
    """Asks an issuer, and what it names elsewhere on the public web; by https, unless the issuer
    itself is tried out on this machine. Redirects are not followed.

    issuer: its address, as set up. agent, context: as WebClient has them.
    """

    def __init__(self, issuer: str, *, agent: str, context: ssl.SSLContext) -> None:
        self._issuer = urlsplit(issuer)
        self._own = WebClient(
            agent=agent, context=context, private=_ANYWHERE, seconds=_SECONDS, most=_MOST
        )
        self._others = WebClient(agent=agent, context=context, seconds=_SECONDS, most=_MOST)

    def read(self, url: str) -> Page:
        """Raises AddressRefused or Unreachable."""
        return self._for(url).ask(url, _HEADERS)

    def post(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Page:
        """Send a form. Raises as `read`."""
        return self._for(url).ask(url, {**_HEADERS, **headers}, fields)

    def _for(self, url: str) -> WebClient:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) == (self._issuer.scheme, self._issuer.netloc):
            return self._own
        if parts.scheme != "https":
            raise AddressRefused(f"{in_one_line(url)} is not asked: it does not start with https.")
        return self._others
