"""Asking has caps, which know nothing of the list (requirements 61 and 71)."""

from __future__ import annotations

import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import TooMany
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.asking import Asking, network_of, too_many

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")


def asking(desk: Desk, *, per_hour: int = 100, per_client: int = 100) -> Asking:
    return Asking(desk.store, per_hour=per_hour, per_client=per_client, zone=LONDON)


def wish(number: int, client: str = "192.0.2.1") -> Wish:
    return Wish(RequestKind.JOIN, f"reader{number}@school.example", client, roles=("dsl",))


def asked(door: Asking, count: int, client: str = "192.0.2.1") -> int:
    """How many of so many wishes are taken."""
    taken = 0
    for number in range(count):
        try:
            door.ask(wish(number, client), LetterKind.CONFIRM_JOIN)
        except TooMany:
            continue
        taken += 1
    return taken


def test_one_client_asks_so_often_an_hour_and_another_still_may(desk: Desk) -> None:
    door = asking(desk, per_client=3)
    assert asked(door, 5) == 3
    assert asked(door, 5, "192.0.2.2") == 3


def test_all_together_ask_so_often_an_hour(desk: Desk) -> None:
    door = asking(desk, per_hour=4)
    assert sum(asked(door, 2, f"192.0.2.{host}") for host in range(1, 6)) == 4


def test_a_flood_of_sign_ups_stops_no_reader_from_moving_or_going(desk: Desk) -> None:
    door = asking(desk, per_hour=3, per_client=3)
    assert asked(door, 5) == 3
    for kind, letter in (
        (RequestKind.CHANGE_ADDRESS, LetterKind.CONFIRM_ADDRESS),
        (RequestKind.ERASE, LetterKind.CONFIRM_ERASURE),
    ):
        door.ask(replace(wish(0), kind=kind), letter)
    door.ask(replace(wish(1), kind=RequestKind.ERASE), LetterKind.CONFIRM_ERASURE)
    with pytest.raises(TooMany):
        door.ask(replace(wish(2), kind=RequestKind.ERASE), LetterKind.CONFIRM_ERASURE)


def test_an_hour_after_the_first_there_is_room_for_one_more(desk: Desk) -> None:
    door = asking(desk, per_client=2)
    desk.clock.set("2026-11-30T09:00:00+00:00")
    assert asked(door, 1) == 1
    desk.clock.set("2026-11-30T09:30:00+00:00")
    assert asked(door, 3) == 1
    desk.clock.set("2026-11-30T10:00:00+00:00")
    assert asked(door, 3) == 1


@given(seconds=st.integers(0, 3599))
def test_the_time_that_is_named_is_one_at_which_it_works(seconds: int) -> None:
    """The sentence gives minutes, the cap counts seconds."""
    first = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    now = first + timedelta(seconds=seconds)
    error = too_many(first, now, LONDON)
    named = now + timedelta(seconds=error.retry_after)
    assert (named.second, named > first + timedelta(hours=1)) == (0, True)
    assert f"{named:%M}am" in str(error)


def test_what_is_refused_leaves_no_trace_and_does_not_prolong_the_wait(quick_desk: Desk) -> None:
    door = asking(quick_desk, per_client=1)
    asked(door, 50)
    with quick_desk.store.read() as tx:
        assert tx.requests.newest_but(1, list(RequestKind)) is None


def test_a_cap_holds_for_many_who_ask_at_once(desk: Desk) -> None:
    door = asking(desk, per_client=5)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: asked(door, 3), range(8))) == 5


def test_the_words_that_were_agreed_to_are_kept_once(desk: Desk) -> None:
    door = asking(desk)
    for number in range(2):
        door.ask(wish(number), LetterKind.CONFIRM_JOIN, agreed="I want it.")
    with desk.store.read() as tx:
        versions = {found.wording for number in (1, 2) if (found := tx.requests.get(number))}
        assert [tx.wordings.text(version) for version in versions] == ["I want it."]


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:102::", "2001:db8:1:100::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_ipv4_address_or_a_56_of_ipv6(client: str, counted_as: str) -> None:
    assert network_of(client) == counted_as


@given(
    prefix=st.integers(0, 2**56 - 1), one=st.integers(0, 2**72 - 1), two=st.integers(0, 2**72 - 1)
)
def test_whoever_has_a_56_is_one_client(prefix: int, one: int, two: int) -> None:
    hosts = [str(ipaddress.IPv6Address((prefix << 72) + host)) for host in (one, two)]
    mapped = prefix == 0 and any(host >> 32 == 0xFFFF for host in (one, two))
    assert mapped or len({network_of(host) for host in hosts}) == 1
