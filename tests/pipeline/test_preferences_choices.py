"""What a reader chooses is taken as it is meant, or refused; a pause ends by itself."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.models.items import Nation
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.preferences import ALL_NATIONS, Preferences
from bulletin.tokens import Purpose, TokenSigner
from bulletin.transports.memory import MemoryTransport

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
SIGNER = TokenSigner("x" * 40)
LINK = SIGNER.sign(Purpose.PREFERENCES, 1)
EMAIL = "a@school.example"


def doors(desk: Desk) -> Preferences:
    """The preferences of one reader on a desk's list."""
    desk.enrol((EMAIL, "dsl"))
    asking = Asking(desk.store, per_hour=1000, per_client=1000, zone=LONDON)
    return Preferences(desk.store, SIGNER, asking, LONDON)


def paused_until(desk: Desk) -> date | None:
    with desk.store.read() as tx:
        return tx.subscribers.by_email(EMAIL).paused_until


def reasons(desk: Desk) -> dict[str, int]:
    return {row.reason: row.people for row in desk.planning.forecast("december")}


def test_a_pause_ends_by_itself_at_midnight_where_the_readers_are(quick_desk: Desk) -> None:
    """In July midnight in London is 23:00 UTC of the day before."""
    quick_desk.clock.set("2027-06-15T12:00:00+00:00")
    preferences = doors(quick_desk)
    quick_desk.issue(readers=0)
    preferences.pause(LINK, "2027-07-01")
    quick_desk.clock.set("2027-06-30T22:59:59+00:00")
    assert reasons(quick_desk) == {"paused": 1}
    quick_desk.clock.set("2027-06-30T23:00:00+00:00")
    assert reasons(quick_desk) == {"": 1}


@pytest.mark.parametrize(
    ("moment", "copies"), [("2027-06-30T22:59:00+00:00", 0), ("2027-06-30T23:00:00+00:00", 1)]
)
def test_a_copy_that_was_planned_does_not_reach_who_paused_meanwhile(
    quick_desk: Desk, moment: str, copies: int
) -> None:
    """Requirement 27: at once, also in mid-issue; and to the minute where the readers are."""
    quick_desk.clock.set("2027-06-15T12:00:00+00:00")
    preferences = doors(quick_desk)
    quick_desk.planning.start(quick_desk.approved(readers=0), None, "test")
    preferences.pause(LINK, "2027-07-01")
    quick_desk.clock.set(moment)
    transport = MemoryTransport()
    Delivery(
        quick_desk.store,
        open_transport=lambda: transport,
        addressing=lambda: Addressing(SIGNER, "http://127.0.0.1:8025", []),
        connections=1,
        lease=timedelta(minutes=1),
        zone=LONDON,
    ).run("december", threading.Event(), lambda _: None)
    assert len(transport.accepted) == copies
    excluded = {} if copies else {"paused": 1}
    assert quick_desk.reporting.status("december")[1].excluded_by_reason == excluded


def test_tomorrow_is_the_readers_tomorrow(quick_desk: Desk) -> None:
    quick_desk.clock.set("2027-06-30T23:30:00+00:00")
    limits = doors(quick_desk).pause_limits()
    assert (limits.first, limits.last) == (date(2027, 7, 2), date(2028, 6, 30))


days = st.one_of(
    st.text(max_size=40),
    st.dates().map(str),
    st.integers(-3, 370).map(lambda days: str(date(2026, 11, 30) + timedelta(days=days))),
)


def is_in_the_year(text: str) -> bool:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return False
    return date(2026, 12, 1) <= day <= date(2027, 11, 30)


def test_a_pause_is_a_day_of_the_coming_year_or_refused(quick_desk: Desk) -> None:
    preferences = doors(quick_desk)

    @settings(max_examples=150)
    @given(days)
    def check(text: str) -> None:
        preferences.resume(LINK)
        good = is_in_the_year(text)
        refused = pytest.raises(InvalidInput, match=r"^Choose a day from 1 December 2026 to 30 ")
        with nullcontext() if good else refused:
            preferences.pause(LINK, text)
        assert paused_until(quick_desk) == (date.fromisoformat(text.strip()) if good else None)

    check()


@pytest.mark.parametrize("nation", [*Nation, ALL_NATIONS])
def test_a_reader_has_the_nation_they_chose_or_none(quick_desk: Desk, nation: str) -> None:
    found = doors(quick_desk).choose_nation(LINK, nation)
    assert found is not None
    assert found.subscriber.nation == (None if nation == ALL_NATIONS else nation)


@pytest.mark.parametrize("nation", ["", "Narnia", "england", "England\r\n", "' OR 1=1 --"])
def test_what_is_no_nation_is_refused(quick_desk: Desk, nation: str) -> None:
    with pytest.raises(InvalidInput, match="Choose one of the nations"):
        doors(quick_desk).choose_nation(LINK, nation)


def test_what_a_reader_did_is_on_record_without_saying_what_they_chose(quick_desk: Desk) -> None:
    preferences = doors(quick_desk)
    preferences.choose_roles(LINK, ["senco"])
    preferences.choose_nation(LINK, "Wales")
    preferences.pause(LINK, "2027-01-10")
    preferences.resume(LINK)
    with quick_desk.store.read() as tx:
        trail = tx.audit.history("subscriber:1")
    assert [(actor, action, detail) for _, actor, action, detail in trail] == [
        ("reader", f"subscriber.{what}", {}) for what in ("roles", "nation", "pause", "resume")
    ]
