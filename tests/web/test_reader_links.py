"""The links of a copy: a person's button acts, a scanner's visit does not (requirements 8-12)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bulletin.models.people import SuppressionReason
from bulletin.tokens import Purpose
from bulletin.wiring import Services


def leave_link(services: Services, number: int = 1) -> str:
    return f"/u/{services.signer.sign(Purpose.UNSUBSCRIBE, number)}"


def preferences_link(services: Services, number: int = 1) -> str:
    return f"/p/{services.signer.sign(Purpose.PREFERENCES, number)}"


def suppressed(services: Services) -> SuppressionReason | None:
    return services.enrolment.show("dsl@school.example")[1]


def dump(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "bulletin.db") as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def test_looking_at_any_link_changes_nothing(
    services: Services, browser: TestClient, tmp_path: Path
) -> None:
    """Requirements 10, 51; RFC 8058 section 1."""
    before = dump(tmp_path)
    for address in (leave_link(services), preferences_link(services), "/", "/outbox", "/nowhere"):
        browser.get(address)
        browser.head(address)
    assert dump(tmp_path) == before


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b"\xff\x00 not a form"},
    ],
    ids=["no body", "urlencoded", "multipart", "nonsense"],
)
def test_a_one_click_post_unsubscribes_whatever_its_body(
    services: Services, browser: TestClient, sent: dict[str, object]
) -> None:
    """Requirement 9; RFC 8058 section 3.1: 200, no cookie, no redirect, and again the same."""
    for _ in range(2):
        answer = browser.post(leave_link(services), follow_redirects=False, **sent)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "You are unsubscribed" in answer.text
    assert suppressed(services) is SuppressionReason.UNSUBSCRIBED


def test_whoever_left_by_mistake_can_undo_it(services: Services, browser: TestClient) -> None:
    link = leave_link(services)
    browser.post(link)
    assert browser.post(f"{link}/undo").status_code == 200
    assert suppressed(services) is None


def test_an_undo_lifts_no_suppression_but_the_readers_own(
    services: Services, browser: TestClient
) -> None:
    services.enrolment.suppress("dsl@school.example", SuppressionReason.COMPLAINT, "", "test")
    link = leave_link(services)
    browser.post(link)
    browser.post(f"{link}/undo")
    assert suppressed(services) is SuppressionReason.COMPLAINT


def test_one_altered_character_of_a_token_opens_nothing(
    services: Services, browser: TestClient
) -> None:
    """Requirement 8."""
    link = leave_link(services)
    for place in range(3, len(link)):
        other = "b" if link[place] == "a" else "a"
        assert browser.post(link[:place] + other + link[place + 1 :]).status_code == 404
    assert suppressed(services) is None


def test_a_token_opens_only_the_page_it_was_made_for(
    services: Services, browser: TestClient
) -> None:
    """Requirement 70."""
    leave = leave_link(services).removeprefix("/u/")
    choose = preferences_link(services).removeprefix("/p/")
    assert browser.get(f"/p/{leave}").status_code == 404
    assert browser.post(f"/u/{choose}").status_code == 404


def test_the_link_of_somebody_erased_still_answers_quietly(
    services: Services, browser: TestClient
) -> None:
    """Requirement 12: the token works after the person's record is gone."""
    link = leave_link(services)
    services.enrolment.forget("dsl@school.example", "test")
    assert browser.post(link).status_code == 200
    assert "dsl@school.example" not in browser.post(link).text


def test_a_reader_chooses_roles(services: Services, browser: TestClient) -> None:
    link = preferences_link(services)
    page = browser.get(link)
    assert 'value="dsl" checked' in page.text
    answer = browser.post(link, data={"role": ["governor", "senco"]})
    assert answer.status_code == 200
    assert "Saved." in answer.text
    assert services.enrolment.show("dsl@school.example")[0].roles == {"governor", "senco"}


@pytest.mark.parametrize("chosen", [{}, {"role": "king"}, {"role": ["dsl", "' OR 1=1"]}])
def test_no_role_or_an_unknown_one_is_refused_beside_the_field(
    services: Services, browser: TestClient, chosen: dict[str, object]
) -> None:
    answer = browser.post(preferences_link(services), data=chosen)
    assert answer.status_code == 422
    assert "Choose at least one of the roles" in answer.text
    assert "<title>Error: " in answer.text
    assert services.enrolment.show("dsl@school.example")[0].roles == {"dsl"}


def test_every_page_forbids_scripts_frames_and_foreign_content(browser: TestClient) -> None:
    for address in ("/", "/nowhere", "/healthz"):
        answer = browser.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.text


def test_health_and_readiness(browser: TestClient) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}
    assert browser.get("/readyz").json() == {"status": "ready"}
