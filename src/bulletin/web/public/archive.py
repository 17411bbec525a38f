"""The archive: issues that were made public, for anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import groupby

from fastapi import APIRouter, Request, Response

from bulletin.errors import Refused
from bulletin.models.days import spoken_date
from bulletin.models.issues import Issue
from bulletin.pipeline.publish import Listed, Publishing
from bulletin.web.pages import Pages
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

_log = logging.getLogger("bulletin.web")


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    def build(issues: tuple[Issue, ...]) -> str:
        found = listing(services.publishing, issues)
        years = [
            (year, list(group)) for year, group in groupby(found, lambda one: one.sent_at.year)
        ]
        return pages.text("archive.html", path="/", years=years, spoken_date=spoken_date)

    shelf = Shelf(build, "text/html", size=2)

    @routes.get("/")
    def archive(request: Request) -> Response:
        return shelf.answer(request, services.publishing.archive())

    return routes


def listing(publishing: Publishing, issues: Iterable[Issue]) -> list[Listed]:
    """The issues for a list. One whose content was tampered with is left out, and logged."""
    found = []
    for issue in issues:
        try:
            found.append(publishing.listed(issue))
        except Refused as error:
            _log.error("Issue %s is not listed: %s", issue.slug, error)
    return found
