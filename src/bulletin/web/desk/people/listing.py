"""`/app/people`: everybody on the list, fifty a page, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from tempfile import TemporaryFile
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from bulletin.models.directory import Lookup, ReaderState
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.people.choices import NATIONS, role_words
from bulletin.wiring import Services

_PIECE = 1 << 16
STATES = (
    (ReaderState.ACTIVE, "Get the bulletin"),
    (ReaderState.PAUSED, "Paused"),
    (ReaderState.SUPPRESSED, "Get no mail"),
)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter()
    readers = Depends(desk.access.may(Right.READERS))
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("")
    def listing(
        request: Request,
        visitor: Visitor = readers,
        q: str = "",
        role: str = "",
        nation: str = "",
        segment: str = "",
        state: str = "",
        after: str = "",
    ) -> HTMLResponse:
        lookup = Lookup(q.strip()[:200], role, nation, segment, _state(state), after)
        found = services.directory.page(lookup)
        kept = {"q": q, "role": role, "nation": nation, "segment": segment, "state": state}
        return desk.show(
            request,
            visitor,
            "people/list.html",
            lookup=lookup,
            page=found,
            after=found.after and "?" + _address(kept | {"after": found.after}),
            filtered=any(kept.values()),
            first="?" + _address(kept) if any(kept.values()) else "",
            role_words=role_words(services),
            role_options=[("", "Any role"), *role_words(services).items()],
            nation_options=[("", "Any nation"), *NATIONS],
            segment_options=[("", "Any"), *((name, name) for name in services.directory.names())],
            state_options=[("", "All"), *STATES],
        )

    @routes.get("/everybody.csv", dependencies=[admin])
    def export() -> Response:
        headers = {
            "Content-Disposition": 'attachment; filename="readers.csv"',
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_written(services), media_type="text/csv", headers=headers)

    return routes


def _state(text: str) -> ReaderState | None:
    with suppress(ValueError):
        return ReaderState(text)
    return None


def _address(fields: dict[str, str]) -> str:
    return urlencode({name: value for name, value in fields.items() if value})


def _written(services: Services) -> Iterator[bytes]:
    """The list as CSV. It lies in a file first: a slow reader of it holds up no transaction."""
    with TemporaryFile("w+", encoding="utf-8", newline="") as file:
        services.enrolment.export(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece.encode()
