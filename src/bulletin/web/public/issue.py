"""`/issues/{slug}`: a public issue, whole or as a kind of reader sees it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from bulletin.errors import NotFound
from bulletin.models.items import Nation
from bulletin.pipeline.publish import Showing
from bulletin.web.pages import Pages
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

_MOST_ROLES = 100


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    def build(showing: Showing) -> str:
        edition = services.publishing.edition(showing)
        path = f"/issues/{edition.slug}"
        return pages.text("issue.html", path=path, edition=edition, nations=list(Nation))

    shelf = Shelf(build, "text/html")

    @routes.get("/issues/{slug}")
    def issue(
        request: Request,
        slug: str,
        role: Annotated[list[str] | None, Query(max_length=_MOST_ROLES)] = None,
        nation: str = "",
    ) -> Response:
        try:
            showing = services.publishing.find(slug, role or [], nation)
        except NotFound as error:
            raise HTTPException(410) from error
        if showing is None:  # a role or nation that we do not know is no page of ours either
            raise HTTPException(404)
        return shelf.answer(request, showing)

    return routes
