"""`/app/issues/{n}/sending`: an issue on its way out, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import Misconfigured, Refused
from bulletin.models.issues import Issue, IssueState
from bulletin.models.rights import Right
from bulletin.pipeline.deliver import PAUSED_BY_HAND
from bulletin.pipeline.guard import AUTOMATICALLY
from bulletin.pipeline.showing.progressing import Progress
from bulletin.settings import WhenUncertain
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues import wording
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

_SOON = timedelta(minutes=2)  # before its time, a scheduled issue is worth watching

_CANCELLABLE = frozenset({
    IssueState.APPROVED, IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED,
})  # fmt: skip


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/sending")
    viewer = Depends(desk.access.may(Right.VIEW))
    sender = Depends(desk.access.may(Right.SEND))
    pages = SendingPages(services, desk)

    @routes.get("")
    def sending(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return pages.show(request, visitor, number)

    @routes.get("/progress")
    def progress(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return desk.part(
            request, visitor, "issues/sending/progress.html", polled=True,
            **pages.values(number, visitor),
        )  # fmt: skip

    @routes.post("/pause")
    def pause(request: Request, number: int, visitor: Visitor = sender) -> Response:
        said = "Paused. What has gone cannot be recalled; nothing more goes until you resume."
        return pages.change(
            request, visitor, number, lambda made, *who: made.delivery.pause(*who), said
        )

    @routes.post("/resume")
    def resume(request: Request, number: int, visitor: Visitor = sender) -> Response:
        said = "It goes on."
        return pages.change(
            request, visitor, number, lambda made, *who: made.delivery.resume(*who), said
        )

    @routes.get("/cancel")
    def ask(request: Request, number: int, visitor: Visitor = sender) -> Response:
        values = pages.values(number, visitor)
        if values["progress"].issue.state not in _CANCELLABLE:
            return desk.go(f"/app/issues/{number}/sending")
        return desk.show(request, visitor, "issues/sending/cancel.html", **values)

    @routes.post("/cancel")
    def cancel(
        request: Request,
        number: int,
        sure: Annotated[str, Form()] = "",
        visitor: Visitor = sender,
    ) -> Response:
        if not sure:
            return desk.go(f"/app/issues/{number}/sending/cancel")
        said = "Cancelled. Nothing more of this issue goes out."
        return pages.change(
            request, visitor, number, lambda made, *who: made.delivery.cancel(*who), said
        )

    return routes


class SendingPages:
    """What the pages of sending have in common."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def values(self, number: int, visitor: Visitor) -> dict[str, Any]:
        """What their templates show. Raises NotFound."""
        progress = self._services.progressing.of(number)
        reasons = self._services.progressing.reasons(number) if _has_trouble(progress) else []
        return {
            "frame": frame_of(progress.issue, "sending"),
            "progress": progress,
            "reasons": reasons if visitor.may(Right.READERS) else [],
            "looks_again": _looks_again(progress),
            "stopped_because": _stopped_because(progress.issue),
            "updated": progress.at.astimezone(self._services.settings.zone).strftime("%H:%M:%S"),
            "resends": self._services.settings.uncertain is WhenUncertain.RESEND,
            "words": wording,
        }

    def show(
        self, request: Request, visitor: Visitor, number: int, refusal: str = ""
    ) -> HTMLResponse:
        """The page; refusal: why what was asked for was not done."""
        values = self.values(number, visitor)
        status = 409 if refusal else 200
        return self._desk.show(
            request, visitor, "issues/sending/sending.html", status=status, refusal=refusal,
            **values,
        )  # fmt: skip

    def change(
        self,
        request: Request,
        visitor: Visitor,
        number: int,
        do: Callable[[Services, str, str], Issue],
        said: str,
    ) -> Response:
        """Do something to the issue, then go on to the page; or say on it why not.

        do: called with the services, the issue's number and who does it.
        """
        try:
            do(self._services, str(number), visitor.user.email)
        except (Refused, Misconfigured) as error:
            return self.show(request, visitor, number, str(error))
        return self._desk.go(f"/app/issues/{number}/sending", said)


def _has_trouble(progress: Progress) -> bool:
    tally = progress.tally
    return bool(tally.failed or tally.came_back or tally.again)


def _looks_again(progress: Progress) -> bool:
    issue = progress.issue
    if issue.state is IssueState.SCHEDULED and issue.scheduled_at and not issue.missed_at:
        return issue.scheduled_at - progress.at < _SOON
    return issue.state is IssueState.SENDING or bool(progress.tally.in_hand)


def _stopped_because(issue: Issue) -> str:
    """Why an issue paused by itself, without the advice for the command line; "" if it did not."""
    reason = issue.state_reason
    if issue.state is not IssueState.PAUSED or reason == PAUSED_BY_HAND:
        return ""
    return reason.removeprefix(AUTOMATICALLY).partition(". ")[0]
