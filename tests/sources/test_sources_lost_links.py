"""Lost links: words that led somewhere before a text was copied."""

from __future__ import annotations

import pytest
from readings import TITLE, codes, item

from bulletin.models.items import Action
from bulletin.sources import read


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Read more: here", "Read more"), ("Read more here", "Read more"),
        ("Click here", "Read more"), ("Please click here.", "Read more"),
        ("Download here", "Download"),
    ],
)  # fmt: skip
def test_words_that_only_pointed_at_a_lost_link_say_so(line: str, label: str) -> None:
    found = item(line)

    assert found.actions == (Action(label),)
    assert "lost_link" in codes(found)
    assert found.body == "Something was said."


@pytest.mark.parametrize(
    "label", ["Survey results", "Press release", "Slides", "Toolkit", "Full report", "The briefing"]
)
def test_a_publication_and_its_title_at_the_end_of_an_item_have_lost_their_link(label: str) -> None:
    found = item(f"{label}: Nine locks")

    assert found.actions == (Action(label, "Nine locks"),)
    assert "lost_link" in codes(found)


@pytest.mark.parametrize(
    "line",
    ["Slides: ask Ben Sample for them", "Contact: Ben Sample", "Press release: call 01632 960111",
     "Caretaker: Ben Sample", "Findings: Keys are lost. Locks are not."],
)  # fmt: skip
def test_other_words_before_a_colon_stay_in_the_text(line: str) -> None:
    found = item(line)

    assert found.actions == ()
    assert line in found.body


def test_a_publication_named_in_the_middle_of_the_news_stays_there() -> None:
    (found,) = read(
        f"{TITLE}\n\nKeys were lent.\nToolkit: Nine locks\nIt can be lent by all."
    ).items

    assert found.actions == ()
    assert "Toolkit: Nine locks" in found.body


@pytest.mark.parametrize(
    "line",
    ["Share your views", "Find out how to take part", "Further information", "Add your name",
     "Link to the guidance", "Full report (PDF, 2MB)", "Watch again on demand", "Read in full"],
)  # fmt: skip
def test_a_request_that_ends_its_item_is_a_link_that_was_lost(line: str) -> None:
    news = "Something was said about it again this week."
    found = read(
        f"Keys\n\n{news}\n\n{line}\n\nLockers\n\n{news}\n\n{line}\n\nHooks\n\n{news}"
    ).items
    assert [one.title for one in found] == ["Keys", "Lockers", "Hooks"]
    assert [one.actions for one in found] == [(Action(line),), (Action(line),), ()]
    assert {(one.topic, one.body) for one in found} == {("", news)}


@pytest.mark.parametrize(
    "line",
    ["Contact the helpline", "Tickets on the door", "Share this page", "Open from 9am to 5pm"],
)
def test_a_last_line_that_opens_nothing_is_no_link(line: str) -> None:
    assert item(line).actions == ()


def test_a_request_over_text_is_a_heading() -> None:
    found = read(f"{TITLE}\n\nSomething was said.\n\nShare your views\n\nThe desk is open.").items
    assert [one.title for one in found] == [TITLE, "Share your views"]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("A desk was moved. [Read more]", "A desk was moved."),
        ("A desk was moved.\n\n[Read more...]", "A desk was moved."),
        (
            "A desk was moved, and a chair [...] Read more",
            "A desk was moved, and a chair \\[...\\]",
        ),
    ],
)
def test_brackets_around_a_link_and_points_before_it_are_no_part_of_it(
    text: str, body: str
) -> None:
    (found,) = read(f"{TITLE}\n\n{text}").items
    assert (found.actions, found.body) == ((Action("Read more"),), body)


def test_a_title_that_calls_for_evidence_may_have_lost_its_link() -> None:
    found = item("Read the report: A call for evidence")
    assert found.actions == (Action("Read the report", "A call for evidence"),)
