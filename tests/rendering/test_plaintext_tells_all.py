"""The plaintext part: every word of the HTML, in the same order, and every address."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import etree
from rendered import issues, tree, whole

from bulletin.models.editions import EditionContent
from bulletin.models.issues import IssueContent, Length
from example_issue import example_issue

_BLOCKS = ("p", "h1", "h2", "h3", "li", "td", "div", "br", "blockquote")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def shown(html: str) -> list[str]:
    """The words that a reader of the HTML sees. A block ends a word, bold in mid-word does not."""
    body = tree(html).find("body")
    for element in body.iter(*_BLOCKS):
        element.text = f" {element.text or ''}"
        element.tail = f" {element.tail or ''}"
    return words("".join(body.itertext(etree.Element)))


def missing(edition: EditionContent) -> str | None:
    """The first word of the HTML that the text does not say at its place."""
    said = iter(words(edition.text))
    return next((word for word in shown(edition.html) if word not in said), None)


def untold(edition: EditionContent) -> list[str]:
    """The addresses of the HTML that do not stand in the text, each whole on one line."""
    lines = edition.text.replace("\u00a0", "").split("\n")
    found = {str(href) for href in tree(edition.html).xpath("//a/@href | //img/@src")}
    addresses = {
        href.removeprefix("mailto:") for href in found if not href.startswith(("#", "tel:"))
    }
    numbers = {href.removeprefix("tel:") for href in found if href.startswith("tel:")}
    digits = [re.sub(r"[^+\d]", "", line) for line in lines]
    return [
        *(address for address in addresses if not any(address in line for line in lines)),
        *(number for number in numbers if not any(number in line for line in digits)),
    ]


@settings(max_examples=100)
@given(issues())
def test_whatever_the_issue_the_text_says_all_that_the_html_says(issue: IssueContent) -> None:
    edition = whole(issue)
    assert missing(edition) is None
    assert untold(edition) == []


@pytest.mark.parametrize("length", Length)
def test_so_does_an_issue_of_thirty_items_at_each_length(length: Length) -> None:
    edition = whole(replace(example_issue(blocks=True), length=length))
    assert len(shown(edition.html)) > 1500
    assert missing(edition) is None
    assert untold(edition) == []


def test_a_word_or_an_address_that_is_left_out_is_noticed() -> None:
    edition = whole(example_issue(3, 1, blocks=True))
    assert (
        missing(replace(edition, text=edition.text.replace("Somebody to talk to", "")))
        == "Somebody"
    )
    without = edition.text.replace("https://quietline.example", "").replace("960", "")
    assert len(untold(replace(edition, text=without))) == 2


def test_nothing_of_the_html_is_left_in_the_text() -> None:
    text = whole(example_issue(blocks=True)).text
    assert not re.search(r"<\w|&\w+;|\*\*|\]\(", text)
