"""Visiting: the news at a web address, fetched once through the guard that every fetch takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bulletin.errors import AddressRefused, InvalidInput, Unreachable
from bulletin.fetching import WebClient
from bulletin.pipeline.visiting import Visiting
from bulletin.sources import SourceFormat
from local_site import Site

ARTICLE = """<html><head><meta property="og:site_name" content="Schlüssel und Café">
<meta property="article:published_time" content="2026-05-03"></head><body><h1>Doors</h1>
<p>Doors are shut at nine.</p><p><a href="report.pdf">Read the report</a></p></body></html>"""
FEED = (
    "<rss version='2.0'><channel><title>Keyhole</title><item><title>Doors</title>"
    "<description>Doors are shut at nine.</description></item></channel></rss>"
)

Make = Callable[..., WebClient]


def test_a_page_is_read_in_the_charset_it_was_served_with(client: Make, local: Site) -> None:
    local.says("/news/a", ARTICLE.encode("latin-1"), Content_Type="text/html; charset=iso-8859-1")
    (item,) = Visiting(client()).news_at(local.url("/news/a")).items

    assert (item.source, item.published) == ("Schlüssel und Café", date(2026, 5, 3))


def test_links_of_a_page_that_moved_are_those_of_where_it_is_now(client: Make, local: Site) -> None:
    local.leads("/old", "/news/a")
    local.says("/news/a", ARTICLE, Content_Type="text/html; charset=utf-8")
    (item,) = Visiting(client()).news_at(local.url("/old")).items

    assert local.url("/news/report.pdf") in {action.url for action in item.actions}


def test_a_feed_is_read_whatever_it_says_that_it_is(client: Make, local: Site) -> None:
    local.says("/feed", FEED, Content_Type="text/html")
    reading = Visiting(client()).news_at(local.url("/feed"))

    assert [item.title for item in reading.items] == ["Doors"]
    assert reading.title == "Keyhole"


def test_a_page_without_news_says_which_feed_to_add(client: Make, local: Site) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    local.says("/", f"<html><head>{head}</head><body><nav>Home</nav></body></html>")

    with pytest.raises(InvalidInput) as refused:
        Visiting(client()).news_at(local.url("/"))
    assert f"bulletin source add {local.url('/feed.xml')}" in refused.value.in_full


def test_a_page_without_news_or_feed_says_what_to_do(client: Make, local: Site) -> None:
    local.says("/", "<html><body><nav>Home</nav></body></html>")
    with pytest.raises(InvalidInput, match="copy the news and paste it"):
        Visiting(client()).news_at(local.url("/"))


def test_an_answer_that_is_no_page_is_refused_with_its_status(client: Make, local: Site) -> None:
    with pytest.raises(Unreachable, match="status 404"):
        Visiting(client()).news_at(local.url("/nowhere"))


def test_what_is_asked_for_as_a_feed_and_is_none_is_refused(client: Make, local: Site) -> None:
    local.says("/", ARTICLE)
    with pytest.raises(InvalidInput, match="no feed"):
        Visiting(client()).news_at(local.url("/"), SourceFormat.FEED)


def test_an_address_of_this_network_is_refused(client: Make, local: Site) -> None:
    with pytest.raises(AddressRefused):
        Visiting(client(private=[])).news_at(local.url("/"))
    assert local.asked == []
