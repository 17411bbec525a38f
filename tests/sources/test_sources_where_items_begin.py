"""Where items begin: at headings and their topics, at room, dates and labels; what is one item."""

from __future__ import annotations

from datetime import date

import pytest
from readings import codes, dropped, titles

from bulletin.models.items import Action
from bulletin.sources import read

PLAIN = """\
Safeguarding round-up

Welcome to our monthly round-up for schools. We hope that it is useful.

Playground friendships

A study found that new pupils wait three weeks to be asked to join in.

Read the study: Waiting to be asked

Knives found in bags

Police have published advice on what a school should do when a knife is found.

Key points:
- do not carry it about
- ring 101

Read the advice
"""

TOPICS = """\
SAFER RECRUITMENT

References by phone

A reference by phone must be written down.

Gaps in a career

Ask about gaps. A form helps.

ONLINE SAFETY

Chatbots in homework clubs

Clubs should agree rules on chatbots before the term begins.
"""


def test_plain_headings_divide_a_feed_and_a_welcome_is_no_item() -> None:
    reading = read(PLAIN)

    assert titles(reading) == ["Playground friendships", "Knives found in bags"]
    assert "Welcome to our monthly round-up" in dropped(reading)
    assert reading.items[1].body.endswith("Key points:\n\n- do not carry it about\n- ring 101")
    assert reading.items[1].actions == (Action("Read the advice"),)


def test_headings_over_several_items_become_their_topic() -> None:
    assert [(item.topic, item.title) for item in read(TOPICS).items] == [
        ("SAFER RECRUITMENT", "References by phone"),
        ("SAFER RECRUITMENT", "Gaps in a career"),
        ("ONLINE SAFETY", "Chatbots in homework clubs"),
    ]


def test_a_title_is_never_guessed() -> None:
    feed = """\
A first heading

Some words about the first thing that happened.

Share this: Facebook | Email | Print

An inspectorate has today said what it will look for when it visits schools in the autumn term.

https://inspect.example/autumn

Share this: Facebook | Email | Print
"""
    first, second = read(feed).items

    assert "no_heading" not in codes(first)
    assert second.title == ""
    assert "no_heading" in codes(second)
    assert second.body.startswith("An inspectorate has today said")


def test_text_without_headings_is_divided_where_links_end_it_and_says_so() -> None:
    feed = """\
A new study says that pupils who walk to school arrive calmer than those who are driven.
https://walk.example/study

The bus company has changed the times of two buses, which affects three schools in the valley.
https://bus.example/times
"""
    reading = read(feed)

    assert len(reading.items) == 2
    assert all({"no_heading", "unsure_boundary"} <= set(codes(item)) for item in reading.items)


def test_more_room_above_items_than_above_subheadings_tells_them_apart() -> None:
    feed = """\
Wet floors

Signs must be put out at once.

Why it matters

Falls are the most common injury of staff.



Broken chairs

Chairs with a crack are taken out of use.

Red labels

Put a red label on it.
"""
    assert titles(read(feed)) == ["Wet floors", "Broken chairs"]


def test_dates_above_headings_belong_to_the_items_below_them() -> None:
    feed = """\
Thursday 2 April 2026

Egg hunts and allergies

Ask families about nuts before the hunt.

Wednesday 1 April 2026

Fire drill in the rain

Drills go ahead in the rain, with coats.
"""
    assert [(item.title, item.published) for item in read(feed).items] == [
        ("Egg hunts and allergies", date(2026, 4, 2)),
        ("Fire drill in the rain", date(2026, 4, 1)),
    ]


def test_a_list_of_services_in_the_news_is_news() -> None:
    feed = """\
Apps that pupils use

The survey asked about these apps:
• Facebook
• Snapchat
• WhatsApp
• Email

Four in ten pupils use three or more.

Facebook | Twitter | LinkedIn | Email | Print

Group chats at night

Night chats keep pupils awake, says a sleep centre.

Facebook | Twitter | LinkedIn | Email | Print
"""
    reading = read(feed)

    assert "- Facebook\n- Snapchat\n- WhatsApp\n- Email" in reading.items[0].body
    assert len(reading.items) == 2
    assert dropped(reading).count("LinkedIn") == 2


def test_a_repeated_definition_is_content_and_stays_in_both_items() -> None:
    bullets = "\n".join(
        f"• {words} when a pupil comes to the door of the office"
        for words in ("say a kind word", "write a short note", "ring the person in charge")
    )
    block = f"What to do:\n{bullets}\nShare this:\nFacebook\nX\n\n"
    reading = read(f"At the door\n\n{block}At the door, again\n\n{block}")

    assert all(item.body.count("\n- ") == 3 for item in reading.items)


