"""An acknowledgement is recorded once, whole, and outlives what it was about (requirement 53)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bulletin.models.evidence import Acknowledgement
from bulletin.pipeline.acknowledge import STATEMENT
from bulletin.store.tables import acknowledgements
from sent_issues import ELM, House, open_house

DSL = "dsl@oak.example"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(database_url, tmp_path)
    made.enrol(DSL, "dsl", "governor", name="Siân Example")
    yield made
    made.services.close()


def recorded(house: House) -> list[Acknowledgement]:
    with house.services.store.read() as tx:
        return tx.acknowledgements.where(acknowledgements.c.id > 0)


def test_a_press_records_person_roles_edition_content_time_and_wording(house: House) -> None:
    """Requirement 53."""
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL, on="2026-12-02")
    (found,) = recorded(house)
    with house.services.store.read() as tx:
        sentence = tx.wordings.text(found.wording)
        (oak,) = tx.evidence.organisations()
    assert (found.name, found.email, found.roles) == ("Siân Example", DSL, ("dsl", "governor"))
    assert (found.issue_id, found.edition, found.organisation_id) == (issue.id, 1, oak.id)
    assert found.content_hash == issue.approved_hash
    assert sentence == STATEMENT
    assert found.acknowledged_at == datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


def test_a_second_press_keeps_the_first_time(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    first = house.press(issue, DSL, on="2026-12-02")
    again = house.press(issue, DSL, on="2027-03-01")
    assert again == first
    assert len(recorded(house)) == 1


def test_presses_at_the_same_moment_are_recorded_once(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    token = house.token(issue, DSL)
    with ThreadPoolExecutor(6) as pool:
        slips = list(pool.map(house.services.acknowledging.acknowledge, [token] * 6))
    assert len(set(slips)) == 1
    assert len(recorded(house)) == 1


def test_what_was_sent_counts_however_the_person_has_changed_since(house: House) -> None:
    """The roles are those of the copy, and the organisation is the one that it went to."""
    issue = house.send("December", "2026-12-01")
    house.enrol(DSL, "senco", name="Siân Example", **ELM)
    house.press(issue, DSL, on="2028-12-02")
    (found,) = recorded(house)
    with house.services.store.read() as tx:
        place = {each.id: each.name for each in tx.evidence.organisations()}
    assert found.roles == ("dsl", "governor")
    assert place[found.organisation_id or 0] == "Oak School"


def test_erasing_a_person_keeps_that_somebody_saw_it_and_not_who(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    house.press(issue, DSL)
    house.services.enrolment.forget(DSL, "test")
    (found,) = recorded(house)
    assert (found.subscriber_id, found.name, found.email) == (None, "", "")
    assert (found.issue_id, found.content_hash) == (issue.id, issue.approved_hash)


def test_the_copy_of_somebody_erased_records_nothing(house: House) -> None:
    issue = house.send("December", "2026-12-01")
    token = house.token(issue, DSL)
    house.services.enrolment.forget(DSL, "test")
    assert house.services.acknowledging.slip(token) is None
    assert house.services.acknowledging.acknowledge(token) is None
    assert recorded(house) == []


def test_a_delivery_that_does_not_exist_is_nobodys(house: House) -> None:
    with house.services.store.write() as tx:
        assert tx.acknowledgements.slip(99) is None
        assert not tx.acknowledgements.add(99, "0" * 64, house.now)


def test_a_report_link_ends_once_and_its_number_is_never_given_again(house: House) -> None:
    with house.services.store.write() as tx:
        (oak,) = tx.evidence.organisations()
        first = tx.report_links.add(oak.id, "Head@Oak.example ", "test", house.now)
        assert tx.report_links.revoke(first, house.now)
        assert not tx.report_links.revoke(first, house.now)
        assert not tx.report_links.revoke(first + 1, house.now)
        (link,) = tx.report_links.of(oak.id)
        assert (link.contact, link.organisation, link.revoked_at) == (
            "head@oak.example", oak, house.now,
        )  # fmt: skip
        tx._connection.execute(text("DELETE FROM report_links"))
        assert tx.report_links.add(oak.id, "head@oak.example", "test", house.now) > first
