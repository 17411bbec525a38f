"""What stands around items, and signs that only look like boundaries."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.models.items import Reading
from bulletin.sources import SourceFormat, read
from bulletin.sources.fields import details

NEWS = """Lockers of glass
Two schools took the doors off their lockers and put glass in. Thefts stopped within a term.
Read the account: https://quay.example/lockers

A bell for the quiet room
Pupils who feel unsafe can ring without leaving the room. The bell costs less than a lamp.
Order a bell: https://bells.example/quiet

Coach drivers and their papers
Drivers who take pupils out of the county need a certificate of their own from May.
"""
TITLES = ["Lockers of glass", "A bell for the quiet room", "Coach drivers and their papers"]


def of_text(text: str) -> Reading:
    return read(text, SourceFormat.TEXT)


def titles(text: str) -> list[str]:
    return [item.title for item in of_text(text).items]


@pytest.mark.parametrize("rule", ["-----", "______", "* * *", "====="])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_one_rule_anywhere_between_items_takes_no_headings_place(rule: str, place: int) -> None:
    parts = NEWS.strip().split("\n\n")
    parts.insert(place, f"{rule}\n" if place < 3 else f"{rule}\n\nUnsubscribe")

    assert titles("\n\n".join(parts)) == TITLES


@pytest.mark.parametrize("place", [1, 2])
def test_one_wider_gap_is_no_boundary_of_another_kind(place: int) -> None:
    parts = NEWS.strip().split("\n\n")
    parts[place] = f"\n{parts[place]}"

    assert titles("\n\n".join(parts)) == TITLES


@pytest.mark.parametrize(
    "closing",
    [
        "You are reading the Quay blog. Subscribe to get new posts by email.",
        "Is this page useful?\nYes\nNo\nReport a problem with this page",
        "The update is free for schools. Sign up for our newsletter",
        "Quay Council will never ask you for a password.",
        "You can reuse anything here. Photos: Quay Council.",
        "View all news >\nFollow Quay on Facebook, X and Instagram",
        "Leave us a review wherever you listen.",
        "Have a good half term,\n\nJo Sample\nOffice manager\nDirect: 01632 960111",
        "See you in the hall,\n\nJo Sample\nOffice manager",
    ],
)
def test_what_a_newsletter_says_of_itself_at_its_end_is_in_no_item(closing: str) -> None:
    found = of_text(f"{NEWS}\n{closing}\n")

    assert [item.title for item in found.items] == TITLES
    dropped = "\n".join(one.text for one in found.dropped)
    for line in filter(None, closing.split("\n")):
        assert line in dropped
        assert not any(line in item.body for item in found.items)


def test_the_same_words_are_news_where_news_stands_below_them() -> None:
    found = of_text(
        "Photographs of the harbour\nYou can reuse anything here, says the museum.\n\n" + NEWS
    )

    assert "You can reuse anything here" in found.items[0].body


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("Lifted from Kerb Alliance – put on this site on Monday 4 May 2026 by Jo Sample",
         "Kerb Alliance", "Jo Sample"),
        ("Via Kerb Alliance, 4 May 2026. Added by Jo Sample", "Kerb Alliance", "Jo Sample"),
        ("Reposted from Kerb Alliance on 4 May 2026 by Jo Sample", "Kerb Alliance", "Jo Sample"),
        ("Article from Kerb Alliance added 4 May 2026 by Jo Sample", "Kerb Alliance", "Jo Sample"),
        ("Origin: Kerb Alliance; put online on 4 May 2026 by Jo Sample", "Kerb Alliance",
         "Jo Sample"),
        ("News from Kerb Alliance, uploaded Monday 4 May 2026", "Kerb Alliance", ""),
        ("Summarised from Kerb Alliance (4 May 2026)", "Kerb Alliance", ""),
        ("Spotted on Kerb Alliance, 4 May 2026, shared by Jo Sample", "Kerb Alliance", "Jo Sample"),
    ],
)  # fmt: skip
def test_a_credit_is_understood_whatever_its_verb(line: str, source: str, author: str) -> None:
    found = details.parse(line)

    assert found is not None
    assert (found.source, found.author, found.published) == (source, author, date(2026, 5, 4))


@pytest.mark.parametrize(
    "line",
    [
        "Webinar from Kerb Alliance on 4 May 2026",
        "Training: Harbour Hall, 4 May 2026",
        "Applications from schools received by 4 May 2026",
        "Volunteers from Kerb Alliance sent to schools on 4 May 2026",
        "Conference: Kerb Alliance put online on 4 May 2026",
    ],
)
def test_an_event_or_a_deadline_is_no_credit(line: str) -> None:
    assert details.parse(line) is None


@pytest.mark.parametrize(("left", "right"), [("", " |"), ("", "|"), ("[", "]")])
def test_a_category_before_most_headings_is_their_topic(left: str, right: str) -> None:
    parts = zip(("LAW", "RESEARCH", "EVENT"), NEWS.strip().split("\n\n"), strict=True)
    found = of_text("\n\n".join(f"{left}{kind}{right} {part}" for kind, part in parts))

    assert [item.title for item in found.items] == TITLES
    assert [item.topic for item in found.items] == ["LAW", "RESEARCH", "EVENT"]


def test_a_bar_in_one_heading_is_no_category() -> None:
    assert titles(f"LAW | {NEWS}")[0] == "LAW | Lockers of glass"


def test_a_sentence_goes_on_over_the_end_of_a_printed_page() -> None:
    page = "09/06/2026, 14:12    Notes – Quay Council"
    found = of_text(
        f"{page}\n\nOne form for all visits\n\nThe council has tried the form with\n\n"
        f"https://quay.example/notes    1/2\n{page}\n\nnine schools since Easter.\n\n"
        "https://quay.example/notes    2/2\n"
    )

    (item,) = found.items
    assert item.body == "The council has tried the form with nine schools since Easter."
    assert item.actions == ()


def test_headings_under_headings_keep_their_topic_over_a_last_rule() -> None:
    found = of_text(
        "# Notes\n\n## Online\n\n**Robots as friends**\nThey ask for a name first.\n\n"
        "**Pictures as proof**\nA picture proves little.\n\n## People\n**A new lead**\n"
        "Jo Sample begins in April, and writes on Fridays.\n\n---\n*You can reuse anything here.*\n"
    )

    assert [(item.topic, item.title) for item in found.items] == [
        ("Online", "Robots as friends"), ("Online", "Pictures as proof"), ("People", "A new lead"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "last",
    ["Roost line: 01632 960555", "Call 0808 157 0271 at any hour", "Cost: nothing at all",
     "Ring the office before you climb up"],
)  # fmt: skip
def test_the_last_line_of_an_item_is_no_topic_of_the_next(last: str) -> None:
    found = of_text(
        "Bats in the roof\nSource: Roost Office\nDate: 4 May 2026\n\n"
        f"Work stops when bats are found.\n\n{last}\n\n"
        "A warmer room\nSource: Tap Society\nDate: 1 May 2026\n\n"
        "The society lends heaters that switch themselves off.\n"
    )

    assert [item.topic for item in found.items] == ["", ""]
    assert last in found.items[0].body


def test_a_signature_below_a_table_makes_no_text_of_it() -> None:
    text = "New wardens stand there, wherever two hundred pupils cross. They wear yellow coats."
    row = f"0{{0}}/05/2026\tKerb Alliance\tCrossing {{0}}\t{text}"
    table = "\n".join(row.format(day) for day in range(1, 5))
    found = read(f"{table}\n\nBest wishes\nJo\n\nJo Sample\nOffice lead\nT: 01632 960999\n")

    assert [item.title for item in found.items] == [f"Crossing {day}" for day in range(1, 5)]
    assert "Jo Sample" in "\n".join(one.text for one in found.dropped)
