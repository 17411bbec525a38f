"""A page that names its feeds is followed to them, as browsers do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.sources.formats.feed_links import feed_links, page_title

PAGE = "https://board.example/news/index.html"


def link(href: str, kind: str = "application/rss+xml", **more: str) -> str:
    words = " ".join(f'{name}="{value}"' for name, value in more.items())
    return f'<link rel="alternate" type="{kind}" href="{href}" {words}>'


def test_every_kind_of_feed_is_found_wherever_it_is_relative_to() -> None:
    html = (
        "<!doctype html><head>"
        + link("feed.xml")
        + link("/atom", "Application/Atom+XML")
        + link("https://other.example/feed.json", "application/feed+json")
        + link("feed.xml")
        + "</head>"
    )
    assert feed_links(html, PAGE) == [
        "https://board.example/news/feed.xml",
        "https://board.example/atom",
        "https://other.example/feed.json",
    ]


def test_a_page_that_says_what_its_links_are_relative_to_is_believed() -> None:
    html = '<base href="/de/"><link rel="ALTERNATE home" type="application/rss+xml" href="rss">'
    assert feed_links(html, PAGE) == ["https://board.example/de/rss"]


def test_the_feed_of_readers_comments_comes_last() -> None:
    html = link("/comments/feed/", title="Board: comments") + link("/feed/", title="Board")
    assert feed_links(html, PAGE)[0] == "https://board.example/feed/"


def test_what_is_no_feed_or_no_web_address_is_left_alone() -> None:
    html = (
        link("/page.pdf", "application/pdf")
        + link("javascript:alert(1)")
        + link("file:///etc/passwd")
        + link("http://[::1")
        + '<link rel="stylesheet" type="application/rss+xml" href="/x">'
        + '<a rel="alternate" type="application/rss+xml" href="/y">RSS</a>'
    )
    assert feed_links(html, PAGE) == []


def test_a_feed_names_no_other() -> None:
    assert feed_links('<?xml version="1.0"?><rss>' + link("/other.xml") + "</rss>", PAGE) == []


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<head><title>\n News &amp;\n views </title></head><h1>Doors</h1>", "News & views"),
        ("<title>One</title><title>Two</title>", "One"),
        ("<body><svg><title>An arrow</title></svg></body>", ""),
        ("<h1>Doors</h1>", ""),
        ("<title></title>", ""),
    ],
)
def test_a_page_is_called_what_its_head_calls_it(html: str, title: str) -> None:
    assert page_title(html) == title


def test_the_title_of_a_page_is_read_in_the_charset_it_was_served_with() -> None:
    assert (
        page_title("<title>Schl\u00fcssel</title>".encode("latin-1"), "iso-8859-1") == "Schlüssel"
    )


@given(st.text(), st.text())
def test_any_text_is_searched_without_fault(html: str, href: str) -> None:
    found = feed_links(f"<p>{html}" + link(href), PAGE)
    assert all(address.startswith(("http://", "https://")) for address in found)
