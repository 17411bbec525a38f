"""The archive: issues that were made public, for anybody."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.pipeline.clock import spoken_date
from bulletin.web.pages import Pages
from bulletin.wiring import Services

# An issue is the very HTML of the mail: inline styles, nothing fetched, nothing run.
_EMAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    @routes.get("/")
    def archive(request: Request) -> HTMLResponse:
        issues = [
            (issue, spoken_date(started.astimezone(services.settings.zone)))
            for issue in services.previewing.archive()
            if (started := issue.started_at) is not None
        ]
        return pages.show(request, "archive.html", issues=issues)

    @routes.get("/issues/{slug}")
    def issue(slug: str) -> HTMLResponse:
        found = services.previewing.web_edition(slug)
        if found is None:
            raise HTTPException(404)
        return HTMLResponse(found, headers={"Content-Security-Policy": _EMAIL_POLICY})

    return routes
