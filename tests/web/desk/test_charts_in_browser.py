"""Charts of tables, in a real browser: drawn beside the figures, which stay."""

from __future__ import annotations

import pytest
from bare_page import bare_page
from playwright.sync_api import Browser, Page, expect

_ROWS = [("England", "1,200", "40"), ("Wales", "300", "0")]


def _figure(kind: str, columns: int) -> str:
    names = ("Nation", "Delivered", "Bounced")[: columns + 1]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><th>{row[0]}</th>{''.join(f'<td>{one}</td>' for one in row[1 : columns + 1])}</tr>"
        for row in _ROWS
    )
    return f"""<figure data-behaviour="chart"><table class="table" data-chart="{kind}">
<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></figure>"""


def _bars(page: Page) -> list[list[int]]:
    """Widths of the pieces of each row, in hundredths of the widest row."""
    widths = page.locator(".chart tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.querySelectorAll("td")]
               .map(cell => cell.getBoundingClientRect().width))"""
    )
    most = max(sum(row) for row in widths)
    return [[round(100 * width / most) for width in row] for row in widths]


@pytest.mark.parametrize(
    ("kind", "columns", "drawn"),
    [("bar", 1, [[100], [25]]), ("stacked", 2, [[97, 3], [24, 0]])],
)
def test_bars_are_as_long_as_their_figures_and_the_table_stays(
    chromium: Browser, kind: str, columns: int, drawn: list[list[int]]
) -> None:
    with bare_page(chromium, _figure(kind, columns)) as page:
        expect(page.locator(".chart")).to_be_visible()
        assert _bars(page) == drawn
        expect(page.get_by_role("table")).to_have_count(1)
        expect(page.get_by_role("rowheader", name="England")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_chart_follows_its_table_and_goes_with_it(chromium: Browser) -> None:
    with bare_page(chromium, _figure("bar", 1)) as page:
        expect(page.locator(".chart")).to_be_visible()
        page.locator("figure > table td").nth(1).evaluate("cell => { cell.textContent = '600' }")
        expect(page.locator(".chart td").nth(1)).to_have_text("600")
        assert _bars(page) == [[100], [50]]
        page.locator("figure").evaluate("figure => figure.removeAttribute('data-behaviour')")
        expect(page.locator(".chart")).to_have_count(0)


def test_a_line_goes_from_figure_to_figure(chromium: Browser) -> None:
    with bare_page(chromium, _figure("line", 1)) as page:
        expect(page.locator(".chart")).to_be_visible()
        steps = page.locator(".chart td").evaluate_all(
            """cells => cells.map(cell => [
                   cell.style.getPropertyValue("--start"), cell.style.getPropertyValue("--end")])"""
        )
        assert steps == [["1", "1"], ["1", "0.25"]]
