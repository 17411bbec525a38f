"""What of Markdown editors can use, as HTML and as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.rendering.markdown import html, opening, parse
from bulletin.rendering.plain import COLUMNS, plain, wrap


def as_html(source: str) -> str:
    return html(parse(source)).replace("\n", "")


def as_text(source: str) -> str:
    return plain(parse(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("**bold** *thin*", "<p><strong>bold</strong> <em>thin</em></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("[x](https://a.example)", '<p><a href="https://a.example">x</a></p>'),
        ("<https://a.example>", '<p><a href="https://a.example">https://a.example</a></p>'),
        ("[x](tel:+441234567890)", '<p><a href="tel:+441234567890">x</a></p>'),
        ("&amp; &copy; \\*", "<p>&amp; © *</p>"),
    ],
)
def test_it_becomes_html(source: str, expected: str) -> None:
    assert as_html(source) == expected


@pytest.mark.parametrize("source", ["# A *heading*", "###### A *heading*", "A *heading*\n==="])
def test_a_heading_becomes_a_bold_paragraph_so_that_no_level_is_skipped(source: str) -> None:
    assert as_html(source) == "<p><strong>A <em>heading</em></strong></p>"
    assert as_text(source) == "A heading"


@pytest.mark.parametrize(
    "source",
    ["<b>x</b>", "`code`", "    indented", "```\nfenced\n```", "| a | b |\n|---|---|", "***",
     "[a]: https://a.example", "<!-- note -->"],
)  # fmt: skip
def test_what_we_do_not_understand_is_text(source: str) -> None:
    shown = as_html(source)
    assert shown.startswith("<p>")
    assert shown.count("<") == 2
    assert " ".join(source.split()) == " ".join(as_text(source).split())


def test_a_form_feed_written_as_an_entity_is_taken_out() -> None:
    assert as_html("a&#12;b") == "<p>ab</p>"
    assert as_text("a&#12;b") == "ab"


def test_an_address_stands_whole_on_its_own_line_below_its_paragraph() -> None:
    address = "https://www.guidance.example/" + "a-long-path/" * 9
    source = f"Read [the guidance]({address}) before the holidays.\n\nThen rest."
    assert as_text(source) == (f"Read the guidance before the holidays.\n{address}\n\nThen rest.")


def test_an_address_that_is_its_own_text_is_said_once() -> None:
    assert as_text("See <https://a.example/x>.") == "See https://a.example/x."
    assert as_text("[a@b.example](mailto:a@b.example)") == "a@b.example"


def test_lists_and_quotes_keep_their_shape() -> None:
    source = (
        "Before:\n\n- one\n- two\n  1. deep\n  2. deeper\n- three\n\n"
        "After.\n\n> quoted\n>\n> again\n\n- loose\n\n- items\n\n  of two"
    )
    assert as_text(source) == (
        "Before:\n\n- one\n- two\n  1. deep\n  2. deeper\n- three\n\n"
        "After.\n\n> quoted\n>\n> again\n\n- loose\n\n- items\n\n  of two"
    )


def test_long_points_are_indented_under_themselves() -> None:
    lines = as_text("- " + "word " * 30).split("\n")
    assert lines[0].startswith("- word")
    assert all(line.startswith("  word") for line in lines[1:])
    assert len(lines) > 1


@given(st.text(st.characters(codec="ascii"), max_size=300))
def test_lines_are_no_longer_than_72_unless_one_word_is(source: str) -> None:
    for line in as_text(source).split("\n"):
        assert len(line) <= COLUMNS or " " not in line.strip("> -.0123456789")


@given(st.text(max_size=200))
def test_a_broken_text_never_raises(source: str) -> None:
    as_html(source)
    as_text(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Short text.", "Short text."),
        ("1 two three four five six seven eight, nine.", "1 two three four five six seven eight…"),
        ("**Bold** first\nthen [a link](https://a.example)", "Bold first then a link"),
        ("- a point\n- another", "a point another"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_opening_stands_in_for_a_missing_title(source: str, expected: str) -> None:
    assert opening(parse(source)) == expected


def test_a_word_of_5000_letters_is_not_broken() -> None:
    assert wrap("a " + "w" * 5000 + " b", "- ", "  ") == f"- a\n  {'w' * 5000}\n  b"
