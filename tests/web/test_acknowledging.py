"""Behind an acknowledgement link: one button, and only a person's press counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape

from bulletin.models.issues import Issue
from bulletin.store.tables import acknowledgements
from bulletin.tokens import Purpose
from bulletin.web.app import create_app
from sent_issues import ELM, House, open_house

DSL = "dsl@oak.example"
PRESS = {"seen": "yes"}


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_database, tmp_path)
    made.enrol(DSL, "dsl", name="Alex Example")
    yield made
    made.services.close()


@pytest.fixture
def issue(house: House) -> Issue:
    return house.send("December", "2026-12-01")


@pytest.fixture
def browser(house: House) -> Iterator[TestClient]:
    with TestClient(create_app(house.services), base_url="http://127.0.0.1") as client:
        yield client


def recorded(house: House) -> int:
    with house.services.store.read() as tx:
        return len(tx.acknowledgements.where(acknowledgements.c.id > 0))


def test_the_page_says_which_issue_and_who_and_a_press_is_confirmed_with_its_time(
    house: House, issue: Issue, browser: TestClient
) -> None:
    link = f"/a/{house.token(issue, DSL)}"
    asked = browser.get(link).text
    for shown in ("December", "Alex Example", DSL, "Oak School", "I have seen this issue"):
        assert shown in asked
    done = browser.post(link, data=PRESS)
    assert done.status_code == 200
    assert 'role="status"' in done.text
    assert "Tue 1 December 2026, 7:30am" in done.text
    assert "You can close this page" in done.text
    assert "<button" not in done.text
    assert recorded(house) == 1


def test_a_second_press_shows_the_first_time(
    house: House, issue: Issue, browser: TestClient
) -> None:
    link = f"/a/{house.token(issue, DSL)}"
    first = browser.post(link, data=PRESS).text
    house.now = house.now.replace(year=2029)
    assert browser.post(link, data=PRESS).text == first
    assert browser.get(link).text == first
    assert recorded(house) == 1


def test_opening_the_link_records_nothing(
    house: House, issue: Issue, browser: TestClient, tmp_path: Path
) -> None:
    """Requirements 10 and 51: scanners open every link."""
    link = f"/a/{house.token(issue, DSL)}"
    before = dump(tmp_path)
    for address in (link, f"{link}?seen=yes"):
        browser.get(address)
        browser.head(address)
    assert dump(tmp_path) == before


def dump(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "bulletin.db") as database:
        lines = list(database.iterdump())
    database.close()
    return lines


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": {"seen": ""}},
        {"content": b"\xff\x00 not a form"},
    ],
    ids=["no body", "one-click", "no answer", "nonsense"],
)
def test_a_post_without_the_button_records_nothing(
    house: House, issue: Issue, browser: TestClient, sent: dict[str, object]
) -> None:
    """Requirement 51: scanners have sent bare POSTs."""
    answer = browser.post(f"/a/{house.token(issue, DSL)}", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "I have seen this issue</button>" in answer.text
    assert recorded(house) == 0


def test_one_altered_character_of_a_token_opens_nothing(
    house: House, issue: Issue, browser: TestClient
) -> None:
    """Requirement 8."""
    token = house.token(issue, DSL)
    for place, char in enumerate(token):
        altered = token[:place] + ("b" if char == "a" else "a") + token[place + 1 :]
        assert browser.get(f"/a/{altered}").status_code == 404
        assert browser.post(f"/a/{altered}", data=PRESS).status_code == 404
    assert recorded(house) == 0


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.ACKNOWLEDGE}))
def test_a_token_for_anything_else_acknowledges_nothing(
    house: House, issue: Issue, browser: TestClient, purpose: Purpose
) -> None:
    """Requirement 70."""
    foreign = house.services.signer.sign(purpose, house.delivery(issue, DSL))
    assert browser.get(f"/a/{foreign}").status_code == 404
    assert browser.post(f"/a/{foreign}", data=PRESS).status_code == 404
    assert recorded(house) == 0


def test_an_acknowledgement_token_opens_nothing_else(
    house: House, issue: Issue, browser: TestClient
) -> None:
    """Requirement 70: nor does its page lead to anything personal."""
    token = house.token(issue, DSL)
    for page in ("/u", "/p", "/v", "/report", "/confirm"):
        assert browser.get(f"{page}/{token}").status_code == 404, page
    for page in ("/u/", "/p/", "/v/", "/report/"):
        assert page not in browser.get(f"/a/{token}").text


def test_a_link_out_of_a_preview_says_so_and_records_nothing(
    house: House, browser: TestClient
) -> None:
    link = f"/a/{house.services.signer.sign(Purpose.ACKNOWLEDGE, 0)}"
    for answer in (browser.get(link), browser.post(link, data=PRESS)):
        assert answer.status_code == 200
        assert "preview" in answer.text
    assert recorded(house) == 0


def test_the_link_of_somebody_erased_is_not_found(
    house: House, issue: Issue, browser: TestClient
) -> None:
    link = f"/a/{house.token(issue, DSL)}"
    house.services.enrolment.forget(DSL, "test")
    assert browser.get(link).status_code == 404
    assert browser.post(link, data=PRESS).status_code == 404


def test_the_link_works_for_years_whatever_has_changed(
    house: House, issue: Issue, browser: TestClient
) -> None:
    """Requirement 12, for acknowledgements."""
    link = f"/a/{house.token(issue, DSL)}"
    house.enrol(DSL, "governor", **ELM)
    house.now = house.now.replace(year=2031)
    assert "Oak School" in browser.get(link).text
    assert "Mon 1 December 2031" in browser.post(link, data=PRESS).text


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{7*7}} {% if %}", "Siân 🦉 Ŵyn", '" onload="x', "x" * 190],
)
def test_a_hostile_name_is_only_text(house: House, browser: TestClient, name: str) -> None:
    """Requirements 58 and 59."""
    house.enrol("new@oak.example", name=name, organisation=name, urn="")
    issue = house.send("December", "2026-12-01")
    link = f"/a/{house.token(issue, 'new@oak.example')}"
    for page in (browser.get(link).text, browser.post(link, data=PRESS).text):
        assert str(escape(name)) in page
        assert "<script" not in page
    assert recorded(house) == 1
