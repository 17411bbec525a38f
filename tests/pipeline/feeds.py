"""Feeds that a test writes, and sources that watch them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from xml.sax.saxutils import escape

from desks import Clock

from bulletin.fetching import Pace, WebClient
from bulletin.models.items import Item
from bulletin.models.web import Page, Web
from bulletin.pipeline.collect import Collecting
from bulletin.pipeline.looking import Look, Looking
from bulletin.pipeline.watching import Wanted, Watching
from bulletin.store.store import Store
from local_site import Site

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True)
class News:
    """An entry of a feed."""

    id: str
    title: str
    text: str
    link: str = ""


FILTERING = News(
    "1", "New guidance on filtering", "The Board has published new guidance for every school."
)
SURVEY = News(
    "2", "Governors asked about training", "A survey asks governors which training they need."
)
HELPLINE = News(
    "3", "A helpline opens at weekends", "From January the duty team answers on Saturdays, too."
)


def rss(*entries: News, title: str = "Example Board") -> str:
    """An RSS feed with these entries."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><description>{escape(one.text)}</description>"
        + (f'<guid isPermaLink="false">{escape(one.id)}</guid>' if one.id else "")
        + (f"<link>{escape(one.link)}</link>" if one.link else "")
        + "<pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate></item>"
        for one in entries
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>https://board.example/</link><description>News</description>{items}"
        "</channel></rss>"
    )


PAGE = """<!doctype html><html><head><title>News</title></head><body><main>
<h2>New guidance on filtering</h2>
<p>The Board has published new guidance on filtering for every school in the country.</p>
<p><a href="https://board.example/filtering">Read the guidance</a></p>
<h2>Governors asked about training</h2>
<p>A survey asks governors which training they need, and what has helped them so far.</p>
<p><a href="https://board.example/survey">Take part in the survey</a></p>
</main></body></html>"""
LONGER_PAGE = PAGE.replace(
    "<main>",
    "<main><h2>A helpline opens at weekends</h2><p>From January the duty team answers on "
    "Saturdays, too, and on Sundays in term time.</p>"
    '<p><a href="https://board.example/helpline">Save the number</a></p>',
)


class Answers:
    """A web that says what it is told to, or does it."""

    def __init__(self, answer: Callable[[str], Page]) -> None:
        self._answer = answer
        self.conditions: list[Mapping[str, str]] = []

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        self.conditions.append(headers or {})
        return self._answer(url)

    def head(self, url: str) -> Page:
        return self._answer(url)


def answering(body: str, status: int = 200, **headers: str) -> Callable[[str], Page]:
    """What answers every address so."""
    return lambda url: Page(url, status, headers, body.encode())


class Newsroom:
    """Watched sources over a store, on a site of this machine, with a clock the test moves."""

    def __init__(self, store: Store, clock: Clock, site: Site) -> None:
        self.store = store
        self.clock = clock
        self.site = site
        self.web: Web = WebClient(
            agent="Bulletin (tests)",
            context=NOBODY,
            private=[ip_network("127.0.0.1")],
            pace=Pace(0),
        )
        self.looking = self.another(self.web)
        self.watching = Watching(store, self.looking, every_minutes=60)

    def another(self, web: Web) -> Looking:
        """What looks at sources in another process, over a web of its own."""
        return Looking(self.store, web, Collecting(self.store), chance=lambda: 0.0)

    def add(self, path: str = "/feed", **wanted: object) -> Look:
        return self.watching.add(self.site.url(path), Wanted(**wanted), "dsl@school.example")  # type: ignore[arg-type]

    def due(self) -> list[Look]:
        """Look at whatever is due."""
        return list(self.looking.due())

    def items(self) -> list[Item]:
        """The library, oldest first."""
        with self.store.read() as tx:
            return sorted(tx.items.list_items(ids=list(range(1, 100))), key=lambda item: item.id)

    def titles(self) -> list[str]:
        return [item.draft.title for item in self.items()]
