"""Bylines and days: whose a name is, and whether a day is that of publication."""

from __future__ import annotations

from datetime import date

import pytest
from readings import only_item

from bulletin.sources import read
from bulletin.sources.fields.details import parse

DAY = date(2026, 3, 12)


def test_a_date_beside_a_venue_and_an_hour_is_the_day_of_an_event() -> None:
    (item,) = read(
        "Keyhole fair\n\nDate: 3 March 2026\nTime: 4pm\nVenue: Town Hall\n\nKeys are sold there."
    ).items

    assert item.published is None
    assert "Date: 3 March 2026" in item.body


def test_a_date_without_a_year_stays_in_the_text_and_is_quoted() -> None:
    (item,) = read("Keyhole fair\n\nDate: 2 Dec\n\nKeys are sold there by the trust.").items

    assert item.published is None
    assert "Date: 2 Dec" in item.body
    assert any("“2 Dec”" in one.message for one in item.warnings if one.code == "no_date")


def test_a_citation_that_ends_the_text_above_its_actions_is_the_source() -> None:
    (item,) = read(
        "Do keys help?\n\nThe trust says yes, a little. (Keyhole Trust, 4 June 2026)\n"
        "Read the paper: https://keys.example/paper"
    ).items

    assert (item.source, item.published) == ("Keyhole Trust", date(2026, 6, 4))
    assert item.body == "The trust says yes, a little."


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("Posted here on 12 March 2026 by Ana Example. First seen at: Zedshire", "Zedshire",
         "Ana Example"),
        ("Added here on 12 March 2026 by Prof. Ana Example, first published in Zedshire",
         "Zedshire", "Prof. Ana Example"),
        ("Posted here on 12 March 2026 by Ana Example. All rights kept", "", "Ana Example"),
        ("Here | 12 March 2026 | by Ana Example", "", "Ana Example"),
        ("Source: this website | Date: 12 March 2026 | Author: Ana Example", "", "Ana Example"),
    ],
)  # fmt: skip
def test_a_word_that_points_is_no_source_and_a_full_stop_ends_an_author(
    line: str, source: str, author: str
) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.published, found.author) == (source, DAY, author)


@pytest.mark.parametrize(
    "hours",
    [
        ", 10am to 12 noon", ", 10am–noon", " 9.30am to 3pm", ", 10:00 to 12:00", ", 10.00-12.00",
        " | 6pm", ", 12 noon", ", 6.30pm", " at 2pm, Keyhole Hall",
    ],
)  # fmt: skip
def test_a_date_with_hours_in_its_line_is_the_day_of_an_event(hours: str) -> None:
    line = f"Date: Tuesday 9 March 2027{hours}"
    item = only_item(f"Keyhole fair\n{line}\n\nKeys are sold there by the trust.\n")
    assert (item.published, item.source) == (None, "")
    assert line in item.body


@pytest.mark.parametrize(
    "line",
    [
        "Published: 12 March 2026, 10am to noon",
        "Posted: 12 March 2026 | 10:00 to 12:00 GMT",
        "Posted on 12 March 2026, from 10am to 12 noon",
        "Published: 12 March 2026, all day",
    ],
)
def test_a_time_is_never_a_source(line: str) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.published) == ("", DAY)


def test_the_time_of_a_notice_does_not_hide_the_day_of_its_publication() -> None:
    item = only_item("Swings\nDate: 9 March 2027 10:30\n\nThe chains were too long.\n")
    assert item.published == date(2027, 3, 9)


def test_of_a_line_of_several_labels_nothing_is_lost() -> None:
    reading = read(
        "Gates\nSource: Keyhole Summary: Iron ones last. Tags: iron\n\nThey are painted."
    )
    assert reading.items[0].source == "Keyhole"
    assert "Iron ones last" in reading.items[0].body
    long = "Posted: 3 May 2026 | Tags: a | Posted: " + "word " * 20 + "end"
    assert "word end" in " ".join(one.text for one in read(f"Gates\n{long}\n\nPaint.").dropped)


@pytest.mark.parametrize(
    "line",
    [
        "Posted on 12 March 2026 by Ana Example | Category: Doors | 2 Comments",
        "12 March 2026 | In: Doors | Leave a comment",
        "Posted: 12 March 2026 | Category: Doors | 3 comments",
        "Written by Ana Example on 12 March 2026. Posted in Doors.",
        "Posted: 12 March 2026 in: Doors Tags: gates, bars",
        "by Ana Example | Mar 12, 2026 | Doors | 0 comments",
    ],
)
def test_where_a_post_is_filed_is_its_topic_and_comments_are_not_counted(line: str) -> None:
    found = parse(line)
    assert found is not None
    assert (found.topic, found.published) == ("Doors", date(2026, 3, 12))


def test_a_post_without_a_heading_gets_none_from_where_it_is_filed() -> None:
    by = "Posted on {} May 2026 by Ana Example | Category: Doors\n\nA door was left open again."
    share = "\n\nShare this: Facebook | X | Email\n\n"
    found = read(f"Gates\n{by.format(4)}{share}{by.format(3)}{share}Bars\n{by.format(2)}{share}")
    assert [item.title for item in found.items] == ["Gates", "", "Bars"]
    assert {item.topic for item in found.items} == {"Doors"}


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("Doors that close by themselves (Keyhole Foundation / NCA)", "Keyhole Foundation / NCA"),
        ("Doors and gates: what to do (Home Office)", "Home Office"),
        ("Doors in the statutory guidance (KCSIE)", ""),
        ("Doors and their keys (Secondary Schools)", ""),
        ("Doors for trusts (Multi Academy Trust)", ""),
        ("Doors and what to do (a trust that is in doubt)", ""),
    ],
)
def test_a_body_in_brackets_behind_a_title_is_its_source(title: str, source: str) -> None:
    (item,) = read(f"{title}\n\nA door was left open again.").items
    assert item.source == source
