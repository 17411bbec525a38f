"""What is old, what is late, what is long, and what is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from checked import AROUND, ISSUE, ITEM, codes, findings, with_item

from bulletin.models.checks import Level, Newer, Repeated
from bulletin.models.issues import IssueContent, Topic
from bulletin.models.items import Action, Deadline, ItemState, ItemWarning, Likeness, Repeat
from bulletin.preflight import in_short

TODAY = AROUND.today


@pytest.mark.parametrize(("days", "stale"), [(120, False), (121, True), (500, True)])
def test_news_is_old_after_so_many_days_before_the_issue(days: int, stale: bool) -> None:
    content = with_item(published=TODAY - timedelta(days=days))
    assert codes(content) == (["item_stale"] if stale else [])


def test_the_age_of_old_news_is_told_in_words_from_the_day_the_issue_goes_out() -> None:
    later = replace(AROUND, goes_out=date(2027, 3, 10))
    (finding,) = findings(around=later)
    assert finding.code == "item_stale"
    assert "was published on 3 November 2026, 4 months before this issue" in finding.message
    years = findings(with_item(published=date(2023, 11, 3)))
    assert "3 years before" in years[0].message


def test_news_from_after_the_issue_is_doubted() -> None:
    (finding,) = findings(with_item(published=date(2027, 1, 8)))
    assert (finding.code, finding.item_id) == ("item_future", ITEM.id)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 11, 30), "deadline_passed"),
        (date(2026, 12, 1), "deadline_passed"),
        (date(2026, 12, 4), "deadline_passed"),
        (date(2026, 12, 5), "deadline_soon"),
        (date(2026, 12, 7), "deadline_soon"),
        (date(2026, 12, 8), None),
    ],
)
def test_a_deadline_has_to_leave_time(on: date, code: str | None) -> None:
    around = replace(AROUND, goes_out=date(2026, 12, 5))
    found = findings(with_item(deadline=Deadline(on, "Respond by")), around=around)
    assert [(finding.code, finding.level) for finding in found] == (
        [(code, Level.ADVISORY)] if code else []
    )


@pytest.mark.parametrize(
    "says",
    [
        "In force from",
        "Opens",
        "Open in the evening from",
        "In force from the end of",
        "Published by the Example Board on",
        "Available since last week, on",
        "Due to start on",
    ],
)
def test_a_day_on_which_something_begins_is_no_deadline(says: str) -> None:
    assert findings(with_item(deadline=Deadline(date(2026, 9, 1), says))) == []


@pytest.mark.parametrize(
    "says",
    [
        "Open until",
        "Available until",
        "Open to all till",
        "Applications from schools by",
        "Closing date for applications from schools",
        "Starts again soon; ends",
        "Available now, last day",
    ],
)
def test_what_ends_on_a_day_is_a_deadline_whatever_opened_before(says: str) -> None:
    assert codes(with_item(deadline=Deadline(date(2026, 11, 1), says))) == ["deadline_passed"]


def issue_of(*lengths: int) -> IssueContent:
    items = tuple(
        replace(ITEM, id=n, title=f"Item {n}", actions=(), body="word " * length)
        for n, length in enumerate(lengths, 1)
    )
    return replace(ISSUE, topics=(Topic(1, "Buildings", items),))


def test_a_very_long_item_is_named_with_the_time_it_takes() -> None:
    (finding,) = findings(issue_of(401))
    assert (finding.code, finding.item_id) == ("item_long", 1)
    assert "401 words, about 2 minutes of reading" in finding.message
    assert findings(issue_of(400)) == []


def test_an_item_is_also_long_beside_the_others() -> None:
    (finding,) = findings(issue_of(60, 60, 60, 60, 300))
    assert finding.item_id == 5
    assert "half of the items have 60 or fewer" in finding.message
    assert findings(issue_of(60, 60, 300)) == []  # too few to compare with
    assert findings(issue_of(90, 110, 120, 130, 300)) == []


def test_capitals_are_pointed_out_wherever_they_stand() -> None:
    shouted = replace(
        with_item(title="NEW DUTY FOR ALL SCHOOLS"), subject="ALL THE NEWS OF DECEMBER"
    )
    assert codes(shouted) == ["capitals", "capitals"]
    assert codes(with_item(title="KCSIE")) == []
    assert codes(with_item(title="NSPCC and UKCIS on AI")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Details are in the attached letter.",
        "See attached.",
        "See the attachment for dates.",
        "The form is attached.",
        "The image below shows how.",
        "As the below table says, it rose.",
        "Click the image to book.",
        "[image: logo]",
        "[cid:image001.png]",
    ],
)
def test_what_came_with_a_paste_and_stayed_behind_is_pointed_out(text: str) -> None:
    (finding,) = findings(with_item(body=text))
    assert (finding.code, finding.item_id) == ("not_there", ITEM.id)


@pytest.mark.parametrize(
    "text",
    [
        "Children are attached to their carers.",
        "Attachment theory, and how attachment forms.",
        "A condition is attached to the grant.",
        "Read [the attached guidance](https://guidance.example/a).",
        "A picture of how schools work.",
        "See the table of contents in the report.",
        "Marks below the average, images above all.",
    ],
)
def test_what_is_there_or_meant_otherwise_is_left_in_peace(text: str) -> None:
    assert findings(with_item(body=text)) == []


def test_an_item_that_nobody_would_get_is_named() -> None:
    content = with_item(roles=frozenset({"lado"}))
    (finding,) = findings(content, around=replace(AROUND, unseen=frozenset({ITEM.id})))
    assert (finding.code, finding.item_id) == ("item_unseen", ITEM.id)
    assert "is for lado, and nobody in the audience is that" in finding.message


def test_who_gets_an_item_that_nobody_chose_readers_for_is_said_of_all_at_once() -> None:
    several = replace(ISSUE, topics=(Topic(1, "All", (ITEM, replace(ITEM, id=8, title="Lamps"))),))
    around = replace(AROUND, unread=frozenset({7, 8}))
    found = [one for one in findings(several, around=around) if one.code == "readers_unchosen"]
    assert [one.item_id for one in found] == [7, 8]
    (together,) = in_short(found)
    assert together.message == "Items 7 and 8 have no readers chosen, so everybody gets them."


def test_made_up_samples_are_named_before_they_go_out() -> None:
    (finding,) = findings(around=replace(AROUND, samples=frozenset({ITEM.id})))
    assert (finding.code, finding.item_id) == ("item_sample", ITEM.id)
    assert "is made up" in finding.message


@pytest.mark.parametrize(
    ("likeness", "issue", "code"),
    [
        (Likeness.SAME, "November", "item_repeated"),
        (Likeness.COPY, "November", "item_repeated"),
        (Likeness.COPY, "", "item_doubled"),
        (Likeness.UPDATE, "", "item_doubled"),
        (Likeness.UPDATE, "November", "item_updated"),
        (Likeness.RELATED, "November", None),
    ],
)
def test_what_readers_had_before_is_told_from_what_is_related(
    likeness: Likeness, issue: str, code: str | None
) -> None:
    repeat = Repeat(likeness, 0.9, "the deadline moved")
    day = date(2026, 11, 1) if issue else None
    around = replace(AROUND, repeats=(Repeated(ITEM.id, repeat, 2, "Light at last", issue, day),))
    found = findings(around=around)
    assert [finding.code for finding in found] == ([code] if code else [])
    for finding in found:
        assert "item 2 ('Light at last')" in finding.message
        assert ("'November' of 1 November 2026" in finding.message) is bool(issue)


NEWER = Newer(ITEM.id, 47, "Safer corridors, with figures", ItemState.CANDIDATE)


@pytest.mark.parametrize("state", [ItemState.CANDIDATE, ItemState.KEPT])
def test_an_item_of_which_there_is_a_newer_version_keeps_the_issue_back(state: ItemState) -> None:
    (finding,) = findings(around=replace(AROUND, newer=(replace(NEWER, state=state),)))
    assert (finding.code, finding.level) == ("newer_version", Level.BLOCKING)
    assert finding.item_id == ITEM.id
    assert "is a newer version of item 7 ('Safer corridors')" in finding.message
    assert "reject item 47" in finding.message


def test_a_newer_version_that_another_issue_holds_is_mentioned() -> None:
    used = replace(NEWER, state=ItemState.USED, issues=("november",))
    (finding,) = findings(around=replace(AROUND, newer=(used,)))
    assert (finding.code, finding.level) == ("newer_version", Level.ADVISORY)
    assert "stands in november" in finding.message


def test_two_versions_in_one_issue_are_named_once() -> None:
    both = (ITEM, replace(ITEM, id=47, title="Lamps", actions=()))
    content = replace(ISSUE, topics=(Topic(1, "Buildings", both),))
    around = replace(AROUND, newer=(replace(NEWER, state=ItemState.USED),))
    (finding,) = findings(content, around=around)
    assert (finding.code, finding.level) == ("newer_version", Level.ADVISORY)
    repeat = Repeated(47, Repeat(Likeness.UPDATE, 0.9), ITEM.id, ITEM.title)
    assert codes(content, around=replace(around, repeats=(repeat,))) == ["item_doubled"]


@pytest.mark.parametrize("code", ["unsure_boundary", "truncated", "unsure_date", "anything_else"])
def test_a_doubt_that_nobody_settled_is_repeated(code: str) -> None:
    doubts = {ITEM.id: (ItemWarning(code, "It is not clear where this ends."),)}
    (finding,) = findings(around=replace(AROUND, doubts=doubts))
    assert (finding.code, finding.item_id) == ("import_doubt", ITEM.id)
    assert "It is not clear where this ends." in finding.message


@pytest.mark.parametrize(
    "code", ["no_heading", "no_text", "no_source", "no_date", "duplicate", "updates"]
)
def test_a_doubt_that_a_check_of_its_own_would_say_is_not_said_twice(code: str) -> None:
    doubts = {ITEM.id: (ItemWarning(code, "..."),)}
    assert findings(around=replace(AROUND, doubts=doubts)) == []


def test_a_lost_link_is_said_once() -> None:
    doubts = {ITEM.id: (ItemWarning("lost_link", "A link was lost."),)}
    around = replace(AROUND, doubts=doubts)
    assert codes(with_item(actions=(Action("Read it"),)), around=around) == ["link_lost"]
    assert codes(around=around) == ["import_doubt"]
