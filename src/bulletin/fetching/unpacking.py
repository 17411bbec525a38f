"""Unpacking: what came packed, in pieces of a size that can be counted."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, Protocol

from bulletin.errors import Unreachable

_PIECE: Final = 65_536
_RAW: Final = -zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS
_GZIP: Final = zlib.MAX_WBITS | 16
# Others, or several on top of each other, were not asked for. Gzip has an old name, too (RFC 9110
# section 8.4.1.3).
_WRAPPED: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


class _Inflating(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


def is_known(coding: str) -> bool:
    """Whether a content coding can be unpacked, or is none."""
    return not coding or coding in _WRAPPED


def unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """What is in a body, in pieces of at most 64 kB. What follows a packed body is not looked at.

    Raises Unreachable if it is damaged, or ends before all of it has come.
    """
    if not coding:
        yield from pieces
        return
    filled = filter(None, pieces)
    first = next(filled, b"")
    inflating = zlib.decompressobj(_wrapping(first, coding))
    for piece in chain((first,), filled):
        yield from _inflated(inflating, piece)
        if inflating.eof:
            return
    if first:
        raise Unreachable("It broke off in the middle of a packed answer. Try again later.")


def _wrapping(first: bytes, coding: str) -> int:
    """Servers have always said "deflate" for a bare stream as well (RFC 9110 section 8.4.1.2)."""
    is_bare = coding == "deflate" and first and first[0] & 0x0F != zlib.DEFLATED
    return _RAW if is_bare else _WRAPPED[coding]


def _inflated(inflating: _Inflating, piece: bytes) -> Iterator[bytes]:
    found = waiting = piece
    # What came may be taken in, and not all of it given out.
    while (waiting or len(found) == _PIECE) and not inflating.eof:
        try:
            found = inflating.decompress(waiting, _PIECE)
        except zlib.error as error:
            raise Unreachable(
                "It sent an answer that cannot be unpacked. Open it in a browser, and save it."
            ) from error
        waiting = inflating.unconsumed_tail
        yield found
