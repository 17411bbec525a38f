"""The desk's script in a real browser: behaviours, parts of pages exchanged, the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from bare_page import bare_page
from playwright.sync_api import Browser, Route, expect

_FORM = """<form method="post" action="/save" hx-post="/save" hx-target="#part" hx-swap="innerHTML">
<label for="name">Name</label><input id="name" name="name"><button>Save</button></form>
<div id="part">As it was</div>"""


def _answer(status: int, body: str, asked: list[Route] | None = None) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        if asked is not None:
            asked.append(route)
        route.fulfill(status=status, body=body, content_type="text/html")

    return answer


def test_a_change_through_htmx_carries_the_token_of_the_session(chromium: Browser) -> None:
    asked: list[Route] = []
    with bare_page(chromium, _FORM, _answer(200, "Done", asked)) as page:
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#part")).to_have_text("Done")
    (route,) = asked
    assert route.request.headers["x-csrf-token"] == "the token of the session"


def test_a_refused_form_is_shown_and_its_summary_has_the_keyboard(chromium: Browser) -> None:
    refused = '<div class="error-summary" role="alert"><h2>Put right</h2></div>'
    with bare_page(chromium, _FORM, _answer(422, refused)) as page:
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".error-summary")).to_be_focused()


def test_a_new_page_in_place_of_the_old_one_begins_at_its_heading(chromium: Browser) -> None:
    link = '<a href="/next" hx-get="/next" hx-target="#main">Next</a>'
    with bare_page(chromium, link, _answer(200, "<h1>Next page</h1>")) as page:
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("heading", name="Next page")).to_be_focused()


def test_what_is_renewed_slowly_shows_a_spinner_over_its_content_and_then_none(
    chromium: Browser,
) -> None:
    waiting: list[Route] = []
    with bare_page(chromium, _FORM, waiting.append) as page:
        page.get_by_role("button", name="Save").click()
        part = page.locator("#part")
        expect(part).to_have_class("is-slow")
        expect(part).to_have_attribute("aria-busy", "true")
        expect(part).to_have_text("As it was")
        waiting[0].fulfill(body="Done", content_type="text/html")
        expect(part).to_have_text("Done")
        expect(part).not_to_have_attribute("aria-busy", "true")
        expect(part).not_to_have_class("is-slow")


def test_what_cannot_be_reached_is_said_and_what_was_typed_stays(chromium: Browser) -> None:
    with bare_page(chromium, _FORM, lambda route: route.abort()) as page:
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#said")).to_contain_text("could not be reached")
        expect(page.get_by_label("Name")).to_have_value("Ada")


def test_a_behaviour_starts_with_its_element_wherever_that_comes_from(chromium: Browser) -> None:
    summary = '<div class="error-summary" data-behaviour="focused">Put right</div>'
    with bare_page(chromium, "<p>Text</p>") as page:
        # As SortableJS, htmx or any script may put it there.
        page.evaluate(
            """html => {
                const made = new DOMParser().parseFromString(html, "text/html").body.firstChild;
                document.querySelector("main").append(made);
            }""",
            summary,
        )
        expect(page.locator(".error-summary")).to_be_focused()
