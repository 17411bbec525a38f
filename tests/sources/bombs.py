"""Files that were built to exhaust whoever opens them, each of a few kilobytes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

import newsletters

MEGABYTE: Final = 1_000_000
LAUGHS: Final = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
BLOW_UP: Final = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{"ha" * 50_000}">]>'
FOREIGN: Final = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


EBCDIC: Final = '<?xml version="1.0" encoding="cp037"?><x/>'.encode("cp037")


def feed(top: str, times: int = 1) -> str:
    said = "&a;" * times if "SYSTEM" in top or times > 1 else "&i;"
    return f"{top}<rss version='2.0'><channel><title>{said}</title></channel></rss>"


def repacked(
    data: bytes, changes: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A document with some of its parts exchanged, or others added."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return zipped({**parts, **changes}, method)


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name)


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=6) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _swollen(times: int, piece: bytes) -> bytes:
    """A Word document that begins with the same piece again and again."""
    data = newsletters.as_docx()
    body = part(data, "word/document.xml").replace(b"<w:body>", b"<w:body>" + piece * times, 1)
    return repacked(data, {"word/document.xml": body})


def many_parts() -> bytes:
    """A list of contents with 100,000 entries, which take 70 MB to read."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entry) * count, 30, 0)
    local = b"PK\x03\x04" + bytes(26)
    return local + entry * count + end


def lying_sizes() -> bytes:
    """A part that says it is small and is not."""
    data = bytearray(repacked(newsletters.as_docx(), {"word/huge.xml": b" " * 70 * MEGABYTE}))
    at = data.rindex(b"word/huge.xml") - 46
    struct.pack_into("<L", data, at + 24, 1000)
    return bytes(data)


def packed_by(method: int) -> bytes:
    """A document packed in a way that unpacks without a limit."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("word/document.xml", b"<x>" + b" " * MEGABYTE + b"</x>")
    return packed.getvalue()


def nested_mail(times: int) -> bytes:
    """A mail in a mail in a mail."""
    return (
        b"".join(
            b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
            for _ in range(times)
        )
        + b"Subject: end\n\nThe end.\n"
    )


def mail_with(header: bytes, body: bytes = b"The end.\n") -> Callable[[], bytes]:
    return lambda: b"From: a@b.example\nMIME-Version: 1.0\n" + header + b"\n\n" + body


def mail_of_parts(part: bytes, times: int) -> Callable[[], bytes]:
    boundary = b'Content-Type: multipart/mixed; boundary="q"'
    return mail_with(boundary, (b"--q\n" + part + b"\n") * times + b"--q--\n")


def entries(written: str) -> Callable[[], bytes]:
    return f"<rss version='2.0'><channel>{written}</channel></rss>".encode


def docx_with(part: str, content: bytes) -> Callable[[], bytes]:
    return lambda: repacked(newsletters.as_docx(), {part: content})


def xlsx_with(part: str, content: bytes) -> Callable[[], bytes]:
    return lambda: repacked(newsletters.as_spreadsheet(), {part: content})


def lying_picture() -> bytes:
    """A document with a picture that says it is small and unpacks to 30 MB."""
    data = newsletters.as_docx()
    relations = part(data, "word/_rels/document.xml.rels")
    picture = (
        b'<Relationship Id="rIdP" Target="media/door.jpeg" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/image"/></Relationships>'
    )
    changed = {
        "word/_rels/document.xml.rels": relations.replace(b"</Relationships>", picture),
        "word/media/door.jpeg": b"\0" * 30 * MEGABYTE,
    }
    lying = bytearray(repacked(data, changed))
    struct.pack_into("<L", lying, lying.rindex(b"word/media/door.jpeg") - 46 + 24, 1000)
    return bytes(lying)


def sheet(inside: str, strings: str = "") -> bytes:
    """A spreadsheet with a sheet of this XML, and its shared strings."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    changed = {"xl/worksheets/sheet1.xml": f"<worksheet {main}>{inside}</worksheet>".encode()}
    data = newsletters.as_spreadsheet()
    if strings:
        told = (
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
            b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
        )
        types = part(data, "[Content_Types].xml")
        changed["[Content_Types].xml"] = types.replace(b"</Types>", told)
        changed["xl/sharedStrings.xml"] = f"<sst {main}>{strings}</sst>".encode()
    return repacked(data, changed, zipfile.ZIP_STORED)


