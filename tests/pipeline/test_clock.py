"""UK times: two days a year are not like the others."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.pipeline.clock import moment, spoken

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-12-01T07:30", "2026-12-01T07:30+00:00"),
        ("2026-07-01T07:30", "2026-07-01T06:30+00:00"),
        ("2027-03-28T00:59", "2027-03-28T00:59+00:00"),
        ("2027-03-28T02:00", "2027-03-28T01:00+00:00"),
        ("2026-10-25T00:30", "2026-10-24T23:30+00:00"),
        ("2026-10-25T02:00", "2026-10-25T02:00+00:00"),
        ("2026-12-01T07:30+01:00", "2026-12-01T06:30+00:00"),
    ],
)
def test_a_local_time_is_the_moment_that_people_in_the_uk_mean(said: str, utc: str) -> None:
    assert moment(said, LONDON) == datetime.fromisoformat(utc)


def test_an_hour_that_the_spring_change_skips_is_refused() -> None:
    with pytest.raises(InvalidInput, match="clocks go forward"):
        moment("2027-03-28T01:30", LONDON)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert moment("2026-10-25T01:30", LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("said", ["", "tomorrow", "2026-02-30T10:00", "07:30", "1 December"])
def test_what_is_no_time_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(InvalidInput, match="2026-12-01T07:30"):
        moment(said, LONDON)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001
def test_every_local_time_is_refused_or_comes_back_as_it_was_said(local: datetime) -> None:
    try:
        at = moment(local.isoformat(), LONDON)
    except InvalidInput:
        assert local.month == 3
        return
    assert at.astimezone(LONDON).replace(tzinfo=None) == local


def test_times_are_spoken_as_people_write_them() -> None:
    assert spoken(datetime(2026, 12, 9, 7, 0, tzinfo=UTC), LONDON) == "Wed 9 December 2026, 7:00am"
    assert spoken(datetime(2026, 7, 9, 11, 5, tzinfo=UTC), LONDON) == "Thu 9 July 2026, 12:05pm"
