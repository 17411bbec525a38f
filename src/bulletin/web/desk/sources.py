"""`/app/sources`: addresses that are looked at for news, again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from bulletin.errors import BulletinError, Conflict, InvalidInput, NotFound
from bulletin.models.items import Nation
from bulletin.models.rights import Right
from bulletin.models.sources import SourceDefaults
from bulletin.pipeline.looking import Look
from bulletin.pipeline.watching import Finding, Listed, Wanted, minutes
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.inbox.asked import Act, Asked, Number, add_changes
from bulletin.web.desk.inbox.wording import counted
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

PATH: Final = "/app/sources"
_HOUR, _DAY = 60, 24 * 60
_PACES: Final = (
    (15, "Every 15 minutes"),
    (30, "Every 30 minutes"),
    (_HOUR, "Every hour"),
    (2 * _HOUR, "Every 2 hours"),
    (6 * _HOUR, "Every 6 hours"),
    (12 * _HOUR, "Every 12 hours"),
    (_DAY, "Every day"),
    (7 * _DAY, "Every week"),
)
_NATIONS: Final = [(nation.value, nation.value) for nation in Nation]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed about a source; also what a form begins with."""

    address: str = ""
    name: str = ""
    source: str = ""
    topic: str = ""
    nations: tuple[Nation, ...] = ()
    every: str = str(_HOUR)
    page_itself: bool = False
    only_new: bool = False

    @property
    def defaults(self) -> SourceDefaults:
        return SourceDefaults(self.source, self.topic, self.nations)


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The list, adding one, and the page of each."""
    routes = APIRouter(prefix="/sources")
    viewer = Depends(desk.access.may(Right.VIEW))
    pages = _Sources(services, desk)

    @routes.get("")
    def sources(request: Request, visitor: Visitor = viewer) -> Response:
        return pages.listing(request, visitor)

    add_changes(routes, desk, {"/find": pages.find, "/add": pages.add}, numbered=False)

    @routes.get("/{number}")
    def source(request: Request, number: Number, visitor: Visitor = viewer) -> Response:
        return pages.one(request, visitor, number)

    one = APIRouter(prefix="/{number}")
    changes: Mapping[str, Act] = {
        "/look": pages.look,
        "/pause": pages.pause,
        "/resume": pages.resume,
        "/edit": pages.edit,
        "/remove": pages.remove,
    }
    add_changes(one, desk, changes)
    routes.include_router(one)
    return routes


class _Sources:
    """Shows watched sources, and changes which there are."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def listing(
        self,
        request: Request,
        visitor: Visitor,
        errors: Mapping[str, str] | None = None,
        typed: _Typed | None = None,
        finding: Finding | None = None,
    ) -> Response:
        """errors, typed, finding: of an address that is being added."""
        return self._desk.show(
            request,
            visitor,
            "sources/list.html",
            status=422 if errors else 200,
            errors=errors or {},
            typed=typed or _Typed(every=str(self._services.settings.sources_every_minutes)),
            finding=finding,
            listed=self._services.watching.sources(),
            paces=_PACES,
            nations=_NATIONS,
            pace_words=pace_words,
        )

    def one(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        errors: Mapping[str, str] | None = None,
        typed: _Typed | None = None,
    ) -> Response:
        listed = self._services.watching.source(str(number))
        return self._desk.show(
            request,
            visitor,
            "sources/one.html",
            status=422 if errors else 200,
            errors=errors or {},
            listed=listed,
            source=listed.source,
            typed=typed or _typed_of(listed),
            paces=_with_own(listed.source.every_minutes),
            nations=_NATIONS,
            pace_words=pace_words,
        )

    def find(self, asked: Asked) -> Response:
        """Look what there is at an address, before it is watched."""
        typed = _typed(asked)
        try:
            _check_address(typed)
            finding = self._services.watching.find(typed.address, page_itself=typed.page_itself)
        except BulletinError as error:
            return self.listing(asked.request, asked.visitor, {"address": str(error)}, typed)
        named = _Typed(
            address=typed.address, name=finding.name, every=typed.every,
            page_itself=typed.page_itself,
        )  # fmt: skip
        return self.listing(asked.request, asked.visitor, typed=named, finding=finding)

    def add(self, asked: Asked) -> Response:
        typed = _typed(asked)
        try:
            _check_address(typed)
            wanted = Wanted(
                name=typed.name,
                defaults=typed.defaults,
                every_minutes=minutes(typed.every),
                page_itself=typed.page_itself,
                only_new=typed.only_new,
            )
            look = self._services.watching.add(typed.address, wanted, asked.actor)
        except BulletinError as error:
            return self.listing(asked.request, asked.visitor, {"address": str(error)}, typed)
        return self._desk.go(PATH, f"“{look.source.name}” is watched from now on. {_told(look)}")

    def look(self, asked: Asked) -> Response:
        def act() -> str:
            look = self._services.watching.look(str(asked.number))
            if look.source.trouble:
                return f"“{look.source.name}” could not be read. {look.source.trouble}"
            return f"Looked at “{look.source.name}”. {_told(look)}"

        return self._acted(asked, act)

    def pause(self, asked: Asked) -> Response:
        def act() -> str:
            paused = self._services.watching.pause(str(asked.number), asked.actor)
            return f"“{paused.name}” is paused: it is not looked at until somebody resumes it."

        return self._acted(asked, act)

    def resume(self, asked: Asked) -> Response:
        def act() -> str:
            resumed = self._services.watching.resume(str(asked.number), asked.actor)
            return f"“{resumed.name}” is looked at again."

        return self._acted(asked, act)

    def remove(self, asked: Asked) -> Response:
        def act() -> str:
            removed = self._services.watching.remove(str(asked.number), asked.actor)
            return f"“{removed.name}” is watched no more. Its items stay."

        return self._acted(asked, act, PATH)

    def edit(self, asked: Asked) -> Response:
        typed, before = _typed(asked), self._services.watching.source(str(asked.number)).source
        try:
            _check_address(typed)
            look = self._services.watching.edit(
                str(asked.number),
                asked.actor,
                url=typed.address if typed.address != before.url else None,
                name=typed.name,
                defaults=typed.defaults,
                every_minutes=minutes(typed.every),
            )
        except NotFound:
            raise
        except BulletinError as error:
            errors = {_field_of(error, typed): str(error)}
            return self.one(asked.request, asked.visitor, asked.number, errors, typed)
        moved = f" {_told(look)}" if look.source.url != before.url else ""
        return self._desk.go(f"{PATH}/{asked.number}", f"Saved.{moved}")

    def _acted(self, asked: Asked, act: Callable[[], str], then: str = "") -> Response:
        try:
            said = act()
        except Conflict as error:
            said = str(error)
        back = PATH if asked.text("list") else f"{PATH}/{asked.number}"
        return self._desk.go(then or back, said)


