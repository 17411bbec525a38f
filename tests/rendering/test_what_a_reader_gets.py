"""The parts of an edition: headings, lines, links, and the text part beside the HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from rendered import RENDERER, one, tree, whole, words

from bulletin.models.days import spoken_date
from bulletin.models.issues import PlacedItem, Topic
from bulletin.models.items import Action, Nation, Note
from bulletin.rendering import Cutter
from bulletin.rendering.view import link_text
from example_issue import SENDER, example_issue

EDITION = whole(example_issue())
PAGE = tree(EDITION.html)
ITEM = PlacedItem(id=5, title="A title", body="One two three four five six seven eight nine.")


def test_one_h1_and_no_heading_level_is_skipped() -> None:
    """Requirement 47."""
    levels = [int(node.tag[1]) for node in PAGE.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_language_and_direction_stand_on_the_page_and_on_the_wrapper() -> None:
    """Requirement 47: webmail throws the outer element away."""
    wrapper = PAGE.find("body").find("div")
    for element in (PAGE, wrapper):
        assert (element.get("lang"), element.get("dir")) == ("en-GB", "ltr")


def test_each_layout_table_says_that_it_is_one() -> None:
    """Requirement 47, also for the tables that only Outlook sees."""
    tables = re.findall(r"<table\b[^>]*>", EDITION.html)
    assert len(tables) > 40
    assert all('role="presentation"' in table for table in tables)


def test_the_page_is_named_after_the_issue() -> None:
    assert PAGE.findtext("head/title") == "Safeguarding Bulletin"
    assert PAGE.xpath("//h1/text()") == ["Safeguarding Bulletin"]


def test_the_opening_line_comes_first_then_sender_dateline_and_title() -> None:
    """Requirement 50c: a visible opening serves as the preview line."""
    assert words(EDITION.html).startswith(
        "New advice before the holidays, two consultations, and where to book training. "
        "See this issue on the web "
        "Oakshire Safeguarding Partnership Issue 42, December 2026 Safeguarding Bulletin "
    )


def test_the_text_part_is_72_columns_wide() -> None:
    long = [line for line in EDITION.text.split("\n") if len(line) > 72]
    assert all(" " not in line for line in long)


def test_a_heading_that_repeats_its_topic_is_left_out() -> None:
    edition = whole(one(replace(ITEM, title="online SAFETY"), topic="Online safety"))
    assert not tree(edition.html).xpath("//h3")
    assert edition.text.count("Online safety") == 2
    assert "online SAFETY" not in edition.text


@pytest.mark.parametrize("title", ["", "  ", "A topic"])
def test_an_item_without_its_own_title_is_listed_by_its_first_words(title: str) -> None:
    edition = whole(one(replace(ITEM, title=title)))
    assert not tree(edition.html).xpath("//h3")
    assert tree(edition.html).xpath("//li/a[@href='#i5']/text()") == [
        "One two three four five six seven eight…"
    ]
    assert "- One two three four five six seven eight…\n" in edition.text


def test_an_item_with_nothing_but_a_link_is_listed_by_it() -> None:
    item = PlacedItem(id=5, title="", body="", actions=(Action("Read it"),))
    assert tree(whole(one(item)).html).xpath("//li/a/text()") == ["Read it"]
    empty = whole(one(PlacedItem(id=5, title="", body="")))
    assert tree(empty.html).xpath("//li/a/text()") == ["A topic"]


def test_a_topic_without_a_title_has_no_heading() -> None:
    issue = replace(one(ITEM), topics=(Topic(1, "", (ITEM,)),))
    assert not tree(whole(issue).html).xpath("//div[@class='f']//h2")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, None),
        ({"source": "Oak Trust"}, "Oak Trust"),
        ({"published": date(2025, 1, 6)}, "6 January 2025"),
        ({"nations": (Nation.WALES,)}, "Wales"),
        (
            {"source": "Oak Trust", "published": date(2025, 1, 6), "nations": tuple(Nation)[:3]},
            "Oak Trust, 6 January 2025. England, Wales and Scotland",
        ),
    ],
)
def test_source_date_and_nations_stand_under_the_heading(
    parts: dict[str, object], expected: str | None
) -> None:
    edition = whole(one(replace(ITEM, **parts)))  # type: ignore[arg-type]
    found = tree(edition.html).xpath("//td/p[@class='m']/text()")
    assert found == ([expected] if expected else [])
    if expected:
        assert f"\n{expected}\n" in edition.text


def test_dates_are_british_whatever_the_machine() -> None:
    assert spoken_date(date(2026, 12, 31)) == "31 December 2026"


@pytest.mark.parametrize(
    ("label", "title", "expected"),
    [
        ("Read the report", "Safer schools", "Read the report: Safer schools"),
        ("Read the report:", "Safer schools", "Read the report: Safer schools"),
        ("Read the report", "", "Read the report"),
        ("", "Safer schools", "Safer schools"),
        ("Read safer schools", "Safer Schools", "Read safer schools"),
        ("Read the report", "Read the report on safety", "Read the report on safety"),
    ],
)
def test_a_link_says_what_to_do_and_where_it_leads(label: str, title: str, expected: str) -> None:
    """Requirement 49."""
    assert link_text(Action(label, title)) == expected


def test_a_link_with_no_words_shows_its_address() -> None:
    item = replace(ITEM, actions=(Action("", "", "https://a.example/é"), Action("", "", "no link")))
    page = tree(whole(one(item)).html)
    assert page.xpath("//td/p/a/b/text()") == ["https://a.example/%C3%A9"]
    assert "no link (no link)" in page.xpath("//td/p/text()")


def test_several_note_lines_stand_each_on_its_own_under_one_heading() -> None:
    item = replace(ITEM, notes=(Note("dsl", "Do this."), Note("chair", "Do **that**.")))
    edition = whole(one(item))
    panel = tree(edition.html).xpath("//td[@class='n']/p")
    assert ["".join(line.itertext()) for line in panel[-3:]] == [
        "What this means for you", "Do this.", "Do that."
    ]  # fmt: skip
    assert "\nWhat this means for you\nDo this.\nDo that.\n" in edition.text


def test_an_issue_with_nothing_in_it_still_compiles() -> None:
    edition = whole(replace(one(ITEM), topics=()))
    assert "In this issue" in edition.html


def test_a_sender_who_cannot_be_written_to_is_shown_as_text() -> None:
    cutter = Cutter(RENDERER.compile(one(ITEM), replace(SENDER, reply_to="", postal_address="")))
    edition = cutter.whole()
    assert "mailto:" not in edition.html
    assert "Oakshire Safeguarding Partnership</strong></p>" in edition.html
