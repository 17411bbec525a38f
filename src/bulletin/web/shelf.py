"""Public pages, each built once and kept while it is asked for (RFC 9111, RFC 9110 section 13)."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from fastapi import Request, Response

Key = TypeVar("Key", bound=Hashable)

# Short, so that what is taken off the web is gone soon from caches that are not ours.
_FRESH = "public, max-age=60"
_forbidden = re.compile(r"\s*q=0(\.0*)?\s*").fullmatch


@dataclass(frozen=True, slots=True)
class _Finished:
    body: bytes
    packed: bytes
    tag: str


class Shelf(Generic[Key]):
    """Pages of one kind, the last used ones in memory. Safe to share between threads.

    build: the text of the page for a key; equal keys must mean equal pages.
    size:  how many are kept.
    """

    def __init__(self, build: Callable[[Key], str], media_type: str, *, size: int = 64) -> None:
        self._media_type = media_type
        self._finished = lru_cache(maxsize=size)(lambda key: _finish(build(key)))

    def answer(self, request: Request, key: Key) -> Response:
        """The page, or 304 if the asker has it; packed for whoever takes gzip."""
        page = self._finished(key)
        headers = {"ETag": page.tag, "Cache-Control": _FRESH, "Vary": "Accept-Encoding"}
        if _has(request.headers.get("if-none-match", ""), page.tag):
            return Response(status_code=304, headers=headers)
        if _takes_gzip(request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            return Response(page.packed, headers=headers, media_type=self._media_type)
        return Response(page.body, headers=headers, media_type=self._media_type)

    def kept(self) -> int:
        """How many pages are in memory."""
        return self._finished.cache_info().currsize


def _finish(text: str) -> _Finished:
    body = text.encode()
    # Weak, since one tag stands for the page packed and plain (RFC 9110 section 8.8.1).
    return _Finished(body, gzip.compress(body, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()}"')


def _has(asked: str, tag: str) -> bool:
    """Whether If-None-Match names this tag; weak comparison (RFC 9110 section 13.1.2)."""
    tags = [part.strip().removeprefix("W/") for part in asked.split(",")]
    return tags == ["*"] or tag.removeprefix("W/") in tags


def _takes_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding lists gzip, and not with a weight of 0 (RFC 9110 section 12.5.3)."""
    codings = (part.partition(";") for part in accepted.lower().split(","))
    return any(name.strip() == "gzip" and not _forbidden(weight) for name, _, weight in codings)
