"""The Atom feed, against what RFC 4287 requires of one."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from published import send

from bulletin.models.brand import Brand
from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.publish import Listed
from bulletin.web.pages import Site
from bulletin.web.public.feed import feed
from bulletin.wiring import Services

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = Site("Bulletin & Co", "", "", "https://bulletin.school.example", Brand())


def parsed(text: str) -> ET.Element:
    root = ET.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    return root


def check(element: ET.Element) -> None:
    """RFC 4287 sections 4.1.1 and 4.1.2: exactly one id, title and updated, at least one author."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert element.findtext(f"{ATOM}author/{ATOM}name")
    assert (element.findtext(f"{ATOM}id") or "").startswith(("http://", "https://"))
    moment = datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
    assert moment.tzinfo is not None
    for link in element.findall(f"{ATOM}link"):
        assert link.get("href", "").startswith(("http://", "https://"))


def test_the_feed_lists_public_issues_with_absolute_addresses(
    services: Services, browser: TestClient
) -> None:
    send(services, "December", standfirst="Before the holidays.")
    send(services, "January")
    send(services, "Private", visibility=Visibility.PRIVATE)
    answer = browser.get("/feed.xml")
    assert answer.headers["content-type"] == "application/atom+xml"
    root = parsed(answer.text)
    check(root)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["January", "December"]
    for entry in entries:
        check(entry)
    december = entries[1]
    assert december.findtext(f"{ATOM}summary") == "Before the holidays."
    content = december.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<li>Record keeping</li>" in (content.text or "")
    address = f"{services.settings.public_url}/issues/december"
    assert december.findtext(f"{ATOM}id") == address
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == (  # type: ignore[union-attr]
        f"{services.settings.public_url}/feed.xml"
    )


def test_a_feed_without_issues_is_still_a_feed(browser: TestClient) -> None:
    root = parsed(browser.get("/feed.xml").text)
    check(root)
    assert root.findall(f"{ATOM}entry") == []


def test_titles_with_markup_in_them_are_text(services: Services, browser: TestClient) -> None:
    draft = ItemDraft("1 < 2 & <b>bold</b> ]]>")
    send(services, "A & B <i>", items=[(draft, PlacingOptions())])
    root = parsed(browser.get("/feed.xml").text)
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "A & B <i>"
    content = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "<li>1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt; ]]&gt;</li>" in content


LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=60)


@given(title=LINE, standfirst=LINE, lines=st.lists(LINE, max_size=4))
def test_any_line_of_text_comes_through_the_feed_as_it_is(
    title: str, standfirst: str, lines: list[str]
) -> None:
    sent_at = datetime.fromisoformat("2026-12-01T07:30:00+00:00")
    listed = Listed("december", title, standfirst, "A & B", sent_at, tuple(lines))
    entry = parsed(feed([listed], SITE)).find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "") == title
    assert (entry.findtext(f"{ATOM}summary") or "") == standfirst
    assert (entry.findtext(f"{ATOM}content") or "").count("<li>") == len(lines)


@pytest.mark.parametrize("address", ["/", "/feed.xml"])
def test_every_page_that_lists_issues_names_the_feed(browser: TestClient, address: str) -> None:
    assert "/feed.xml" in browser.get(address).text
