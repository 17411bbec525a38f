"""Addresses of links: how they are written."""

from __future__ import annotations

from markdown_it.common.normalize_url import normalizeLink

from bulletin.models.links import address_problem
from bulletin.rendering.cleaning import line


def linkable(address: str | None) -> str | None:
    """The address as it stands in an href, percent-encoded; None if it must not be a link."""
    if address is None:
        return None
    written = normalizeLink(line(address))
    return None if address_problem(written) else written


def readable(address: str) -> str:
    """The address as a person reads it in plain text: without `mailto:` or `tel:`."""
    scheme, _, rest = address.partition(":")
    return rest if scheme.lower() in {"mailto", "tel"} else address
