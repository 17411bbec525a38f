"""What was asked of a page of the inbox: by whom, about what, with which form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.datastructures import FormData

from bulletin.models.rights import Right
from bulletin.web.desk.access import MOST_FIELD, Visitor
from bulletin.web.desk.pages import DeskPages

_MOST: Final = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_MOST)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent. number: of what its address names."""

    request: Request
    visitor: Visitor
    number: int
    form: FormData

    @property
    def actor(self) -> str:
        return self.visitor.user.email

    def text(self, name: str) -> str:
        """A text, with lines that end as ours do, and without what no database holds."""
        value = self.form.get(name, "")
        if not isinstance(value, str):
            return ""
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()

    def texts(self, name: str) -> list[str]:
        """Each value of that name."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def whole(self, name: str) -> int:
        """A whole number from 0 on; 0 for what is none."""
        return whole(self.text(name))

    def wholes(self, name: str) -> list[int]:
        """The numbers of that name, without those that are none."""
        return list(filter(None, map(whole, self.texts(name))))


def whole(text: str) -> int:
    """A whole number from 0 on, within what a database holds; 0 for what is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return number if number <= _MOST else 0


Act = Callable[[Asked], Response]


def add_changes(
    routes: APIRouter, desk: DeskPages, changes: Mapping[str, Act], *, numbered: bool = True
) -> None:
    """Let each of the changes be asked for by a form. changes: the end of its address -> what acts.

    numbered: whether the routes' own address has a number. All need the right to write.
    """
    writer = Depends(desk.access.may(Right.WRITE))
    sent = Depends(_form)

    def about(act: Act) -> Callable[..., Response]:
        def handle(
            request: Request, number: Number, visitor: Visitor = writer, form: FormData = sent
        ) -> Response:
            return act(Asked(request, visitor, number, form))

        def handle_all(
            request: Request, visitor: Visitor = writer, form: FormData = sent
        ) -> Response:
            return act(Asked(request, visitor, 0, form))

        return handle if numbered else handle_all

    for path, act in changes.items():
        routes.add_api_route(path, about(act), methods=["POST"])


async def _form(request: Request) -> AsyncIterator[FormData]:
    form = await request.form(max_part_size=MOST_FIELD)
    try:
        yield form
    finally:
        await form.close()
