"""Archives: what Word and Excel files are packed in, looked at before anything is unpacked."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from bulletin.errors import InvalidInput
from bulletin.sources.formats.docx_thin import thinned

SIGNATURE: Final = b"PK\x03\x04"
MAX_BYTES: Final = 25_000_000  # of the file itself: pictures make newsletters large
_MAX_UNPACKED: Final = 60_000_000
_MAX_PARTS: Final = 2_000
_MAX_RATIO: Final = 200  # text of a Word file shrinks to a tenth, repetitive tables to a fiftieth
_SMALL: Final = 500_000
_LISTED: Final = b"PK\x01\x02"
_UNSAFE_NAME: Final = re.compile(r"\A[/\\]|(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\A[A-Za-z]:|[\x00-\x1f]")
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 1 << 16
_XML: Final = (".xml", ".rels")
# Folders of what has no text: pictures, colours, and what other programs keep there. Of drawings
# only the words are read.
_UNREAD: Final = re.compile(
    r"(?!word/diagrams/data\d{0,6}\.xml\Z|xl/drawings/drawing\d{0,6}\.xml\Z)(?:word|xl)/(?:media|drawings|charts|chartsheets|diagrams|theme|embeddings|externalLinks|"
    r"ctrlProps|activeX|pivot\w+)/|customXml/",
    re.IGNORECASE,
)
# ECMA-376 part 2, 8.1.1: UTF-8 or UTF-16, so any other declaration hides something.
_DECLARATION: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s{0,9}<\?xml\b[^<>]{0,200}\?>")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Kind(StrEnum):
    """What an archive is when it is something that can be read."""

    WORD = "a Word document"
    EXCEL = "a spreadsheet"


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much XML there is, in all parts: bytes, elements, attributes (or a few more)."""

    size: int = 0
    elements: int = 0
    attributes: int = 0

    def with_part(self, content: bytes) -> _Amount:
        return _Amount(
            self.size + len(content),
            self.elements + content.count(b"<") - content.count(b"</"),
            self.attributes + content.count(b"="),
        )

    def refuse_above(self, most: _Amount) -> None:
        """Raises InvalidInput if there is more of anything."""
        if (
            self.size > most.size
            or self.elements > most.elements
            or self.attributes > most.attributes
        ):
            raise InvalidInput(
                "This file has far more text, tables and formatting than a newsletter. Save the "
                "part with the news as a file of its own, or copy the news and paste it as text."
            )


# Three hundred pages of Word with changes and tables have 200,000 elements and 330,000 attributes,
# two thirds of them looks, which are taken away. Attributes take more memory than elements; cells
# take less than either, being read one by one.
_UNPACKED: Final = {
    Kind.WORD: _Amount(13_000_000, 300_000, 450_000),
    Kind.EXCEL: _Amount(8_000_000, 250_000, 250_000),
}
_MOST: Final = {**_UNPACKED, Kind.WORD: _Amount(8_000_000, 120_000, 150_000)}


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that was found harmless, with nothing in it but XML that is read."""

    kind: Kind
    data: bytes


def harmless(data: bytes) -> Packed:
    """The archive without what could do harm (requirement 73): its parts may be read whole.

    Its size unpacked, the number, sizes and names of its parts and how far each was shrunk are
    what its list of contents says; no more than that is ever unpacked, and pictures are not
    unpacked at all. Its XML is UTF-8, declares no entities and has no more elements and attributes
    than a document that somebody wrote. Raises InvalidInput for anything else.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            f"This file has {len(data) / 1_000_000:.0f} MB; up to {MAX_BYTES // 1_000_000} MB can "
            "be read. Save it without its pictures, or copy the news and paste it."
        )
    if data.count(_LISTED) > _MAX_PARTS:
        raise _bomb("it has far too many parts")
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive.infolist())
            names = archive.namelist()
            found = _kind(names)
            return Packed(found, _packed(_texts(archive, found), _unread(names, found)))
    except (
        BadZipFile,
        LargeZipFile,
        EOFError,
        zlib.error,
        NotImplementedError,  # what zipfile says of a packing or version it does not know
        ValueError,
    ) as error:
        raise InvalidInput(
            "This file is damaged or was cut short. Open it, save it again and import that."
        ) from error


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


def _is_read(name: str) -> bool:
    return name.lower().endswith(_XML) and not _UNREAD.match(name)


def _unread(names: list[str], found: Kind) -> list[str]:
    """What stays behind and is empty instead, as some part refers to it. What would lead on from
    it is not there at all; nor is what a spreadsheet would be searched for pictures."""
    return [
        name
        for name in names
        if not _is_read(name)
        and not name.lower().endswith(".rels")
        and (found is Kind.WORD or not _UNREAD.match(name))
    ]


def _texts(archive: ZipFile, found: Kind) -> Iterable[tuple[str, bytes]]:
    """The XML of an archive, part by part. Raises InvalidInput once it would be a burden."""
    parts = [part for part in archive.infolist() if _is_read(part.filename)]
    _Amount(sum(part.file_size for part in parts)).refuse_above(_UNPACKED[found])
    unpacked = kept = _Amount()
    for part in parts:
        content = _plain(_unpacked(archive, part))
        # By its letters alone: no text of an office program has this, not even in a comment.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise _bomb("it declares entities of XML, by which a few lines become gigabytes")
        unpacked = unpacked.with_part(content)
        unpacked.refuse_above(_UNPACKED[found])
        if found is Kind.WORD:
            content = thinned(content)
        kept = kept.with_part(content)
        kept.refuse_above(_MOST[found])
        yield part.filename, content


def _unpacked(archive: ZipFile, part: ZipInfo) -> bytes:
    """A part, piece by piece: unpacked at once it would be as long as it is, not as it says."""
    with archive.open(part) as stream:
        return b"".join(iter(lambda: stream.read(_CHUNK), b""))


def _plain(content: bytes) -> bytes:
    """XML in UTF-8 without a declaration, so that everybody reads the same in it."""
    if content.startswith(_UTF_16):
        order = "le" if content[:1] in {b"\xff", b"<"} else "be"
        content = content.decode(f"utf-16-{order}").removeprefix("\ufeff").encode()
    return _DECLARATION.sub(b"", content, count=1)


def _packed(texts: Iterable[tuple[str, bytes]], unread: list[str]) -> bytes:
    light = io.BytesIO()
    with ZipFile(light, "w", ZIP_STORED) as archive:
        for name, content in texts:
            archive.writestr(name, content)
        for name in unread:
            archive.writestr(name, b"")
    return light.getvalue()


def _bomb(what: str) -> InvalidInput:
    return InvalidInput(
        f"This file was refused: {what}. Open it yourself, copy the news and paste it as text."
    )


def _kind(names: list[str]) -> Kind:
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
