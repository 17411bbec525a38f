"""Who asks: the address that a connection comes from, or that a trusted proxy names."""

from __future__ import annotations

from fastapi import Request

_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_proxied(request: Request) -> bool:
    """Whether a proxy says that it passed this request on."""
    return any(name in request.headers for name in _PROXY_HEADERS)


def client_of(request: Request) -> str:
    """The client's IP address as the server knows it; "" if it knows none."""
    return request.client.host if request.client else ""
