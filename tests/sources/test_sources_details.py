"""Details: source, date and author, from whatever line states them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import only_item

from bulletin.sources import read
from bulletin.sources.fields.dates import find_date, find_dates
from bulletin.sources.fields.details import parse

DAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    "line",
    [
        "By Ana Example, 12 March 2026 | Northshire",
        "Source: Northshire published on this website Thursday 12 March 2026 by Ana Example",
        "Source: Northshire | Date: 12/03/2026 | Author: Ana Example",
        "Source: Northshire Published on: 12 Mar 2026 Written by: Ana Example",
        "Northshire, 12 March 2026, by Ana Example",
        "12 March 2026 | Northshire | By Ana Example",
        "Posted on March 12, 2026 by Ana Example, Northshire",
    ],
)
def test_one_line_gives_source_date_and_author(line: str) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.published, found.author) == ("Northshire", DAY, "Ana Example")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Source: Department for Doors, Keys and Locks", "Department for Doors, Keys and Locks"),
        ("Publisher: Northshire", "Northshire"),
        ("Published by Northshire on 12 March 2026", "Northshire"),
        ("Source: Stand By Me Trust", "Stand By Me Trust"),
    ],
)
def test_the_name_of_a_source_is_kept_whole(line: str, source: str) -> None:
    found = parse(line)
    assert found is not None
    assert found.source == source


@pytest.mark.parametrize(
    "line",
    [
        "The study was published on 12 March 2026 and found little.",
        "Last updated 12 March 2026",
        "By the age of 12, most pupils can swim.",
        "Posted letters are read by the clerk.",
        "Dates for your diary",
    ],
)
def test_prose_is_no_line_of_details(line: str) -> None:
    assert parse(line) is None


def test_a_citation_gives_the_source_and_keeps_its_pages_in_the_text() -> None:
    (item,) = read(
        "Keys defined\n\n(Source: The Key Book 2026, pages 7 and 8)\n\nA key opens."
    ).items

    assert item.source == "The Key Book 2026"
    assert "pages 7 and 8" in item.body


def test_a_source_at_the_end_of_the_last_paragraph_is_found() -> None:
    (item,) = read("Keys\n\nTwo keys were found in the yard. Source: Site Team").items
    assert (item.source, item.body) == ("Site Team", "Two keys were found in the yard.")


def test_a_second_source_is_shown_rather_than_lost() -> None:
    reading = read("Keys\nSource: Site Team\n\nTwo keys were found.\n\nSource: Porter\n")
    assert reading.items[0].source == "Site Team"
    assert "Source: Porter" in [one.text for one in reading.dropped]


def test_a_month_without_a_day_is_no_date() -> None:
    reading = read("Keys\nSource: Site Team\nDate published: March 2026\n\nTwo keys were found.\n")

    assert reading.items[0].published is None
    assert "no_date" in {warning.code for warning in reading.items[0].warnings}
    assert "March 2026" in [one.text for one in reading.dropped]


@pytest.mark.parametrize(
    "written",
    ["12 March 2026", "12th March 2026", "Thursday 12 March 2026", "March 12, 2026", "12 Mar 2026",
     "12/03/2026", "12.3.2026", "12-03-2026", "2026-03-12", "2026-03-12T09:30:00Z", "12/03/26"],
)  # fmt: skip
def test_dates_are_read_as_they_are_written_in_the_uk(written: str) -> None:
    found = find_date(f"on {written} at last")
    assert found is not None
    assert found.day == DAY


@pytest.mark.parametrize(
    "written", ["31 February 2026", "12 March", "2023/24", "13/13/2026", "0000"]
)
def test_what_is_no_whole_date_is_not_guessed_at(written: str) -> None:
    assert find_date(written) is None


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("Source: Keyhole Trust (published 12 March 2026)", "Keyhole Trust", ""),
        ("Published by Keyhole Trust on 12th March 2026", "Keyhole Trust", ""),
        ("Originally published by Keyhole Trust, 12 March 2026", "Keyhole Trust", ""),
        ("Issued: 12 March 2026 by Keyhole Trust", "Keyhole Trust", ""),
        ("Keyhole Trust | 12/03/2026", "Keyhole Trust", ""),
        ("Keyhole Trust (12 March 2026)", "Keyhole Trust", ""),
        ("(Keyhole Trust, 12 March 2026)", "Keyhole Trust", ""),
        ("Mar 12th, 2026 · Keyhole Trust", "Keyhole Trust", ""),
        ("From Keyhole Trust, 12 March 2026", "Keyhole Trust", ""),
        ("Via Keyhole Trust, 12 March 2026", "Keyhole Trust", ""),
        ("Shared by Keyhole Trust on 12 March 2026", "Keyhole Trust", ""),
        ("Source - Keyhole Trust, 12 March 2026", "Keyhole Trust", ""),
        ("Source Keyhole Trust 12 March 2026", "Keyhole Trust", ""),
        ("Source; Keyhole Trust 12 March 2026", "Keyhole Trust", ""),
        ("Source: Keyhole Trust. Published: 12 March 2026.", "Keyhole Trust", ""),
        ("Source: Keyhole Trust - published 12 March 2026 - by Ana Example", "Keyhole Trust",
         "Ana Example"),
        ("Keyhole Trust published on this site on 12 March 2026 by Ana Example", "Keyhole Trust",
         "Ana Example"),
        ("By Ana Example for Keyhole Trust, 12 Mar 2026", "Keyhole Trust", "Ana Example"),
        ("By Ana Example, Exampleshire Council, 12 Mar 2026", "Exampleshire Council",
         "Ana Example"),
        ("Posted on Thu, 12 Mar 2026 by Admin", "", "Admin"),
        ("Posted: 12 March 2026 | Author: Ana Example | Category: Doors", "", "Ana Example"),
        ("Posted on 12 March 2026 by Ana Example | Category: Doors | Leave a comment", "",
         "Ana Example"),
        ("From Keyhole Trust, posted here on 12 March 2026 BY Ana Example", "Keyhole Trust",
         "Ana Example"),
        ("March 12, 2026 By Ana Example Leave a Comment", "", "Ana Example"),
        ("Published: 12 March 2026 – Author: Ana Example – Comments: 0", "", "Ana Example"),
        ("12 March 2026 · by Ana Example · Doors and gates · 3 min read", "", "Ana Example"),
        ("Press release: 12 March 2026", "", ""),
        ("News | 12 March 2026", "", ""),
        ("5 minute read | 12 March 2026", "", ""),
        ("Published: 12 March 2026 | Last updated: 7 April 2026", "", ""),
        ("Published 12 March 2026 - Updated 7 April 2026", "", ""),
        ("Published online: 12 March 2026", "", ""),
        ("Date issued: 12.03.26", "", ""),
        ("2026-03-12T09:30:00+00:00", "", ""),
    ],
)  # fmt: skip
def test_who_published_and_who_wrote_are_told_apart(line: str, source: str, author: str) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.published, found.author) == (source, DAY, author)


@pytest.mark.parametrize(
    ("line", "source", "unclear"),
    [
        ("Keyhole Trust - 3 days ago", "Keyhole Trust", "3 days ago"),
        ("Posted yesterday by Ana Example", "", "yesterday"),
        ("(Keyhole Trust, March 2026)", "Keyhole Trust", "March 2026"),
        ("Source: Keyhole Trust, 4 November", "Keyhole Trust", "4 November"),
        ("Source: Keyhole Trust, March 2026", "Keyhole Trust", "March 2026"),
        ("Date: 4 November", "", "4 November"),
        ("Date: 31 February 2026", "", "31 February 2026"),
        ("Date: 2026", "", "2026"),
    ],
)
def test_words_in_place_of_a_date_are_kept_as_the_reason_why_there_is_none(
    line: str, source: str, unclear: str
) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.published, found.unclear) == (source, None, unclear)
    (item,) = read(f"Keys\n{line}\n\nTwo keys were found in the yard.\n").items
    (doubt,) = (warning for warning in item.warnings if warning.code == "no_date")
    assert unclear in doubt.message


@pytest.mark.parametrize(
    "line",
    [
        "Deadline: 12 March 2026",
        "Closing date: Thursday 12 March 2026",
        "Event date: 12 March 2026",
        "When: 12 March 2026, 4pm",
        "Consultation closes: 12 March 2026",
        "Review date: 12 March 2026",
        "Tuesday 3 March 2026, 9.30am–12.30pm | Online",
        "10 March 2026 - 12 March 2026 | Northshire",
        "Book by 12 March 2026",
        "In force from 12 March 2026",
        "Last updated: 12 March 2026",
        "From: 12 March 2026",
        "From: Ana Example <ana@school.example>",
        "New guidance published on 12 March 2026",
    ],
)
def test_a_line_about_another_day_says_nothing_of_publication(line: str) -> None:
    assert parse(line) is None
    (item,) = read(f"Keys in the yard\n\n{line}\n\nTwo keys were found, and both fit.\n").items
    assert item.published is None


def test_a_weekday_that_is_not_the_date_s_own_is_a_doubt() -> None:
    (item,) = read("Keys\nPublished: Monday 12 March 2026\n\nTwo keys were found.\n").items

    assert item.published == DAY
    (doubt,) = (warning for warning in item.warnings if warning.code == "unsure_date")
    assert "Thursday" in doubt.message


def test_a_label_and_its_value_may_stand_on_two_lines() -> None:
    (item,) = read("Keys\nSource:\nKeyhole Trust\n\nTwo keys were found.\n").items
    assert (item.source, item.body) == ("Keyhole Trust", "Two keys were found.")


def test_a_name_over_the_date_is_the_source_if_it_is_a_body_s() -> None:
    (item,) = read("Keys\nKeyhole Trust\n12 March 2026\n\nTwo keys were found.\n").items
    assert (item.source, item.published) == ("Keyhole Trust", DAY)

    (item,) = read("Keys\nAna Example\n12 March 2026\n\nTwo keys were found.\n").items
    assert (item.source, item.author, item.published) == ("", "", DAY)
    assert "Ana Example" in item.body


def test_when_a_page_was_changed_is_dropped_beside_its_other_details() -> None:
    reading = read(
        "Keys\nFrom: Keyhole Trust\nPublished 12 March 2026\nLast updated 7 April 2026\n\n"
        "Two keys were found.\n"
    )

    (item,) = reading.items
    assert (item.source, item.published, item.body) == (
        "Keyhole Trust",
        DAY,
        "Two keys were found.",
    )
    assert "Last updated 7 April 2026" in [one.text for one in reading.dropped]


def test_a_bracket_with_source_and_date_after_a_title_is_a_citation() -> None:
    (item,) = read("Keys in the yard (Keyhole Trust, 12 March 2026)\n\nTwo were found.\n").items
    assert (item.title, item.source, item.published) == ("Keys in the yard", "Keyhole Trust", DAY)


@given(st.text(alphabet="0123456789/.- JanFebMarch,'’stndrhTueo", max_size=40))
def test_a_date_found_is_one_that_the_text_spells_out(text: str) -> None:
    for found in find_dates(text):
        said = text[found.start : found.end]
        assert str(found.day.day) in said.replace("0", "") or f"{found.day.day:02}" in said
        assert f"{found.day.year % 100:02}" in said


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_every_day_is_read_however_it_is_written(day: date) -> None:
    for style in (
        "%d %B %Y",
        "%A %d %b %Y",
        "%B %d, %Y",
        "%d/%m/%Y",
        "%d.%m.%Y",
        "%Y-%m-%d",
        "%d-%b-%Y",
    ):
        found = find_date(f"on {day.strftime(style)} at last")
        assert found is not None
        assert (found.day, found.doubt) == (day, "")


def test_a_text_that_breaks_off_is_a_doubt() -> None:
    (item,) = read("Keys\n\nTwo keys were found in the yard and...\n\nRead more\n").items
    assert "truncated" in {warning.code for warning in item.warnings}

    (item,) = read("Keys\n\nTwo keys... and a lock were found.\n").items
    assert "truncated" not in {warning.code for warning in item.warnings}


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("Jo Sample · 9 March 2027 · 4 min read", "", "Jo Sample"),
        ("9 March 2027 | 6 minute read | Jo Sample", "", "Jo Sample"),
        ("Guest writer · 9 March 2027 · 2 min read", "", ""),
        ("Playground Weekly News | 9 March 2027 | 3 min read", "Playground Weekly News", ""),
        ("The Corridor – 9 March 2027 – Jo Sample", "The Corridor", "Jo Sample"),
        ("Jo Sample, Head of Inclusion · 9 March 2027", "", "Jo Sample"),
        ("Jo Sample, Playground Trust, 9 March 2027", "Playground Trust", "Jo Sample"),
        (
            "Message sent by Jo Sample (Playground Trust, Site Officer)",
            "Playground Trust",
            "Jo Sample",
        ),
        ("Posted 9 March 2027 @ 10:15 by admin", "", ""),
        ("9:30am, 9 March 2027", "", ""),
        ("[Playground Trust] [9 March 2027]", "Playground Trust", ""),
        ("9 March 2027 / News / Playground Trust", "Playground Trust", ""),
        ("Playground Trust, 9 March 2027. https://playground.example/a", "Playground Trust", ""),
        (
            "Updated: 11 March 2027 | Published: 9 March 2027 | Playground Trust",
            "Playground Trust",
            "",
        ),
    ],
)
def test_a_name_without_a_label_is_told_by_what_stands_beside_it(
    line: str, source: str, author: str
) -> None:
    found = parse(line)
    assert found is not None
    assert (found.source, found.author) == (source, author)
    assert found.published in {None, date(2027, 3, 9)}


@pytest.mark.parametrize("line", ["Sent by Friday", "Read by Monday"])
def test_a_day_of_the_week_is_nobody_s_name(line: str) -> None:
    assert parse(line) is None


def test_a_notice_of_a_changed_page_is_dated_by_the_change() -> None:
    item = only_item(
        "Loans of instruments\n\nPage summary: Who may borrow one.\n"
        "Change made: Added drums.\nTime updated: 9:30am, 14 May 2026\n"
    )
    assert item.published == date(2026, 5, 14)
    assert item.source == ""
    assert item.body == "Who may borrow one.\n\nChange made: Added drums."


@pytest.mark.parametrize(
    "end",
    [
        "(Playground Trust, 9 March 2027)",
        "– Playground Trust, 9 March 2027",
        "\n— Playground Trust, 9 March 2027",
    ],
)
def test_a_citation_that_ends_the_text_says_where_it_is_from(end: str) -> None:
    item = only_item(f"Swings\n\nThe chains were too long, and so they were shortened. {end}\n")
    assert (item.source, item.published) == ("Playground Trust", date(2027, 3, 9))
    assert item.body == "The chains were too long, and so they were shortened."


def test_a_second_date_is_a_doubt() -> None:
    item = only_item(
        "Swings\nDate: 9 March 2027\nDate: 10 March 2027\n\nThe chains were too long.\n"
    )
    assert item.published == date(2027, 3, 9)
    assert "unsure_date" in {doubt.code for doubt in item.warnings}
