"""The blocks of an issue: dates for the diary, helplines, gentle notes, and its shorter forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rendered import RENDERER, one, tree, whole

from bulletin.composition import compose
from bulletin.messages import printable
from bulletin.models.editions import Field, ReaderKind
from bulletin.models.issues import Helpline, IssueContent, Length, PlacedItem, Topic
from bulletin.models.items import Deadline
from bulletin.rendering import Cutter
from example_issue import SENDER, example_issue

LATE = PlacedItem(
    id=1, title="Later", body="Words.", roles=frozenset({"dsl"}),
    deadline=Deadline(date(2026, 12, 18), "Respond by"),
)  # fmt: skip
SOON = PlacedItem(id=2, title="Sooner", body="Words.", deadline=Deadline(date(2026, 12, 2)))
PLAIN = PlacedItem(id=3, title="No date", body="Words.", roles=frozenset({"governor"}))
DATED = IssueContent(title="T", subject="S", topics=(Topic(1, "A topic", (LATE, SOON, PLAIN)),))
LONG = "**Bold** first words & more. " + "And so it goes on and on. " * 30


def cut(issue: IssueContent, *roles: str) -> tuple[str, str]:
    edition = Cutter(RENDERER.compile(issue, SENDER)).cut(
        compose(issue, ReaderKind(frozenset(roles))).visible
    )
    return edition.html, edition.text


def test_deadlines_stand_in_the_diary_soonest_first_and_at_their_items() -> None:
    html, text = cut(DATED, "dsl")
    entries = tree(html).xpath("//b[@class='d']/text()")
    assert entries == [
        "Closes Wednesday 2 December 2026", "Respond by Friday 18 December 2026",  # the diary
        "Respond by Friday 18 December 2026", "Closes Wednesday 2 December 2026",  # the items
    ]  # fmt: skip
    assert text.index("Dates for your diary") < text.index("In this issue")
    assert text.count("Respond by Friday 18 December 2026\n") == 2


def test_the_diary_holds_only_what_its_reader_sees() -> None:
    html, text = cut(DATED, "governor")
    assert "Closes Wednesday 2 December 2026" in text
    assert "Friday 18 December" not in html + text


@pytest.mark.parametrize("issue", [replace(DATED, diary=False), one(PLAIN)])
def test_without_dates_or_without_the_wish_there_is_no_diary(issue: IssueContent) -> None:
    html, text = cut(issue, "dsl", "governor")
    assert "diary" not in html + text


def test_a_reader_who_sees_no_deadline_gets_no_empty_diary() -> None:
    issue = replace(DATED, topics=(Topic(1, "A topic", (LATE, PLAIN)),))
    html, text = cut(issue, "governor")
    assert "No date" in html
    assert "diary" not in html + text


def test_a_helpline_can_be_rung_from_the_page_and_its_number_keeps_together() -> None:
    helplines = (
        Helpline("Line", " +44 (0)1632 960 001", "Any time", "https://help.example/"),
        Helpline("Text only", "text HELP"),
    )
    edition = whole(replace(one(PLAIN), helplines=helplines))
    page = tree(edition.html)
    (link,) = page.xpath("//a[starts-with(@href, 'tel:')]")
    assert link.get("href") == "tel:+4401632960001"
    assert link.text == "+44\u00a0(0)1632\u00a0960\u00a0001"
    assert page.xpath("//a[@href='https://help.example/']")
    assert "text\u00a0HELP" in edition.text


def test_a_gentle_note_stands_before_the_words_that_need_it() -> None:
    edition = whole(one(replace(PLAIN, content_note="A gentle note: about harm.")))
    for content in (edition.html, edition.text):
        assert content.index("A gentle note: about harm.") < content.index("Words.")


def test_a_shorter_contents_list_names_the_topics_and_leads_to_them() -> None:
    html, text = cut(replace(DATED, length=Length.TOPICS, diary=False), "dsl")
    page = tree(html)
    assert page.xpath("//li/a/@href") == ["#t1"]
    assert page.xpath("//a[@name='t1']")
    assert text.index("- A topic") < text.index("Later")
    assert text.count("Later") == 1


def test_an_excerpt_says_that_it_is_one_and_leads_to_the_whole() -> None:
    """Nothing is cut in silence."""
    issue = replace(one(replace(PLAIN, body=LONG)), length=Length.EXCERPTS)
    edition = whole(issue)
    (link,) = tree(edition.html).xpath("//a[starts-with(., 'Read on the web')]")
    assert link.get("href") == f"{Field.VIEW_URL.token}#i3"
    assert "".join(link.itertext()) == "Read on the web: No date"
    (paragraph,) = tree(edition.html).xpath("//p[starts-with(., 'Bold first words & more.')]")
    assert "".join(paragraph.itertext()).endswith("…")
    assert edition.text.count("goes on") < 10
    assert f"\n{Field.VIEW_URL.token}#i3\n" in edition.text


def test_a_short_item_is_never_an_excerpt() -> None:
    edition = whole(replace(one(PLAIN), length=Length.EXCERPTS))
    assert "Words." in edition.html
    assert "Read on the web" not in edition.html


def test_each_step_is_shorter_than_the_one_before() -> None:
    sizes = [
        len(whole(replace(example_issue(blocks=True), length=length)).html) for length in Length
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] - sizes[1] > 3_000
    assert sizes[1] - sizes[2] > 5_000


@pytest.mark.parametrize(
    ("items", "most", "travelling"), [(30, 63_000, 68_000), (40, 77_000, 83_000)]
)
def test_an_issue_keeps_to_its_size(items: int, most: int, travelling: int) -> None:
    """The figures to reach of the design."""
    edition = whole(example_issue(items))
    assert len(edition.html.encode()) <= most
    assert len(printable(edition.html)) <= travelling
