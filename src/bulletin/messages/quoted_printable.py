"""Quoted-printable (RFC 2045 6.7): any text as lines of at most 76 ASCII octets, CRLF ended.

No two spaces stand side by side and none at the end of a line, so what is written is its own
"relaxed" form (RFC 6376 3.4.4): whoever squeezes spaces on the way breaks no signature.
"""

from __future__ import annotations

import re
from binascii import b2a_qp

_PIECE = 73  # leaves room for a first character written as =2E and for the soft break
_LINE_ENDS = re.compile("\r\n|\r|\n")
_UNSAFE = re.compile(rb"[^ -<>-~]")
# SMTP ends a message with a dot; mailbox files put a > before "From ".
_UNSAFE_STARTS = (b".", b"From ")


def printable(text: str) -> bytes:
    """Text of any number of lines; the result ends where the text ends, maybe in mid-line."""
    return b"\r\n".join(_line(line.encode()) for line in _LINE_ENDS.split(text))


def printable_value(value: str) -> bytes:
    """A text without line ends, to stand between two soft breaks. The hot path."""
    quoted = b2a_qp(value.encode())
    if len(quoted) > _PIECE or b"  " in quoted or quoted.startswith(_UNSAFE_STARTS):
        return _line(value.encode())
    return quoted


def _line(raw: bytes) -> bytes:
    quoted = _UNSAFE.sub(_hex, raw)
    quoted = quoted.replace(b"  ", b" =20")
    if quoted.endswith(b" "):
        quoted = quoted[:-1] + b"=20"
    pieces = []
    start = 0
    while len(quoted) - start > _PIECE:
        end = start + _PIECE
        cut = quoted.find(b"=", end - 2, end)  # never inside an =XX
        end = cut if cut > 0 else end
        pieces.append(_guarded(quoted[start:end]))
        start = end
    pieces.append(_guarded(quoted[start:]))
    return b"=\r\n".join(pieces)


def _guarded(piece: bytes) -> bytes:
    if piece.startswith(_UNSAFE_STARTS):
        return b"=%02X%b" % (piece[0], piece[1:])
    return piece


def _hex(match: re.Match[bytes]) -> bytes:
    return b"=%02X" % match[0][0]
