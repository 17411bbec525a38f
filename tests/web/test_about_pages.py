"""The pages about the site: true of this installation, and silent about what is not set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bulletin.errors import RenderingError
from bulletin.rendering import template_folders
from bulletin.settings import Settings, load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

PAGES = ("/accessibility", "/privacy", "/allow-listing")
FULL = {
    "from_email": "bulletin@school.example",
    "from_name": "Fernhill Partnership",
    "reply_to": "safeguarding@school.example",
    "postal_address": "1 Example Street, Fernhill FE1 1AA",
    "public_url": "https://bulletin.school.example",
    "dkim_selector": "s1",
    "sending_addresses": "192.0.2.10",
}


def shown(services: Services, page: str, **settings: object) -> html.HtmlElement:
    made = Services(services.settings.model_copy(update=settings))
    with TestClient(create_app(made), base_url="http://127.0.0.1") as client:
        answer = client.get(page)
    made.close()
    assert answer.status_code == 200
    return html.fromstring(answer.text)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_linked_from_the_foot_and_has_one_h1(browser: TestClient, page: str) -> None:
    assert f'href="{page}"' in browser.get("/nowhere").text
    document = html.fromstring(browser.get(page).text)
    levels = [int(heading.tag[1]) for heading in document.xpath("//main//h1|//main//h2")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert (document.findtext(".//title") or "").startswith(
        document.xpath("//h1")[0].text_content()
    )


def test_school_it_is_told_what_to_permit(services: Services) -> None:
    """Requirement 55."""
    text = shown(services, "/allow-listing", **FULL).text_content()
    for fact in (
        "bulletin@school.example", "school.example", "s1", "192.0.2.10",
        "https://bulletin.school.example", "bulletin.school.example/*",
        "dmarc=pass", "Authentication required",
    ):  # fmt: skip
        assert fact in text, fact


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_set_leaves_no_gap(services: Services, page: str) -> None:
    empty = dict.fromkeys(FULL, "") | {
        "from_name": "Bulletin",
        "public_url": "http://127.0.0.1:8025",
    }
    document = shown(services, page, **empty)
    text = document.text_content()
    for gap in ("{{", "{%", "None", "**", "| ", "()", " .", "selector"):
        assert gap not in text, gap
    assert document.xpath("//a[@href='mailto:']") == []
    for cell in document.xpath("//td"):
        assert cell.text_content().strip()


def test_privacy_names_the_controller_the_basis_the_periods_and_the_rights(
    services: Services,
) -> None:
    """Requirements 35-37, 41, 42, 45."""
    document = shown(services, "/privacy", **FULL)
    text = " ".join(document.text_content().split())
    for words in (
        "Fernhill Partnership decides what happens with your data", "1 Example Street",
        "article 6(1)(f)", "no tracking pixels", "set no cookies", "7 days", "30 days",
        "Unsubscribe from this bulletin", "Change what you get from us", "Information Commissioner",
        "which issues you acknowledged and when, which you did not", "whether mail to you fails",
        "365 days", "a letter to your own mailbox", "tell your old address",
    ):  # fmt: skip
        assert words in text, words
    assert document.xpath("//a[@href='mailto:safeguarding@school.example']")


def test_the_links_that_privacy_names_are_in_every_copy() -> None:
    """So that nobody looks for a link under another name."""
    template = (template_folders("email")[0] / "edition.mjml").read_text()
    for words in ("Change what you get from us", "Unsubscribe from this bulletin"):
        assert words in template


def test_no_page_of_the_site_sets_a_cookie(browser: TestClient) -> None:
    for page in (*PAGES, "/", "/subscribe", "/nowhere"):
        assert "set-cookie" not in browser.get(page).headers


@pytest.mark.parametrize(
    ("page", "broken", "line"),
    [
        ("privacy.md", "# Privacy\n\n{{ nmae }} is us.", 3),
        ("accessibility.md", "# Accessibility\n{% if contact %}\n{{ kontact }}\n{% endif %}", 3),
        ("allow-listing.md", "# IT\n{% if not selector %}\n\n{{ nobody }}\n{% endif %}", 4),
        ("privacy.md", "# Privacy\n{% if name %}", 2),
    ],
)
def test_a_broken_text_of_a_theme_is_refused_at_the_start_with_file_and_line(
    services: Services, tmp_path: Path, page: str, broken: str, line: int
) -> None:
    (tmp_path / "theme").mkdir()
    theme = tmp_path / "theme" / page
    theme.write_text(broken)
    made = Services(services.settings.model_copy(update={"theme_dir": theme.parent}))
    with pytest.raises(RenderingError, match=re.escape(f"{theme}, line {line}: ")):
        made.check_theme()


@given(
    name=st.text(min_size=1, max_size=60)
    | st.sampled_from(
        ["[x](javascript:alert(1))", "<script>", "# H", "{{7*7}}", "a|b", "1. *b*", "`c`", "&amp;"]
    )
)
def test_any_name_is_shown_as_it_is_and_never_as_markup(name: str) -> None:
    """Requirements 58, 59."""
    settings = load_settings(from_name="NAME", from_email="bulletin@school.example")
    _, plain = Services(settings).texts.page("privacy.md")
    named = settings.model_copy(update={"from_name": name})
    _, body = Services(named).texts.page("privacy.md")
    found, expected = html.fromstring(body), html.fromstring(plain)
    assert [element.tag for element in found.iter()] == [element.tag for element in expected.iter()]
    said = " ".join(name.split())
    if said and said.isprintable():
        assert found.text_content() == expected.text_content().replace("NAME", said)


def test_each_fact_for_school_it_stands_once() -> None:
    """The page has the steps, the document for admins what to set; neither can drift."""
    root = Path(__file__).parents[2]
    page = (root / "templates" / "pages" / "allow-listing.md").read_text()
    document = (root / "docs" / "for-school-it.md").read_text()
    for step in (
        "dmarc=pass", "Bypass spam filtering", "Safe Links", "Tenant Allow/Block Lists",
        "Authentication required", "Manage quarantines", "display name",
    ):  # fmt: skip
        assert step in page, step
        assert step not in document, step
    assert "templates/pages/allow-listing.md" in document
    settings = set(re.findall(r"BULLETIN_([A-Z_]+)", document))
    assert {name.lower() for name in settings} <= set(Settings.model_fields)
    assert {"DKIM_SELECTOR", "SENDING_ADDRESSES"} <= settings
