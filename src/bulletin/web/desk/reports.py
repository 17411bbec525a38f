"""`/app/reports`: the issues that went out, and which organisations have seen them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.models.rights import Right
from bulletin.pipeline.evidence import words
from bulletin.pipeline.showing.reporting import PAGE, Line
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.tables import spreadsheet
from bulletin.wiring import Services

_TREND = 12  # issues in the chart
_EVERY = 1_000_000
_HEADS = (
    "issue", "title", "sent", "audience", "left out", "accepted by mail servers", "came back",
    "refused", "not confirmed", "acknowledged",
)  # fmt: skip
_First = Annotated[int, Query(ge=0, le=10_000_000)]


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/reports")
    viewer = Depends(desk.access.may(Right.VIEW))
    issues = _Issues(services, desk)

    @routes.get("")
    def listing(request: Request, visitor: Visitor = viewer, first: _First = 0) -> HTMLResponse:
        return issues.listing(request, visitor, first)

    @routes.get("/issues.csv", dependencies=[viewer])
    def table() -> Response:
        return issues.table()

    _add_organisations(routes, services, desk)
    return routes


def _add_organisations(routes: APIRouter, services: Services, desk: DeskPages) -> None:
    readers = Depends(desk.access.may(Right.READERS))
    sender = Depends(desk.access.may(Right.SEND))
    places = _Organisations(services, desk)

    @routes.get("/organisations")
    def listing(
        request: Request, visitor: Visitor = readers, q: str = "", first: _First = 0
    ) -> HTMLResponse:
        return places.listing(request, visitor, q[:200], first)

    @routes.get("/organisations/{place}")
    def organisation(request: Request, place: int, visitor: Visitor = readers) -> HTMLResponse:
        return places.page(request, visitor, place)

    @routes.post("/organisations/{place}/links")
    def open_link(
        request: Request,
        place: int,
        contact: Annotated[str, Form()] = "",
        visitor: Visitor = sender,
    ) -> Response:
        return places.open_link(request, visitor, place, contact)

    @routes.post("/organisations/{place}/links/{link}/revoke")
    def revoke(place: int, link: int, visitor: Visitor = sender) -> Response:
        return places.revoke(visitor, place, link)


class _Issues:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def listing(self, request: Request, visitor: Visitor, first: int) -> HTMLResponse:
        reports = self._services.issue_reports
        total, lines = reports.lines(first, PAGE)
        trend = lines if first == 0 else reports.lines(0, _TREND)[1]
        return self._desk.show(
            request, visitor, "reports/list.html",
            total=total, lines=lines, first=first, size=PAGE, trend=trend[:_TREND][::-1],
        )  # fmt: skip

    def table(self) -> Response:
        _, lines = self._services.issue_reports.lines(0, _EVERY)
        return spreadsheet("issues", _HEADS, self._cells(lines))

    def _cells(self, lines: list[Line]) -> Iterator[tuple[object, ...]]:
        zone = self._services.settings.zone
        for line in lines:
            issue, tally = line.issue, line.tally
            sent = issue.started_at.astimezone(zone).isoformat("T", "minutes")[:16]  # type: ignore[union-attr]  # they went out
            yield (
                issue.id, issue.title, sent, line.audience, tally.left_out, line.accepted,
                tally.came_back, tally.failed, tally.uncertain, line.acknowledged,
            )  # fmt: skip


class _Organisations:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def listing(self, request: Request, visitor: Visitor, q: str, first: int) -> HTMLResponse:
        total, found = self._services.issue_reports.organisations(q, first)
        return self._desk.show(
            request, visitor, "reports/organisations.html",
            q=q, total=total, found=found, first=first, size=PAGE,
        )  # fmt: skip

    def page(
        self,
        request: Request,
        visitor: Visitor,
        place: int,
        *,
        contact: str = "",
        trouble: str = "",
    ) -> HTMLResponse:
        evidence = self._services.evidence
        reference = f"id:{place}"
        report = evidence.organisation(reference)
        _, links = evidence.links(reference)
        return self._desk.show(
            request, visitor, "reports/organisation.html", status=422 if trouble else 200,
            report=report, words=words, zone=evidence.zone, links=links, opens=evidence.opens,
            address=evidence.address, contact=contact,
            errors={"contact": trouble} if trouble else {},
        )  # fmt: skip

    def open_link(self, request: Request, visitor: Visitor, place: int, contact: str) -> Response:
        try:
            link = self._services.evidence.open_link(f"id:{place}", contact, visitor.user.email)
        except InvalidInput as error:
            return self.page(request, visitor, place, contact=contact, trouble=str(error))
        return self._desk.go(
            f"/app/reports/organisations/{place}",
            f"{link.contact} can now be given a page of this report. Copy its address below.",
        )

    def revoke(self, visitor: Visitor, place: int, link: int) -> Response:
        found, ended = self._services.evidence.revoke(link, visitor.user.email)
        done = "no longer opens" if ended else "had ended already"
        return self._desk.go(
            f"/app/reports/organisations/{place}", f"The page of {found.contact} {done}."
        )
