"""Archives: what Word and Excel files are packed in, looked at before anything is unpacked."""

from __future__ import annotations

import io
import re
import zlib
from enum import StrEnum
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from bulletin.errors import InvalidInput
from bulletin.sources.formats.prologue import refuse_entities

SIGNATURE: Final = b"PK\x03\x04"
MAX_BYTES: Final = 25_000_000  # of the file itself: pictures make newsletters large
_MAX_UNPACKED: Final = 60_000_000
_MAX_XML: Final = 8_000_000
_MAX_TAGS: Final = 200_000  # a hundred pages of Word have about 50,000
_MAX_PARTS: Final = 2_000
_MAX_RATIO: Final = 200  # text of a Word file shrinks to a tenth, repetitive tables to a fiftieth
_SMALL: Final = 500_000
_LISTED: Final = b"PK\x01\x02"
_UNSAFE_NAME: Final = re.compile(r"\A[/\\]|(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\A[A-Za-z]:|[\x00-\x1f]")
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 1 << 16


class Kind(StrEnum):
    """What an archive is when it is something that can be read."""

    WORD = "a Word document"
    EXCEL = "a spreadsheet"


def opened(data: bytes) -> ZipFile:
    """The archive, found harmless (requirement 73): its parts may be read whole.

    Its size unpacked, the number, sizes and names of its parts and how far each was shrunk are
    what its list of contents says; no more than that is ever unpacked. Its XML declares no
    entities and has no more tags than a document that somebody wrote.
    Raises InvalidInput for anything else.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            f"This file has {len(data) / 1_000_000:.0f} MB; up to {MAX_BYTES // 1_000_000} MB can "
            "be read. Save it without its pictures, or copy the news and paste it."
        )
    if data.count(_LISTED) > _MAX_PARTS:
        raise _bomb("it has far too many parts")
    try:
        archive = ZipFile(io.BytesIO(data))
        _refuse_bombs(archive.infolist())
        _refuse_xml(archive)
    except (
        BadZipFile,
        LargeZipFile,
        EOFError,
        zlib.error,
        NotImplementedError,
        ValueError,
    ) as error:
        raise InvalidInput(
            "This file is damaged or was cut short. Open it, save it again and import that."
        ) from error
    return archive


def _refuse_bombs(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if any(map(_UNSAFE_NAME.search, names)) or len(set(names)) < len(names):
        raise _bomb("its parts have names that no program gives them")
    # The other ways of packing unpack without a limit, and no office program uses them.
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise _bomb("it is packed in a way that no office program uses")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise InvalidInput("This file is protected by a password. Save it without one.")
    if sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise _bomb("unpacked it would be larger than any newsletter")
    if any(part.file_size > max(_SMALL, _MAX_RATIO * part.compress_size) for part in parts):
        raise _bomb("it was packed to fill the memory of whoever opens it")


def _refuse_xml(archive: ZipFile) -> None:
    """Raises InvalidInput for XML that would be a burden or declares entities."""
    parts = [
        part for part in archive.infolist() if part.filename.lower().endswith((".xml", ".rels"))
    ]
    if sum(part.file_size for part in parts) > _MAX_XML:
        raise _bomb("it has more text than any newsletter")
    tags = 0
    for part in parts:
        with archive.open(part) as stream:
            refuse_entities(stream, dtd=False)
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                tags += chunk.count(b"<")
    if tags > _MAX_TAGS:
        raise _bomb("it is built too intricately to be read")


def _bomb(what: str) -> InvalidInput:
    return InvalidInput(
        f"This file was refused: {what}. Open it yourself, copy the news and paste it as text."
    )


def kind(names: list[str]) -> Kind:
    """What the archive is, by the names of its parts. Raises InvalidInput for other kinds."""
    if any(name.startswith("word/") for name in names):
        return Kind.WORD
    if "xl/workbook.xml" in names:
        return Kind.EXCEL
    if "mimetype" in names and "content.xml" in names:
        raise InvalidInput(
            "This is an OpenDocument file. Save it as Word (.docx) or Excel (.xlsx), or copy the "
            "news and paste it."
        )
    if any(name.startswith("ppt/") for name in names):
        raise InvalidInput("This is a PowerPoint file. Copy the news from it and paste it.")
    if any(name.startswith("xl/") for name in names):
        raise InvalidInput("This is a binary Excel file (.xlsb). Save it as .xlsx.")
    raise InvalidInput("This is a zip file. Unpack it, and import what is inside one by one.")
