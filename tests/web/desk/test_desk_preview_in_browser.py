"""In Chromium, the preview follows every save, keeps one's place, and runs no script."""

from __future__ import annotations

import pytest
from at_desk import DeskBrowser
from playwright.sync_api import Frame, Page, expect
from previewed import an_issue, enrol

from bulletin.models.items import ItemDraft
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.wiring import Services

LONG = tuple(
    (ItemDraft(f"Item {number}", body="Words of news. " * 60), PlacingOptions(topic="News"))
    for number in range(1, 13)
)
LOADED = "document.querySelectorAll('.preview-stage iframe:not(.coming)').length === 1"


def email(page: Page) -> Frame:
    """What is in the frame, once it is whole."""
    page.wait_for_function(f"() => {LOADED}")
    handle = page.wait_for_selector(".preview-stage iframe:not(.coming)")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    return frame


def saved(services: Services, page: Page, item: int, title: str) -> None:
    """Change an item, and say so as the composer does after a save."""
    services.editing.revise(item, lambda old: changed(old, ItemChanges(title=title)), "test")
    page.evaluate(
        "item => document.dispatchEvent(new CustomEvent('issue-changed', {detail: {item}}))", item
    )


def at(page: Page, script: str) -> float:
    """A figure of the frame's own document, read from outside."""
    found: float = page.evaluate(
        "script => {const frame = document.querySelector('.preview-stage iframe:not(.coming)');"
        "const page = frame.contentDocument;"
        "const top = name => page.querySelector(`a[name='${name}']`).getBoundingClientRect().top;"
        "const scroller = page.scrollingElement;"
        f"return {script};}}", script,
    )  # fmt: skip
    return found


def test_a_save_is_shown_where_the_reader_is_and_never_as_an_empty_frame(
    desk_browser: DeskBrowser,
) -> None:
    number, ids = an_issue(desk_browser.services, LONG)
    page = desk_browser.open(f"/app/issues/{number}/preview?role=dsl&nation=England")
    email(page)
    at(page, f"scroller.scrollTop += top('i{ids[6]}') - 40")
    before = at(page, f"top('i{ids[6]}')")
    page.evaluate(
        f"""() => {{
          window.fewest = 1;
          const look = () => {{
            window.fewest = Math.min(window.fewest, {LOADED} ? 1 : 0);
            requestAnimationFrame(look);
          }};
          look();
        }}"""
    )
    longer = ItemChanges(body="More words than there were. " * 200)
    desk_browser.services.editing.revise(ids[2], lambda old: changed(old, longer), "test")
    saved(desk_browser.services, page, ids[6], "Seven, as it is now")
    expect(
        page.frame_locator(".preview-stage iframe:not(.coming)").locator("body")
    ).to_contain_text("Seven, as it is now")
    assert at(page, f"top('i{ids[6]}')") == pytest.approx(before, abs=2)
    assert page.evaluate("window.fewest") == 1


def test_the_item_that_was_edited_comes_into_sight_and_the_page_around_stays(
    desk_browser: DeskBrowser,
) -> None:
    number, ids = an_issue(desk_browser.services, LONG)
    page = desk_browser.open(f"/app/issues/{number}/preview?role=dsl&nation=England")
    email(page)
    saved(desk_browser.services, page, ids[10], "The eleventh, mended")
    expect(
        page.frame_locator(".preview-stage iframe:not(.coming)").locator("body")
    ).to_contain_text("The eleventh, mended")
    assert 0 <= at(page, f"top('i{ids[10]}')") <= at(page, "frame.clientHeight")
    assert page.evaluate("scrollY") == 0


def test_another_role_is_shown_at_once_and_kept_in_the_address(desk_browser: DeskBrowser) -> None:
    number, _ = an_issue(desk_browser.services)
    enrol(desk_browser.services, "governor@school.example", "governor", nation="England")
    page = desk_browser.open(f"/app/issues/{number}/preview?role=dsl&nation=England")
    assert "For leads" in email(page).content()
    page.get_by_role("checkbox", name="Governor", exact=True).check()
    expect(page.locator("[data-summary]")).to_have_text(
        "3 of 4 items for DSL + Governor in England"
    )
    page.reload()
    expect(page.get_by_role("checkbox", name="Governor", exact=True)).to_be_checked()
    assert "For governors" in email(page).content()
    assert page.get_by_role("button", name="Show this edition").is_hidden()


def test_it_works_without_script(desk_browser: DeskBrowser) -> None:
    number, _ = an_issue(desk_browser.services)
    enrol(desk_browser.services, "governor@school.example", "governor", nation="England")
    page = desk_browser.open(
        f"/app/issues/{number}/preview?role=dsl&nation=England", java_script_enabled=False
    )
    page.get_by_role("checkbox", name="Governor", exact=True).check()
    page.get_by_label("As", exact=True).select_option("Plain text")
    page.get_by_role("button", name="Show this edition").click()
    expect(page.frame_locator("iframe").locator("pre")).to_contain_text("For governors")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_light_and_dark_are_the_editors_choice_whatever_the_desk_is(
    desk_browser: DeskBrowser, system: str
) -> None:
    number, _ = an_issue(desk_browser.services)
    background = "getComputedStyle(page.querySelector('.w')).backgroundColor"
    for dark, colour in ((0, "rgb(255, 255, 255)"), (1, "rgb(20, 25, 27)")):
        page = desk_browser.open(
            f"/app/issues/{number}/preview?role=dsl&nation=England&dark={dark}",
            color_scheme=system,
        )
        email(page)
        assert at(page, background) == colour


def test_no_script_runs_in_the_frame(desk_browser: DeskBrowser) -> None:
    vector = "<img src=x onerror='parent.broken = 1'><script>parent.broken = 1</script>"
    items = [(ItemDraft(vector, body=vector, source=vector), PlacingOptions(topic=vector))]
    number, _ = an_issue(desk_browser.services, items)
    page = desk_browser.open(f"/app/issues/{number}/preview?role=dsl&nation=England")
    email(page)
    page.evaluate(
        """() => {
          const page = document.querySelector('.preview-stage iframe').contentDocument;
          const script = page.createElement('script');
          script.textContent = 'parent.broken = 1';
          page.body.append(script);
          page.body.insertAdjacentHTML('beforeend', '<a onclick="parent.broken = 1">x</a>');
          page.body.lastElementChild.click();
        }"""
    )
    assert page.evaluate("'broken' in window") is False


def test_the_frame_is_named_and_scrolls_by_keyboard(desk_browser: DeskBrowser) -> None:
    number, _ = an_issue(desk_browser.services, LONG)
    page = desk_browser.open(f"/app/issues/{number}/preview?role=dsl&nation=England")
    email(page)
    frame = page.locator(".preview-stage iframe")
    expect(frame).to_have_attribute("title", "Email on a desktop, for DSL in England")
    frame.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "() => document.querySelector('.preview-stage iframe').contentDocument"
        ".scrollingElement.scrollTop > 500"
    )
