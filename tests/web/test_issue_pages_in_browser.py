"""The public pages in Chromium: axe finds nothing, nothing scrolls sideways, all without script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Browser
from published import DECEMBER, send, view_link
from served import serving

from bulletin.models.issues import Helpline
from bulletin.models.items import Deadline, ItemDraft
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services
from looked_over import wrong_with

LONG = "Llanfairpwllgwyngyll" * 20
RICH = replace(
    DECEMBER[1][0],
    title="Rich",
    deadline=Deadline(date(2026, 12, 18), "Respond by"),
    content_note="This item is about abuse.",
    body="> A quotation.\n\n- one\n- two\n\n**Bold** and [a link](https://guidance.example/x).",
)
ITEMS = (
    *DECEMBER,
    (RICH, DECEMBER[1][1]),
    (ItemDraft(f"Long {LONG}", body=LONG, source=LONG), PlacingOptions(topic="Long words")),
)
HELPLINES = (Helpline("Duty team", "01632 960 999", "day and night", "https://help.example"),)


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    send(services, items=ITEMS, helplines=HELPLINES, standfirst="Before the holidays.")
    with serving(services) as address:
        yield address


def addresses(services: Services) -> tuple[str, ...]:
    return (
        "/",
        "/issues/december",
        "/issues/december?role=dsl&nation=Wales",
        "/issues/december?role=senco",
        view_link(services),
        view_link(services, 0),
        "/accessibility",
        "/privacy",
        "/allow-listing",
        "/nowhere",
    )


def test_nothing_is_wrong_with_a_public_page_at_any_width_by_day_or_night(
    services: Services, chromium: Browser, address: str
) -> None:
    """Requirements 47-50. A page 320 wide is one of 1280 at 400 % (WCAG 1.4.10)."""
    page = chromium.new_page()
    for path in addresses(services):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
        assert wrong_with(page) == [], path
    page.close()


def test_what_is_wrong_would_be_found(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(address)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    found = {line.partition(":")[0] for line in wrong_with(page)}
    page.close()
    assert {"html-has-lang", "color-contrast"} <= found


def test_a_reader_picks_a_role_by_keyboard_alone_and_without_script(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/issues/december")
    page.get_by_text("Show what is for your role").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Special educational needs coordinator").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show this edition").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert "role=senco" in page.url
    assert page.get_by_role("heading", name="Record keeping").count() == 0
    page.context.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/issues/december")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "All past issues"
    page.close()


def test_on_paper_an_issue_has_its_addresses_and_no_buttons(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/issues/december")
    page.emulate_media(media="print")
    assert not page.get_by_text("Show what is for your role").is_visible()
    assert not page.get_by_role("link", name="Subscribe").is_visible()
    after = "getComputedStyle(document.querySelector('.links a'), '::after').content"
    assert "guidance.example/advice" in page.evaluate(after)
    page.close()
