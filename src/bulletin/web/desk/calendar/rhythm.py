"""`/app/calendar/rhythm`: when issues go out, as a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from bulletin.errors import InvalidInput, WrongFields
from bulletin.models.nations import UK, nation_named
from bulletin.models.rhythm import Beat, Otherwise, Rhythm
from bulletin.models.rights import Right
from bulletin.pipeline.calendar.rhythm_words import PLACES, WEEKDAYS, in_words
from bulletin.pipeline.written_days import written_day
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services


class Typed(BaseModel):
    """The form as it was filled in, every field as text."""

    model_config = ConfigDict(frozen=True)

    beat: str = Beat.WEEKDAY.value
    nth: str = "2"
    weekday: str = "1"
    day: str = ""
    weeks: str = ""
    since: str = ""
    at: str = "07:30"
    in_term: str = ""
    no_holidays: str = ""
    otherwise: str = Otherwise.NEXT_DAY.value
    nations: tuple[str, ...] = ()

    @property
    def chosen_nations(self) -> list[str]:
        """One by one, or with commas between."""
        return [name for each in self.nations for name in each.split(",") if name]


_NEW = Typed(in_term="1", no_holidays="1", nations=("England",))
Filled = Annotated[Typed, Form()]


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/calendar/rhythm")
    viewer = Depends(desk.access.may(Right.VIEW))
    sender = Depends(desk.access.may(Right.SEND))

    def page(
        request: Request,
        visitor: Visitor,
        typed: Typed,
        errors: Mapping[str, str] | None = None,
        preview: Rhythm | None = None,
    ) -> HTMLResponse:
        shown: dict[str, Any] = {"words": "", "turns": []}
        if preview is not None:
            turns = services.calendars.next_turns(preview, 3)
            shown = {"words": in_words(preview), "turns": turns}
        return desk.show(
            request, visitor, "calendar/rhythm.html", status=422 if errors else 200, typed=typed,
            errors=errors or {}, preview=shown, kept=services.calendars.rhythm() is not None,
            nations=[(nation.value, nation.value) for nation in UK],
            weekdays=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
            nths=[(str(number), name) for number, name in PLACES.items()],
        )  # fmt: skip

    @routes.get("")
    def show(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        kept = services.calendars.rhythm()
        return page(request, visitor, _as_typed(kept) if kept else _NEW, preview=kept)

    @routes.post("/check")
    def check(request: Request, typed: Filled, visitor: Visitor = sender) -> HTMLResponse:
        """Shows what the form would come to; keeps nothing."""
        try:
            return page(request, visitor, typed, preview=_read(typed))
        except WrongFields as error:
            return page(request, visitor, typed, error.fields)

    @routes.post("")
    def keep(request: Request, typed: Filled, visitor: Visitor = sender) -> Response:
        try:
            rhythm = _read(typed)
            services.calendars.set_rhythm(rhythm, visitor.user.email)
        except WrongFields as error:
            return page(request, visitor, typed, error.fields)
        return desk.go("/app/calendar", f"The rhythm is kept. {in_words(rhythm)}")

    @routes.post("/remove")
    def remove(_request: Request, visitor: Visitor = sender) -> Response:
        kept = services.calendars.rhythm()
        services.calendars.remove_rhythm(visitor.user.email)
        undo = Undo("/app/calendar/rhythm", _fields(_as_typed(kept))) if kept else None
        return desk.go("/app/calendar", "The rhythm is removed. No issue is due any more.", undo)

    return routes


def _read(typed: Typed) -> Rhythm:
    """Raises WrongFields."""
    wrong: dict[str, str] = {}
    beat, otherwise = typed.beat, typed.otherwise
    if beat not in set(Beat):
        wrong["beat"] = "Choose what the rhythm goes by."
    at = _time(typed.at, wrong)
    since = _since(typed, wrong)
    nations = tuple(filter(None, map(nation_named, typed.chosen_nations)))
    if wrong:
        raise WrongFields(wrong)
    return Rhythm(
        beat=Beat(beat),
        at=at,
        weekday=_number(typed.weekday),
        nth=_number(typed.nth),
        day=_number(typed.day),
        weeks=_number(typed.weeks),
        since=since,
        in_term=bool(typed.in_term),
        no_holidays=bool(typed.no_holidays),
        otherwise=Otherwise(otherwise) if otherwise in set(Otherwise) else Otherwise.NEXT_DAY,
        nations=nations,
    ).checked()


def _time(text: str, wrong: dict[str, str]) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        wrong["at"] = "Give a time, such as 07:30."
        return time()


def _since(typed: Typed, wrong: dict[str, str]) -> date | None:
    if typed.beat != Beat.WEEKS or not typed.since.strip():
        return None
    try:
        return written_day(typed.since[:60])
    except InvalidInput as error:
        wrong["since"] = str(error)
        return None


def _number(text: str) -> int:
    """0 for what is none, which no rhythm takes."""
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0


def _as_typed(rhythm: Rhythm) -> Typed:
    return Typed(
        beat=rhythm.beat.value,
        nth=str(rhythm.nth),
        weekday=str(rhythm.weekday),
        day=str(rhythm.day or ""),
        weeks=str(rhythm.weeks or ""),
        since=rhythm.since.isoformat() if rhythm.since else "",
        at=f"{rhythm.at:%H:%M}",
        in_term="1" if rhythm.in_term else "",
        no_holidays="1" if rhythm.no_holidays else "",
        otherwise=rhythm.otherwise.value,
        nations=tuple(nation.value for nation in rhythm.nations),
    )


def _fields(typed: Typed) -> dict[str, str]:
    return {**typed.model_dump(), "nations": ",".join(typed.nations)}
