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

    def opened(token: str) -> Opened:
        found = services.evidence.opened(token)
        if found is None:
            raise HTTPException(404)
        return found

    @routes.get("/{token}")
    def page(request: Request, token: str) -> HTMLResponse:
        found = opened(token)
        return pages.show(
            request,
            "report.html",
            link=found.link,
            report=found.report,
            words=words,
            zone=services.settings.zone,
        )

    @routes.get("/{token}/report.csv")
    def table(token: str) -> Response:
        text = exporting.as_csv(opened(token).report, services.settings.zone)
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="acknowledgements.csv"',
        }
        return Response(text, media_type="text/csv", headers=headers)

    return routes


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
