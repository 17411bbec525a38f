"""`/app/issues/{n}/schedule`: when an approved issue goes out, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from bulletin.errors import (
    BulletinError,
    InvalidInput,
    Misconfigured,
    NotFound,
    Refused,
    WrongFields,
)
from bulletin.models.issues import Audience, Issue
from bulletin.models.rights import Right
from bulletin.pipeline.calendar.scheduling import Departure
from bulletin.pipeline.clock import moment, spoken
from bulletin.settings import TransportName
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues import wording
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

SUGGESTED, OTHER = "suggested", "other"
_LOST = "A segment that was chosen is no longer there. Choose again who gets it."


class Typed(BaseModel):
    """The form as it was filled in.

    suggested: the moment by the rhythm that the form offered, as ISO 8601. chosen: whether its
    audience could be chosen, which that of a correction cannot. version: of the issue it showed.
    """

    model_config = ConfigDict(frozen=True)

    when: str = ""
    suggested: str = ""
    day: str = ""
    time: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    chosen: str = ""
    version: int = 0

    @property
    def audience(self) -> Audience | None:
        """Whom the form chose, if it could be chosen."""
        return Audience(self.include, self.exclude) if self.chosen else None


Filled = Annotated[Typed, Form()]


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/schedule")
    viewer = Depends(desk.access.may(Right.VIEW))
    sender = Depends(desk.access.may(Right.SEND))
    pages = SchedulePages(services, desk)

    @routes.get("")
    def schedule(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return pages.show(request, visitor, number)

    @routes.post("")
    def decide(request: Request, number: int, typed: Filled, visitor: Visitor = sender) -> Response:
        return pages.decide(request, visitor, number, typed)

    @routes.post("/count")
    def count(request: Request, number: int, typed: Filled, visitor: Visitor = sender) -> Response:
        """Counts whom the form chose and looks at its time; changes nothing."""
        return pages.show(request, visitor, number, typed)

    @routes.post("/cancel")
    def unschedule(request: Request, number: int, visitor: Visitor = sender) -> Response:
        try:
            services.delivery.unschedule(str(number), visitor.user.email)
        except (Refused, Misconfigured) as error:
            return pages.show(request, visitor, number, refusal=str(error))
        return desk.go(
            f"/app/issues/{number}/schedule", "The schedule is cancelled. The issue stays approved."
        )

    @routes.post("/now")
    def ask(request: Request, number: int, typed: Filled, visitor: Visitor = sender) -> Response:
        """What would happen, to be confirmed."""
        values = pages.values(number, typed)
        return desk.show(request, visitor, "issues/schedule/now.html", **values)

    @routes.post("/send")
    def send(request: Request, number: int, typed: Filled, visitor: Visitor = sender) -> Response:
        return pages.send(request, visitor, number, typed)

    return routes


class SchedulePages:
    """The page, and what its buttons do."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk
        self._zone = services.settings.zone

    def decide(self, request: Request, visitor: Visitor, number: int, typed: Typed) -> Response:
        """Schedule the issue as the form says."""
        try:
            at = self._moment(typed)
            issue = self._services.planning.schedule(
                str(number), at, typed.audience, visitor.user.email, version=typed.version
            )
        except (WrongFields, NotFound) as error:
            errors = error.fields if isinstance(error, WrongFields) else {"include": _LOST}
            return self.show(request, visitor, number, typed, errors=errors, status=422)
        except Refused as error:
            return self.show(request, visitor, number, typed, refusal=str(error))
        reached = self._services.scheduling.look(str(number)).forecast.reached
        return self._desk.go(f"/app/issues/{number}/schedule", self._said(issue, reached))

    def send(self, request: Request, visitor: Visitor, number: int, typed: Typed) -> Response:
        """Start sending now."""
        try:
            self._services.check_transport()
            self._services.planning.start(
                str(number), typed.audience, visitor.user.email, version=typed.version
            )
        except (Refused, Misconfigured, NotFound) as error:
            return self.show(request, visitor, number, typed, refusal=str(error))
        return self._desk.go(f"/app/issues/{number}/sending", "It is on its way.")

    def show(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        typed: Typed | None = None,
        *,
        errors: Mapping[str, str] | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """The page, with what was typed. refusal: why what was asked for was not done."""
        values = self.values(number, typed)
        return self._desk.show(
            request, visitor, "issues/schedule/schedule.html",
            status=409 if refusal else status, errors=errors or {}, refusal=refusal, **values,
        )  # fmt: skip

    def values(self, number: int, typed: Typed | None = None) -> dict[str, Any]:
        """What the templates show. Raises NotFound for an issue that there is not."""
        look = self._services.scheduling.look
        audience = typed.audience if typed else None
        lost = ""
        try:
            departure = look(str(number), audience, self._moment_or_none(typed))
        except NotFound:  # the issue, or a segment that was removed since
            departure = look(str(number), Audience())
            lost = _LOST
        except Refused:  # a form of another issue: that of a correction chooses nobody
            departure = look(str(number))
        return {
            "frame": frame_of(departure.issue, "schedule"),
            "departure": departure,
            "typed": typed or self._as_it_is(departure),
            "lost": lost,
            "trouble": self._trouble(),
            "pretence": self._pretence(),
            "until": self._until(departure),
            "words": wording,
        }

    def _as_it_is(self, departure: Departure) -> Typed:
        """The form before anybody fills it in."""
        issue = departure.issue
        at = issue.scheduled_at
        is_ahead = at is not None and issue.missed_at is None
        local = at.astimezone(self._zone) if at and is_ahead else None
        follows = departure.turn is not None and (local is None or at == departure.turn.at)
        return Typed(
            when=SUGGESTED if follows else OTHER,
            day=f"{local:%Y-%m-%d}" if local else "",
            time=f"{local:%H:%M}" if local else "07:30",
            include=departure.audience.include,
            exclude=departure.audience.exclude,
            version=issue.version,
        )

    def _moment(self, typed: Typed) -> datetime:
        """The moment that the form names. Raises WrongFields."""
        if typed.when == SUGGESTED:
            try:
                return moment(typed.suggested, self._zone)
            except InvalidInput as error:
                raise WrongFields({"when": "Choose when it goes out."}) from error
        wrong = {}
        if not typed.day:
            wrong["day"] = "Give the day on which it goes out."
        if not typed.time:
            wrong["time"] = "Give the time at which it goes out."
        if wrong:
            raise WrongFields(wrong)
        try:
            at = moment(f"{typed.day}T{typed.time}", self._zone)
        except InvalidInput as error:
            raise WrongFields({"day": str(error)}) from error
        if at <= self._services.store.clock():
            raise WrongFields(
                {"day": f"{spoken(at, self._zone)} has gone by. Choose a later time."}
            )
        return at

    def _moment_or_none(self, typed: Typed | None) -> datetime | None:
        try:
            return self._moment(typed) if typed else None
        except WrongFields:
            return None

    def _trouble(self) -> str:
        """Why nothing can be sent with the settings as they are, or ""."""
        try:
            self._services.check_transport()
        except BulletinError as error:
            return str(error)
        return ""

    def _pretence(self) -> str:
        """Why nobody would really be mailed, or ""."""
        settings = self._services.settings
        if settings.transport is TransportName.OUTBOX:
            return (
                "Copies are written into the outbox: nobody is mailed until an admin sets a mail "
                "server."
            )
        if settings.transport is TransportName.SIMULATOR:
            return "A simulator answers instead of mail servers: nobody is mailed."
        if settings.trial:
            return (
                "This is a trial: only the team is mailed, and a simulator answers for all others."
            )
        return ""

    def _until(self, departure: Departure) -> str:
        """In words, how late it may still start by itself."""
        at = departure.issue.scheduled_at
        if at is None and departure.turn is not None:
            at = departure.turn.at
        late = wording.how_long(departure.grace)
        if at is None:
            return f"for {late}"
        return f"until {spoken(at + departure.grace, self._zone).rpartition(', ')[2]}"

    def _said(self, issue: Issue, reached: int) -> str:
        at = issue.scheduled_at
        when = spoken(at, self._zone) if at else ""
        return f"Scheduled for {when}, UK time: {wording.people(reached)}."
