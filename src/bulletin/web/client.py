"""Who asks: the address that a connection comes from, or that a trusted proxy names."""

from __future__ import annotations

from fastapi import Request


def client_of(request: Request) -> str:
    """The client's IP address as the server knows it; "" if it knows none."""
    return request.client.host if request.client else ""
