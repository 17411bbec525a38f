"""What comes in: encodings, control characters and what is no text at all."""

from __future__ import annotations

import pytest

from bulletin.errors import InvalidInput
from bulletin.sources import SourceFormat, read
from bulletin.sources.formats.decoding import MAX_BYTES, MAX_LINES, decode

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
        (b"\xd0\xcf\x11\xe0rest", r"old Word file \(.doc\). Save it as .docx"),
        (b"\xd0\xcf\x11\xe0" + "__substg1.0_0037".encode("utf-16-le"), r"\(.msg\)"),
        (b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), r"\(.xls\)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
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
        ("http://a.example/ " * 11_000, "11,000 links"),
    ],
)
def test_what_is_more_than_any_newsfeed_is_refused(data: bytes | str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(data)


def test_each_format_that_can_be_read_can_be_asked_for() -> None:
    formats = ["auto", "text", "html", "table", "feed", "docx", "eml"]
    assert [choice.value for choice in SourceFormat] == formats


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_read_with_their_mark(encoding: str) -> None:
    assert decode("\ufeff".encode(encoding) + TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("encoding", "page"),
    [
        ("iso-8859-2", '<meta charset="iso-8859-2"><p>Žluť</p>'),
        (
            "windows-1250",
            "<meta http-equiv=x content='text/html; charset=windows-1250'><p>Žluť</p>",
        ),
        ("koi8-r", "<?xml version='1.0' encoding='KOI8-R'?><p>Дверь</p>"),
        ("shift_jis", "<meta charset=Shift_JIS><p>扉</p>"),
    ],
)
def test_a_page_is_read_in_the_charset_that_it_declares(encoding: str, page: str) -> None:
    assert decode(page.encode(encoding)) == page


def test_what_the_server_says_of_a_charset_goes_before_what_the_page_says() -> None:
    page = '<meta charset="utf-8"><p>Дверь</p>'
    assert decode(page.encode("windows-1251"), "windows-1251") == page


@pytest.mark.parametrize(
    "charset", ["utf-7", "idna", "punycode", "hex", "zip", "x" * 99, "latin-77"]
)
def test_charsets_that_no_text_is_written_in_are_not_believed(charset: str) -> None:
    assert decode("Café".encode("cp1252"), charset) == "Café"


def test_text_that_is_utf_8_is_read_as_such_whatever_is_said_of_it() -> None:
    assert decode("Café".encode(), "iso-8859-1") == "Café"


def test_what_was_pasted_together_from_two_charsets_is_read_line_by_line() -> None:
    assert decode("Café\n".encode() + "Crème".encode("cp1252")) == "Café\nCrème"


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("The schoolâ€™s doors", "The school’s doors"),
        ("CafÃ© â€“ closed", "Café – closed"),
        ("Â£5 a week", "£5 a week"),
        ("one â€œdoorâ€\x9d", "one “door”"),
    ],
)
def test_utf_8_that_was_read_as_something_else_is_mended(damaged: str, right: str) -> None:
    assert decode(damaged) == right


@pytest.mark.parametrize(
    "right",
    ["voilà l’été à Âge", "Ärger über Öl", "naïve café – £5", "“Ça va?” 5 € … ½", "Dŵr i’r tŷ",
     "Сделано", "日本語", "A~B Ê Â"],
)  # fmt: skip
def test_words_that_are_right_stay_as_they_are(right: str) -> None:
    assert decode(right) == right


@pytest.mark.parametrize(
    ("pasted", "body"),
    [
        ("Doors &amp; keys &#8211; it&#8217;s late&nbsp;now.", "Doors & keys – it’s late now."),
        ("Write &lt;b&gt; for bold.", "Write \\<b> for bold."),
        ("AT&T and R&D; are names.", "AT&T and R\\&D; are names."),
        ('"He said ""no"" to it."', 'He said "no" to it.'),
        ('He said "no" to it.', 'He said "no" to it.'),
        ('"No." That was all.', '"No." That was all.'),
        ('Doors are shut at nine."', "Doors are shut at nine."),
    ],
)
def test_escapes_and_stray_quotes_of_pasted_text_are_mended(pasted: str, body: str) -> None:
    (item,) = read(f"Doors\n\n{pasted}", SourceFormat.TEXT).items
    assert item.body == body
