"""Feeds that a test writes, and sources that watch them."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from ipaddress import ip_network
from xml.sax.saxutils import escape

from desks import Clock

from bulletin.fetching import Pace, WebClient
from bulletin.models.items import Item
from bulletin.models.web import Web
from bulletin.pipeline.collect import Collecting
from bulletin.pipeline.looking import Looked, Looking
from bulletin.pipeline.watching import Wanted, Watching
from bulletin.store.store import Store
from local_site import Site

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

    def add(self, path: str = "/feed", **wanted: object) -> Looked:
        return self.watching.add(self.site.url(path), Wanted(**wanted), "dsl@school.example")  # type: ignore[arg-type]

    def due(self) -> list[Looked]:
        """Look at whatever is due."""
        return list(self.looking.due())

    def items(self) -> list[Item]:
        """The library, oldest first."""
        with self.store.read() as tx:
            return sorted(tx.items.list_items(ids=list(range(1, 100))), key=lambda item: item.id)

    def titles(self) -> list[str]:
        return [item.draft.title for item in self.items()]
