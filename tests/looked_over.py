"""A page that is open, looked over by axe-core: by day and by night, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Rules whose answer depends on colours or on the room there is. The others see the same each time.
BY_LOOK = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
NARROW, WIDE = 320, 1280


class Look(NamedTuple):
    """rules: those that axe asks; all, unless some are named."""

    scheme: Literal["light", "dark"]
    width: int
    rules: tuple[str, ...] = ()


LOOKS = (
    Look("light", WIDE), Look("dark", WIDE, BY_LOOK),
    Look("dark", NARROW), Look("light", NARROW, BY_LOOK),
)  # fmt: skip


def wrong_with(page: Page, looks: Iterable[Look] = LOOKS, but: Iterable[str] = ()) -> list[str]:
    """What is wrong with a page, in each look. but: rules that are not asked."""
    found: list[str] = []
    page.evaluate(Axe().axe_script)
    for look in looks:
        page.emulate_media(color_scheme=look.scheme)
        found += sideways(page, look.width)
        answer = page.evaluate("(options) => axe.run(document, options)", _options(look, but))
        found += [
            f"{one['id']}: {one['nodes'][0]['html'][:160]} ({look.scheme}, {look.width} px)"
            for one in answer["violations"]
        ]
    return found


def sideways(page: Page, width: int) -> list[str]:
    """Lays the page out at a width; says so if that is not enough."""
    page.set_viewport_size({"width": width, "height": 800})
    needs = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways at {width} px, to {needs}"] if needs > width else []


def _options(look: Look, but: Iterable[str]) -> dict[str, Any]:
    rules = {"rules": {name: {"enabled": False} for name in but}}
    return {"resultTypes": ["violations"], **rules} | (
        {"runOnly": list(look.rules)} if look.rules else {}
    )
