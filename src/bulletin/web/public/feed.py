"""`/feed.xml`: the public issues as an Atom feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from lxml import etree
from lxml.builder import E, ElementMaker

from bulletin.models.issues import Issue
from bulletin.pipeline.publish import Listed
from bulletin.web.pages import Site
from bulletin.web.public.archive import listing
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

_NAMESPACE = "http://www.w3.org/2005/Atom"
_LATEST = 24  # two years of a monthly bulletin
# RFC 4287 section 4.1.1 wants a time even of a feed in which nothing has happened yet.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_atom = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE})


def router(services: Services, site: Site) -> APIRouter:
    routes = APIRouter()

    def build(issues: tuple[Issue, ...]) -> str:
        return feed(listing(services.publishing, issues), site)

    shelf = Shelf(build, "application/atom+xml", size=2)

    @routes.get("/feed.xml")
    def atom(request: Request) -> Response:
        return shelf.answer(request, services.publishing.archive()[:_LATEST])

    return routes


def feed(issues: list[Listed], site: Site) -> str:
    """The feed as XML, the latest issue first. Its ids are the addresses of the pages."""
    updated = max((issue.sent_at for issue in issues), default=_NEVER)
    document = _atom.feed(
        _atom.id(f"{site.public_url}/"),
        _atom.title(site.name),
        _atom.updated(updated.isoformat()),
        _atom.author(_atom.name(site.name)),
        _atom.link(rel="self", type="application/atom+xml", href=f"{site.public_url}/feed.xml"),
        _atom.link(rel="alternate", type="text/html", href=f"{site.public_url}/"),
        *(_entry(issue, site) for issue in issues),
    )
    written: bytes = etree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written.decode()


def _entry(issue: Listed, site: Site) -> etree._Element:
    address = f"{site.public_url}/issues/{issue.slug}"
    contents = E.ul(*(E.li(line) for line in issue.lines))
    sent = issue.sent_at.isoformat()
    return _atom.entry(
        _atom.id(address),
        _atom.title(issue.title),
        _atom.link(rel="alternate", type="text/html", href=address),
        _atom.published(sent),
        _atom.updated(sent),  # an issue that went out does not change
        _atom.author(_atom.name(issue.author)),
        *([_atom.summary(issue.standfirst)] if issue.standfirst else []),
        _atom.content(etree.tostring(contents, encoding="unicode", method="html"), type="html"),
    )
