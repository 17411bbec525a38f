"""Details: source, date and author, from whatever line states them."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.sources import read
from bulletin.sources.dates import find_date
from bulletin.sources.details import parse

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
