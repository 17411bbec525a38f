"""The simulator and the trial mode (requirement 81): who is mailed, and who only seems to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from consigned import consignment, copy_for, only, outcomes, readers, unbuildable
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import TransportStopped, TransportUnavailable
from bulletin.models.deliveries import Copy, DeliveryState, Outcome
from bulletin.models.events import EventKind
from bulletin.transports.memory import MemoryTransport
from bulletin.transports.simulator import Behaviour, SimulatorTransport, behaviour, news
from bulletin.transports.trial import TrialTransport

SUBMITTED, DEFERRED = DeliveryState.SUBMITTED, DeliveryState.DEFERRED


def kinds(address: str, state: DeliveryState = SUBMITTED) -> list[EventKind]:
    return [kind for kind, _ in news(address, state)]


@pytest.mark.parametrize(
    ("local", "outcome", "later"),
    [
        ("delivered", Outcome.SUBMITTED, [EventKind.DELIVERED]),
        ("temp-fail", Outcome.RETRY, []),
        ("perm-fail", Outcome.FAILED, []),
        ("uncertain", Outcome.UNCERTAIN, []),
        ("bounce", Outcome.SUBMITTED, [EventKind.BOUNCED_HARD]),
        ("soft-bounce", Outcome.SUBMITTED, [EventKind.BOUNCED_SOFT]),
        ("complain", Outcome.SUBMITTED, [EventKind.DELIVERED, EventKind.COMPLAINED]),
        ("defer", Outcome.SUBMITTED, [EventKind.DEFERRED]),
    ],
)
@pytest.mark.parametrize("form", ["{}@simulator.example", "{}+year6@Simulator.Example"])
def test_a_reserved_address_does_what_it_is_called(
    local: str, outcome: Outcome, later: list[EventKind], form: str
) -> None:
    address = form.format(local)
    receipt = only(SimulatorTransport(), consignment([copy_for(1, address=address)]))
    assert receipt.outcome is outcome
    assert bool(receipt.detail) is (outcome is not Outcome.SUBMITTED)
    assert kinds(address) == (later if outcome is Outcome.SUBMITTED else [])


def test_a_deferred_copy_is_delivered_with_the_news_after() -> None:
    assert kinds("defer@simulator.example", DEFERRED) == [EventKind.DELIVERED]


def test_any_other_name_at_the_reserved_domain_is_delivered() -> None:
    assert behaviour("anybody@simulator.example") is Behaviour.DELIVERED


def test_a_likeness_of_the_reserved_domain_is_not_it() -> None:
    for domain in ("notsimulator.example", "simulator.example.school.example"):
        drawn = {behaviour(f"perm-fail+{n}@{domain}") for n in range(300)}
        assert Behaviour.PERM_FAIL not in drawn


def test_of_all_others_one_in_a_hundred_bounces_and_two_are_deferred() -> None:
    drawn = Counter(behaviour(f"reader{n}@school.example") for n in range(20_000))
    assert set(drawn) == {Behaviour.DELIVERED, Behaviour.BOUNCE, Behaviour.DEFER}
    assert drawn[Behaviour.BOUNCE] == pytest.approx(200, rel=0.3)
    assert drawn[Behaviour.DEFER] == pytest.approx(400, rel=0.3)


@given(st.emails())
def test_an_address_does_the_same_each_time_however_it_is_written(address: str) -> None:
    assert behaviour(address) is behaviour(f" {address.upper().lower()} ")
    assert kinds(address) == kinds(address)


def test_what_cannot_become_a_message_fails_as_it_would_elsewhere() -> None:
    found = outcomes(SimulatorTransport(), consignment([copy_for(1), unbuildable(2)]))
    assert found == {1: Outcome.SUBMITTED, 2: Outcome.FAILED}


def test_it_stops_between_copies_when_it_is_told_to() -> None:
    asked = iter([True, True, False])
    sending = SimulatorTransport().send(replace(readers(5), go_on=lambda: next(asked)))
    assert [next(sending).delivery_id, next(sending).delivery_id] == [1, 2]
    with pytest.raises(TransportStopped):
        next(sending)


TEAM = frozenset({"reader2@school.example", "reader4@school.example"})


def trial(really: MemoryTransport) -> TrialTransport:
    return TrialTransport(really, SimulatorTransport(), TEAM.__contains__)


def test_a_trial_mails_the_team_and_nobody_else() -> None:
    really = MemoryTransport()
    receipts = {each.delivery_id: each for each in trial(really).send(readers(5))}
    assert {copy.address for copy, _ in really.accepted} == TEAM
    assert sorted(receipts) == [1, 2, 3, 4, 5]
    simulated = {number for number, each in receipts.items() if each.provider_ref == "simulator"}
    assert simulated == {1, 3, 5}


def test_trouble_with_the_real_transport_takes_no_simulated_answer_back() -> None:
    def away(_copy: Copy) -> Outcome:
        raise TransportUnavailable("gone")

    sending = trial(MemoryTransport(away)).send(readers(5))
    assert [next(sending).delivery_id for _ in range(3)] == [1, 3, 5]
    with pytest.raises(TransportUnavailable):
        next(sending)


def test_a_trial_has_no_more_in_flight_than_its_real_transport() -> None:
    assert trial(MemoryTransport(window=7)).window == 7


def test_in_a_trial_without_anybody_of_the_team_nothing_is_handed_over() -> None:
    really = MemoryTransport()
    list(trial(really).send(consignment([copy_for(1), copy_for(3)])))
    assert really.accepted == []
