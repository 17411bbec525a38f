"""Keys press buttons that are on the page, letters only in a list; nothing is lost by accident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bare_page import bare_page
from playwright.sync_api import Browser, Page, Route, expect

LIST = """
<form><input data-filter aria-label="Filter">
<button data-key="save" type="button">Save</button></form>
<ul class="items" id="list" data-keys>
<li id="one"><a data-open href="#one-open">One</a>
<button type="button" data-key="x">Reject</button>
<button type="button" data-key="up">Up</button></li>
<li id="two"><input type="checkbox" data-select aria-label="Select">
<a data-open href="#two-open">Two</a>
<button type="button" data-key="x">Reject</button></li>
<li id="three"><a data-open href="#three-open">Three</a>
<button type="button" data-key="x">Reject</button></li>
</ul>
<p id="after"><button type="button">After</button></p>
<p id="pressed"></p>
"""
_LISTEN = """document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("li");
  document.getElementById("pressed").textContent += `${row?.id ?? ""} ${button.dataset.key}; `;
})"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with bare_page(chromium, LIST) as shown:
        shown.evaluate(_LISTEN)
        yield shown


def pressed(page: Page) -> str:
    return page.locator("#pressed").inner_text().strip("; ")


def in_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('[id]')?.id ?? ''"))


def test_j_and_k_go_through_the_rows_and_stay_within_them(page: Page) -> None:
    page.keyboard.press("j")
    assert in_focus(page) == "one"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert in_focus(page) == "three"
    page.keyboard.press("k")
    assert in_focus(page) == "two"


def test_a_letter_presses_the_button_of_the_row_in_focus_and_enter_opens_it(page: Page) -> None:
    page.locator("#two a").focus()
    page.keyboard.press("x")
    assert pressed(page) == "two x"
    page.keyboard.press("Enter")
    assert page.url.endswith("#two-open")


def test_a_letter_does_nothing_outside_the_list_or_in_a_field(page: Page) -> None:
    page.locator("#after button").focus()
    page.keyboard.press("x")
    page.keyboard.press("/")
    page.keyboard.type("jx?")
    assert page.locator("[data-filter]").input_value() == "jx?"
    assert pressed(page) == ""


def test_letters_can_be_switched_off_and_keys_with_ctrl_go_on(page: Page) -> None:
    page.evaluate("document.documentElement.dataset.letters = 'off'")
    page.locator("#one a").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    assert in_focus(page) == "one"
    page.keyboard.press("Control+s")
    page.keyboard.press("Alt+ArrowUp")
    assert pressed(page) == "save; one up"


def test_space_selects_the_row_and_still_presses_a_button_that_has_the_focus(page: Page) -> None:
    page.locator("#two a").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.locator("#two button").focus()
    page.keyboard.press("Space")
    assert pressed(page) == "two x"


def answer_with_less(asked: Route) -> None:
    _, rest = LIST.split('<li id="two"')
    third = '<li id="three"' + rest.split('<li id="three"')[1]
    rows = f'<ul class="items" id="list" data-keys>{third.partition("</ul>")[0]}</ul>'
    asked.fulfill(body=rows, content_type="text/html")


def test_the_focus_stays_in_the_list_when_its_row_has_gone(chromium: Browser) -> None:
    rows = LIST.replace(
        '<button type="button" data-key="x">Reject</button></li>\n<li id="three">',
        '<button type="button" data-key="x" hx-post="/x" hx-target="#list" hx-swap="outerHTML">'
        'Reject</button></li>\n<li id="three">',
    )
    with bare_page(chromium, rows, answer_with_less) as page:
        page.locator("#two a").focus()
        page.keyboard.press("x")
        expect(page.locator("#two")).to_have_count(0)
        expect(page.locator("#three a")).to_be_focused()


MENU = """<details class="menu" data-behaviour="menu"><summary class="button">More</summary>
<div class="menu-list"><a href="#a">One</a></div></details>
<button type="button" command="show-modal" commandfor="ask">Cancel the sending</button>
<dialog class="dialog" id="ask" aria-labelledby="ask-title"><h2 id="ask-title">Cancel?</h2>
<button type="button" command="close" commandfor="ask">Keep sending</button></dialog>
<form data-behaviour="guarded"><textarea aria-label="Text"></textarea></form>
<div class="notices" id="notices"></div>
<template id="notice-model"><div class="notice" data-behaviour="notice"><p></p>
<button type="button" data-close hidden>Close</button></div></template>"""


def test_escape_closes_menus_and_dialogs_and_gives_the_focus_back(chromium: Browser) -> None:
    with bare_page(chromium, MENU) as page:
        page.get_by_text("More").click()
        page.get_by_role("link", name="One").focus()
        page.keyboard.press("Escape")
        expect(page.locator("details")).not_to_have_attribute("open", "")
        expect(page.locator("summary")).to_be_focused()
        page.get_by_role("button", name="Cancel the sending").press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("button", name="Cancel the sending")).to_be_focused()


def test_a_notice_is_read_out_and_stays_until_it_is_closed(chromium: Browser) -> None:
    with bare_page(chromium, MENU) as page:
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('desk:notice', {detail: {text: 'Not saved.'}}))"
        )
        expect(page.locator("#said")).to_have_text("Not saved.")
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".notice")).to_have_count(0)


def test_leaving_asks_while_something_is_unsaved(chromium: Browser) -> None:
    with bare_page(chromium, MENU) as page:
        leaving = "window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
        assert page.evaluate(leaving) is True
        page.get_by_label("Text").fill("Unsaved words")
        assert page.evaluate(leaving) is False


SIGN_IN = """<h2 id="sign-in-again">Sign in to go on</h2><form method="post" action="/app/sign-in">
<label>Password <input name="password" type="password"></label><button>Sign in</button></form>"""


def test_signing_in_again_within_the_page_keeps_what_was_typed_and_sends_it(
    chromium: Browser,
) -> None:
    tokens: list[str] = []

    def answer(asked: Route) -> None:
        request = asked.request
        if request.url.endswith("/sign-in"):
            right = request.post_data == "password=right"
            asked.fulfill(
                status=204 if right else 422, body="" if right else SIGN_IN,
                headers={"X-CSRF-Token": "a new token"} if right else {},
                content_type="text/html",
            )  # fmt: skip
            return
        tokens.append(request.headers["x-csrf-token"])
        is_in = tokens[-1] == "a new token"
        asked.fulfill(
            status=200 if is_in else 401, content_type="text/html",
            body=f"<p id='kept'>{request.post_data}</p>" if is_in else SIGN_IN,
        )  # fmt: skip

    form = """<form hx-post="/save" hx-target="#out"><textarea name="text" aria-label="Text">
</textarea><button>Save</button></form><p id="out"></p>"""
    with bare_page(chromium, form, answer) as page:
        page.get_by_label("Text").fill("words")
        page.get_by_role("button", name="Save").click()
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_label("Password")).to_have_value("")
        page.get_by_label("Password").fill("right")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#kept")).to_contain_text("text=words")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert tokens == ["the token of the session", "a new token"]
