"""By keyboard alone, in a real browser: an issue is scheduled, and watched while it goes out."""

from __future__ import annotations

from at_desk import DeskBrowser
from outgoing import approved, enrol, send_all
from playwright.sync_api import Page, expect

from bulletin.models.items import Nation
from bulletin.wiring import Services


def press_until(page: Page, selector: str) -> None:
    """Press Tab until that has the focus."""
    for _ in range(60):
        if page.evaluate("sought => document.activeElement.matches(sought)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_an_issue_is_scheduled_and_watched_by_keyboard_alone(
    desk_browser: DeskBrowser, services: Services
) -> None:
    enrol(services, 3)
    enrol(services, 2, Nation.SCOTLAND)
    services.enrolment.add_segment("Scottish schools", "nation = Scotland", "test")
    issue = approved(services)
    page = desk_browser.open(
        f"/app/issues/{issue.id}/schedule", viewport={"width": 320, "height": 800}
    )
    press_until(page, "#include")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Schedule for 2 people")).to_be_visible()
    press_until(page, "#decision button[formaction]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Send it to 2 people now?")).to_be_visible()
    press_until(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="0 of 2 accepted by mail servers")).to_be_visible()
    press_until(page, "form[action$='/pause'] button")
    send_all(services, issue)
    expect(page.get_by_role("heading", name="2 of 2 accepted by mail servers")).to_be_visible()
    expect(page.locator("#progress [role=status]")).to_have_text("Sending has ended.")
    expect(page.locator("#stages li").last).to_have_class("done")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
