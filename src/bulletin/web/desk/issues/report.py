"""`/app/issues/{n}/report`: what became of an issue. Each figure opens the people behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.models.figures import (
    OF_ACCEPTED,
    PARTS,
    SAID_SINCE,
    SHORT,
    WORDS,
    Figure,
    Narrowing,
    Row,
)
from bulletin.models.items import Nation
from bulletin.models.reasons import EXCLUDED_BECAUSE, STATE_WORDS, cause_of
from bulletin.models.rights import Right
from bulletin.pipeline.showing.reporting import PAGE, Report
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.tables import spreadsheet
from bulletin.wiring import Services

_CAUSED = frozenset({Figure.CAME_BACK, Figure.FAILED, Figure.DROPPED})


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/report")
    shown = _Reports(services, desk)
    viewer = Depends(desk.access.may(Right.VIEW))
    readers = Depends(desk.access.may(Right.READERS))

    @routes.get("")
    def page(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return shown.page(request, visitor, number)

    @routes.get("/figures.csv", dependencies=[viewer])
    def figures(number: int) -> Response:
        return shown.figures(number)

    @routes.get("/organisations")
    def organisations(
        request: Request, number: int, visitor: Visitor = viewer, first: _First = 0
    ) -> HTMLResponse:
        return shown.organisations(request, visitor, number, first)

    @routes.get("/organisations.csv", dependencies=[viewer])
    def shares(number: int) -> Response:
        return shown.shares(number)

    @routes.get("/rows")
    def rows(request: Request, number: int, visitor: Visitor = readers) -> HTMLResponse:
        return shown.rows(request, visitor, number)

    @routes.get("/rows.csv", dependencies=[readers])
    def people(request: Request, number: int) -> Response:
        return shown.people(request, number)

    return routes


_First = Annotated[int, Query(ge=0, le=10_000_000)]


class _Reports:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._reports = services.issue_reports
        self._desk = desk

    def page(self, request: Request, visitor: Visitor, number: int) -> HTMLResponse:
        report = self._reports.report(number)
        return self._desk.show(
            request, visitor, "issues/report/page.html",
            frame=frame_of(report.issue, "sending"), report=report, counts=report.counts,
            Figure=Figure, words=WORDS, columns=SHORT, because=EXCLUDED_BECAUSE,
            parts=PARTS, of_accepted=OF_ACCEPTED, said_since=SAID_SINCE,
        )  # fmt: skip

    def figures(self, number: int) -> Response:
        report = self._reports.report(number)
        heads = ("readers", *(figure.value for figure in Figure))
        return spreadsheet(f"issue-{number}-figures", heads, _table(report))

    def organisations(
        self, request: Request, visitor: Visitor, number: int, first: int
    ) -> HTMLResponse:
        issue, shares = self._reports.shares(number)
        return self._desk.show(
            request, visitor, "issues/report/organisations.html",
            frame=frame_of(issue, "sending"), shares=shares[first : first + PAGE],
            total=len(shares), first=first, size=PAGE,
            copies=sum(share.copies for share in shares),
            acknowledged=sum(share.acknowledged for share in shares),
        )  # fmt: skip

    def shares(self, number: int) -> Response:
        _, shares = self._reports.shares(number)
        rows = (
            (
                share.organisation.name if share.organisation else "",
                share.organisation.urn if share.organisation else "",
                share.copies,
                share.acknowledged,
            )
            for share in shares
        )
        heads = ("organisation", "urn", "copies", "acknowledged")
        return spreadsheet(f"issue-{number}-organisations", heads, rows)

    def rows(self, request: Request, visitor: Visitor, number: int) -> HTMLResponse:
        figure, narrowing = _asked(request)
        after = request.query_params.get("after", "")
        found = self._reports.rows(number, figure, narrowing, after)
        return self._desk.show(
            request, visitor, "issues/report/rows.html",
            frame=frame_of(found.issue, "sending"), found=found, figure=figure, words=WORDS,
            narrowing=narrowing, states=STATE_WORDS, because=EXCLUDED_BECAUSE,
            cause_of=cause_of if figure in _CAUSED else None, first=not after,
            query=urlencode(_address(figure, narrowing)),
        )  # fmt: skip

    def people(self, request: Request, number: int) -> Response:
        figure, narrowing = _asked(request)
        issue = self._reports.report(number).issue
        rows = self._reports.all_rows(issue.id, figure, narrowing)
        heads = ("email", "name", "roles", "nation", "outcome", "reason", "detail", "acknowledged")
        return spreadsheet(f"issue-{number}-{figure.value}", heads, map(_cells, rows))


def _asked(request: Request) -> tuple[Figure, Narrowing]:
    """The figure that an address names, or all; and of whom. What it does not know is left out."""
    query = request.query_params
    known = {figure.value: figure for figure in Figure}
    figure = known.get(query.get("figure", ""), Figure.AUDIENCE)
    nation = query.get("nation")
    if nation not in {"", *Nation}:
        nation = None
    reason = query.get("reason", "")
    if figure is not Figure.EXCLUDED or reason not in EXCLUDED_BECAUSE:
        reason = ""
    return figure, Narrowing(query.get("role", "")[:64], nation, reason)


def _address(figure: Figure, narrowing: Narrowing) -> dict[str, str]:
    fields = {"figure": figure.value, "role": narrowing.role, "reason": narrowing.reason}
    found = {name: value for name, value in fields.items() if value}
    return found if narrowing.nation is None else {**found, "nation": narrowing.nation}


def _table(report: Report) -> Iterator[tuple[object, ...]]:
    counts = report.counts
    yield ("all", *(counts.of(figure) for figure in Figure))
    for role in report.roles:
        yield (role.short, *(counts.of(figure, role=role.key) for figure in Figure))
    for nation in counts.nations:
        name = nation or "nation not known"
        yield (name, *(counts.of(figure, nation=nation) for figure in Figure))


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.email, row.name, ";".join(sorted(row.kind.roles)),
        row.kind.nation.value if row.kind.nation else "",
        "" if row.at else STATE_WORDS[row.state], EXCLUDED_BECAUSE.get(row.reason, row.reason),
        row.detail, row.at.isoformat(timespec="seconds") if row.at else "",
    )  # fmt: skip
