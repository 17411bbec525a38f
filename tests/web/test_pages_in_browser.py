"""The pages in a real browser: by keyboard alone, on a narrow screen, and with nothing run."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from served import serving

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.draft import PlacingOptions
from bulletin.tokens import Purpose
from bulletin.wiring import Services


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    """A running server with one copy in its outbox."""
    with services.store.write() as tx:
        item = tx.items.add(ItemDraft("Lunch queues", body="word" * 100), services.store.clock())
    services.drafting.new("December", {}, Visibility.PUBLIC, "test")
    services.drafting.place("december", [item], PlacingOptions(), "test")
    services.approval.approve("december", "test")
    issue = services.planning.start("december", None, "test")
    services.delivery.run(issue.id, threading.Event(), lambda _: None)
    with serving(services) as address:
        yield address


def leave_link(services: Services) -> str:
    return f"/u/{services.signer.sign(Purpose.UNSUBSCRIBE, 1)}"


def choose_link(services: Services) -> str:
    return f"/p/{services.signer.sign(Purpose.PREFERENCES, 1)}"


def test_a_reader_leaves_and_comes_back_by_keyboard_alone(
    services: Services, chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(address + leave_link(services))
    page.get_by_role("button", name="Unsubscribe").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    suppressed = services.enrolment.show("dsl@school.example")[1]
    assert suppressed is SuppressionReason.UNSUBSCRIBED
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You are subscribed again").wait_for()
    assert services.enrolment.show("dsl@school.example")[1] is None
    page.close()


def test_a_reader_chooses_roles_by_keyboard_alone(
    services: Services, chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(address + choose_link(services))
    page.get_by_label("Governor", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save my roles").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert services.enrolment.show("dsl@school.example")[0].roles == {"dsl", "governor"}
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_breaks_its_policy_or_fails(
    services: Services, chromium: Browser, address: str, width: int, scheme: str
) -> None:
    page = chromium.new_page(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in (
        "/",
        "/issues/december",
        "/outbox",
        "/outbox/1",
        leave_link(services),
        choose_link(services),
        "/nowhere",
    ):
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == (404 if path == "/nowhere" else 200), path
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(sideways) <= 0, path
    page.close()
    assert [text for text in complaints if "404" not in text] == []
