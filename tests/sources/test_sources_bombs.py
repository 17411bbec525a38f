"""Bombs: files built to exhaust whoever opens them are refused at the door (requirement 73)."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import bombs
import newsletters
import pytest

from bulletin.errors import InvalidInput
from bulletin.sources import SourceFormat, read


@pytest.fixture(scope="module")
def _loaded() -> None:
    """What is loaded at the first use takes memory, too."""
    for data in (newsletters.as_docx(), newsletters.as_spreadsheet(), "<rss/>", b"<rss/>"):
        with suppress(InvalidInput):
            read(data)


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize("bomb", bombs.BOMBS)
def test_a_bomb_is_refused_before_it_takes_any_memory(bomb: str) -> None:
    data = bombs.BOMBS[bomb]()
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput) as refused:
            read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(refused.value).endswith(".")
    assert peak < 40_000_000


@pytest.mark.parametrize("excess", bombs.EXCESS)
def test_what_would_take_minutes_to_read_is_refused(excess: str) -> None:
    with pytest.raises(InvalidInput, match=r"intricately|far more|by themselves"):
        read(bombs.EXCESS[excess]())


@pytest.mark.parametrize(
    "top",
    ['<!DOCTYPE rss PUBLIC "-//Keyhole//DTD RSS 0.91//EN" "https://keyhole.example/rss.dtd">',
     "<!-- <!ENTITY a 'b'> -->", "<?pi <!ENTITY ?>"],
)  # fmt: skip
def test_a_feed_that_only_mentions_what_bombs_declare_is_read(top: str) -> None:
    item = "<item><title>Doors</title><description>&lt;!ENTITY is a word.</description></item>"
    channel = f"<channel><title>Keyhole</title>{item}</channel>"
    feed = f"<?xml version='1.0'?>{top}<rss version='0.91'>{channel}</rss>"
    assert [found.title for found in read(feed).items] == ["Doors"]


def test_no_entity_of_a_feed_reads_a_file_of_ours() -> None:
    with pytest.raises(InvalidInput, match="declares entities"):
        read(bombs.feed(bombs.FOREIGN), SourceFormat.FEED)


WORD_PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "[Content_Types].xml",
              "word/_rels/document.xml.rels")  # fmt: skip
EXCEL_PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml",
               "xl/_rels/workbook.xml.rels")  # fmt: skip
DAMAGE = (b"", b"<x", b"<x/>", b"\xff\xfe")


@pytest.mark.parametrize("part", WORD_PARTS)
@pytest.mark.parametrize("content", DAMAGE)
def test_a_document_with_a_damaged_part_is_read_or_refused(part: str, content: bytes) -> None:
    read_or_refuse(bombs.repacked(newsletters.as_docx(), {part: content}))


@pytest.mark.parametrize("part", EXCEL_PARTS)
@pytest.mark.parametrize("content", DAMAGE)
def test_a_spreadsheet_with_a_damaged_part_is_read_or_refused(part: str, content: bytes) -> None:
    read_or_refuse(bombs.repacked(newsletters.as_spreadsheet(), {part: content}))


@pytest.mark.parametrize("make", [newsletters.as_docx, newsletters.as_spreadsheet])
def test_a_file_that_was_cut_short_is_refused(make: Callable[[], bytes]) -> None:
    whole = make()
    for share in (0.1, 0.5, 0.9, 0.99):
        with pytest.raises(InvalidInput, match=r"damaged|cut short"):
            read(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("bound", bombs.BOUNDS)
def test_what_no_newsletter_has_so_much_of_is_refused(bound: str) -> None:
    make, said = bombs.BOUNDS[bound]
    with pytest.raises(InvalidInput, match=said) as refused:
        read(make())
    assert len(str(refused.value)) < 300


def test_a_document_of_as_many_columns_as_word_has_is_cut_at_that() -> None:
    row = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr><w:p/></w:tc></w:tr>'
    assert read(bombs.document(f"<w:tbl>{row * 20}</w:tbl>")).items


def test_looks_do_not_make_a_long_document_too_long() -> None:
    looks = '<w:sz w:val="22"/><w:lang w:val="en-GB"/>' * 61_000
    run = f'<w:r w:rsidR="00AB12CD"><w:rPr>{looks}<w:b/></w:rPr><w:t>Keyhole</w:t></w:r>'
    assert "Keyhole" in str(read(bombs.document(f"<w:p>{run}</w:p>")))


def test_cells_are_counted_over_all_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    data = newsletters.as_spreadsheet()
    monkeypatch.setattr("bulletin.sources.formats.decoding.MAX_LINES", 3)
    with pytest.raises(InvalidInput, match=r"has \d+ lines or cells, far more"):
        read(data)


@pytest.mark.usefixtures("_loaded")
def test_a_picture_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bombs.lying_picture()
    tracemalloc.start()
    try:
        assert read(data).items
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_a_sheet_that_says_it_is_far_wider_than_its_cells_is_read() -> None:
    data = bombs.sheet(
        '<dimension ref="A1:XFD1048576"/>' + bombs.rows(300, '<c><v>1</v></c><c r="XFD1"/>')
    )
    tracemalloc.start()
    try:
        assert len(read(data).dropped) == 300
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_xml_in_utf_16_is_read() -> None:
    data = newsletters.as_docx()
    body = bombs.part(data, "word/document.xml").decode().partition("?>")[2]
    wide = f"<?xml version='1.0' encoding='UTF-16'?>{body}".encode("utf-16")
    assert read(bombs.repacked(data, {"word/document.xml": wide})) == read(data)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"},
         "OpenDocument"),
        ({"ppt/presentation.xml": b"<x/>"}, "PowerPoint"),
        ({"news.txt": b"Doors"}, "zip file"),
    ],
)  # fmt: skip
def test_other_archives_are_refused_with_what_to_do(parts: dict[str, bytes], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(bombs.zipped(parts))


def read_or_refuse(data: bytes) -> None:
    try:
        read(data)
    except InvalidInput as error:
        refusal = str(error)
        assert refusal.endswith(".")
