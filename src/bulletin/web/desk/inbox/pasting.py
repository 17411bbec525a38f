"""`/app/inbox/paste`: news comes in as a pasted text, as files, or from a web address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from bulletin.errors import AddressRefused, InvalidInput, Unreachable
from bulletin.models.inbox import Pasted
from bulletin.models.rights import Right
from bulletin.pipeline.inbox.paste import Pasting
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.inbox.asked import Act, Asked, add_changes
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

PATH: Final = "/app/inbox/paste"
# Bytes of a request: files of 30 MB, or a text of 5 MB in which every letter travels as "%C3%A9".
MOST_BODY: Final = 33_000_000
_PROGRAMS: Final = ("Word", "Excel", "Outlook", "Google Docs", "a web page")
_TYPED: Final = ("text", "html", "program", "address")


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The page and its three ways in, each a form of its own."""
    routes = APIRouter(prefix="/inbox/paste")
    writer = Depends(desk.access.may(Right.WRITE))
    ways = _Ways(services.pasting, desk)

    @routes.get("")
    def empty(request: Request, visitor: Visitor = writer) -> Response:
        return ways.page(request, visitor)

    changes = {f"/{name}": ways.through(name) for name in _TAKE}
    add_changes(routes, desk, changes, numbered=False)
    return routes


class _Ways:
    """Takes in what came one way or another."""

    def __init__(self, pasting: Pasting, desk: DeskPages) -> None:
        self._pasting = pasting
        self._desk = desk

    def page(
        self,
        request: Request,
        visitor: Visitor,
        errors: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """errors, typed: what was wrong with a form that was refused, and what was in it."""
        values = {name: (typed or {}).get(name, "") for name in _TYPED}
        return self._desk.show(
            request,
            visitor,
            "inbox/paste.html",
            status=422 if errors else 200,
            errors=errors or {},
            begun=self._pasting.waiting(),
            **values,
        )

    def through(self, field: str) -> Act:
        """What takes in the form whose field that is."""

        def act(asked: Asked) -> Response:
            try:
                number = _TAKE[field](self._pasting, asked)
            except (InvalidInput, AddressRefused, Unreachable) as error:
                typed = {name: asked.text(name) for name in _TYPED}
                return self.page(asked.request, asked.visitor, {field: str(error)}, typed)
            return self._desk.go(f"{PATH}/{number}")

        return act


def _take_text(pasting: Pasting, asked: Asked) -> int:
    text, page, program = asked.text("text"), asked.text("html"), asked.text("program")
    if not (text or page):
        raise InvalidInput("Paste the news into this box first.")
    name = f"Pasted from {program}" if program in _PROGRAMS else "Pasted text"
    came = Pasted(name, (page or text).encode(errors="replace"), charset="utf-8")
    return pasting.take(name, [came], asked.actor)


def _take_files(pasting: Pasting, asked: Asked) -> int:
    sent = [one for one in asked.form.getlist("files") if isinstance(one, UploadFile)]
    came = [Pasted(one.filename or "", one.file.read()) for one in sent if one.filename]
    if not came:
        raise InvalidInput("Choose a file first.")
    more = f" and {len(came) - 1} more" if len(came) > 1 else ""
    return pasting.take(f"{came[0].name}{more}", came, asked.actor)


def _take_address(pasting: Pasting, asked: Asked) -> int:
    address = asked.text("address")
    if not address:
        raise InvalidInput("Give the address of a page, such as https://guidance.example/news.")
    # Most people leave its beginning out.
    whole = address if "://" in address else f"https://{address}"
    return pasting.take_from(whole, asked.actor)


_TAKE: Final = {"text": _take_text, "files": _take_files, "address": _take_address}
