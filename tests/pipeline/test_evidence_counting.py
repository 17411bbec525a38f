"""What a report is worked out from, without a database: days, marks, and which organisation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import DeliveryState
from bulletin.models.evidence import (
    HANDED_OVER,
    Acknowledgement,
    Dossier,
    Mark,
    Member,
    Organisation,
    OrganisationReport,
    SentCopy,
    SentIssue,
)
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.evidence import words
from bulletin.pipeline.evidence.assembly import assemble, beginning, days_between
from bulletin.pipeline.evidence.exporting import person_rows
from bulletin.pipeline.evidence.finding import find

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
OAK = Organisation(1, "Oak School", "100001")


def between(first: str, last: str) -> st.SearchStrategy[datetime]:
    ends = (datetime.fromisoformat(day) for day in (first, last))
    return st.datetimes(*ends, timezones=st.just(UTC))


moments = between("2020-01-01", "2040-01-01")


@given(moments)
def test_24_months_ago_is_the_same_day_two_years_before(now: datetime) -> None:
    start = beginning(now)
    assert (start.year, start.month) == (now.year - 2, now.month)
    assert start.day == now.day or (now.month, now.day, start.day) == (2, 29, 28)


@given(moments, st.integers(0, 800))
def test_days_are_those_of_the_calendar_whatever_the_clocks_do(at: datetime, days: int) -> None:
    local = at.astimezone(LONDON)
    later = datetime.combine(local.date() + timedelta(days=days), local.time(), LONDON)
    assert days_between(at, later, LONDON) == days


issues = st.lists(
    st.builds(
        SentIssue,
        id=st.integers(1, 6),
        slug=st.just("issue"),
        title=st.just("Issue"),
        sent_at=between("2024-01-01", "2026-12-01"),
    ),
    unique_by=lambda issue: issue.id,
)
members = st.lists(
    st.builds(
        Member,
        id=st.integers(1, 6),
        name=st.just("") | st.just("Alex Example"),
        email=st.just("dsl@oak.example"),
        roles=st.just(("dsl",)),
        here=st.booleans(),
        joined_at=st.just(NOW - timedelta(days=900)),
        suppressed=st.none() | st.sampled_from(SuppressionReason),
        suppressed_at=st.just(NOW),
    ),
    unique_by=lambda member: member.id,
)
acknowledgements = st.lists(
    st.builds(
        Acknowledgement,
        issue_id=st.integers(1, 6),
        subscriber_id=st.none() | st.integers(1, 6),
        organisation_id=st.just(OAK.id),
        name=st.just("Alex Example"),
        email=st.just("dsl@oak.example"),
        roles=st.just(("dsl",)),
        nation=st.just(""),
        edition=st.just(1),
        content_hash=st.just("0" * 64),
        wording=st.just("digest"),
        acknowledged_at=between("2024-01-01", "2026-12-19"),
    ),
    unique_by=lambda each: (each.subscriber_id or id(each), each.issue_id),
)
copies = st.lists(
    st.builds(
        SentCopy,
        subscriber_id=st.none() | st.integers(1, 6),
        issue_id=st.integers(1, 6),
        state=st.sampled_from(DeliveryState),
        here=st.booleans(),
        acknowledged=st.booleans(),
        email=st.just("dsl@oak.example"),
        roles=st.just(("dsl",)),
    ),
    unique_by=lambda each: (each.subscriber_id or id(each), each.issue_id),
)


@st.composite
def reports(draw: st.DrawFn) -> OrganisationReport:
    sent, who = draw(issues), draw(members)
    known_issues = {issue.id for issue in sent}
    known_people = {member.id for member in who} | {None}
    found = [
        each
        for each in draw(acknowledgements)
        if each.issue_id in known_issues and each.subscriber_id in known_people
    ]
    went = tuple(draw(copies))
    dossier = Dossier(OAK, tuple(sent), tuple(who), went, tuple(found), {}, {"dsl": "DSL"})
    return assemble(dossier, NOW, LONDON)


@given(reports())
def test_every_person_has_one_cell_per_issue_and_one_place(report: OrganisationReport) -> None:
    everybody = (*report.people, *report.former)
    assert all(len(person.cells) == len(report.issues) for person in everybody)
    assert set(report.overdue) <= set(report.people)
    for person in everybody:
        days = (
            None
            if person.last is None
            else (date(2026, 12, 20) - person.last.acknowledged_at.astimezone(LONDON).date()).days
        )
        assert days is None or person.overdue == (days > 365)


@given(copies)
def test_the_tally_of_an_issue_counts_each_copy_that_went_there_once(went: list[SentCopy]) -> None:
    issue = SentIssue(1, "december", "December", NOW)
    report = assemble(Dossier(OAK, (issue,), (), tuple(went), (), {}, {}), NOW, LONDON)
    ours = [copy for copy in went if copy.here and copy.issue_id == 1]
    pressed = sum(copy.acknowledged for copy in ours)
    handed = pressed + sum(c.state in HANDED_OVER and not c.acknowledged for c in ours)
    assert [words.tally(share) for share in report.shares] == (
        [f"{pressed} of {handed}"] if handed else []
    )


@given(reports())
def test_the_table_leaves_nobody_and_nothing_out(report: OrganisationReport) -> None:
    found = list(person_rows(report, LONDON))
    everybody = (*report.people, *report.former)
    known = len(everybody) * len(report.issues)
    assert len(found) == (known + len(report.erased) if report.issues else len(everybody))


@pytest.mark.parametrize("state", DeliveryState)
def test_every_state_of_a_copy_has_a_plain_word(state: DeliveryState) -> None:
    """A copy that may have arrived counts as sent; one that came back is not held against them."""
    member = Member(1, "Alex Example", "dsl@oak.example", ("dsl",), True, NOW)
    issue = SentIssue(1, "december", "December", NOW - timedelta(days=19))
    other = Member(2, "Sam Sample", "head@oak.example", ("dsl",), True, NOW)
    given = tuple(
        SentCopy(number, 1, each, True, False, "", ())
        for number, each in ((1, state), (2, DeliveryState.SUBMITTED))
    )
    report = assemble(Dossier(OAK, (issue,), (member, other), given, (), {}, {}), NOW, LONDON)
    came_back = {DeliveryState.BOUNCED_HARD, DeliveryState.BOUNCED_SOFT}
    may_have_it = {
        DeliveryState.SUBMITTED, DeliveryState.DEFERRED, DeliveryState.DELIVERED,
        DeliveryState.UNCERTAIN,
    }  # fmt: skip
    expected = (
        Mark.RETURNED
        if state in came_back
        else Mark.OPEN
        if state in may_have_it
        else Mark.NOT_SENT
    )
    assert report.people[0].cells[0].mark is expected


SCHOOLS = [
    OAK,
    Organisation(2, "Elm School", "100002"),
    Organisation(3, "elm  school"),
    Organisation(7, "Ysgol Ŵyn Gŵyr", "100007"),
    Organisation(100002, "Ash School", "100003"),
]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("oak SCHOOL", 1),
        (" Oak   School ", 1),
        ("100001", 1),
        ("id:2", 2),
        ("urn:100002", 2),
        ("3", 3),
        ("YSGOL ŵyn gŵyr", 7),
        ("ID:100002", 100002),
    ],
)
def test_an_organisation_answers_to_its_name_urn_and_id(said: str, number: int) -> None:
    assert find(said, SCHOOLS).id == number


@pytest.mark.parametrize("said", ["Elm School", "100002"])
def test_an_ambiguous_organisation_is_refused_with_the_list(said: str) -> None:
    with pytest.raises(Refused, match=r"2 organisations answer.*id:2.*id:") as refused:
        find(said, SCHOOLS)
    assert "Elm School" in str(refused.value)


@pytest.mark.parametrize("said", ["Oak", "Oak Scool", "oak schol"])
def test_a_name_that_is_nearly_right_is_never_taken_for_it(said: str) -> None:
    """Evidence of the wrong school is worse than none."""
    with pytest.raises(NotFound, match=r"Similar: .*Oak School \(id:1, URN 100001\)"):
        find(said, SCHOOLS)


@given(st.text(max_size=30))
def test_any_text_finds_one_organisation_or_says_why_not(said: str) -> None:
    try:
        found = find(said, SCHOOLS)
    except (NotFound, Refused):
        return
    plain = " ".join(said.casefold().split())
    assert plain in {
        " ".join(found.name.casefold().split()), found.urn, f"urn:{found.urn}",
        str(found.id), f"id:{found.id}",
    }  # fmt: skip
