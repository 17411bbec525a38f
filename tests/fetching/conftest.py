"""A local site, and clients that may ask it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from bulletin.fetching import Pace, WebClient
from local_site import Site, site

NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no certificate: for clients that ask without TLS."""


@pytest.fixture
def local() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def client() -> Callable[..., WebClient]:
    """A client that may ask 127.0.0.1, in no pace, unless the test says otherwise."""

    def make(**settings: Any) -> WebClient:
        chosen = {
            "agent": "Bulletin (tests)",
            "context": NOBODY,
            "private": [ip_network("127.0.0.1")],
            "pace": Pace(0),
        }
        return WebClient(**chosen | settings)

    return make
