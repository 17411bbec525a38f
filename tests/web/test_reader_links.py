"""Leaving and coming back: a person's button acts, a scanner's visit does not (requirements 8-12).

What each link opens, and that it opens nothing else, is in test_preferences_tokens.
"""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from reader_links import READER, leave_link, suppressed

from bulletin.models.people import SubscriberDraft, SuppressionReason
from bulletin.pipeline.record import UNDO
from bulletin.wiring import Services

PRESSED = {"undo": "yes"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b"\xff\x00 not a form"},
        {"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
        {"content": b"\xff", "headers": {"Content-Type": "application/json"}},
        {"content": b"a" * 100_000, "headers": {"Content-Type": b"\xff"}},
    ],
    ids=["no body", "urlencoded", "multipart", "nonsense", "broken multipart", "json", "large"],
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
    assert [line.split(": ")[1] for line in services.enrolment.show(READER)[2]] == [
        "withdrawn, unsubscribe link (reader)"
    ]


def test_one_click_takes_nobody_else_off_the_list(services: Services, browser: TestClient) -> None:
    """Requirement 11."""
    services.enrolment.add(SubscriberDraft("head@school.example", ("headteacher",)), "test")
    browser.post(leave_link(services, number=2))
    assert suppressed(services) is None
    assert suppressed(services, "head@school.example") is SuppressionReason.UNSUBSCRIBED


def test_whoever_left_is_told_what_stays_possible(services: Services, browser: TestClient) -> None:
    page = browser.post(leave_link(services)).text
    assert 'role="status"' in page
    assert "You can still" in page
    assert "must not be mailed" in page


def test_the_page_of_a_link_to_leave_leads_to_no_other_personal_page(
    services: Services, browser: TestClient
) -> None:
    """Requirement 70: mail systems see this link; what is behind it is leaving, and no more."""
    link = leave_link(services)
    for page in (browser.get(link).text, browser.post(link).text):
        for elsewhere in ("/p/", "/a/", "/v/", "/report/"):
            assert f'"{elsewhere}' not in page


def test_whoever_left_by_mistake_can_undo_it(services: Services, browser: TestClient) -> None:
    """Requirements 37, 51: the undo is consent, and keeps the words that were pressed."""
    link = leave_link(services)
    browser.post(link)
    answer = browser.post(f"{link}/undo", data=PRESSED)
    assert "You are subscribed again" in answer.text
    assert suppressed(services) is None
    with services.store.read() as tx:
        held = tx.holdings.of(tx.subscribers.by_email(READER))["consents"]
    assert [(consent["action"], consent["wording"]) for consent in held] == [
        ("withdrawn", None),
        ("given", UNDO),
    ]


def test_a_bare_post_undoes_nothing(services: Services, browser: TestClient) -> None:
    """Requirement 51: scanners have sent POSTs."""
    link = leave_link(services)
    browser.post(link)
    assert "You are unsubscribed" in browser.post(f"{link}/undo").text
    assert "You are unsubscribed" in browser.get(f"{link}/undo").text
    assert suppressed(services) is SuppressionReason.UNSUBSCRIBED


@pytest.mark.parametrize("reason", [SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION])
def test_an_undo_lifts_no_suppression_but_the_readers_own(
    services: Services, browser: TestClient, reason: SuppressionReason
) -> None:
    """Requirement 35."""
    services.enrolment.suppress(READER, reason, "", "test")
    link = leave_link(services)
    assert "You are unsubscribed" in browser.get(link).text
    assert f'"{link}/undo"' not in browser.post(link).text
    assert "You are unsubscribed" in browser.post(f"{link}/undo", data=PRESSED).text
    assert suppressed(services) is reason


def test_the_link_of_somebody_erased_still_answers_quietly(
    services: Services, browser: TestClient
) -> None:
    """Requirement 12: the token works after the person's record is gone."""
    link = leave_link(services)
    services.enrolment.forget(READER, "test")
    for answer in (
        browser.get(link),
        browser.post(link),
        browser.post(f"{link}/undo", data=PRESSED),
    ):
        assert answer.status_code == 200
        assert "You are unsubscribed" in answer.text
        assert READER not in answer.text


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
    assert browser.get("/readyz").json() == {"status": "ready", "missing": []}
