"""Whatever the rhythm and whatever is known of terms, each date it gives keeps its wishes."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import WrongFields
from bulletin.models.items import Nation
from bulletin.models.rhythm import LAST, Beat, Otherwise, Rhythm, turns
from bulletin.models.terms import Almanac, TermDraft, Terms
from bulletin.pipeline.calendar.bank_holidays import bank_holidays_on
from bulletin.pipeline.calendar.rhythm_words import in_words

LONDON = ZoneInfo("Europe/London")
UK = (Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND)
ENGLAND = [
    TermDraft(Nation.ENGLAND, "", "Autumn", date(2026, 9, 2), date(2026, 10, 23)),
    TermDraft(Nation.ENGLAND, "", "Autumn", date(2026, 11, 2), date(2026, 12, 18)),
    TermDraft(Nation.ENGLAND, "", "Spring", date(2027, 1, 5), date(2027, 2, 12)),
    TermDraft(Nation.ENGLAND, "", "Spring", date(2027, 2, 22), date(2027, 3, 25)),
    TermDraft(Nation.ENGLAND, "", "Summer", date(2027, 4, 12), date(2027, 5, 28)),
    TermDraft(Nation.ENGLAND, "", "Summer", date(2027, 6, 7), date(2027, 7, 21)),
    TermDraft(Nation.ENGLAND, "", "Autumn", date(2027, 9, 2), date(2027, 10, 22)),
]
KNOWN = Almanac(Terms(ENGLAND), bank_holidays_on)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> list[TermDraft]:
    """Up to a dozen stretches of days, with gaps between, in one nation or another."""
    first, found = draw(days), []
    for _ in range(draw(st.integers(0, 12))):
        last = first + timedelta(days=draw(st.integers(0, 100)))
        found.append(TermDraft(draw(st.sampled_from(UK)), "", "Term", first, last))
        first = last + timedelta(days=draw(st.integers(1, 60)))
    return found


rhythms = st.builds(
    Rhythm,
    beat=st.sampled_from(Beat),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 4),
    nth=st.sampled_from([1, 2, 3, 4, LAST]),
    day=st.integers(1, 31),
    weeks=st.integers(1, 26),
    since=days.filter(lambda day: day.weekday() < 5),
    in_term=st.booleans(),
    no_holidays=st.booleans(),
    otherwise=st.sampled_from(Otherwise),
    nations=st.lists(st.sampled_from(UK), min_size=1, unique=True).map(tuple),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2031, 1, 1)).map(  # noqa: DTZ001  # next line
    lambda at: at.replace(tzinfo=UTC)
)


@settings(max_examples=150)
@given(rhythms, terms(), moments)
def test_every_date_keeps_the_wishes_of_its_rhythm(
    rhythm: Rhythm, known: list[TermDraft], now: datetime
) -> None:
    almanac = Almanac(Terms(known), bank_holidays_on)
    found = list(islice(turns(rhythm.checked(), almanac, now, LONDON), 6))
    for turn in found:
        assert turn.at > now
        assert regular(rhythm, turn.regular)
        if rhythm.no_holidays:
            assert not almanac.is_bank_holiday(turn.day, rhythm.nations)
        if rhythm.in_term:
            in_term = almanac.in_term(turn.day, rhythm.nations)
            assert in_term is True if turn.is_sure else in_term is None
        if rhythm.is_particular:
            assert turn.day.weekday() < 5
        if turn.is_moved:
            assert turn.day > turn.regular
            assert rhythm.otherwise is not Otherwise.SKIP
            if rhythm.otherwise is Otherwise.WEEK_LATER:
                assert turn.day.weekday() == turn.regular.weekday()
    for earlier, later in pairwise(found):
        assert earlier.at < later.at
        assert earlier.day < later.regular


def regular(rhythm: Rhythm, day: date) -> bool:
    """Whether a day is one of the beat, worked out another way than the code does."""
    length = calendar.monthrange(day.year, day.month)[1]
    if rhythm.beat is Beat.DAY:
        return day.day == min(rhythm.day, length)
    if rhythm.beat is Beat.WEEKS:
        assert rhythm.since is not None
        return day >= rhythm.since and (day - rhythm.since).days % (7 * rhythm.weeks) == 0
    same = [
        d for d in range(1, length + 1) if date(day.year, day.month, d).weekday() == rhythm.weekday
    ]
    return day.day == same[rhythm.nth - 1 if rhythm.nth != LAST else -1]


def spoken_days(rhythm: Rhythm, now: str, count: int, almanac: Almanac = KNOWN) -> list[str]:
    after = datetime.fromisoformat(now).replace(tzinfo=LONDON).astimezone(UTC)
    found = islice(turns(rhythm, almanac, after, LONDON), count)
    return [f"{turn.at.astimezone(LONDON):%a %Y-%m-%d %H:%M}" for turn in found]


SECOND_TUESDAY = Rhythm(Beat.WEEKDAY, time(7, 30), in_term=True, no_holidays=True)


def test_the_second_tuesday_in_term_skips_august_and_is_put_off_at_easter() -> None:
    assert spoken_days(SECOND_TUESDAY, "2027-03-01T00:00", 6) == [
        "Tue 2027-03-09 07:30",
        "Tue 2027-04-13 07:30",
        "Tue 2027-05-11 07:30",
        "Tue 2027-06-08 07:30",
        "Tue 2027-07-13 07:30",
        "Tue 2027-09-14 07:30",
    ]


@pytest.mark.parametrize(
    ("otherwise", "day"),
    [
        (Otherwise.NEXT_DAY, "Tue 2027-01-05 07:30"),
        (Otherwise.WEEK_LATER, "Fri 2027-01-08 07:30"),
        (Otherwise.SKIP, "Mon 2027-02-01 07:30"),
    ],
)
def test_new_years_day_is_put_off_as_it_was_asked_for(otherwise: Otherwise, day: str) -> None:
    first = Rhythm(
        Beat.DAY, time(7, 30), day=1, in_term=True, no_holidays=True, otherwise=otherwise
    )
    assert spoken_days(first, "2026-12-20T00:00", 1) == [day]


def test_february_has_the_thirty_first_on_its_last_day_also_in_leap_years() -> None:
    last = Rhythm(Beat.DAY, time(7, 30), day=31)
    assert spoken_days(last, "2028-01-31T12:00", 2) == [
        "Tue 2028-02-29 07:30",
        "Fri 2028-03-31 07:30",
    ]


def test_the_time_stays_half_past_seven_when_the_clocks_change() -> None:
    weekly = Rhythm(Beat.WEEKS, time(7, 30), weeks=1, since=date(2027, 3, 23))
    found = list(islice(turns(weekly, Almanac(), datetime(2027, 3, 20, tzinfo=UTC), LONDON), 2))
    assert [turn.at.hour for turn in found] == [7, 6]
    assert {turn.at.astimezone(LONDON).hour for turn in found} == {7}


def test_an_hour_that_the_spring_change_skips_is_an_hour_later() -> None:
    early = Rhythm(Beat.WEEKDAY, time(1, 30), weekday=6, nth=LAST)
    assert spoken_days(early, "2027-03-20T00:00", 1, Almanac()) == ["Sun 2027-03-28 02:30"]


def test_what_lies_beyond_the_known_terms_is_given_and_called_unsure() -> None:
    found = list(islice(turns(SECOND_TUESDAY, KNOWN, datetime(2027, 10, 1, tzinfo=UTC), LONDON), 2))
    assert [(turn.day.month, turn.is_sure) for turn in found] == [(10, True), (11, False)]


def test_a_nation_with_terms_of_its_own_does_not_borrow_those_of_another() -> None:
    scots = [TermDraft(Nation.SCOTLAND, "", "Winter", date(2027, 1, 6), date(2027, 4, 2))]
    both = Terms(
        [
            *ENGLAND,
            *scots,
            TermDraft(Nation.ENGLAND, "Kent", "Kent", date(2027, 1, 4), date(2027, 1, 29)),
        ]
    )
    day = date(2027, 2, 15)
    assert both.running(day, Nation.ENGLAND) is False
    assert both.running(day, Nation.SCOTLAND) is True
    assert both.running(date(2027, 1, 4), Nation.ENGLAND, "kent") is True
    assert both.running(date(2027, 1, 4), Nation.ENGLAND, "Devon") is False
    assert both.running(day, Nation.WALES) is None


def test_bank_holidays_are_those_of_each_nation() -> None:
    def nations(day: date) -> set[Nation]:
        return {nation for holiday in bank_holidays_on(day) for nation in holiday.nations}

    assert nations(date(2026, 12, 25)) == set(UK)
    assert nations(date(2027, 3, 29)) == set(UK) - {Nation.SCOTLAND}
    assert nations(date(2026, 11, 30)) == {Nation.SCOTLAND}
    assert nations(date(2027, 3, 17)) == {Nation.NORTHERN_IRELAND}
    assert [each.name for each in bank_holidays_on(date(2026, 12, 28))] == [
        "Boxing Day (substitute day)"
    ]


@pytest.mark.parametrize(
    ("rhythm", "field"),
    [
        (Rhythm(Beat.WEEKDAY, time(7), nth=5), "nth"),
        (Rhythm(Beat.DAY, time(7), day=0), "day"),
        (Rhythm(Beat.WEEKS, time(7), weeks=0, since=date(2027, 1, 1)), "weeks"),
        (Rhythm(Beat.WEEKS, time(7)), "since"),
        (Rhythm(Beat.WEEKS, time(7), since=date(9999, 1, 1)), "since"),
        (Rhythm(Beat.WEEKDAY, time(7), weekday=5, in_term=True), "in_term"),
        (Rhythm(Beat.WEEKDAY, time(7), in_term=True, nations=()), "nations"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused_by_its_field(rhythm: Rhythm, field: str) -> None:
    with pytest.raises(WrongFields) as refused:
        rhythm.checked()
    assert list(refused.value.fields) == [field]


def test_a_rhythm_is_said_in_words() -> None:
    assert in_words(SECOND_TUESDAY) == (
        "The second Tuesday of each month, 7:30am UK time, in term in England, "
        "never on a bank holiday. When that day will not do, the issue goes out on the next day "
        "that will do."
    )
    assert in_words(Rhythm(Beat.DAY, time(18), day=31)) == (
        "The 31st of each month, or its last day, 6:00pm UK time."
    )
