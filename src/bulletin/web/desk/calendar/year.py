"""`/app/calendar`: a school year, month by month, and the next dates."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import NotFound, Refused
from bulletin.models.items import Nation
from bulletin.models.rights import Right
from bulletin.pipeline.calendar.calendars import CalendarView
from bulletin.pipeline.calendar.rhythm_words import in_words
from bulletin.pipeline.clock import day_in
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.calendar.months import Place, months_of, places_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

_SEPTEMBER = 9
_AUGUST = 8


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/calendar")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))
    zone = services.settings.zone

    def page(
        request: Request, visitor: Visitor, first: int = 0, place: str = "", refusal: str = ""
    ) -> HTMLResponse:
        """first: the year in which the school year begins; 0 for that of today."""
        today = day_in(zone, services.store.clock())
        begins = first or (today.year if today.month >= _AUGUST else today.year - 1)
        view = services.calendars.view(date(begins, _SEPTEMBER, 1), date(begins + 1, _AUGUST, 31))
        places = places_of(view)
        chosen = next((each for each in places if each.key == place), _default(view))
        return desk.show(
            request, visitor, "calendar/year.html", status=409 if refusal else 200, view=view,
            months=months_of(view, chosen, zone), regions=places, chosen=chosen, begins=begins,
            rhythm=in_words(view.rhythm) if view.rhythm else "", refusal=refusal,
        )  # fmt: skip

    @routes.get("")
    def year(
        request: Request,
        first: Annotated[int, Query(alias="from", ge=2000, le=2098)] = 0,
        place: str = "",
        visitor: Visitor = viewer,
    ) -> HTMLResponse:
        return page(request, visitor, first, place)

    @routes.post("/start")
    def start(
        request: Request, day: Annotated[date, Form()], visitor: Visitor = writer
    ) -> Response:
        """Start the issue that is due on a day."""
        try:
            issue = services.calendars.begin(day, visitor.user.email)
        except (Refused, NotFound) as error:
            return page(request, visitor, refusal=str(error))
        return desk.go(f"/app/issues/{issue.id}/compose", "The issue is started. Add its items.")

    return routes


def _default(view: CalendarView) -> Place:
    """Whose terms are shown until somebody chooses: those that the rhythm heeds, or any."""
    if view.rhythm and view.rhythm.nations:
        return Place(view.rhythm.nations[0])
    return Place(view.terms[0].nation if view.terms else Nation.ENGLAND)
