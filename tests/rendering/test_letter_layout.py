"""Letters as they look: accessible, complete in text, and safe whatever the bulletin is called."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from bulletin.errors import RenderingError
from bulletin.models.brand import Brand, Palette
from bulletin.models.issues import Sender
from bulletin.models.requests import LetterKind
from bulletin.rendering import Stationery

LINK = "https://bulletin.school.example/confirm/1-abcdefgh"
SENDER = Sender(
    name="Oakshire Safeguarding Partnership",
    email="bulletin@school.example",
    reply_to="safeguarding@school.example",
    postal_address="County Hall, 1 Example Street, Oakshire",
    list_id="bulletin.school.example",
)
STATIONERY = Stationery()

every_kind = pytest.mark.parametrize("kind", list(LetterKind))


@every_kind
def test_the_html_names_its_language_and_has_one_heading_and_one_link(kind: LetterKind) -> None:
    """Requirements 47 and 49."""
    page = html.document_fromstring(STATIONERY.write(kind, LINK, SENDER).html)
    assert (page.get("lang"), page.get("dir")) == ("en-GB", "ltr")
    body = page.xpath("//body/div")[0]
    assert (body.get("lang"), body.get("dir")) == ("en-GB", "ltr")
    (heading,) = page.xpath("//h1")
    (title,) = page.xpath("//title")
    assert heading.text_content() == title.text_content() != ""
    (link,) = page.xpath("//a")
    assert link.get("href") == LINK
    assert link.text_content() not in {"", LINK}
    assert page.text_content().count(LINK) == 1  # written out, for whoever cannot follow a link


@every_kind
def test_nothing_is_fetched_and_nothing_runs(kind: LetterKind) -> None:
    """Requirement 42."""
    page = html.document_fromstring(STATIONERY.write(kind, LINK, SENDER).html)
    assert page.xpath("//@src | //script | //link | //*[starts-with(name(@*), 'on')]") == []


@every_kind
def test_the_text_says_all_that_the_html_says(kind: LetterKind) -> None:
    letter = STATIONERY.write(kind, LINK, SENDER)
    assert LINK in letter.text.splitlines()
    assert max(map(len, letter.text.splitlines())) <= 72
    shown = " ".join(html.document_fromstring(letter.html).xpath("//body//text()")).split()
    assert set(letter.text.split()) - {"--"} <= set(shown)
    assert len(letter.text.split()) > 40


@every_kind
def test_every_letter_says_who_writes_and_where_to_object(kind: LetterKind) -> None:
    """Requirement 36; PECR regulation 23."""
    letter = STATIONERY.write(kind, LINK, SENDER)
    for content in (letter.html, letter.text):
        flat = " ".join(content.split())
        assert SENDER.name in flat
        assert SENDER.postal_address in flat
        assert SENDER.reply_to in flat
    assert SENDER.name in letter.subject


@pytest.mark.parametrize(
    "name", ["{{7*7}}", "<script>alert(1)</script>", "{name}", "A & B", "Bwletin Diogelu Tŷ-du"]
)
def test_a_bulletin_may_be_called_anything(name: str) -> None:
    """Requirements 58 and 59."""
    letter = STATIONERY.write(LetterKind.CONFIRM_JOIN, LINK, replace(SENDER, name=name))
    assert letter.subject == f"Confirm that you want the bulletin from {name}"
    assert "<script" not in letter.html
    assert name in html.document_fromstring(letter.html).text_content()
    assert name in " ".join(letter.text.split())


def test_a_letter_wears_the_colours_of_the_brand() -> None:
    letter = Stationery(Brand(Palette("#7a0000", "#003399"))).write(
        LetterKind.CONFIRM_JOIN, LINK, SENDER
    )
    assert "#7a0000" in letter.html
    assert "#003399" in letter.html


def test_a_theme_may_replace_either_template(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Shwmae\n{{ url }}\n{{ sender.reply_to }}\n")
    letter = Stationery(theme=tmp_path).write(LetterKind.CONFIRM_JOIN, LINK, SENDER)
    assert letter.text == f"Shwmae\n{LINK}\n{SENDER.reply_to}"
    assert letter.html == STATIONERY.write(LetterKind.CONFIRM_JOIN, LINK, SENDER).html


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ nobody }}", "letter.txt, line 1: nothing here is called 'nobody'"),
        ("{% if %}", "letter.txt, line 1: "),
        ("{{ sender.reply_to }}", "letter.txt: {{ url }} has to be in it"),
        ("{{ url }}", "letter.txt: {{ sender.reply_to }} has to be in it"),
    ],
)
def test_a_theme_that_does_not_work_is_refused_at_once(
    tmp_path: Path, template: str, said: str
) -> None:
    """Before anybody has asked for anything."""
    (tmp_path / "letter.txt").write_text(template)
    with pytest.raises(RenderingError, match=re.escape(said)):
        Stationery(theme=tmp_path)