def same_sheet(times: int) -> bytes:
    """A workbook whose one sheet stands under many names."""
    data = newsletters.as_spreadsheet()
    book = part(data, "xl/workbook.xml")
    (one,) = re.findall(rb"<sheet [^>]*/>", book)
    return repacked(data, {"xl/workbook.xml": book.replace(one, one * times)})


def rows(times: int, cell: str) -> str:
    return f"<sheetData>{f'<row>{cell}</row>' * times}</sheetData>"


def document(body: str) -> bytes:
    """A Word document that begins with this XML, not shrunk."""
    data = newsletters.as_docx()
    changed = part(data, "word/document.xml").replace(b"<w:body>", b"<w:body>" + body.encode(), 1)
    return repacked(data, {"word/document.xml": changed}, zipfile.ZIP_STORED)


def field(target: str, times: int) -> str:
    kinds = [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate")]
    instruction = f'<w:instrText>HYPERLINK "{target}"</w:instrText>'
    opened = f"<w:r>{instruction.join(kinds)}</w:r>"
    return f"<w:p>{opened}{'<w:r><w:t>a</w:t></w:r>' * times}</w:p>"


# Not shrunk, so that it is the bound which refuses them: how each is made, and what is said of it.
BOUNDS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "elements of Word": (lambda: document("<w:p/>" * 121_000), "far more text"),
    "looks of Word": (lambda: document('<w:sz w:val="1"/>' * 301_000), "far more text"),
    "attributes of Word": (lambda: document('<w:p a="1" b="1"/>' * 76_000), "far more text"),
    "text of Word": (
        lambda: document(f"<w:p><w:r><w:t>{'door ' * 250_000}</w:t></w:r></w:p>"), "characters",
    ),
    "a long address on many pieces": (
        lambda: document(field(f"https://keyhole.example/{'&amp;' * 1900}", 1000)), "and links",
    ),
    "changes within changes": (lambda: document("<w:ins>" * 30 + "</w:ins>" * 30), "intricately"),
    "another charset": (
        lambda: repacked(newsletters.as_docx(), {"word/styles.xml": EBCDIC}), "damaged",
    ),
    "a long text in many cells": (
        lambda: sheet(rows(50, '<c t="s"><v>0</v></c>'), f"<si><t>{'door ' * 6000}</t></si>"),
        "characters",
    ),
    "a tag without an end": (lambda: sheet(f"<c x='{'a' * 300_000}'/>"), "far more text"),
    "merged cells": (lambda: sheet('<mergeCell ref="A1:B2"/>' * 61_000), "styles or names"),
    "a sheet under many names": (lambda: same_sheet(5), "sheets"),
    "columns": (lambda: sheet(rows(1, '<c r="XFD1"><v>1</v></c>')), "columns"),
    "empty cells": (lambda: sheet(rows(1, "<c/>" * 251_000)), "far more text"),
    "a row that no sheet has": (
        lambda: sheet(f'<sheetData><row r="{"9" * 4000}"><c><v>1</v></c></row></sheetData>'),
        "damaged",
    ),
}  # fmt: skip
BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "a part of 70 MB": docx_with("word/media/picture.bin", b"\0" * 70 * MEGABYTE),
    "spaces in the text": lambda: _swollen(1, b" " * 70 * MEGABYTE),
    "half a million paragraphs": lambda: _swollen(500_000, b"<w:p/>"),
    "tables within tables": lambda: _swollen(50_000, b"<w:tbl><w:tr><w:tc>"),
    "a list of 100,000 parts": many_parts,
    "sizes that are not true": lying_sizes,
    "laughs in a document": docx_with("word/footnotes.xml", LAUGHS.encode() + b"<x>&i;</x>"),
    "laughs in UTF-16": docx_with("word/footnotes.xml", (LAUGHS + "<x>&i;</x>").encode("utf-16")),
    "a foreign file": docx_with("word/styles.xml", FOREIGN.encode() + b"<x>&a;</x>"),
    "a path that climbs": docx_with("../../evil.xml", b"<x/>"),
    "laughs in a spreadsheet": xlsx_with("xl/sharedStrings.xml", LAUGHS.encode() + b"<x>&i;</x>"),
    "200,000 cells": xlsx_with(
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row>" + b"<c><v>1</v></c>" * 200_000 + b"</row></sheetData></worksheet>",
    ),
    "a row far below": xlsx_with(
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    ),
    "a spreadsheet of 70 MB": xlsx_with("xl/media/picture.bin", b"\0" * 70 * MEGABYTE),
    "a document packed by bzip2": lambda: packed_by(zipfile.ZIP_BZIP2),
    "a document packed by LZMA": lambda: packed_by(zipfile.ZIP_LZMA),
    "a mail of mails": lambda: nested_mail(1000),
    "laughs in a feed": lambda: feed(LAUGHS).encode(),
    "laughs in a feed of UTF-16": lambda: feed(LAUGHS).encode("utf-16"),
    "a quadratic feed": lambda: feed(BLOW_UP, 20_000).encode(),
    "a feed with a foreign file": lambda: feed(FOREIGN).encode(),
    "a mail of boundaries": lambda: (
        b"From: a@b.example\nMIME-Version: 1.0\n"
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
        )
    ),
}
EXCESS: Final[dict[str, Callable[[], bytes]]] = {
    "a mail of parameters": mail_with(b"Content-Type: text/plain; " + b"a=b; " * 100_000),
    "a mail of semicolons": mail_with(b'Content-Type: text/plain; "' + b";" * 100_000),
    "a mail of headers": mail_with(b"A: b\n" * 20_000),
    "a mail of parts": mail_of_parts(b"Content-Type: text/html\n\n<p>x</p>", 2100),
    "more mails than anybody passes on": mail_of_parts(
        b"Content-Type: message/rfc822\n\nSubject: x\n\nThe end.", 400
    ),
    "mails that are long together": mail_of_parts(
        b"Content-Type: message/rfc822\n\nSubject: x\n\n" + b"x" * 2_000_000, 3
    ),
    "mails with many lines together": mail_of_parts(
        b"Content-Type: message/rfc822\n\nSubject: x\nContent-Type: text/html\n\n" + b"<p>x" * 300,
        100,
    ),
    "a flowing text without end": mail_with(
        b"Content-Type: text/plain; format=flowed", b"word \n" * 40_000 + b"word\n" * 21_000
    ),
    "a mail of lines and boundaries": mail_with(
        b"\n".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d' % (n, n) for n in range(20)
        ),
        b"-- \n" * 160_000,
    ),
    "a mail of one text without end": mail_with(
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64",
        (b"QUFB" * 18 + b"\n") * 97_500,
    ),
    "a feed of attributes": entries("<item" + "".join(f" a{n}='b'" for n in range(60)) + "/>"),
    "a feed of 300,000 attributes": entries("<item" + " a='b'" * 300_000 + "/>"),
    "a feed of prefixes": entries(
        "<item" + "".join(f" xmlns:n{n}='urn:{n}'" for n in range(101)) + "/>"
    ),
    "a feed of titles": entries("<item>" + "<title>x</title>" * 60_000 + "</item>"),
    "an address of the base without end": entries(
        f"<item xml:base='https://a.example/{'b' * 1000}'/>"
    ),
    "an author without end": entries(f"<item><author>{'a' * 20_000}</author></item>"),
}
"""Small for its kind, but more than anybody reads."""
