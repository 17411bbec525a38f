"""Deadlines: the date by which a text asks for something, and no other."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.items import Deadline
from bulletin.sources import read
from bulletin.sources.fields.dates import find_dates
from bulletin.sources.fields.deadlines import find_deadline

DAY = date(2026, 1, 30)
FORCE = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Deadline: 30 January 2026", "Deadline:"),
        ("Deadline\n30 January 2026", "Deadline:"),
        ("Closing date:\nFriday 30 January 2026 at noon", "Deadline:"),
        ("The deadline is 5pm on Friday 30 January 2026.", "Deadline:"),
        ("The deadline, 30 January 2026, will not be moved.", "Deadline:"),
        ("Last date for orders: 30 January 2026", "Deadline:"),
        ("Deadline for applications: Friday 30 January 2026", "Apply by"),
        ("The deadline for replies has been extended to 30 January 2026.", "Reply by"),
        ("Deadline extended from 16 January 2026 to 30 January 2026", "Deadline:"),
        ("Closes: 30/01/2026", "Closes"),
        ("The consultation closes at 5pm on Friday 30 January 2026.", "Closes"),
        ("Applications close at midday on 30.01.26", "Closes"),
        ("We close the call on 30 January 2026.", "Closes"),
        ("The survey is open until 30 January 2026.", "Closes"),
        ("Schools have until 30 January 2026 to answer.", "Closes"),
        ("The consultation runs from 3 November to 30 January 2026.", "Closes"),
        ("Consultation: 3 November 2025 – 30 January 2026", "Closes"),
        ("It is open between 3 November 2025 and 30 January 2026.", "Closes"),
        ("The consultation ends on 30 January 2026.", "Closes"),
        ("Respond to the survey by 11:59pm on 30 January 2026.", "Respond by"),
        ("Applications must be submitted by 30 January 2026.", "Apply by"),
        ("Entries should reach us no later than 30 January 2026.", "No later than"),
        ("Book by Friday 30th January 2026 for the lower price.", "Book by"),
        ("Book your place before 30 January 2026.", "Book before"),
        ("Let us know by 30 January 2026.", "By"),
        ("RSVP by 30 January 2026", "RSVP by"),
        ("Governing boards must review their policy by 30 January 2026.", "Review by"),
        ("Return forms on or before 30 January 2026", "Return by"),
        ("Schools reply to the draft by 30 January 2026.", "Reply by"),
        ("Comments to the clerk by 30 January 2026.", "By"),
        ("We need them by 30 January 2026.", "By"),
        ("The fair is on 4 March 2026. Book by 30 January 2026.", "Book by"),
        ("It is in force from 1 September 2026. Reply by 30 January 2026.", "Reply by"),
        ("Deadline: 30 January 2026\nRespond to part two by 3 February 2026", "Deadline:"),
        ("Applications close: 30 January 2026\nInterviews: 12 February 2026", "Closes"),
    ],
)
def test_a_date_that_asks_for_something_is_the_deadline(text: str, says: str) -> None:
    found = find_deadline(text)

    assert found.deadline == Deadline(DAY, says)
    assert found.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "The rules come into force on 1 September 2026.",
        "The duty takes effect from 1 September 2026.",
        "The new code applies from 1 September 2026.",
        "With effect from 1 September 2026, heads keep a register.",
        "From 1 September 2026, schools must keep a register.",
        "It becomes law on 1 September 2026.",
    ],
)
def test_what_comes_into_force_is_dated_too(text: str) -> None:
    assert find_deadline(text).deadline == Deadline(FORCE, "In force from")


@pytest.mark.parametrize(
    "text",
    [
        "The report was published on 30 January 2026.",
        "The consultation closed on 30 January 2026.",
        "The closing date was 30 January 2026.",
        "The Act came into force on 1 September 2025.",
        "In the year ending 31 March 2026, keys were lost.",
        "Term ends on 18 December 2026.",
        "The school closes on 18 December 2026 for the holidays.",
        "The trial ran from 3 November 2025 to 30 January 2026.",
        "Between 3 March 2025 and 5 March 2026, 40 keys were lost.",
        "The board will publish its report by 30 January 2026.",
        "By 30 January 2026, 40 keys had been lost.",
        "The work was finished by 30 January 2026.",
        "Event date: 4 March 2026",
        "When: Wednesday 4 March 2026, 4pm to 5pm",
        "The conference takes place on 4 March 2026.",
        "Half term is from 16 February 2026 to 20 February 2026.",
        "Last updated 30 January 2026",
        "Open every day",
    ],
)
def test_a_date_that_only_tells_something_is_no_deadline(text: str) -> None:
    found = find_deadline(text)

    assert found.deadline is None
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("The consultation closes on 30 January.", "2026-01-30"),
        ("Respond by Friday 30 January", "2026-01-30"),
        ("Deadline: 4 December", "2025-12-04"),
        ("The rules come into force from 1 September.", "2026-09-01"),
    ],
)
def test_a_year_that_is_not_said_is_proposed_and_never_set(text: str, proposed: str) -> None:
    found = find_deadline(text, published=date(2025, 11, 10))

    assert found.deadline is None
    (warning,) = found.warnings
    assert warning.code == "unsure_deadline"
    assert proposed in warning.message


def test_of_several_dates_that_ask_the_first_to_come_is_taken_with_a_doubt() -> None:
    found = find_deadline("Pay by 14 February 2026. Book by 30 January 2026.")

    assert found.deadline == Deadline(DAY, "Book by")
    (warning,) = found.warnings
    assert warning.code == "unsure_deadline"
    assert "2026-02-14" in warning.message


def test_the_sentence_with_the_deadline_stays_and_dates_nothing_else() -> None:
    (item,) = read(
        "Keys in law\nPublished 3 November 2025\n\nThe consultation is for schools.\n\n"
        "Closing date: Friday 30 January 2026\n"
    ).items

    assert item.deadline == Deadline(DAY, "Deadline:")
    assert item.published == date(2025, 11, 3)
    assert "Closing date: Friday 30 January 2026" in item.body
    assert item.source == ""


def test_a_deadline_in_an_action_counts() -> None:
    (item,) = read(
        "Keys live\n\nAn hour on keys.\n\nRegister by 30 January 2026: https://keys.example/live\n"
    ).items

    assert item.deadline == Deadline(DAY, "Register by")


PIECES = st.sampled_from(
    ["Deadline: ", "closes on ", "by ", "from ", " to ", "30 January 2026", "4 March", "3/4/26",
     "Book ", "schools must reply ", "5pm on ", ". ", "\n", ", ", "was ", "until ", "(",
     "in force ", "between ", " and ", "The consultation runs "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_a_deadline_is_always_a_date_of_the_text(text: str) -> None:
    found = find_deadline(text, published=date(2026, 1, 1))

    if found.deadline:
        assert found.deadline.on in {one.day for one in find_dates(text)}
        assert found.deadline.says.strip()
    assert {warning.code for warning in found.warnings} <= {"unsure_deadline"}


@pytest.mark.parametrize(
    "text",
    [
        "Please let me have the numbers by 3 May 2027.",
        "The old form is still about, so check yours before 3 May 2027.",
        "Bring a coat 🧥 Tell the office by 3 May 2027.",
        "Answers by 3 May 2027.",
        "Chairs can sign until 3 May 2027.",
        "Expressions of interest by 3 May 2027.",
        "The form should be with us by 3 May 2027.",
        "Would you fill in the form by 3 May 2027?",
        "The poll shuts at midnight on 3 May 2027.",
        "Schools have until 3 May 2027 to reply.",
    ],
)
def test_whoever_is_told_what_to_do_has_until_that_day(text: str) -> None:
    assert on(text) == date(2027, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "The halls are to open by 3 May 2027.",
        "The bins stand there until 3 May 2027.",
        "Children born before 3 May 2027 are not counted.",
        "The school is closed until 3 May 2027.",
    ],
)
def test_what_others_do_by_a_day_is_no_deadline(text: str) -> None:
    assert on(text) is None


def on(text: str) -> date | None:
    found = find_deadline(f"A heading\n{text}").deadline
    return found and found.on
