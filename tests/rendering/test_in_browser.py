"""What a browser makes of an edition: nothing to scroll sideways, and colours to be read by."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from rendered import whole

from example_issue import example_issue

HTML = whole(example_issue()).html
# The contrast of every piece of text with the nearest background behind it (WCAG 2.2, 1.4.3).
CONTRAST = """
() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = numbers(colour).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const clear = colour => numbers(colour)[3] === 0;
  const behind = element => {
    while (clear(getComputedStyle(element).backgroundColor)) element = element.parentElement;
    return getComputedStyle(element).backgroundColor;
  };
  const found = {};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim()) continue;
    const pair = [getComputedStyle(element).color, behind(element)];
    const [dark, bright] = pair.map(light).sort((a, b) => a - b);
    found[pair.join(' on ')] = (bright + 0.05) / (dark + 0.05);
  }
  return found;
}
"""


def shown(chromium: Browser, html: str, width: int = 375, scheme: str = "light") -> Page:
    page = chromium.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_content(html)
    return page


@pytest.mark.parametrize("width", [320, 375, 800])
def test_nothing_has_to_be_scrolled_sideways(chromium: Browser, width: int) -> None:
    """Requirement 48: reflow at 320 px, even with words that are longer than a line."""
    long = "w" * 300
    html = HTML.replace("Free webinar", long).replace(
        "The webinar lasts", f"https://a.example/{long}"
    )
    assert html.count(long) > 2
    page = shown(chromium, html, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_browser_takes_it_for_a_page_of_today_with_text_of_16_pixels(chromium: Browser) -> None:
    page = shown(chromium, HTML)
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    sizes = page.eval_on_selector_all(
        ".f p:not(.m), .f li", "all => [...new Set(all.map(e => getComputedStyle(e).fontSize))]"
    )
    assert sizes == ["16px"]


def test_the_title_is_smaller_on_a_telephone(chromium: Browser) -> None:
    size = "getComputedStyle(document.querySelector('h1')).fontSize"
    assert shown(chromium, HTML, 375).evaluate(size) == "27px"
    assert shown(chromium, HTML, 800).evaluate(size) == "34px"


@pytest.mark.parametrize(("scheme", "page"), [("light", "255, 255, 255"), ("dark", "20, 25, 27")])
def test_every_text_can_be_read_in_light_and_in_dark(
    chromium: Browser, scheme: str, page: str
) -> None:
    """Requirement 48: 4.5 to 1."""
    contrasts = shown(chromium, HTML, scheme=scheme).evaluate(CONTRAST)
    assert any(f"on rgb({page})" in pair for pair in contrasts)
    assert len(contrasts) >= 6
    assert {pair: ratio for pair, ratio in contrasts.items() if ratio < 4.5} == {}


def test_without_its_style_block_it_is_as_readable(chromium: Browser) -> None:
    """Requirement 50b: some clients take the style block away."""
    stripped = "".join(part.rpartition("<style")[0] for part in HTML.split("</style>")[:-1])
    stripped += HTML.rpartition("</style>")[2]
    assert "<style" not in stripped
    page = shown(chromium, stripped, 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert all(ratio >= 4.5 for ratio in page.evaluate(CONTRAST).values())
