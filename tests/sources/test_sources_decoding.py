"""What comes in: encodings, control characters and what is no text at all."""

from __future__ import annotations

import pytest

from bulletin.errors import InvalidInput
from bulletin.sources import SourceFormat, read
from bulletin.sources.decoding import MAX_BYTES, MAX_LINES, decode

TEXT = "Doors\n\nPupils’ doors – “shut” at nine."


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("cp1252"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_text_is_the_same_in_every_encoding_that_schools_use(data: bytes) -> None:
    assert decode(data) == TEXT


def test_characters_that_no_reader_sees_are_removed() -> None:
    hidden = "\x00\x07\x1b\x7f\x81\x8d\u00ad\u200b\u202e\u2066\ufeff\ud800"
    assert decode(f"Do{hidden}ors") == "Doors"


def test_odd_spaces_and_line_separators_become_plain_ones() -> None:
    assert decode("a\u00a0b\u2009c\u2028d\x0be") == "a b c\nd\ne"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04rest", "damaged or was cut short"),
        (b"\xd0\xcf\x11\xe0rest", "old Word"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 20, "does not look like text"),
        (b"\xff\xfea", "UTF-16"),
        (b"", "no text"),
        (b" \n\t ", "no text"),
        ("\u200b\n", "no text"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(data: bytes | str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a" * (MAX_BYTES + 1), "5 MB"),
        ("é" * (MAX_BYTES // 2 + 1), "5 MB"),
        ("a\n" * (MAX_LINES + 1), "lines"),
        ("http://a.example/ " * 11_000, "web addresses"),
    ],
)
def test_what_is_more_than_any_newsfeed_is_refused(data: bytes | str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(data)


def test_each_format_that_can_be_read_can_be_asked_for() -> None:
    formats = ["auto", "text", "html", "table", "feed", "docx", "eml"]
    assert [choice.value for choice in SourceFormat] == formats
