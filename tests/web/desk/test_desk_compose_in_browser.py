"""Composing in a real browser: moved by mouse, buttons and keys; two people, and a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from at_desk import DeskBrowser
from playwright.sync_api import Browser, Page, expect
from served import serving

from bulletin.models.issues import Visibility
from bulletin.models.people import UserRole
from bulletin.wiring import Services

FORM = "form.item-form"


@dataclass
class Composing:
    """A browser at an issue with "Statutory" (a, b, c) and "Online" (d)."""

    desk: DeskBrowser
    services: Services
    issue: int
    ids: dict[str, int]

    @property
    def path(self) -> str:
        return f"/app/issues/{self.issue}/compose"

    def order(self) -> list[str]:
        """The letters under each topic, as the server has them."""
        letters = {number: letter for letter, number in self.ids.items()}
        found = self.services.composing.composition(str(self.issue))
        return ["".join(letters[one.item_id] for one in each.placed) for each in found.sections]

    def title(self, letter: str) -> str:
        return self.services.library.item(self.ids[letter]).draft.title

    def open_item(self, page: Page, letter: str) -> None:
        page.locator(f"[data-open='{self.ids[letter]}']").click()
        # The editor comes last: by then the form is saved as somebody types.
        expect(page.locator(f"{FORM} .rich-text-body")).to_be_visible()


@pytest.fixture
def composing(desk_browser: DeskBrowser, services: Services) -> Composing:
    return _composing(desk_browser, services)


def _composing(desk: DeskBrowser, services: Services) -> Composing:
    issue = services.drafting.new("December", {}, Visibility.PRIVATE, "test")
    topics = {"a": "Statutory", "b": "Statutory", "c": "Statutory", "d": "Online"}
    ids = {
        letter: services.composing.add_new(str(issue.id), f"Item {letter}", topic, "test")
        for letter, topic in topics.items()
    }
    return Composing(desk, services, issue.id, ids)


def test_items_move_by_buttons_by_keys_and_by_the_mouse(composing: Composing) -> None:
    page = composing.desk.open(composing.path, viewport={"width": 1280, "height": 1400})
    down = page.locator(f"#down-{composing.ids['a']}")
    down.click()
    expect(page.locator("#said")).to_have_text("Item a, now 2 of 3 in Statutory")
    expect(down).to_be_focused()
    assert composing.order() == ["bac", "d"]

    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#said")).to_have_text("Item a, now 3 of 3 in Statutory")
    expect(down).to_be_focused()
    assert composing.order() == ["bca", "d"]

    handle = page.locator(f"#item-{composing.ids['b']} [data-handle]")
    handle.hover()
    page.mouse.down()
    there = page.locator(f"#item-{composing.ids['d']}").bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + 40, there["y"] + 10, steps=8)
    page.mouse.move(there["x"] + 40, there["y"] + there["height"] - 4, steps=8)
    page.mouse.up()
    expect(page.locator("#said")).to_have_text(re.compile("Item b, now . of 2 in Online"))
    assert composing.order()[0] == "ca"

    page.locator("#undo-order").click()
    expect(page.locator("#said")).to_have_text("Taken back.")
    assert composing.order() == ["bca", "d"]


def test_an_item_is_edited_in_its_place_and_saved_by_itself(composing: Composing) -> None:
    page = composing.desk.open(composing.path)
    composing.open_item(page, "b")
    page.get_by_label("Title", exact=True).fill("A better title")
    page.locator(f"{FORM} .rich-text-body").click()  # leaving a field saves it
    expect(page.locator("[data-state]")).to_contain_text("Saved")
    assert composing.title("b") == "A better title"
    page.keyboard.type("Some words")
    # What is moved meanwhile leaves the form, and what is typed in it, as it is.
    page.locator(f"#down-{composing.ids['a']}").click()
    expect(page.locator("#said")).to_contain_text("Item a, now 2 of 3")
    expect(page.locator(f"{FORM} .rich-text-body")).to_have_text("Some words")
    page.get_by_role("link", name="Done").click()
    expect(page.locator(FORM)).to_have_count(0)
    expect(page.locator(f"[data-open='{composing.ids['b']}']")).to_be_focused()
    item = composing.services.library.item(composing.ids["b"])
    assert item.draft.body == "Some words"


def test_two_browsers_edit_one_item_and_neither_loses_text(composing: Composing) -> None:
    mine = composing.desk.open(f"{composing.path}?item={composing.ids['a']}")
    theirs = composing.desk.open(f"{composing.path}?item={composing.ids['a']}", UserRole.AUTHOR)
    for page in (mine, theirs):
        expect(page.locator(f"{FORM} .rich-text-body")).to_be_visible()
    theirs.get_by_label("Source").fill("DfE")
    theirs.get_by_label("Title", exact=True).fill("Theirs")
    theirs.keyboard.press("Control+s")
    expect(theirs.locator(f"[data-open='{composing.ids['a']}']")).to_have_text("Theirs")

    mine.get_by_label("Title", exact=True).fill("Mine")
    mine.keyboard.press("Control+s")
    clash = mine.locator("[data-clash]")
    expect(clash).to_contain_text("author@school.example changed this while you were writing")
    expect(clash.locator("ins")).to_contain_text(["Mine", "Theirs"])
    expect(mine.get_by_label("Title", exact=True)).to_have_value("Mine")
    assert composing.title("a") == "Theirs"

    mine.get_by_label("Title", exact=True).fill("Mine and theirs")
    clash.get_by_label("Yours, as it stands below").check()
    clash.get_by_role("button", name="Save what I chose").click()
    expect(mine.locator("[data-clash]")).to_have_count(0)
    draft = composing.services.library.item(composing.ids["a"]).draft
    assert (draft.title, draft.source) == ("Mine and theirs", "DfE")
    before = composing.services.library.history(composing.ids["a"])[-1].changes
    assert "Theirs" in str(before)  # nothing is gone: it is a step back


@pytest.fixture
def restartable(services: Services, chromium: Browser) -> Iterator[tuple[Composing, ExitStack]]:
    """The desk behind a server that a test ends: `close` of the stack."""
    with ExitStack() as server, ExitStack() as contexts:
        address = server.enter_context(serving(services))
        desk = DeskBrowser(address, services, chromium, [])
        contexts.callback(lambda: [context.close() for context in desk.contexts])
        yield _composing(desk, services), server


def test_a_restart_of_the_server_in_mid_edit_loses_nothing_that_was_typed(
    restartable: tuple[Composing, ExitStack],
) -> None:
    composing, server = restartable
    page = composing.desk.open(f"{composing.path}?item={composing.ids['a']}")
    expect(page.locator(f"{FORM} .rich-text-body")).to_be_visible()
    server.close()
    page.get_by_label("Title", exact=True).fill("Typed while it was down")
    page.get_by_label("Source").click()
    state = page.locator("[data-state]")
    expect(state).to_contain_text("Not saved. Trying again. Your text is safe on this computer.")
    port = int(composing.desk.address.rpartition(":")[2])
    with serving(composing.services, port):
        expect(state).to_contain_text("Saved")
        assert composing.title("a") == "Typed while it was down"
        page.goto("about:blank")


def signing_out_unsaved(composing: Composing) -> Page:
    """Somebody typed what no server takes, and asks to be signed out."""
    page = composing.desk.open(f"{composing.path}?item={composing.ids['a']}")
    expect(page.locator(f"{FORM} .rich-text-body")).to_be_visible()
    page.route("**/edit", lambda route: route.abort())
    page.locator(f"{FORM} .rich-text-body").click()
    page.keyboard.type("Never saved")
    expect(page.locator("[data-state]")).to_contain_text("Not saved. Trying again")
    page.locator("summary.name").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    return page


def test_text_that_never_reached_the_server_is_offered_when_the_item_is_opened_again(
    composing: Composing,
) -> None:
    page = signing_out_unsaved(composing)
    page.get_by_role("dialog").get_by_role("button", name="Stay signed in").click()
    page.unroute("**/edit")
    # As after a crash: the page has no chance to do anything more.
    again = page.context.new_page()
    again.goto(f"{composing.path}?item={composing.ids['a']}")
    page.close()
    expect(again.locator("[data-offer]")).to_contain_text("You have text here that was not saved")
    again.get_by_role("button", name="Use it").click()
    expect(again.locator(f"{FORM} .rich-text-body")).to_have_text("Never saved")
    expect(again.locator("[data-state]")).to_contain_text("Saved")
    assert composing.services.library.item(composing.ids["a"]).draft.body == "Never saved"


def test_who_signs_out_leaves_no_text_on_the_computer(composing: Composing) -> None:
    page = signing_out_unsaved(composing)
    page.get_by_role("button", name="Delete it and sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_opening_words_take_merge_fields_by_a_button(composing: Composing) -> None:
    page = composing.desk.open(f"{composing.path}/words")
    expect(page.locator(".rich-text-body")).to_have_count(2)
    page.get_by_role("button", name="First name").first.click()
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("Saved")
    assert composing.services.drafting.issue(str(composing.issue)).intro == "{{first_name}}"


def test_two_hundred_items_and_endless_words_fit_a_phone(composing: Composing) -> None:
    for letter in ("a", "d"):
        composing.services.composing.rename_topic(
            str(composing.issue),
            "Statutory" if letter == "a" else "Online",
            f"{letter}{'x' * 300}",
            "test",
        )
    reading = composing.services.composing
    reading.add_new(str(composing.issue), "y" * 5_000, "Many", "test")
    page = composing.desk.open(composing.path, viewport={"width": 320, "height": 700})
    expect(page.locator("#contents")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("[data-handle]:visible").count() == 0