def pace_words(every: int) -> str:
    """ "every 2 hours"."""
    for unit, noun in ((_DAY, "day"), (_HOUR, "hour"), (1, "minute")):
        if every % unit == 0:
            count = every // unit
            return f"every {noun}" if count == 1 else f"every {count} {noun}s"
    return f"every {every} minutes"


def _with_own(every: int) -> tuple[tuple[int, str], ...]:
    """The paces there are to choose from, with the source's own among them."""
    if every in dict(_PACES):
        return _PACES
    return (*_PACES, (every, pace_words(every).capitalize()))


def _typed(asked: Asked) -> _Typed:
    chosen = asked.texts("nation")
    return _Typed(
        address=_with_scheme(asked.text("address")),
        name=asked.text("name"),
        source=asked.text("source"),
        topic=asked.text("topic"),
        nations=tuple(nation for nation in Nation if nation.value in chosen),
        every=asked.text("every") or str(_HOUR),
        page_itself=bool(asked.text("page_itself")),
        only_new=asked.text("begin") == "new",
    )


def _typed_of(listed: Listed) -> _Typed:
    source = listed.source
    return _Typed(
        address=source.url,
        name=source.name,
        source=source.defaults.source,
        topic=source.defaults.topic,
        nations=source.defaults.nations,
        every=str(source.every_minutes),
    )


def _with_scheme(address: str) -> str:
    return address if not address or "://" in address else f"https://{address}"


def _check_address(typed: _Typed) -> None:
    if not typed.address:
        raise InvalidInput("Give the address, such as https://guidance.example/news.")


def _field_of(error: BulletinError, typed: _Typed) -> str:
    """The field that a refusal is about."""
    if isinstance(error, InvalidInput) and (not typed.name or "name" in str(error)):
        return "name"
    return "address"


def _told(look: Look) -> str:
    known = len(look.brought.collected) - look.new
    said = f"{counted(look.new, 'new item')} to sort." if look.new else "Nothing new."
    if known:
        said += f" {known:,} in the library already."
    return " ".join((said, *look.remarks))
