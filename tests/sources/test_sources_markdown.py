"""Bodies: Markdown that shows exactly what the text said."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bulletin.sources.fields.actions import examine
from bulletin.sources.text.inline import Run, merge
from bulletin.sources.text.lines import Kind, make
from bulletin.sources.text.markdown import Block, body

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TRICKY = st.text(alphabet="ab1 *_#<>&;[]()!`~\\|+-=.:/\"'é–{}$^?,", min_size=1, max_size=40)
STYLED = st.lists(st.builds(Run, TRICKY, bold=st.booleans(), italic=st.booleans()), max_size=4)


def shown(markdown: str) -> str:
    rendered = MARKDOWN.render(markdown)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", rendered)).split())


@given(TRICKY)
def test_any_text_is_shown_as_it_was_written(text: str) -> None:
    runs = merge([Run(text)])
    rendered = MARKDOWN.render(body([Block(Kind.TEXT, runs)]))

    assert shown(body([Block(Kind.TEXT, runs)])) == " ".join(text.split())
    assert set(re.findall(r"<[^>]*>", rendered)) <= {"<p>", "</p>"}


@given(st.lists(TRICKY, min_size=1, max_size=4), st.sampled_from([Kind.BULLET, Kind.QUOTE]))
def test_any_list_or_quote_is_shown_as_it_was_written(texts: list[str], kind: Kind) -> None:
    blocks = [Block(kind, runs) for text in texts if (runs := merge([Run(text)]))]
    words = " ".join(" ".join(texts).split())

    assert shown(body(blocks)) == words
    allowed = {"p", "ul", "li", "blockquote"}
    assert set(re.findall(r"</?(\w+)", MARKDOWN.render(body(blocks)))) <= allowed


@given(STYLED)
def test_emphasis_never_changes_the_words(runs: list[Run]) -> None:
    line = merge(runs)
    expected = " ".join("".join(run.text for run in line).split())
    assert shown(body([Block(Kind.TEXT, line)])) == expected


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("2026. A year", "2026\\. A year"),
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("a *star* and _line_", "a \\*star\\* and \\_line\\_"),
        ("snake_case_name", "snake_case_name"),
        ("<b>bold</b>", "\\<b>bold\\</b>"),
        ("5 < 6 & 7 > 6", "5 < 6 & 7 > 6"),
        ("&copy; 2026", "\\&copy; 2026"),
        ("> quoted", "\\> quoted"),
        ("---", "\\---"),
        ("[a](b)", "\\[a\\](b)"),
    ],
)
def test_only_what_would_become_markup_is_escaped(text: str, markdown: str) -> None:
    assert body([Block(Kind.TEXT, (Run(text),))]) == markdown


def test_a_link_cannot_be_ended_early_by_its_text_or_address() -> None:
    link = Run("a] (b", "https://k.example/x_(y)&copy;")
    rendered = MARKDOWN.render(body([Block(Kind.TEXT, (link,))]))

    assert rendered == '<p><a href="https://k.example/x_%28y%29&amp;copy;">a] (b</a></p>\n'


def test_numbered_lines_are_a_list_only_if_they_count_on() -> None:
    def lines(*numbers: str) -> list[Block]:
        return [Block(Kind.NUMBERED, (Run("x"),), marker=number) for number in numbers]

    assert body(lines("1.", "2.")) == "1. x\n2. x"
    assert body(lines("7.")) == "7\\. x"


TARGETS = st.sampled_from(
    ["https://k.example/a(b)", "https://k.example/?a=1&copy;=2", "javascript:alert(1)",
     "k.example/<b>", "https://k.example/)[x](javascript:x", "data:text/html,<script>",
     "mailto:a@k.example", "//k.example", "https://k.example/\"onclick=x",
     "https://k.example/*_*", "tel:01632 960001"]
) | TRICKY  # fmt: skip
LINKED = st.lists(
    st.builds(Run, TRICKY, st.none() | TARGETS, bold=st.booleans(), italic=st.booleans()),
    max_size=4,
)


@given(LINKED, st.sampled_from([Kind.TEXT, Kind.BULLET, Kind.QUOTE]))
def test_nothing_a_browser_would_run_comes_out_of_any_line(runs: list[Run], kind: Kind) -> None:
    line = make(merge(runs), kind=kind)
    outcome = examine(line)
    rendered = MARKDOWN.render(body([Block(kind, outcome.kept)]))

    tags = set(re.findall(r"</?([A-Za-z]\w*)", rendered))
    assert tags <= {"p", "ul", "li", "blockquote", "strong", "em", "a"}
    assert set(re.findall(r"<a ([a-z]+)=", rendered)) <= {"href"}
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', rendered)]
    links += [action.url for action in outcome.actions if action.url]
    assert all(link.startswith(("http://", "https://", "mailto:", "tel:")) for link in links)


def test_a_link_after_an_exclamation_mark_is_no_picture() -> None:
    line = merge([Run("Look!"), Run("here", "https://k.example/")])
    assert "<img" not in MARKDOWN.render(body([Block(Kind.TEXT, line)]))
