"""Lines that ran together: what is whole on either side of a joint is apart (plain text)."""

from __future__ import annotations

from datetime import date

import pytest
from readings import titles

from bulletin.models.items import Action
from bulletin.sources import SourceFormat, read


def test_a_heading_that_was_glued_to_a_list_or_text_is_taken_apart() -> None:
    found = read(
        "Keys\n\nThe trust asked for:\n- a box with a lock\n"
        "- a list that somebody readsGates and bells\n"
        "The council will mend nine gates.Read the report:Me, myself and gates\n",
        SourceFormat.TEXT,
    )

    assert [item.title for item in found.items] == ["Keys", "Gates and bells"]
    assert found.items[0].body.endswith("- a list that somebody reads")
    assert found.items[1].body == "The council will mend nine gates."
    assert found.items[1].actions == (Action("Read the report", "Me, myself and gates", None),)


def test_names_with_a_capital_inside_are_left_whole() -> None:
    (item,) = read(
        "Keys\n\nThe list names:\n- the app SafeKeys and its maker\n- iLocks by eSafe\n"
        "Both are free.\n",
        SourceFormat.TEXT,
    ).items

    assert "SafeKeys" in item.body
    assert "iLocks by eSafe" in item.body


@pytest.mark.parametrize("line", ["Published 6 May 2026 by Ruth Pember", "Who: caretakers"])
def test_a_heading_glued_to_a_list_is_apart_whatever_stands_below_it(line: str) -> None:
    found = read(
        f"Keys\n{line}\nThe trust asked for three things.\n"
        f"- a list that somebody readsGates and bells\n{line}\nThe council will mend them.\n\n"
        f"Locks\n{line}\nA lock was changed.\n",
        SourceFormat.TEXT,
    )

    assert titles(found) == ["Keys", "Gates and bells", "Locks"]


def test_a_heading_in_capitals_glued_to_a_list_is_apart_with_its_source() -> None:
    found = read(
        "KEYS\n(Vale Council, 5 May 2026)\nThe trust asked for one thing.\n"
        "- a list that somebody readsGATES AND BELLS (Bell Society, 4 May 2026)\n"
        "The society will mend nine gates.\n\n"
        "LOCKS\n(Vale Council, 3 May 2026)\nA lock was changed.\n",
        SourceFormat.TEXT,
    )

    assert [(item.title, item.source) for item in found.items] == [
        ("KEYS", "Vale Council"), ("GATES AND BELLS", "Bell Society"), ("LOCKS", "Vale Council")
    ]  # fmt: skip


def test_text_that_is_glued_to_its_byline_is_no_part_of_a_name() -> None:
    (item,) = read(
        "Keys\n\nSource: Vale Council published on this website Tuesday 5 May 2026 by Ruth Pember"
        "The council has asked who has keys. In nine schools nobody knew.\n",
        SourceFormat.TEXT,
    ).items

    assert (item.source, item.author) == ("Vale Council", "Ruth Pember")
    assert item.body == "The council has asked who has keys. In nine schools nobody knew."


@pytest.mark.parametrize("name", ["Ruth McDonald", "Ruth DeWitt"])
def test_a_name_with_a_capital_inside_is_one_name(name: str) -> None:
    (item,) = read(
        f"Keys\nPublished 5 May 2026 by {name}\nThe council has asked who has keys.\n",
        SourceFormat.TEXT,
    ).items

    assert item.author == name


def test_a_topic_that_ran_into_its_date_is_where_the_post_is_filed() -> None:
    found = read(
        "Attendance3rd March 2026\nFewer fines\nThe council has sent fewer fines.\nRead more\n\n"
        "Trips4 March 2026By Ruth Pember\nNew forms\nThe forms are shorter.\nRead more\n",
        SourceFormat.TEXT,
    )

    assert [(item.title, item.topic, item.published, item.author) for item in found.items] == [
        ("Fewer fines", "Attendance", date(2026, 3, 3), ""),
        ("New forms", "Trips", date(2026, 3, 4), "Ruth Pember"),
    ]


def test_links_that_ran_together_are_one_link_each() -> None:
    (item,) = read(
        "Gates\n\nThe council will mend nine gates.\n\n"
        "Read the planTake the survey: https://vale.example/survey\n",
        SourceFormat.TEXT,
    ).items

    assert item.actions == (
        Action("Read the plan", "", None),
        Action("Take the survey", "", "https://vale.example/survey"),
    )


def test_a_stamp_for_machines_before_a_date_is_no_topic() -> None:
    (item,) = read(
        "Gates\nBy Ruth Pember|2026-05-04T08:02:41+01:00May 4th, 2026|Categories: Doors|"
        "0 Comments\n\nThe council will mend nine gates.\n",
        SourceFormat.TEXT,
    ).items

    assert (item.author, item.published, item.topic) == ("Ruth Pember", date(2026, 5, 4), "Doors")


def test_words_right_before_an_address_are_its_link() -> None:
    (item,) = read(
        "Gates\n\nSchools can read the plan<https://vale.example/plan> on our pages.\n",
        SourceFormat.TEXT,
    ).items

    assert "the [plan](https://vale.example/plan) on our pages" in item.body


def test_joints_in_a_long_line_are_looked_at_once() -> None:
    found = read("Source: X, 3 May 2026 by Ruth Pember" + "wordThe " * 400, SourceFormat.TEXT)

    assert len(found.items) <= 1
