"""axe-core in Chromium finds nothing wrong with an email (requirements 47, 48).

Two of its rules are about pages of a site, not of a message: landmarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser
from rendered import RENDERER, whole

from bulletin.composition import compose
from bulletin.models.editions import EditionContent, ReaderKind
from bulletin.models.issues import Length
from bulletin.rendering import Cutter
from example_issue import SENDER, example_issue
from looked_over import BY_LOOK, LOOKS, Look, wrong_with

ISSUE = example_issue(blocks=True)
COMPILED = Cutter(RENDERER.compile(ISSUE, SENDER))
OF_SITES = ("landmark-one-main", "region")


def edition(*roles: str) -> EditionContent:
    return COMPILED.cut(compose(ISSUE, ReaderKind(frozenset(roles))).visible)


def violations(
    chromium: Browser, html: str, looks: Iterable[Look] = (Look("light", 375),)
) -> list[str]:
    page = chromium.new_page()
    page.set_content(html)
    found = wrong_with(page, looks, OF_SITES)
    page.close()
    return found


def test_nothing_is_wrong_at_any_width_by_day_or_night(chromium: Browser) -> None:
    looks = [*LOOKS, Look("light", 375, BY_LOOK), Look("dark", 800), Look("light", 800, BY_LOOK)]
    assert violations(chromium, edition("dsl", "governor", "senco").html, looks) == []


@pytest.mark.parametrize("roles", [("dsl",), ("governor",), ("social_worker", "lado")])
def test_nothing_is_wrong_with_any_edition(chromium: Browser, roles: tuple[str, ...]) -> None:
    assert violations(chromium, edition(*roles).html) == []


@pytest.mark.parametrize("length", [Length.TOPICS, Length.EXCERPTS])
def test_nothing_is_wrong_with_a_shorter_form(chromium: Browser, length: Length) -> None:
    html = whole(replace(example_issue(10, 5, blocks=True), length=length)).html
    assert violations(chromium, html) == []


def test_nothing_is_wrong_where_a_mail_program_drops_the_style_element(chromium: Browser) -> None:
    """Requirement 50b: the essential look is inline."""
    html = re.sub(r"<style.*?</style>", "", edition("dsl").html, flags=re.DOTALL)
    assert "<style" not in html
    assert violations(chromium, html) == []


def test_what_is_wrong_is_found(chromium: Browser) -> None:
    html = (
        edition("dsl").html.replace("color:#8f3d00", "color:#f3cdb0").replace(' lang="en-GB"', "")
    )
    found = {line.partition(":")[0] for line in violations(chromium, html)}
    assert {"color-contrast", "html-has-lang"} <= found
