"""What a hostile paste costs, counted rather than timed: work grows with the text, not faster."""

from __future__ import annotations

from collections.abc import Callable

import ftfy
import newsletters
import pytest
from docx import Document
from openpyxl import Workbook
from selectolax.lexbor import LexborHTMLParser

from bulletin.errors import InvalidInput
from bulletin.sources import read
from bulletin.sources.formats import decoding, markup, mending, nesting
from bulletin.sources.formats.mending import readable
from bulletin.sources.text import inline, lines


def test_however_many_lines_a_paragraph_has_each_is_parsed_twice_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[int] = []
    parse = inline.parse

    def counted(text: str) -> inline.Runs:
        parsed.append(len(text))
        return parse(text)

    monkeypatch.setattr(inline, "parse", counted)
    text = "\n".join(["words that run on and [lead](https://x.example/a) on"] * 200)
    (whole,) = lines.of_text(text)
    assert len(inline.links(whole.runs)) == 200
    assert sum(parsed) <= 2 * len(text)


def test_a_link_that_was_wrapped_over_two_lines_of_a_paragraph_is_one_link() -> None:
    text = (
        "The council wrote at length about it, and [the whole\nreport](https://x.example/a) is out"
    )
    (whole,) = lines.of_text(text)
    assert [run.text for run in inline.links(whole.runs)] == ["the whole report"]


def test_an_address_that_was_wrapped_after_a_paragraph_was_is_made_whole() -> None:
    text = "The council wrote at length about it, so that\nwe ask all to read https://x.example/a-\nlong/b"
    (whole,) = lines.of_text(text)
    assert whole.runs[-1].target == "https://x.example/a-\nlong/b"
    assert whole.raw == text


CELL = "The council wrote of it."
ROW = f"<tr><td>Source: Keyhole</td><td>{CELL}</td></tr>"


@pytest.mark.parametrize(
    ("limit", "text", "says"),
    [
        ("MAX_ITEMS", f"Clean hands\n\n{CELL}\n\n* * *\n\n" * 21, "21 items"),
        ("MAX_ROWS", f"<table>{ROW * 11}</table><table>{ROW * 10}</table>", "21 rows"),
        ("MAX_LINES", f"<table>{ROW * 11}</table>", "21 lines"),
        ("MAX_LINES", "a\t" * 21, "21 lines"),
        ("MAX_LINES", "Title,Source,Date,Link\n" + "a,b,c,d\n" * 5, "24 lines"),
        ("MAX_TEXT", f"<table>{ROW * 2}</table>", "characters"),
        ("MAX_LINKS", "[a](b) " * 21, "21 links"),
        ("MAX_LINKS", "<p>" + "<a href=/a>a</a> " * 21, "21 links"),
        ("MAX_LINKS", "www.x.example/a " * 21, "21 links"),
        ("MAX_LINKS", "<h2>Doors</h2><p>" + "https://x.example/a " * 21, "21 links"),
    ],
)
def test_what_takes_long_to_read_is_refused_and_the_refusal_says_what_to_do(
    limit: str, text: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, limit, 20)
    with pytest.raises(InvalidInput, match=f"{says}.*in parts, or paste only the news"):
        read(text)


def separated(rows: list[list[str]]) -> str:
    return "\n".join(map("\t".join, rows))


def page(rows: list[list[str]]) -> str:
    written = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in rows)
    return f"<table>{written}</table>"


def document(rows: list[list[str]]) -> bytes:
    made = Document()
    table = made.add_table(len(rows), len(rows[0]))
    for written, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(written.cells, row, strict=True):
            cell.text = text
    return newsletters.saved(made)


