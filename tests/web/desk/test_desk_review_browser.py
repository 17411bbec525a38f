"""Check and Approve in a real browser: by keyboard, without script, and for everybody."""

from __future__ import annotations

import re

import pytest
from at_desk import DeskBrowser
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

LONG = "W" * 5000
EDITOR = "editor@school.example"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def issue(services: Services) -> str:
    """Issue 1: forty bare items, one of them with a very long title; it pretends to answer."""
    now = services.store.clock()
    drafts = [ItemDraft(LONG if n == 3 else f"Item {n}", body="Text.") for n in range(40)]
    with services.store.write() as tx:
        items = [tx.items.add(draft, now) for draft in drafts]
    made = services.drafting.new("December", {"subject": "Re: Hm"}, Visibility.PRIVATE, EDITOR)
    services.drafting.place(made.slug, items, PlacingOptions(), EDITOR)
    return "/app/issues/1"


def fits_and_is_accessible(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
    found = Axe().run(page, options={"runOnly": STANDARDS})
    assert found.violations_count == 0, found.generate_report()


def test_an_issue_is_mended_sent_and_approved_without_a_mouse(
    desk_browser: DeskBrowser, issue: str
) -> None:
    page = desk_browser.open(f"{issue}/check", UserRole.EDITOR)
    page.get_by_role("button", name="Take it away").press("Enter")
    expect(page.locator("#notices")).to_contain_text("The subject is now: Hm")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("button", name="Take it away")).to_be_visible()
    page.get_by_role("button", name="Take it away").press("Enter")
    expect(page.get_by_role("heading", name="0 to fix")).to_be_visible()
    page.get_by_label("What the approver should know").fill("Ready")
    page.get_by_role("button", name="Send for approval").press("Enter")
    expect(page.get_by_text("Version 1, frozen")).to_be_visible()
    approver = desk_browser.open(f"{issue}/approve", UserRole.APPROVER)
    approver.get_by_role("button", name="Plain text").press("Enter")
    expect(approver.get_by_role("heading", name="Seen 1 of 1 editions")).to_be_visible()
    approver.get_by_role("button", name="Approve version 1").press("Enter")
    approver.wait_for_url("**/schedule")
    assert desk_browser.services.drafting.issue("1").state.value == "approved"


def test_it_is_returned_without_script(desk_browser: DeskBrowser, issue: str) -> None:
    services = desk_browser.services
    services.approval.ask("1", EDITOR, "As it is")
    page = desk_browser.open(f"{issue}/approve", UserRole.APPROVER, java_script_enabled=False)
    page.get_by_text("Return for changes", exact=True).click()
    page.get_by_role("button", name="Return version 1 for changes").click()
    expect(page).to_have_title(re.compile("^Error: Approve - December"))
    page.get_by_label("What has to change").fill("The subject is no answer")
    page.get_by_role("button", name="Return version 1 for changes").click()
    expect(page.get_by_text("Returned for changes: The subject is no answer")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone_and_exclude_nobody(
    desk_browser: DeskBrowser, issue: str, scheme: str
) -> None:
    desk_browser.services.commenting.say("1", LONG, EDITOR, 4)
    page = desk_browser.open(
        f"{issue}/check", UserRole.APPROVER,
        viewport={"width": 320, "height": 700}, color_scheme=scheme,
    )  # fmt: skip
    fits_and_is_accessible(page)
    desk_browser.services.approval.ask("1", EDITOR, "As it is")
    for path in ("/approve", "/comments", "/test"):
        page.goto(f"{issue}{path}")
        fits_and_is_accessible(page)
