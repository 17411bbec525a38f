"""Whoever holds a copy that went to an address which its reader has left sees nothing of them.

The old mailbox, its next holder, or whom it was forwarded to: a way to stop the bulletin is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from bulletin.models.evidence import Mark
from bulletin.models.issues import Issue
from bulletin.models.people import SuppressionReason
from bulletin.store.tables import acknowledgements, deliveries, former_addresses, former_numbers
from bulletin.tokens import Purpose
from bulletin.web.app import create_app
from sent_issues import House, open_house

OLD, NEW, THIRD = "alex@oak.example", "alex@elm.example", "alex@home.example"
NAME = "Alex Example"


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(database_url, tmp_path)
    made.enrol(OLD, "dsl", name=NAME)
    yield made
    made.services.close()


@pytest.fixture
def issue(house: House) -> Issue:
    return house.send("December", "2026-12-01")


@pytest.fixture
def browser(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(house.services), base_url="http://127.0.0.1") as client:
        yield client


def number(house: House, email: str) -> int:
    return house.services.enrolment.show(email)[0].id


def link(house: House, page: str, purpose: Purpose, of: int) -> str:
    return f"/{page}/{house.services.signer.sign(purpose, of)}"


def move(house: House, old: str, new: str) -> None:
    """By the reader's own hand: asked for on the page, confirmed from the letter."""
    made = house.services
    mine = made.signer.sign(Purpose.PREFERENCES, number(house, old))
    assert made.preferences.ask_to_move(mine, new, "192.0.2.1") is not None
    with made.store.read() as tx:
        asked = max(number for number in range(1, 9) if tx.requests.get(number))
    done = made.moving.confirm(made.signer.sign(Purpose.CHANGE_ADDRESS, asked))
    assert done is not None
    assert done.state == "done"


def reason(house: House, email: str) -> SuppressionReason | None:
    return house.services.enrolment.show(email)[1]


def assert_names_nobody(text: str) -> None:
    for word in (OLD, NEW, THIRD, NAME, "Alex", 'href="/p/', 'name="undo"'):
        assert word not in text, word


def test_the_preferences_and_the_data_are_behind_the_new_link_alone(
    house: House, browser: TestClient
) -> None:
    before = link(house, "p", Purpose.PREFERENCES, 1)
    move(house, OLD, NEW)
    for part in ("", "/roles", "/data.json", "/erase"):
        answer = browser.get(before + part)
        assert answer.status_code == 410, part
        assert "Nothing is held under this link" in answer.text
        assert_names_nobody(answer.text)
    presses = {"role": "chair", "email": "me@x.example", "erase": "yes", "rejoin": "yes"}
    for part in ("/roles", "/address", "/erase", "/rejoin"):
        assert browser.post(before + part, data=presses).status_code == 410, part
    now = link(house, "p", Purpose.PREFERENCES, number(house, NEW))
    assert NEW in browser.get(now).text
    assert house.services.enrolment.show(NEW)[0].roles == {"dsl"}


@pytest.mark.parametrize("moves", [(NEW,), (NEW, THIRD), (NEW, OLD)])
def test_one_click_from_an_old_copy_stops_the_bulletin_wherever_it_goes_by_now(
    house: House, browser: TestClient, moves: tuple[str, ...]
) -> None:
    """Requirements 12 and 27; RFC 8058."""
    before = link(house, "u", Purpose.UNSUBSCRIBE, 1)
    for old, new in zip((OLD, *moves), moves, strict=False):
        move(house, old, new)
    asked = browser.get(before)
    assert asked.status_code == 200
    assert "Unsubscribe</button>" in asked.text
    assert_names_nobody(asked.text)
    assert reason(house, moves[-1]) is None
    done = browser.post(before, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, done.history) == (200, [])
    assert "You are unsubscribed" in done.text
    assert_names_nobody(done.text)
    assert reason(house, moves[-1]) is SuppressionReason.UNSUBSCRIBED


