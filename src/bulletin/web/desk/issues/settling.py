"""`/app/issues/{n}/missed|uncertain|failed`: copies that did not get through, or may not have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import Resolution
from bulletin.models.rights import Right
from bulletin.settings import WhenUncertain
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues import wording
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

_SHOWN = 50
_SAID = {
    Resolution.SUBMITTED: "counted as accepted",
    Resolution.FAILED: "counted as failed",
    Resolution.RESEND: "prepared to go again",
}


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}")
    reader = Depends(desk.access.may(Right.READERS))
    sender = Depends(desk.access.may(Right.SEND))
    pages = SettlingPages(services, desk)

    @routes.get("/failed")
    def failed(request: Request, number: int, visitor: Visitor = reader) -> HTMLResponse:
        """Whose copies failed, and what the other side said."""
        return pages.show(
            request, visitor, number, "failed",
            copies=services.progressing.troubled(number, _SHOWN),
        )  # fmt: skip

    @routes.get("/missed")
    def missed(request: Request, number: int, visitor: Visitor = sender) -> HTMLResponse:
        """Counts whom a second go would reach; changes nothing."""
        return pages.missed(request, visitor, number)

    @routes.post("/missed")
    def resend(request: Request, number: int, visitor: Visitor = sender) -> Response:
        try:
            sent = services.resending.resend_missed(str(number), visitor.user.email)
        except Refused as error:
            return pages.missed(request, visitor, number, str(error))
        said = f"{wording.copies(sent.prepared)} prepared."
        return desk.go(f"/app/issues/{number}/sending", said)

    @routes.get("/uncertain")
    def uncertain(request: Request, number: int, visitor: Visitor = sender) -> HTMLResponse:
        return pages.uncertain(request, visitor, number)

    @routes.post("/uncertain")
    def resolve(
        request: Request,
        number: int,
        resolution: Annotated[Resolution, Form()],
        delivery: Annotated[tuple[int, ...], Form()] = (),
        all_of_them: Annotated[str, Form()] = "",
        visitor: Visitor = sender,
    ) -> Response:
        """delivery: the copies that were ticked."""
        if not delivery and not all_of_them:
            said = "Tick the copies that you know about, or choose all of them."
            return pages.uncertain(request, visitor, number, said, 422)
        chosen = None if all_of_them else delivery
        return pages.resolve(request, visitor, number, resolution, chosen)

    return routes


class SettlingPages:
    """What the pages show, and the decision about copies in doubt."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        page: str,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """A page of an issue. Raises NotFound."""
        progress = self._services.progressing.of(number)
        return self._desk.show(
            request, visitor, f"issues/sending/{page}.html", status=status, progress=progress,
            frame=frame_of(progress.issue, "sending"), words=wording,
            resends=self._services.settings.uncertain is WhenUncertain.RESEND, **values,
        )  # fmt: skip

    def missed(
        self, request: Request, visitor: Visitor, number: int, refusal: str = ""
    ) -> HTMLResponse:
        """refusal: why what was asked for was not done."""
        found = None
        try:
            found = self._services.missing.count(number)
        except Refused as error:
            refusal = refusal or str(error)
        status = 409 if refusal else 200
        return self.show(request, visitor, number, "missed", status, found=found, refusal=refusal)

    def uncertain(
        self, request: Request, visitor: Visitor, number: int, refusal: str = "", status: int = 200
    ) -> HTMLResponse:
        """The same for copies in doubt."""
        doubts = self._services.clearing.doubts(str(number), _SHOWN)
        return self.show(
            request, visitor, number, "uncertain", status, doubts=doubts, refusal=refusal
        )

    def resolve(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        resolution: Resolution,
        chosen: Collection[int] | None,
    ) -> Response:
        """Settle copies in doubt, all of them without a choice."""
        actor = visitor.user.email
        try:
            done = self._services.clearing.resolve(str(number), resolution, chosen, actor)
        except NotFound:
            said = "One of these copies is no longer in doubt. Here are those that still are."
            return self.uncertain(request, visitor, number, said, 409)
        except Refused as error:
            return self.uncertain(request, visitor, number, str(error), 409)
        said = f"{wording.copies(done.copies)} {_SAID[resolution]}."
        if done.left:
            left = wording.copies(done.left)
            said += f" {left} left as they are: their readers may not be mailed."
        return self._desk.go(f"/app/issues/{number}/sending", said)
