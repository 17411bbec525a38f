"""What the desk foretells of a send is what the plan of the send then writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from previewed import ITEMS, an_issue, enrol

from bulletin.composition import compose, seen_items
from bulletin.models.deliveries import Exclusion
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Audience
from bulletin.models.items import Nation
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.showing.forecasting import Forecast, Forecasting, Group
from bulletin.settings import load_settings
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"
ROLES = ("dsl", "governor", "senco", "chair")
NATIONS = ("England", "Wales", "")


@pytest.fixture
def house(database_url: str) -> Iterator[Services]:
    """Everything over an empty database; the test runs on both kinds."""
    made = Services(
        load_settings(
            database_url=database_url, secret_key=SECRET, from_email="bulletin@school.example"
        )
    )
    yield made
    made.close()


def a_list(house: Services) -> None:
    """People of every sort, with every reason to get nothing among them."""
    for number in range(24):
        roles = [role for place, role in enumerate(ROLES) if (number >> place) & 1]
        enrol(
            house, f"reader{number}@school.example", *(roles or ["staff"]),
            nation=NATIONS[number % 3], organisation="Oak" if number % 5 else "Elm",
            kind="individual" if number == 7 else "corporate",
        )  # fmt: skip
    house.enrolment.suppress("reader1@school.example", SuppressionReason.UNSUBSCRIBED, "", "test")
    house.enrolment.suppress("reader3@school.example", SuppressionReason.HARD_BOUNCE, "", "test")
    house.enrolment.add_segment("Elm", "organisation = Elm", "test")


def test_the_forecast_is_what_the_plan_writes(house: Services) -> None:
    a_list(house)
    number, _ = an_issue(house, ITEMS[1:])
    audience = Audience(exclude=("Elm",))
    house.approval.approve(str(number), "test", "as it is")
    with house.store.write() as tx:
        issue = tx.issues.lock(str(number))
        tx.issues.edit(issue, house.store.clock(), audience_exclude=["Elm"])
    forecast = house.forecasting.of(str(number))
    planned = house.planning.forecast(str(number))
    house.planning.start(str(number), audience, "test")
    _, status = house.reporting.status(number)
    assert forecast.reached == status.prepared > 0
    assert forecast.excluded == status.excluded_by_reason
    assert set(forecast.excluded) == {
        Exclusion.UNSUBSCRIBED, Exclusion.SUPPRESSED, Exclusion.NO_CONSENT,
        Exclusion.EXCLUDED_SEGMENT, Exclusion.NOTHING_FOR_ROLES,
    }  # fmt: skip
    reached = {row.kind: (row.items, row.people) for row in planned if not row.reason}
    assert reached == {
        group.kind: (group.items, group.reached) for group in forecast.groups if group.reached
    }


def test_items_are_counted_as_they_are_composed(house: Services) -> None:
    a_list(house)
    number, _ = an_issue(house)
    _, content = house.drafting.content(str(number))
    for group in house.forecasting.of(str(number)).groups:
        assert group.items == seen_items(content, group.kind) == compose(content, group.kind).items


def test_whoever_joins_is_counted_at_once(house: Services) -> None:
    number, _ = an_issue(house)
    assert house.forecasting.of(str(number)).reached == 0
    enrol(house, "dsl@school.example", "dsl", nation="England")
    assert house.forecasting.of(str(number)).reached == 1


def test_a_long_list_is_counted_behind_whoever_looks_once_its_count_is_old(
    house: Services,
) -> None:
    clock = [0.0]

    def ticks() -> float:
        clock[0] += 1  # so counting takes a second, and is good for thirty
        return clock[0]

    forecasting = Forecasting(house.store, house.settings.zone, small=0, ticks=ticks)
    number, _ = an_issue(house)
    enrol(house, "dsl@school.example", "dsl", nation="England")
    assert forecasting.of(str(number)).reached == 1
    enrol(house, "chair@school.example", "chair", nation="England")
    assert forecasting.of(str(number)).reached == 1
    clock[0] += 60
    assert forecasting.of(str(number)).reached == 1  # and now it is counted
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(timeout=5)
    assert forecasting.of(str(number)).reached == 2


def test_among_equally_many_readers_the_first_role_is_shown(house: Services) -> None:
    roles = [role.key for role in house.enrolment.roles()]
    kinds = [ReaderKind(frozenset({key}), Nation.WALES) for key in ("chair", roles[0], "staff")]
    groups = tuple(Group(kind, items=1, people=2, barred={}) for kind in kinds)
    now = house.store.clock()
    assert Forecast(groups, 1, now).largest(roles) == kinds[1]
    assert Forecast((), 1, now).largest(roles) is None
