"""The inbox in a real browser: by keyboard alone, and by mouse."""

from __future__ import annotations

import pytest
from at_desk import DeskBrowser
from playwright.sync_api import Page, expect

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft, ItemState, Reading
from bulletin.models.people import UserRole
from bulletin.wiring import Services

WORD = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>
<h2>Vaping survey</h2>
<p class=MsoNormal>Source: Lantern Centre, 4 November 2026</p>
<p class=MsoNormal>One in five has tried it, says the survey of the centre.
<a href="https://lantern.example/vaping">Read the survey</a></p>
<h2>Late buses</h2>
<p class=MsoNormal>Source: Northbridge Institute, 5 November 2026</p>
<p class=MsoNormal>They wait in the dark, says the institute. It has asked 212 pupils.</p>
<h2>Night helpline</h2>
<p class=MsoNormal>Source: Lough Demo Trust, 6 November 2026</p>
<p class=MsoNormal>It is open until eight in the evening, on every day but Sunday.</p>
</body></html>"""
COPY = """async (html) => navigator.clipboard.write([new ClipboardItem({
  "text/html": new Blob([html], {type: "text/html"}),
  "text/plain": new Blob([new DOMParser().parseFromString(html, "text/html").body.innerText],
                         {type: "text/plain"})})])"""


@pytest.fixture(autouse=True)
def _an_issue(services: Services) -> None:
    services.drafting.new("December 2026", {}, Visibility.PUBLIC, "test")


def states(services: Services) -> list[ItemState]:
    return [services.library.item(number).state for number in (1, 2, 3)]


def on_row(page: Page, number: int) -> None:
    expect(page.locator(f"#row-{number} [data-open]")).to_be_focused()


def test_by_keyboard_a_paste_from_word_is_read_kept_and_sorted(
    desk_browser: DeskBrowser, services: Services
) -> None:
    page = desk_browser.open("/app/inbox/paste", UserRole.EDITOR)
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(COPY, WORD)
    page.get_by_label("Paste the news here").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("[data-paste-said]")).to_contain_text("Pasted from Word, ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 items found")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Keep 2 items")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Keep 3 items")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("3 items kept")
    page.goto("/app/inbox")
    page.keyboard.press("j")
    on_row(page, 3)
    page.keyboard.press("x")
    on_row(page, 2)
    page.keyboard.press("l")
    on_row(page, 1)
    expect(page.locator("#reading-title")).to_have_text("Vaping survey")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Everything is sorted")).to_be_visible()
    assert states(services) == [ItemState.USED, ItemState.KEPT, ItemState.REJECTED]
    page.keyboard.press("z")
    expect(page.locator("#row-1")).to_be_visible()
    assert states(services)[0] is ItemState.CANDIDATE
    assert services.library.item(1).draft.actions[0].url == "https://lantern.example/vaping"
    assert problems == []


def test_by_mouse_an_item_is_read_beside_the_list_and_several_are_sorted_together(
    desk_browser: DeskBrowser, services: Services
) -> None:
    names = ("Vaping survey", "Late buses", "Night helpline")
    drafts = [ItemDraft(name, body=f"About {name}, at some length.", source="X") for name in names]
    services.collecting.keep(Reading(tuple(drafts)), "test")
    page = desk_browser.open("/app/inbox", UserRole.AUTHOR)
    page.get_by_role("link", name="Vaping survey", exact=True).click()
    expect(page.locator("#reading-title")).to_have_text("Vaping survey")
    expect(page).to_have_url(f"{desk_browser.address}/app/inbox?item=1")
    page.locator("#reading").get_by_label("Wales").check()
    expect(page.locator("#row-1")).to_contain_text("Wales")
    for name in names[1:]:
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("button", name="Reject", exact=True).first.click()
    expect(page.locator("#notices")).to_contain_text("2 items rejected.")
    expect(page.locator("#row-2")).to_have_count(0)
    assert states(services) == [ItemState.CANDIDATE, ItemState.REJECTED, ItemState.REJECTED]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#row-2")).to_be_visible()
    assert states(services) == [ItemState.CANDIDATE] * 3
    page.get_by_role("link", name="Night helpline", exact=True).click()
    expect(page.locator("#reading-title")).to_have_text("Night helpline")
    page.locator("#reading").get_by_role("button", name="Later").click()
    expect(page.locator("#reading-title")).to_have_text("Late buses")
    on_row(page, 2)


def test_on_a_phone_an_item_takes_the_place_of_the_list_and_nothing_is_wider_than_the_screen(
    desk_browser: DeskBrowser, services: Services
) -> None:
    long = ItemDraft("Safeguarding" * 420, body="word" * 2000, source="source" * 100)
    services.collecting.keep(Reading((long,)), "test")
    page = desk_browser.open("/app/inbox", viewport={"width": 320, "height": 700})
    page.locator("#row-1 [data-open]").click()
    expect(page.locator("#reading-title")).to_be_visible()
    expect(page.locator("#rows")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#row-1")).to_be_visible()
    for path in ("/app/inbox", "/app/inbox?item=1", "/app/items/1", "/app/sources"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
