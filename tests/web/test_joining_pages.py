"""The pages of joining: a form that says what is missing, and a link that waits for a person."""

from __future__ import annotations

import html
import re
import threading
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rows import dump

from bulletin.models.people import SuppressionReason
from bulletin.tokens import Purpose
from bulletin.wiring import Services

FORM = {"email": "sam@school.example", "role": ["governor"], "nation": "Wales", "agree": "yes"}
PRESSED = {"join": "1"}  # the first form of a fresh installation
HOSTILE = [
    "{{7*7}}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Sam\r\nBcc: lee@school.example",
    "Sam\x00",
    "👩🏽\u200d🏫 Llŷr ap Siôn",
    "w" * 5000,
    "%0d%0aBcc:x",
    "' OR 1=1 --",
    "\u202egnirts",
]


class Controls(HTMLParser):
    """The controls of a page's form, as (type, name, whether it is ticked)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"input", "button"}:
            kind, name = values.get("type") or "", values.get("name") or ""
            self.found.append((kind, name, "checked" in values))


def mailed(services: Services) -> list[tuple[str, str]]:
    """Send what waits. (to, link) of every letter in the outbox, newest first."""
    assert services.correspondence.send(threading.Event()) is None
    found = []
    for line in services.outbox.page(1, 100).mails:
        mail = services.outbox.read(line.key)
        assert mail is not None
        (link,) = re.findall(r"http://127\.0\.0\.1:8025(/\S+)", mail.text)
        found.append((line.to, link))
    return found


def test_from_the_form_to_the_list_by_a_letter(services: Services, browser: TestClient) -> None:
    """Requirement 32: nobody is on the list before they pressed the button in their own mail."""
    asked = browser.post("/subscribe", data=FORM)
    assert asked.status_code == 200
    assert "Look in your mailbox" in asked.text
    assert 'role="status"' in asked.text
    ((to, link),) = mailed(services)
    assert to == "sam@school.example"
    shown = browser.get(link)
    assert "Yes, send me the bulletin" in shown.text
    assert "sam@school.example" in shown.text
    done = browser.post(link, data=PRESSED)
    assert done.status_code == 200
    assert "You are on the list" in done.text
    reader = services.enrolment.show("sam@school.example")[0]
    assert reader.roles == {"governor"}
    (preferences,) = re.findall(r'href="(/p/[^"]+)"', done.text)
    assert browser.get(preferences).status_code == 200
    for later in (browser.get(link), browser.post(link, data=PRESSED)):
        assert "You are on the list" in later.text
        assert '"/p/' not in later.text  # a letter may be forwarded once it was used


def test_the_button_stands_under_all_that_it_puts_on_record(
    services: Services, browser: TestClient
) -> None:
    """Requirement 37."""
    typed = {"name": "<b>Sam</b>", "organisation": "Oak & Ash School"}
    browser.post("/subscribe", data=FORM | typed)
    ((_, link),) = mailed(services)
    page = browser.get(link).text
    said = html.unescape(page)
    for value in (*typed.values(), FORM["email"], "governor", "Wales", services.joining.consent):
        assert value in said
    assert "<b>Sam" not in page


def test_the_form_starts_with_nothing_agreed_and_no_role_chosen(browser: TestClient) -> None:
    """Requirement 32: no box is ticked beforehand."""
    controls = Controls(browser.get("/subscribe").text).found
    boxes = [(name, ticked) for kind, name, ticked in controls if kind == "checkbox"]
    assert {name for name, _ in boxes} == {"role", "agree"}
    assert not any(ticked for _, ticked in boxes)
    assert [name for kind, name, _ in controls if kind == "submit"] == [""]


def test_what_is_missing_is_said_beside_each_field_and_nothing_typed_is_lost(
    services: Services, browser: TestClient
) -> None:
    answer = browser.post(
        "/subscribe", data={"name": "Sam Example", "role": "dsl", "nation": "Scotland"}
    )
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    for field in ("email", "agree"):
        assert f'id="{field}-error"' in answer.text
        assert f'aria-describedby="{field}-error"' in answer.text
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'value="Sam Example"' in answer.text
    assert 'value="dsl" checked' in answer.text
    assert 'value="Scotland" checked' in answer.text
    assert mailed(services) == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["email", "name", "organisation", "nation", "role"])
def test_hostile_text_is_taken_as_text_or_refused_with_a_sentence(
    services: Services, browser: TestClient, field: str, text: str
) -> None:
    """Requirements 58, 59, 60 and 63, for every field of the form."""
    answer = browser.post("/subscribe", data={**FORM, field: text})
    assert answer.status_code in {200, 422}
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "49" not in re.sub(r"&#\d+;|[0-9a-f]{12}", "", answer.text)
    for to, link in mailed(services):
        assert (to, browser.post(link, data=PRESSED).status_code) == ("sam@school.example", 200)
        assert getattr(services.enrolment.show(to)[0], field) == text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"content": b"\xff\x00 not a form"},
        {"files": {"email": ("name.txt", b"a file where text belongs")}},
        {"data": {"email": ["sam@school.example", "lee@school.example"], "agree": "no"}},
        {"json": FORM},
    ],
    ids=["nothing", "nonsense", "a file", "twice", "json"],
)
def test_whatever_is_posted_gets_a_page_and_no_letter(
    services: Services, browser: TestClient, sent: dict[str, object]
) -> None:
    answer = browser.post("/subscribe", **sent)
    assert 400 <= answer.status_code < 500
    assert "<h1>" in answer.text
    assert mailed(services) == []


def test_a_machine_that_fills_in_every_field_gets_the_same_page_and_nothing_else(
    services: Services, browser: TestClient, tmp_path: Path
) -> None:
    """Requirement 71: the honeypot."""
    before = dump(tmp_path)
    trapped = browser.post("/subscribe", data={**FORM, "subject": "Buy now"})
    assert dump(tmp_path) == before
    honest = browser.post("/subscribe", data=FORM)
    assert (trapped.status_code, trapped.text) == (honest.status_code, honest.text)


def test_nobody_sees_or_reaches_the_trap(browser: TestClient) -> None:
    page = browser.get("/subscribe").text
    (wrapper,) = re.findall(r'<div class="trap" aria-hidden="true">.*?</div>', page, re.DOTALL)
    assert 'name="subject"' in wrapper
    assert 'tabindex="-1"' in wrapper
    assert 'autocomplete="off"' in wrapper


def test_looking_at_a_letters_link_changes_nothing(
    services: Services, browser: TestClient, tmp_path: Path
) -> None:
    """Requirements 10 and 51: a mail scanner opens every link, and some have sent bare POSTs."""
    browser.post("/subscribe", data=FORM)
    ((_, link),) = mailed(services)
    before = dump(tmp_path)
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
        assert "Yes, send me the bulletin" in browser.post(link).text
    assert dump(tmp_path) == before


def test_one_altered_character_of_a_link_opens_nothing(
    services: Services, browser: TestClient
) -> None:
    """Requirements 8 and 64."""
    browser.post("/subscribe", data=FORM)
    ((_, link),) = mailed(services)
    for place in range(len("/confirm/"), len(link)):
        other = "b" if link[place] == "a" else "a"
        changed = link[:place] + other + link[place + 1 :]
        assert browser.get(changed).status_code == 404
        assert browser.post(changed, data=PRESSED).status_code == 404
    with services.store.read() as tx:
        assert not tx.subscribers.has("sam@school.example")


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.CONFIRM])
def test_a_token_for_another_page_opens_nothing_here(
    services: Services, browser: TestClient, purpose: Purpose
) -> None:
    """Requirement 70."""
    browser.post("/subscribe", data=FORM)
    link = f"/confirm/{services.signer.sign(purpose, 1)}"
    assert browser.get(link).status_code == 404
    assert browser.post(link, data=PRESSED).status_code == 404


def test_a_link_that_is_too_old_says_so_and_leads_back_to_the_form(
    services: Services, browser: TestClient
) -> None:
    browser.post("/subscribe", data=FORM)
    ((_, link),) = mailed(services)
    now = services.store.clock()
    services.store.clock = lambda: now + timedelta(days=8)
    for answer in (browser.get(link), browser.post(link, data=PRESSED)):
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text
        assert 'href="/subscribe"' in answer.text
    with services.store.read() as tx:
        assert not tx.subscribers.has("sam@school.example")


def test_whoever_objected_gets_the_same_page_and_no_letter(
    services: Services, browser: TestClient
) -> None:
    """Requirements 35 and 61."""
    services.enrolment.suppress("lee@school.example", SuppressionReason.OBJECTION, "", "test")
    barred = browser.post("/subscribe", data={**FORM, "email": "lee@school.example"})
    free = browser.post("/subscribe", data=FORM)
    assert (barred.status_code, barred.text) == (free.status_code, free.text)
    assert [to for to, _ in mailed(services)] == ["sam@school.example"]


def test_a_client_that_asks_too_often_is_told_when_to_come_back(
    services: Services, browser: TestClient
) -> None:
    """Requirement 71."""
    most = services.settings.requests_per_hour_per_client
    for number in range(most):
        address = f"reader{number}@school.example"
        assert browser.post("/subscribe", data={**FORM, "email": address}).status_code == 200
    for address in ("new@school.example", "dsl@school.example"):
        answer = browser.post("/subscribe", data={**FORM, "email": address})
        assert answer.status_code == 429
        assert re.search(r"Try again at \w{3} \d+ \w+ \d{4}, \d+:\d\d[ap]m", answer.text)
        assert 3500 < int(answer.headers["retry-after"]) <= 3660
    assert len(mailed(services)) == most