def spreadsheet(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet("News", 0)
    for row in rows:
        sheet.append(row)
    return newsletters.saved(book)


@pytest.mark.parametrize("written", [separated, page, document, spreadsheet])
def test_a_table_may_have_as_many_rows_whatever_file_it_came_in(
    written: Callable[[list[list[str]]], bytes | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["Title", "Source"], *([f"Door {number}", "Keyhole"] for number in range(6))]
    monkeypatch.setattr(decoding, "MAX_ROWS", 5)
    assert len(read(written(rows[:-1])).items) == 5
    with pytest.raises(InvalidInput, match=r"This has 6 rows.*in parts, or paste only the news"):
        read(written(rows))


def test_a_long_base_of_a_page_is_not_written_out_in_each_of_its_links() -> None:
    page = f"<base href='https://x.example/{'a' * 5000}/'><h2>Doors</h2><p><a href='b'>Read it</a>"
    (item,) = read(page).items
    assert item.actions[0].url is None
    assert "broken_link" in {doubt.code for doubt in item.warnings}


def test_an_address_that_no_server_takes_is_not_carried_along_by_each_of_its_words() -> None:
    words = "<i>read</i> <b>it</b> " * 50
    (item,) = read(f"<h2>Doors</h2><p><a href='https://x.example/{'a' * 50_000}'>{words}").items
    assert "broken_link" in {doubt.code for doubt in item.warnings}
    page = markup.read_markup(f"<p><a href='https://x.example/{'a' * 50_000}'>{words}")
    assert sum(len(run.target or "") for line in page.lines for run in line.runs) <= 2_000_000


@pytest.mark.parametrize("attribute", ["a{}", "a{}=b", "a{}='>'", 'a{}="\'"'])
def test_a_tag_with_more_attributes_than_can_be_compared_is_refused(attribute: str) -> None:
    tag = " ".join(attribute.format(at) for at in range(9_000))
    with pytest.raises(InvalidInput, match="too intricately"):
        read(f"<p>Doors</p><p {tag}>Shut them.</p>")


def test_long_styles_and_pictures_within_a_page_are_no_excess_of_attributes() -> None:
    picture = f"<img alt='' src='data:image/png;base64,{'a/b ' * 20_000}'>"
    style = f"<p style='{'font-weight: normal; ' * 9_000}'>It was said in the hall.</p>"
    assert read(f"<h2>Doors</h2>{picture}{style}").items[0].body == "It was said in the hall."


def test_a_link_of_very_many_pictures_is_not_searched_for_words_at_each_of_them() -> None:
    link = f"<a href='https://x.example/a'>{'<img alt=Download>' * 2_000}</a>"
    (item,) = read(f"<h2>Doors</h2><p>Shut them.</p><p>{link}</p>").items
    assert item.title == "Doors"


def test_a_page_in_one_line_is_mended_in_pieces_and_only_so_much_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mended: list[int] = []
    fix = ftfy.fix_encoding

    def counted(text: str) -> str:
        mended.append(len(text))
        return fix(text)

    monkeypatch.setattr(ftfy, "fix_encoding", counted)
    monkeypatch.setattr(mending, "_MAX_MENDED", 15_000)
    text = readable("<p>Pupils\u00e2\u20ac\u2122 doors" * 2_000)
    assert "Pupils\u2019 doors" in text[:10_000]
    assert sum(mended) <= 30_000
    assert text.count("\u00e2\u20ac\u2122") > 500


SCRIPTS = {
    "a comparison": "<script>for (i = 0; i<b && i<a; i++) go('<div>')</script>",
    "a style": "<style>/* <div><font> */</style>",
    "a comment": "<!-- <div><font> -->",
    "addresses": "<script>var s = ['https://x.example/a', 'www.x.example']</script>",
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_what_stands_in_scripts_styles_and_comments_is_no_excess(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "MAX_LINKS", 20)
    (item,) = read(f"<h2>Doors</h2><p>Shut them.</p>{SCRIPTS[kind] * 1_100}").items
    assert (item.title, item.body) == ("Doors", "Shut them.")


@pytest.mark.parametrize(
    ("page", "body"),
    [
        ("<p>Shut <!--> them.</p><script>a", "Shut them."),
        ("<p title='<!--'>Shut them.</p><p>All.</p><!-- b", "Shut them.\n\nAll."),
        ("<p>Shut <SCRIPT type='a>b'>c</p></Script >them.</p>", "Shut them."),
        ("<p>Shut <b title='a>b'>them</b>.</p><style>p { color: red }</p>", "Shut **them**."),
    ],
)
def test_scripts_and_comments_end_where_they_do_in_a_browser(page: str, body: str) -> None:
    (item,) = read(f"<h2>Doors</h2>{page}").items
    assert item.body == body


def test_formatting_within_formatting_is_read_however_deep_mail_programs_nest_it() -> None:
    fonts = "<font size=2><span>" * 16, "</span></font>" * 16
    (item,) = read(f"<h2>Doors</h2><p>{fonts[0]}Shut <b>them</b>.{fonts[1]}</p>").items
    assert item.body == "Shut **them**."


def test_formatting_that_nothing_ends_ends_with_its_block() -> None:
    unended = "".join(
        f"<div><font color={number}>Shut door {number}.</div>" for number in range(40)
    )
    (item,) = read(f"<h2>Doors</h2>{unended}").items
    assert item.body.count("Shut door") == 40


OPENING = {
    "formatting": "<b a={}></i><p>x",
    "formatting behind tables": "<div><b a={}><table><td></b></table></div>x",
    "formatting ended in a value": "<b a={} title='</b>'><p>x",
    "formatting ended in a field": "<b a={}><textarea></b></textarea><p>x",
}


@pytest.mark.parametrize("kind", OPENING)
def test_formatting_that_stays_open_is_not_opened_again_in_each_block(kind: str) -> None:
    page = "<h2>Doors</h2>" + "".join(OPENING[kind].format(number) for number in range(150))
    parsed, _ = nesting.parsable(page)
    built = LexborHTMLParser(parsed)
    assert len(built.css("*")) <= 2 * page.count("<")


@pytest.mark.parametrize(
    "opening",
    ["<div></b>", "<ul><li>", "<table><tr><td>", "<span><div></span>", "<div><table><td></div>",
     "<div title='</div>'>", "<dl><dd><p>"],
)  # fmt: skip
def test_a_page_that_is_nested_too_deeply_is_refused(opening: str) -> None:
    with pytest.raises(InvalidInput, match="too intricately"):
        read(f"<h2>Doors</h2>{opening * 400}Shut them.")
