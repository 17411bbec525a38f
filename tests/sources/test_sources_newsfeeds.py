"""Newsfeeds as they are pasted: where items begin, and what is no item (plain text)."""

from __future__ import annotations

from datetime import date

from readings import codes, dropped, titles

from bulletin.models.items import Action, Nation
from bulletin.sources import SourceFormat, read

UNDERLINED_WITH_SHARE_BUTTONS = """\
NORTHSHIRE SAFEGUARDING DIGEST
==============================
Issue 14, spring term

New advice on lunchtime supervision
-----------------------------------
Northshire Council has written new advice for midday staff. It covers
corridors, playgrounds and the way in which a worry is passed on.

Read the advice: Watching over lunchtimes
https://northshire.example/lunch

Share this:
Facebook
X
Email
Print

Bus escorts: a new checklist
----------------------------
The county's transport team has a checklist for escorts on school buses.
  * seat belts
  * missed stops
  * who to ring
Share this:
Facebook
X
Email
Print

Quiet rooms
-----------
A charity has asked two hundred pupils what makes a quiet room quiet.
Find out more: What pupils told us about quiet rooms

Share this:
Facebook
X
Email
Print

© 2026 Northshire Council. All rights reserved.
You are receiving this because you asked for it.
Unsubscribe | Privacy policy
"""

BYLINES = """\
School Safety Weekly
Tel: 01632 960123

Trusts asked to test their lockdown plans
By Priya Example, 12 March 2026 | Eastvale Schools Trust

Eastvale has asked its schools to practise a lockdown twice a year.

View the plan - Lockdown in small schools

Evening clubs and the walk home
By Tom Sample, 9 March 2026 | Westfold Council

Clubs that end after dark should agree a route with families.

What changes

Clubs now need one named adult for each route. Ring 01632 960456 or write to walk@westfold.example.

Watch the film: Walking home together
"""

SOURCE_LINES = """\
EASTVALE
Partnership
01632 960001

Two reviews of attendance published

Source: Eastvale Council published on this website Tuesday 14 May 2024 by Robin Example

The council has published two reviews.

Download Reviews

Support available

A team can be called in.

New number for the duty desk

Source: Duty Desk published on this site Monday 13 May 2024 BY Robin Example

The duty desk has a new number: 01632 960777. Write to desk@eastvale.example.
"""

NUMBERED = """\
This month in safeguarding

In this issue:
1. Keeping visitors' books
2. When a parent cannot be reached

1. Keeping visitors' books

A visitors' book that nobody reads is no safeguard.
More information: https://board.example/visitors

2. When a parent cannot be reached

The board has agreed what staff should do.

You can read the full agreement here: https://board.example/unreached
"""

STARS = """\
Hello colleagues,
here is the round-up for this week.

* * *

Guide for volunteers
Published: 3 June 2026
Source: Helping Hands

The guide tells volunteers what to do. It is aimed at volunteers and deputy DSLs.

[Read the guide: First conversations](https://hands.example/guide)

* * *

Survey on lone working
Published: 1 June 2026
Source: Lone Worker Forum

Half of the caretakers who answered work alone after six.

<https://lone.example/survey>

* * *

Contact the team: news@school.example
"""

BLANK_LINES = """\
Cameras in changing areas
Schools in Scotland must not film in changing areas. A new note explains the rule.
Read the note
https://notes.example/cameras

Lost property and phones
Phones left overnight should be locked away.
Download the form:
Lost property, a form of words
"""

FORM = """\
Title: Fire doors
Source: Estates Team
Date: 12 May 2026
Summary: Fire doors must not be wedged. A poster explains why.
Link: https://estates.example/doors

Title: Ladders
Source: Estates Team
Date: 13 May 2026
Summary: Ladders are locked away after use.
Link: https://estates.example/ladders
"""

UNKNOWN_BLOCK = """\
Hand dryers and hearing

Dryers can hurt. The society asks schools to test them.

Rate this item
Helpful
Not helpful
Report a mistake

Swings and ropes

Ropes fray:
- look at them each week
- write it down

Rate this item
Helpful
Not helpful
Report a mistake
"""


def test_share_buttons_end_items_and_are_listed_as_dropped() -> None:
    reading = read(UNDERLINED_WITH_SHARE_BUTTONS)

    assert titles(reading) == [
        "New advice on lunchtime supervision",
        "Bus escorts: a new checklist",
        "Quiet rooms",
    ]
    assert dropped(reading).count("Share this:\nFacebook\nX\nEmail\nPrint") == 3
    assert "Facebook" not in repr(reading.items)
    assert "NORTHSHIRE SAFEGUARDING DIGEST\nIssue 14, spring term" in dropped(reading)
    assert "Unsubscribe" in dropped(reading)
    assert all(one.reason for one in reading.dropped)


def test_share_buttons_glued_to_a_list_leave_its_bullets_alone() -> None:
    checklist = read(UNDERLINED_WITH_SHARE_BUTTONS).items[1]
    assert checklist.body.endswith("- seat belts\n- missed stops\n- who to ring")


def test_hard_wrapped_paragraphs_become_one_paragraph() -> None:
    advice = read(UNDERLINED_WITH_SHARE_BUTTONS).items[0]
    assert advice.body == (
        "Northshire Council has written new advice for midday staff. It covers corridors, "
        "playgrounds and the way in which a worry is passed on."
    )
    assert advice.actions == (
        Action("Read the advice", "Watching over lunchtimes", "https://northshire.example/lunch"),
    )


