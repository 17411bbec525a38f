"""What a hostile paste costs, counted rather than timed: work grows with the text, not faster."""

from __future__ import annotations

import ftfy
import pytest

from bulletin.errors import InvalidInput
from bulletin.sources import read
from bulletin.sources.formats import decoding, mending
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
        ("MAX_ITEMS", "Title\tSource\n" + "Clean hands\tKeyhole\n" * 20, "21 items"),
        ("MAX_ITEMS", f"<table>{ROW * 11}</table><table>{ROW * 10}</table>", "21 items"),
        ("MAX_LINES", f"<table>{ROW * 11}</table>", "21 lines"),
        ("MAX_LINES", "a\t" * 21, "21 lines"),
        ("MAX_LINES", "Title,Source,Date,Link\n" + "a,b,c,d\n" * 5, "24 lines"),
        ("MAX_TEXT", f"<table>{ROW * 2}</table>", "characters"),
        ("MAX_LINKS", "[a](b) " * 21, "21 links"),
        ("MAX_LINKS", "<p>" + "<a href=/a>a</a> " * 21, "21 links"),
        ("MAX_LINKS", "www.x.example/a " * 21, "21 links"),
    ],
)
def test_what_takes_long_to_read_is_refused_and_the_refusal_says_what_to_do(
    limit: str, text: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, limit, 20)
    with pytest.raises(InvalidInput, match=f"{says}.*in parts, or paste only the news"):
        read(text)


def test_a_long_base_of_a_page_is_not_written_out_in_each_of_its_links() -> None:
    page = f"<base href='https://x.example/{'a' * 5000}/'><h2>Doors</h2><p><a href='b'>Read it</a>"
    (item,) = read(page).items
    assert item.actions[0].url is None
    assert "broken_link" in {doubt.code for doubt in item.warnings}


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
