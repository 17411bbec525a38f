"""The preferences page: each choice stands alone, says what it did, and refuses what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from reader_links import READER, person, preferences_link, suppressed

from bulletin.models.items import Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.pipeline.record import COME_BACK
from bulletin.web.app import create_app
from bulletin.wiring import Services

NEW = "new@school.example"


@pytest.fixture
def page(services: Services) -> str:
    return preferences_link(services)


def status_of(text: str) -> str:
    """What the page says it did."""
    found = re.search(r'role="status">(.*?)</p>', text, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def test_each_choice_is_saved_by_itself_and_said_in_words(
    services: Services, browser: TestClient, page: str
) -> None:
    day = services.preferences.today() + timedelta(days=30)
    said = [
        browser.post(f"{page}/roles", data={"role": ["governor", "senco"]}),
        browser.post(f"{page}/nation", data={"nation": "Wales"}),
        browser.post(f"{page}/pause", data={"until": str(day)}),
    ]
    assert [answer.status_code for answer in said] == [200] * 3
    assert [status_of(answer.text).split(".")[0] for answer in said] == ["Saved", "Saved", "Paused"]
    assert "governor, special educational needs coordinator" in said[0].text
    assert "what is for Wales" in status_of(said[1].text)
    assert f"before {day.day} {day:%B %Y}" in status_of(said[2].text)
    reader = person(services)
    assert reader.roles == {"governor", "senco"}
    assert (reader.nation, reader.paused_until) == (Nation.WALES, day)
    shown = browser.get(page).text
    assert re.findall(r'value="(\w*)" checked', shown) == ["governor", "senco", "Wales"]
    assert "Saved" not in shown


def test_who_does_not_know_their_nation_sees_the_news_of_all(
    services: Services, browser: TestClient, page: str
) -> None:
    browser.post(f"{page}/nation", data={"nation": "Jersey"})
    answer = browser.post(f"{page}/nation", data={"nation": "all"})
    assert "every nation" in status_of(answer.text)
    assert person(services).nation is None


def test_a_pause_can_be_ended_by_a_button_and_not_by_a_bare_post(
    services: Services, browser: TestClient, page: str
) -> None:
    day = services.preferences.today() + timedelta(days=1)
    browser.post(f"{page}/pause", data={"until": str(day)})
    assert "Resume now" in browser.get(page).text
    browser.post(f"{page}/resume")
    assert person(services).paused_until == day
    answer = browser.post(f"{page}/resume", data={"resume": "yes"})
    assert status_of(answer.text) == "Resumed. The next issue comes to you."
    assert person(services).paused_until is None
    assert "Resume now" not in answer.text


@pytest.mark.parametrize(
    ("part", "sent", "wrong"),
    [
        ("roles", {}, "Choose at least one of the roles"),
        ("roles", {"role": "king"}, "Choose at least one of the roles"),
        ("roles", {"role": ["dsl", "' OR 1=1"]}, "Choose at least one of the roles"),
        ("nation", {}, "Choose one of the nations"),
        ("nation", {"nation": "<script>alert(1)</script>"}, "Choose one of the nations"),
        ("pause", {}, "Choose a day from"),
        ("pause", {"until": "9999-99-99"}, "Choose a day from"),
        ("pause", {"until": "2020-01-01"}, "Choose a day from"),
        ("pause", {"until": '"><script>alert(1)</script>'}, "Choose a day from"),
        ("address", {}, "email address"),
        ("address", {"email": "no address"}, "email address"),
        ("address", {"email": "a@b.example\r\nBcc: c@d.example"}, "line break"),
        ("address", {"email": '"><script>@x.example'}, "angle brackets"),
        ("address", {"email": "w" * 5000}, "at most 254 characters"),
        ("address", {"email": READER.upper()}, "goes to this address now"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(
    services: Services, browser: TestClient, part: str, sent: object, wrong: str
) -> None:
    page = preferences_link(services)
    before = person(services)
    answer = browser.post(f"{page}/{part}", data=sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert re.search(rf'class="error" id="{part}-error">[^<]*{wrong}', answer.text)
    assert f'aria-describedby="{part}-hint {part}-error"' in answer.text
    assert f'<a href="#{part}">' in answer.text
    assert "<script" not in answer.text
    assert person(services) == before


def test_whoever_left_comes_back_by_the_pages_button_and_not_by_a_bare_post(
    services: Services, browser: TestClient, page: str
) -> None:
    services.enrolment.suppress(READER, SuppressionReason.UNSUBSCRIBED, "", "test")
    shown = browser.get(page).text
    assert COME_BACK in shown
    for absent in ("Take a pause", "Your address", ">Unsubscribe<"):
        assert absent not in shown
    browser.post(f"{page}/rejoin")
    assert suppressed(services) is SuppressionReason.UNSUBSCRIBED
    answer = browser.post(f"{page}/rejoin", data={"rejoin": "yes"})
    assert status_of(answer.text) == "You are subscribed again. The next issue comes to you."
    assert suppressed(services) is None
    with services.store.read() as tx:
        (given,) = tx.holdings.of(person(services))["consents"]
    assert (given["action"], given["wording"]) == ("given", COME_BACK)


@pytest.mark.parametrize(
    "reason",
    [
        SuppressionReason.COMPLAINT,
        SuppressionReason.OBJECTION,
        SuppressionReason.MANUAL,
        SuppressionReason.HARD_BOUNCE,
        SuppressionReason.SOFT_BOUNCE,
    ],
)
def test_no_button_lifts_what_is_not_the_readers_own_unsubscribe(
    services: Services, browser: TestClient, page: str, reason: SuppressionReason
) -> None:
    """Requirement 35."""
    services.enrolment.suppress(READER, reason, "", "test")
    shown = browser.get(page).text
    assert COME_BACK not in shown
    movable = reason.came_back
    assert ("New email address" in shown) == movable
    assert ("mailto:bulletin@school.example" in shown) != movable
    answer = browser.post(f"{page}/rejoin", data={"rejoin": "yes"})
    assert status_of(answer.text).startswith("Nothing comes to you yet.")
    assert suppressed(services) is reason
    moving = browser.post(f"{page}/address", data={"email": NEW})
    assert moving.status_code == (200 if movable else 409)


def test_the_answer_is_the_same_for_a_known_and_an_unknown_new_address(
    services: Services, browser: TestClient, page: str
) -> None:
    """Requirement 61."""
    known = SubscriberDraft("head@school.example", ("headteacher",), kind=SubscriberKind.CORPORATE)
    services.enrolment.add(known, "test")
    services.enrolment.suppress("gone@school.example", SuppressionReason.COMPLAINT, "", "test")
    pages = set()
    for email in ("head@school.example", "gone@school.example", NEW, NEW):
        answer = browser.post(f"{page}/address", data={"email": email})
        assert answer.status_code == 200
        assert email in status_of(answer.text)
        pages.add(answer.text.replace(email, "IT"))
    assert len(pages) == 1


@pytest.fixture
def strict(services: Services) -> Iterator[TestClient]:
    """An installation that takes one request an hour from each client."""
    settings = services.settings.model_copy(update={"requests_per_hour_per_client": 1})
    made = Services(settings)
    with TestClient(create_app(made), client=("192.0.2.1", 5000)) as client:
        yield client
    made.close()


def test_a_cap_that_is_reached_is_said_beside_the_field_with_when_to_try_again(
    strict: TestClient, page: str
) -> None:
    """Requirement 71."""
    assert strict.post(f"{page}/address", data={"email": NEW}).status_code == 200
    answer = strict.post(f"{page}/address", data={"email": NEW})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3660
    assert 'class="error" id="address-error">More was asked for' in answer.text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{12345*12345}}", "Siân Ŵyn 🦊", "w" * 5000, "\"'><b>"]
)
def test_a_hostile_name_is_only_a_name(services: Services, browser: TestClient, name: str) -> None:
    """Requirements 58, 59."""
    draft = SubscriberDraft("x@school.example", ("dsl",), name, organisation=name)
    services.enrolment.add(draft, "test")
    page = preferences_link(services, 2)
    for path in (page, f"{page}/erase", f"{page}/data.json"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert ("<script" in answer.text) == (path.endswith("json") and "<script" in name)
        assert str(12345**2) not in answer.text
    assert browser.get(f"{page}/data.json").json()["subscriber"][0]["name"] == name


def test_no_page_of_preferences_sets_or_needs_a_cookie(
    services: Services, browser: TestClient, page: str
) -> None:
    """Requirement 9: the token is all."""
    browser.post(f"{page}/roles", data={"role": "dsl"}, headers={"Origin": "https://x.example"})
    browser.get(page)
    assert len(browser.cookies) == 0