def test_lines_with_author_date_and_source_head_items() -> None:
    first, second = read(BYLINES).items

    assert (first.source, first.published, first.author) == (
        "Eastvale Schools Trust",
        date(2026, 3, 12),
        "Priya Example",
    )
    assert first.actions == (Action("View the plan", "Lockdown in small schools"),)
    assert second.source == "Westfold Council"
    assert "lost_link" in codes(second)


def test_the_banner_is_dropped_and_a_subheading_is_no_item() -> None:
    reading = read(BYLINES)

    assert [one.text for one in reading.dropped] == ["School Safety Weekly\nTel: 01632 960123"]
    assert "What changes" in reading.items[1].body
    assert "01632 960456" in reading.items[1].body
    assert "walk@westfold.example" in reading.items[1].body


def test_source_lines_give_source_date_and_author_whatever_the_banner_says() -> None:
    reading = read(SOURCE_LINES)

    first, second = reading.items
    assert (first.title, first.source) == (
        "Two reviews of attendance published",
        "Eastvale Council",
    )
    assert (first.published, first.author) == (date(2024, 5, 14), "Robin Example")
    assert (second.source, second.published) == ("Duty Desk", date(2024, 5, 13))
    assert first.actions == (Action("Download Reviews"),)
    assert first.body.endswith("Support available\n\nA team can be called in.")
    assert dropped(reading) == "EASTVALE\nPartnership\n01632 960001"
    assert "01632 960777" in second.body


def test_numbered_headings_lose_their_number_and_the_contents_are_dropped() -> None:
    reading = read(NUMBERED)

    assert titles(reading) == ["Keeping visitors' books", "When a parent cannot be reached"]
    assert reading.items[1].actions == (
        Action("Read the full agreement", url="https://board.example/unreached"),
    )
    assert "1. Keeping visitors' books" in dropped(reading)
    assert "numbered" not in repr(reading.items)


def test_rules_divide_items_and_set_greeting_and_contact_apart() -> None:
    reading = read(STARS)

    assert titles(reading) == ["Guide for volunteers", "Survey on lone working"]
    assert reading.items[0].roles == ("deputy_dsl",)
    assert reading.items[0].actions == (
        Action("Read the guide", "First conversations", "https://hands.example/guide"),
    )
    assert reading.items[1].actions == (
        Action("Read more", "Survey on lone working", "https://lone.example/survey"),
    )
    assert "Hello colleagues" in dropped(reading)
    assert "news@school.example" in dropped(reading)


def test_headings_glued_to_their_text_divide_a_feed_of_blocks() -> None:
    first, second = read(BLANK_LINES).items

    assert first.nations == (Nation.SCOTLAND,)
    assert first.actions == (Action("Read the note", url="https://notes.example/cameras"),)
    assert second.actions == (Action("Download the form", "Lost property, a form of words"),)


def test_a_feed_written_as_forms_is_read_by_its_labels() -> None:
    doors, ladders = read(FORM).items

    assert (doors.title, doors.source, doors.published) == (
        "Fire doors",
        "Estates Team",
        date(2026, 5, 12),
    )
    assert doors.body == "Fire doors must not be wedged. A poster explains why."
    assert ladders.actions == (Action("Read more", "Ladders", "https://estates.example/ladders"),)


def test_an_unknown_block_is_learnt_because_it_recurs() -> None:
    reading = read(UNKNOWN_BLOCK)

    assert titles(reading) == ["Hand dryers and hearing", "Swings and ropes"]
    assert "helpful" not in repr(reading.items).lower()
    assert reading.items[1].body.endswith("- write it down")
    assert dropped(reading).count("Report a mistake") == 2


def test_cross_references_within_a_website_are_dropped_with_the_reason() -> None:
    reading = read("Peer support\n\nPeers can help.\n\nSee also on Care Hub > Peer support\n")

    (one,) = reading.dropped
    assert one.text == "See also on Care Hub > Peer support"
    assert "cross-reference" in one.reason.lower()


def test_a_date_in_a_title_or_in_prose_is_not_the_date_of_publication() -> None:
    feed = """\
Advice on ropes updated 23 February 2026

The club changed its advice on 24 February 2026. The page says:
Last updated 23 February 2026
"""
    (item,) = read(feed).items

    assert item.published is None
    assert "Last updated 23 February 2026" in item.body


def test_the_same_text_reads_the_same_as_bytes_and_as_text() -> None:
    assert read(BYLINES.encode()) == read(BYLINES) == read(BYLINES, SourceFormat.TEXT)


def test_windows_line_ends_and_spaces_without_breaks_change_nothing() -> None:
    windows = BYLINES.replace("\n", "\r\n").replace(" the ", "\u00a0the  ")
    assert read(windows) == read(BYLINES)


RELATED_POSTS = """\
Keys and doors

The trust has asked who has keys. Many schools did not know.

Share this:
Facebook
X

Related

Who has your gate?
11 March 2024
In "Premises"

Gates

The council will mend nine gates before Easter, and the last in May.

Share this:
Facebook
X
"""


def test_other_posts_that_a_website_lists_below_its_buttons_are_no_news() -> None:
    found = read(RELATED_POSTS, SourceFormat.TEXT)

    assert [(item.title, item.published) for item in found.items] == [
        ("Keys and doors", None), ("Gates", None)
    ]  # fmt: skip
    assert any("Who has your gate?" in one.text for one in found.dropped)


def test_a_sentence_with_its_source_in_brackets_is_text_and_no_heading() -> None:
    found = read(
        "Weekly\n\nIN THE NEWS\n\nPhones\nThe council will change the law. (Vale Echo, 3 March)\n"
        "Read article\n\nBells\nThe society has hung a bell.\nRead article\n",
        SourceFormat.TEXT,
    )

    assert [item.title for item in found.items] == ["Phones", "Bells"]
