"""Visiting: a web address is asked once for the news on it."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.errors import InvalidInput, Unreachable
from bulletin.models.items import Reading
from bulletin.models.lines import in_one_line
from bulletin.models.web import Page, Web
from bulletin.sources import SourceFormat, feed_links, page_title, read

_OK = 200


class Visiting:
    """Reads what is at web addresses."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def news_at(
        self,
        url: str,
        source_format: SourceFormat = SourceFormat.AUTO,
        *,
        columns: Mapping[str, str] | None = None,
    ) -> Reading:
        """The items at an address: a page, a feed or a file. columns: see `read`.

        Raises AddressRefused, Unreachable, and InvalidInput if it cannot be read or holds no news;
        of a page that names a feed it says which.
        """
        page = self.page_at(url)
        reading = read(
            page.body, source_format, charset=page.charset, url=page.url, columns=columns
        )
        if not reading.items:
            said, command = _advice(page)
            raise InvalidInput(
                f"No news was found at {in_one_line(page.url)}. {said}", command=command
            )
        return reading

    def page_at(self, url: str) -> Page:
        """What an address answers with. Raises AddressRefused or Unreachable."""
        page = self._web.get(url)
        if page.status != _OK:
            raise Unreachable(
                f"{in_one_line(page.url)} answered with status {page.status}. Open it in a "
                "browser, copy the news and paste it."
            )
        return page


def feeds_of(page: Page) -> list[str]:
    """The addresses of the feeds that a page names; none for what is no text."""
    try:
        return feed_links(page.body, page.url, page.charset)
    except InvalidInput:
        return []


def title_of(page: Page) -> str:
    """What a page calls itself, or "", also for what is no text."""
    try:
        return page_title(page.body, page.charset)
    except InvalidInput:
        return ""


def _advice(page: Page) -> tuple[str, str]:
    """What to do with a page without news, and the command that does it."""
    feeds = feeds_of(page)
    if not feeds:
        return "Open it in a browser, copy the news and paste it.", ""
    feed = in_one_line(feeds[0])
    return f"Its feed is {feed}: import that, or watch it.", f"Watch it: bulletin source add {feed}"