def test_only_the_new_link_takes_leaving_back(house: House, browser: TestClient) -> None:
    before = link(house, "u", Purpose.UNSUBSCRIBE, 1)
    move(house, OLD, NEW)
    browser.post(before)
    assert_names_nobody(browser.post(f"{before}/undo", data={"undo": "yes"}).text)
    assert reason(house, NEW) is SuppressionReason.UNSUBSCRIBED
    now = link(house, "u", Purpose.UNSUBSCRIBE, number(house, NEW))
    browser.post(f"{now}/undo", data={"undo": "yes"})
    assert reason(house, NEW) is None


def test_an_old_copy_neither_acknowledges_nor_names_its_reader(
    house: House, issue: Issue, browser: TestClient
) -> None:
    copy = house.delivery(issue, OLD)
    move(house, OLD, NEW)
    seen = link(house, "a", Purpose.ACKNOWLEDGE, copy)
    for answer in (browser.get(seen), browser.post(seen, data={"seen": "yes"})):
        assert answer.status_code == 404
        assert_names_nobody(answer.text)
    with house.services.store.write() as tx:
        assert not tx.acknowledgements.add(copy, "", house.now)
        assert tx.acknowledgements.where(acknowledgements.c.id > 0) == []
    edition = browser.get(link(house, "v", Purpose.VIEW, copy))
    assert edition.status_code == 200
    assert_names_nobody(edition.text)
    january = house.send("January", "2027-01-05")
    assert house.press(january, NEW).email == NEW


def test_what_is_known_of_somebody_stays_whole_when_they_move(house: House, issue: Issue) -> None:
    """Requirement 53, and UK GDPR article 15."""
    house.press(issue, OLD)
    move(house, OLD, NEW)
    move(house, NEW, THIRD)
    report = house.services.evidence.organisation("Oak School")
    (person,) = report.people
    assert (person.email, [cell.mark for cell in person.cells]) == (THIRD, [Mark.ACKNOWLEDGED])
    held = house.services.enrolment.holdings(THIRD)
    assert [row["email"] for row in held["deliveries"]] == [OLD]
    assert [row["email"] for row in held["acknowledgements"]] == [OLD]
    assert [row["kind"] for row in held["requests"]] == ["change_address"] * 2
    actions = [row["action"] for row in held["audit"]]
    assert actions == ["subscriber.add", "subscriber.move", "subscriber.move"]


def test_whoever_moves_back_finds_the_copies_of_their_address_again(
    house: House, issue: Issue, browser: TestClient
) -> None:
    """But for the links that open everything: others may hold those."""
    before = link(house, "p", Purpose.PREFERENCES, 1)
    move(house, OLD, NEW)
    move(house, NEW, OLD)
    assert house.press(issue, OLD).name == NAME
    assert browser.get(before).status_code == 410
    assert browser.get(link(house, "p", Purpose.PREFERENCES, 2)).status_code == 410
    assert browser.get(link(house, "p", Purpose.PREFERENCES, 3)).status_code == 200


def test_erasing_whoever_moved_leaves_none_of_their_numbers(
    house: House, issue: Issue, browser: TestClient
) -> None:
    """Requirement 41."""
    house.press(issue, OLD)
    move(house, OLD, NEW)
    move(house, NEW, THIRD)
    house.services.enrolment.forget(OLD, "test")
    with house.services.store.read() as tx:
        for table in (former_numbers, former_addresses):
            assert tx._connection.scalar(select(func.count()).select_from(table)) == 0
        for table in (deliveries, acknowledgements):
            whose = select(table.c.subscriber_id, table.c.email)
            assert {tuple(row) for row in tx._connection.execute(whose)} == {(None, None)}
    for old in (1, 2, 3):
        done = browser.post(link(house, "u", Purpose.UNSUBSCRIBE, old))
        assert "You are unsubscribed" in done.text
        assert_names_nobody(done.text)
