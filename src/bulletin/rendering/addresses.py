"""Addresses of links: which are allowed, and how they are written."""

from __future__ import annotations

from urllib.parse import urlsplit

from markdown_it.common.normalize_url import normalizeLink

from bulletin.rendering.cleaning import line

SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def is_allowed(address: str) -> bool:
    """Whether a link may lead there: the web, mail or a telephone, and a whole address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in SCHEMES:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.netloc) and "%" not in parts.netloc  # percent-encoded: not a host
    return bool(parts.path)


def linkable(address: str | None) -> str | None:
    """The address as it stands in an href, percent-encoded; None if it must not be a link."""
    if address is None:
        return None
    written = normalizeLink(line(address))
    return written if is_allowed(written) else None


def readable(address: str) -> str:
    """The address as a person reads it in plain text: without `mailto:` or `tel:`."""
    scheme, _, rest = address.partition(":")
    return rest if scheme.lower() in {"mailto", "tel"} else address