def test_blocks_of_a_heading_and_a_label_line_are_items_whatever_the_label() -> None:
    blocks = {
        "Form for the key count": "Due: 12 March 2027",
        "Keyhole fair": "Date: Tuesday 9 March 2027, 10am to 12 noon\nVenue: Town Hall",
        "Return of the borrowed keys": "Due: 15 March 2027\nSend to: the key office",
        "Lock show": "Date: Wednesday 17 March 2027, 1pm to 3pm\nVenue: Keyhole College",
        "Grant for hinges": "Deadline: 31 March 2027",
    }
    items = read(
        "Events and deadlines\n\n"
        + "\n\n".join(
            f"{title}\n{labels}\nThe trust tells more of it in words.\n"
            f"Read more: https://keys.example/{number}"
            for number, (title, labels) in enumerate(blocks.items())
        )
    ).items

    assert [item.title for item in items] == list(blocks)
    assert [item.actions[0].url for item in items] == [
        f"https://keys.example/{number}" for number in range(5)
    ]
    days = [item.deadline.on.day if item.deadline else None for item in items]
    assert days == [12, None, 15, None, 31]
    assert not any(one.code == "unsure_boundary" for item in items for one in item.warnings)
    assert not any(item.published or item.source for item in items)


def test_a_label_line_under_the_banner_makes_no_item_of_it() -> None:
    items = read(
        "Keyhole letter\nEditor: Ana Example\n\n"
        "Keyhole fair\nDate: 9 March 2027\nKeys are sold there by the trust.\n\n"
        "Lock show\nDate: 10 March 2027\nLocks are shown there by the trust.\n"
    ).items

    assert [item.title for item in items] == ["Keyhole fair", "Lock show"]


def test_a_line_with_a_day_under_each_heading_belongs_to_the_item_whatever_else_it_says() -> None:
    text = "was counted again this week, and nothing is missing."
    days = ("Gates and yards, 3 June 2026", "9 Jun | a gate, a yard", "Yards, in June 2026")
    found = read("\n\n".join(f"Round {at}\n{day}\n\nAll {text}" for at, day in enumerate(days)))
    assert titles(found) == ["Round 0", "Round 1", "Round 2"]
    assert not any(item.source for item in found.items[:2])


def test_what_is_said_of_every_item_is_no_block_of_the_website() -> None:
    fields = "Who is it for: governors\nWhat to do: reply by 31 March 2026\nCost: free"
    text = "was counted again this week, and nothing is missing."
    found = read("\n\n".join(f"Round {at}\n\nAll {text}\n\n{fields}" for at in range(3)))
    assert titles(found) == ["Round 0", "Round 1", "Round 2"]
    assert all("Cost: free" in item.body and item.roles == ("governor",) for item in found.items)
    assert all(item.deadline for item in found.items)


@pytest.mark.parametrize(
    "heading",
    ["{title} | {by} | {day}", "{title} - {day} - {by}", "{day} | {title} | {by}",
     "{title} ({by}, {day})", "{title} | {day}", "{title} ({day})"],
)  # fmt: skip
def test_a_heading_with_its_date_in_the_same_line_is_a_title_with_details(heading: str) -> None:
    news = [
        ("Gates: who holds the key", "Gate Trust", "14 January 2026"),
        ("A self-check for chairs", "Chair Council", "9 January 2026"),
        ("Private lamps week", "Lamp Board", "6 January 2026"),
    ]
    heads = [heading.format(title=title, by=by, day=day) for title, by, day in news]
    found = read("\n\n".join(f"{head}\nIt was looked at again this week." for head in heads))
    assert titles(found) == [title for title, _, _ in news]
    assert [item.published for item in found.items] == [
        date(2026, 1, 14), date(2026, 1, 9), date(2026, 1, 6)
    ]  # fmt: skip
    if "{by}" in heading:
        assert [item.source for item in found.items] == [by for _, by, _ in news]


def test_a_text_with_one_heading_and_its_date_in_a_line_has_a_title() -> None:
    (item,) = read("Gates and bars | 14 January 2026\n\nAll was counted again this week.").items
    assert (item.title, item.published) == ("Gates and bars", date(2026, 1, 14))


def test_a_name_with_a_date_over_text_is_no_title() -> None:
    over = ("Gate Trust | 14 January 2026", "Chair Council | 9 January 2026")
    found = read("\n\n".join(f"{line}\nIt was looked at again this week." for line in over))
    assert titles(found) == ["", ""]
    assert [item.source for item in found.items] == ["Gate Trust", "Chair Council"]


@pytest.mark.parametrize("counted", ["{}. ", "{} ", "ITEM {}: ", "No. {} – ", "{}) "])
def test_what_counts_the_items_is_no_part_of_their_titles(counted: str) -> None:
    text = "was counted again this week, and nothing is missing."
    heads = ("Gates and bars", "A self-check for chairs", "Lamps in the yard")
    found = read(
        "\n\n".join(f"{counted.format(at)}{head}\n\nAll {text}" for at, head in enumerate(heads, 1))
    )
    assert titles(found) == list(heads)


def test_a_number_that_does_not_count_the_items_stays_in_the_title() -> None:
    text = "All was counted again this week, and nothing is missing."
    heads = ["2 gates in 3 yards", "A chair for every hall", "3 lamps"]
    assert titles(read("\n\n".join(f"{head}\n\n{text}" for head in heads))) == heads


