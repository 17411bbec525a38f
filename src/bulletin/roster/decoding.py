"""From the bytes of a CSV file to its text, whatever program saved it."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, TextIO

from bulletin.errors import InvalidInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_FALLBACK = "bulletin-windows-1252"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_roster(stream: BinaryIO) -> TextIO:
    """The text of a CSV file, decoded as it is read.

    UTF-8 (with a byte order mark or without), UTF-16 with a mark, and Windows-1252 byte by byte
    wherever something is not UTF-8: Excel saves either, and pasted rows mix them.
    The stream stays the caller's to close. Raises InvalidInput for a workbook or another binary
    file.
    """
    buffered = io.BufferedReader(_Borrowed(stream), 1 << 16)
    head = buffered.peek(4)
    if head.startswith(_WORKBOOKS):
        raise InvalidInput(
            "This is an Excel workbook. In Excel choose Save As, CSV UTF-8 (Comma delimited), "
            "and import that file."
        )
    if head.startswith(_UTF_16):
        return io.TextIOWrapper(buffered, encoding="utf-16")
    if b"\0" in head:
        raise InvalidInput("This is no text file. Save the list as CSV UTF-8 and import that file.")
    return io.TextIOWrapper(buffered, encoding="utf-8-sig", errors=_FALLBACK)


class _Borrowed(io.RawIOBase):
    """A stream that is read through us and closed by its owner."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # Five bytes mean nothing in Windows-1252; as C1 controls they get their row rejected.
    text = "".join(
        bytes([byte]).decode("latin-1" if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "cp1252")
        for byte in error.object[error.start : error.end]
    )
    return text, error.end


codecs.register_error(_FALLBACK, _as_windows_1252)
