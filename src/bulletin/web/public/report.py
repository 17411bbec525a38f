"""`/report/{token}`: an organisation's evidence, for its own contact; and reports as files."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from bulletin.models.evidence import IssueReport, OrganisationReport
from bulletin.pipeline.evidence import Opened, exporting, words
from bulletin.web.pages import STATIC, Pages, pages_for
from bulletin.wiring import Services


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/report")
    shown = _Evidence(services, pages)
    routes.get("/{token}")(shown.page)
    routes.get("/{token}/report.csv")(shown.table)
    return routes


class _Evidence:
    def __init__(self, services: Services, pages: Pages) -> None:
        self._services = services
        self._pages = pages

    def page(self, request: Request, token: str) -> HTMLResponse:
        found = self._opened(token)
        return self._pages.show(
            request,
            "report.html",
            link=found.link,
            report=found.report,
            words=words,
            zone=self._services.settings.zone,
        )

    def table(self, token: str) -> Response:
        text = exporting.as_csv(self._opened(token).report, self._services.settings.zone)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="acknowledgements.csv"',
        }
        return Response(text, media_type="text/csv", headers=headers)

    def _opened(self, token: str) -> Opened:
        found = self._services.evidence.opened(token)
        if found is None:
            raise HTTPException(404)
        return found


def report_file(services: Services, report: OrganisationReport | IssueReport) -> str:
    """A report as one HTML file that needs no other: the page, with its style inside."""
    if isinstance(report, OrganisationReport):
        body, title = "report_organisation.html", report.organisation.name
    else:
        body, title = "report_issue.html", report.issue.title
    settings = services.settings
    return pages_for(services).text(
        "report_file.html",
        path="",
        body=body,
        title=f"Acknowledgements: {title}",
        style=Markup((STATIC / "site.css").read_text(encoding="utf-8")),  # noqa: S704  # our own
        report=report,
        link=None,
        words=words,
        zone=settings.zone,
    )