@pytest.mark.parametrize(
    "end",
    [" (Gate Trust, {0} May 2026)", " Source: Gate Trust {0}.", " Read more.", " Read it here."],
)
def test_paragraphs_that_each_end_with_a_source_or_link_are_items(end: str) -> None:
    text = "The gates in yard {0} were counted again this week, and nothing is missing."
    found = read("\n\n".join(f"{text}{end}".format(at) for at in range(3, 6)))
    assert [item.body for item in found.items] == [text.format(at) for at in range(3, 6)]
    assert all("unsure_boundary" in codes(item) for item in found.items)


def test_headings_before_a_dash_may_have_a_colon() -> None:
    heads = ["Gates: who has the key", "Chairs", "Lamps: lit until six"]
    found = read("\n\n".join(f"{head} – All was counted again this week." for head in heads))
    assert titles(found) == heads


RULED = """\
GATES
The trust has issued a briefing about gates.
More info: https://trust.example/gates
-----------------------------------------
DOORS
Read the duty before the holidays, and brief the caretaker.
Venue of the briefing, Town Hall
-----------------------------------------
KEYS
Police have a new leaflet for schools.
"""


def test_a_rule_below_the_last_line_of_an_item_makes_no_heading_of_it() -> None:
    items = read(RULED).items
    assert [(item.topic, item.title) for item in items] == [
        ("", "GATES"),
        ("", "DOORS"),
        ("", "KEYS"),
    ]
    assert [action.url for action in items[0].actions] == ["https://trust.example/gates"]
    assert items[1].body.endswith("Venue of the briefing, Town Hall")


def test_an_underline_as_long_as_its_line_makes_a_heading_without_room_too() -> None:
    text = "Gates\n-----\nThe gates open late.\nDoors\n-----\nThe doors have new locks.\n"
    assert [item.title for item in read(text).items] == ["Gates", "Doors"]


def test_who_signs_an_item_is_no_topic_of_the_next() -> None:
    text = "All was counted again this week, and nothing is missing."
    parts = [
        f"{head}\n\n{text}\n\nAna Example, {head} Trust" for head in ("Gates", "Bars", "Lamps")
    ]
    found = read("\n\n".join(parts)).items
    assert [(item.topic, item.title) for item in found] == [
        ("", "Gates"),
        ("", "Bars"),
        ("", "Lamps"),
    ]
    assert all(f"Ana Example, {item.title} Trust" in item.body for item in found)


def test_a_part_that_every_item_has_is_no_block_of_the_website() -> None:
    text = (
        "All was counted again this week.\n\nWhat schools need to do\n\nAsk for {} in the office."
    )
    heads = ("Gates", "Bars", "Lamps")
    found = read("\n\n".join(f"{head}\n\n{text.format(head)}" for head in heads)).items
    assert [item.title for item in found] == ["Gates", "Bars", "Lamps"]
    assert all("What schools need to do" in item.body for item in found)


def test_headings_with_parts_of_a_number_are_items_of_the_topic_with_that_number() -> None:
    text = "\nAll was counted again this week, and nothing is missing."
    doors = ("1. Doors", f"1.1 Gates{text}", f"1.2 Bars{text}")
    yards = ("2. Yards", f"2.1 Lamps{text}", f"2.2 Bins{text}")
    found = read("\n\n".join((*doors, *yards)))
    assert [(item.topic, item.title) for item in found.items] == [
        ("Doors", "Gates"), ("Doors", "Bars"), ("Yards", "Lamps"), ("Yards", "Bins")
    ]  # fmt: skip


def test_a_label_with_its_address_is_no_heading_however_it_is_set() -> None:
    gates = "<h2>Gates</h2><p>The gates open late.<br><b>More info: https://trust.example/g</b></p>"
    doors = "<h2>Doors</h2><p>The doors have new locks.</p>"
    first, second = read(f"<main>{gates}{doors}</main>").items
    assert [action.url for action in first.actions] == ["https://trust.example/g"]
    assert (first.title, second.topic, second.title) == ("Gates", "", "Doors")


def test_a_heading_over_its_source_begins_an_item_though_it_is_glued_to_the_text_above() -> None:
    source = "Source: {} Trust published on this website 2 March 2026 by Ana Example"
    text = (
        f"Gates Open\n\n{source.format('Gate')}\n\nThe first gates open.\nDoors Close\n\n"
        f"{source.format('Door')}\n\nThe doors have new locks."
    )
    reading = read(text)
    assert titles(reading) == ["Gates Open", "Doors Close"]
    assert [item.source for item in reading.items] == ["Gate Trust", "Door Trust"]


def test_what_counts_the_items_is_no_part_of_their_titles_though_one_is_not_counted() -> None:
    heads = ("1  Gates", "2  Doors", "A key for everybody", "3  Locks")
    text = "\n\n".join(f"{head}\n\nThe town has new ones, and all of them fit." for head in heads)
    assert titles(read(text)) == ["Gates", "Doors", "A key for everybody", "Locks"]
