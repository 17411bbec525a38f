"""A copy of all that is held, erasure, and another address: end to end through the pages."""

from __future__ import annotations

import json
import re
import threading

import pytest
from fastapi.testclient import TestClient
from published import send
from reader_links import READER, leave_link, person, preferences_link, suppressed

from bulletin.errors import NotFound
from bulletin.models.people import SubscriberDraft, SuppressionReason
from bulletin.pipeline.acknowledge import STATEMENT
from bulletin.tokens import Purpose
from bulletin.wiring import Services

NEW = "new@school.example"
ERASE, MOVE = {"erase": "yes"}, {"move": "yes"}


@pytest.fixture
def page(services: Services) -> str:
    return preferences_link(services)


def held(browser: TestClient, page: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = browser.get(f"{page}/data.json").json()
    return found


def letters_link(services: Services) -> str:
    """The path of the link in the newest letter, as its reader would follow it."""
    services.correspondence.send(threading.Event())
    newest = services.outbox.page(1, 1).mails[0]
    mail = services.outbox.read(newest.key)
    assert mail is not None
    found = re.search(r"http://127\.0\.0\.1:8025(/p/\S+)", mail.text)
    assert found is not None
    return found[1]


def test_the_copy_holds_every_section_and_no_hash(
    services: Services, browser: TestClient, page: str
) -> None:
    """UK GDPR article 15."""
    send(services, "December")
    browser.post(f"{page}/roles", data={"role": "dsl"})
    browser.post(f"{page}/address", data={"email": NEW})
    browser.post(f"/a/{services.signer.sign(Purpose.ACKNOWLEDGE, 1)}", data={"seen": "yes"})
    browser.post(leave_link(services))
    answer = browser.get(f"{page}/data.json")
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(
        r'attachment; filename="bulletin-data-\d{4}-\d\d-\d\d\.json"',
        answer.headers["content-disposition"],
    )
    assert answer.headers["cache-control"] == "no-store"
    data = answer.json()
    assert data["subscriber"][0]["email"] == READER
    assert data["subscriber"][0]["roles"] == ["dsl"]
    assert [row["issue"] for row in data["deliveries"]] == ["December"]
    assert data["deliveries"][0]["state"] == "submitted"
    assert data["deliveries"][0]["submitted_at"].endswith("+00:00")
    assert [(row["issue"], row["wording"]) for row in data["acknowledgements"]] == [
        ("December", STATEMENT)
    ]
    assert [(row["kind"], row["email"]) for row in data["requests"]] == [("change_address", NEW)]
    assert [(row["kind"], row["email"]) for row in data["letters"]] == [("confirm_address", NEW)]
    assert [row["reason"] for row in data["suppression"]] == ["unsubscribed"]
    assert [row["action"] for row in data["consents"]] == ["withdrawn"]
    assert "subscriber.roles" in {row["action"] for row in data["audit"]}
    assert "_hash" not in answer.text.replace("content_hash", "")


def test_the_copy_holds_nothing_of_anybody_else(
    services: Services, browser: TestClient, page: str
) -> None:
    other = SubscriberDraft("other@school.example", ("dsl",), "Other Example")
    services.enrolment.add(other, "test")
    send(services, "December")
    browser.post(f"{preferences_link(services, 2)}/address", data={"email": NEW})
    text = json.dumps(held(browser, page))
    assert "other@school.example" not in text
    assert NEW not in text
    assert "Other Example" not in text


def test_erasing_says_what_goes_and_what_stays_before_its_one_button(
    services: Services, browser: TestClient, page: str
) -> None:
    asked = browser.get(f"{page}/erase").text
    assert "cannot be undone" in asked
    assert "nobody who was forwarded your copy" in asked
    assert asked.count("<button") == 1
    for answer in (browser.post(f"{page}/erase"), browser.post(f"{page}/erase", data={"x": "yes"})):
        assert answer.text == asked  # requirement 51: a bare POST asks for nothing
    told = browser.post(f"{page}/erase", data=ERASE)
    assert "Look in your mailbox" in told.text
    link = letters_link(services)
    shown = browser.get(link).text
    assert "cannot be undone" in shown
    assert shown.count("<button") == 1
    assert browser.post(link).text == shown
    assert person(services).email == READER


@pytest.mark.parametrize(
    "reason",
    [SuppressionReason.OBJECTION, SuppressionReason.COMPLAINT, SuppressionReason.HARD_BOUNCE],
)
def test_whom_no_letter_may_reach_is_told_where_to_write(
    services: Services, browser: TestClient, page: str, reason: SuppressionReason
) -> None:
    services.enrolment.suppress(READER, reason, "", "test")
    asked = browser.get(f"{page}/erase").text
    assert 'href="mailto:bulletin@school.example"' in asked
    assert "<button" not in asked
    assert browser.post(f"{page}/erase", data=ERASE).status_code == 409


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_only_whoever_left_by_themselves_is_promised_a_way_back(
    services: Services, browser: TestClient, reason: SuppressionReason
) -> None:
    services.enrolment.suppress(READER, reason, "", "test")
    shown = browser.get(leave_link(services)).text
    assert ("come back whenever" in shown.lower()) == (reason is SuppressionReason.UNSUBSCRIBED)
    assert "This stops" not in shown  # nothing comes that could be stopped


def test_whoever_is_erased_is_gone_and_every_press_says_so(
    services: Services, browser: TestClient, page: str
) -> None:
    """Requirement 41."""
    browser.post(f"{page}/erase", data=ERASE)
    link = letters_link(services)
    answer = browser.post(link, data=ERASE)
    assert answer.status_code == 200
    assert "You are erased" in answer.text
    assert READER not in answer.text
    again = browser.post(link, data=ERASE)
    assert again.status_code == 410
    assert "This link has ended" in again.text
    with pytest.raises(NotFound):
        person(services)
    for path in (page, f"{page}/erase", f"{page}/data.json", f"{page}/roles"):
        gone = browser.get(path)
        assert gone.status_code == 410
        assert "Nothing is held under this link" in gone.text
    later = browser.post(f"{page}/roles", data={"role": "dsl"})
    assert later.status_code == 410
    assert browser.post(leave_link(services)).status_code == 200
    browser.post("/subscribe", data={"email": READER, "role": "dsl", "agree": "yes"})
    services.correspondence.send(threading.Event())
    assert services.outbox.page(1, 1).total == 1  # the letter that asked them to confirm it


def test_a_reader_moves_by_the_link_in_the_letter(
    services: Services, browser: TestClient, page: str
) -> None:
    browser.post(f"{page}/address", data={"email": NEW})
    link = letters_link(services)
    asked = browser.get(link)
    assert asked.status_code == 200
    assert NEW in asked.text
    assert READER not in asked.text
    assert browser.post(link).text == asked.text  # requirement 51: a bare POST moves nobody
    assert person(services).email == READER
    for _ in range(2):
        done = browser.post(link, data=MOVE)
        assert done.status_code == 200
        assert "Your address is changed" in done.text
    page = preferences_link(services, person(services, NEW).id)
    assert NEW in browser.get(page).text
    assert "given" in [row["action"] for row in held(browser, page)["consents"]]


def test_the_old_address_is_told_and_can_take_the_bulletin_back(
    services: Services, browser: TestClient, page: str
) -> None:
    browser.post(f"{page}/address", data={"email": NEW})
    browser.post(letters_link(services), data=MOVE)
    link = letters_link(services)
    newest = services.outbox.page(1, 1).mails[0]
    mail = services.outbox.read(newest.key)
    assert mail is not None
    assert newest.to == READER
    assert NEW not in mail.text + mail.html
    asked = browser.get(link).text
    assert NEW not in asked
    assert browser.post(link).text == asked  # requirement 51
    assert person(services, NEW).roles == {"dsl"}
    for _ in range(2):
        assert "comes here again" in browser.post(link, data={"back": "yes"}).text
    assert person(services).roles == {"dsl"}


def test_a_link_to_an_address_that_cannot_be_used_says_so_plainly(
    services: Services, browser: TestClient, page: str
) -> None:
    browser.post(f"{page}/address", data={"email": NEW})
    link = letters_link(services)
    services.enrolment.add(SubscriberDraft(NEW, ("senco",)), "test")
    for answer in (browser.get(link), browser.post(link, data=MOVE)):
        assert answer.status_code == 409
        assert "This address cannot be used" in answer.text
        assert READER not in answer.text
    assert suppressed(services, NEW) is None


def test_a_link_that_a_later_request_replaced_says_that_it_has_ended(
    services: Services, browser: TestClient, page: str
) -> None:
    browser.post(f"{page}/address", data={"email": "typo@elsewhere.example"})
    link = letters_link(services)
    browser.post(f"{page}/address", data={"email": NEW})
    answer = browser.post(link, data=MOVE)
    assert answer.status_code == 410
    assert "This link has ended" in answer.text
    assert person(services).email == READER


def test_an_address_that_gets_the_bulletin_already_is_told_so_in_its_own_mailbox(
    services: Services, browser: TestClient, page: str
) -> None:
    """Requirement 61: the page tells nobody, the letter tells whose address it is."""
    services.enrolment.add(SubscriberDraft(NEW, ("senco",), consent_basis="asked"), "test")
    browser.post(f"{page}/address", data={"email": NEW})
    assert letters_link(services) == preferences_link(services, 2)


def test_an_unsubscribed_address_that_confirms_a_move_is_mailed_again(
    services: Services, browser: TestClient, page: str
) -> None:
    services.enrolment.suppress(NEW, SuppressionReason.UNSUBSCRIBED, "", "test")
    browser.post(f"{page}/address", data={"email": NEW})
    browser.post(letters_link(services), data=MOVE)
    assert suppressed(services, NEW) is None
