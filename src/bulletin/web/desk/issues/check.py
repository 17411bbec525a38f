"""`/app/issues/{n}/check`: what the checks found, and what is done about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Misconfigured, Refused, RenderingError
from bulletin.models.issues import IssueState
from bulletin.models.rights import Right
from bulletin.pipeline.reviewing.mends import offers
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.findings import checked
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_MOST_AT_ONCE = 500  # findings in one form


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))
    sender = Depends(desk.access.may(Right.SEND))

    def show(
        request: Request, number: int, visitor: Visitor, status: int = 200, **values: object
    ) -> HTMLResponse:
        try:
            proof = services.approval.preflight(str(number))
            sheet = services.proofreading.sheet(str(number), None)
        except (Misconfigured, RenderingError) as error:
            frame = frame_of(services.drafting.issue(str(number)), "check")
            return desk.show(
                request, visitor, "issues/check/trouble.html", frame=frame, here="Check",
                trouble=str(error),
            )  # fmt: skip
        found = checked(proof, offers(proof) if proof.issue.state is IssueState.DRAFT else {})
        looking = services.following.progress(proof.issue.id)
        given = {"errors": {}, "typed": {}, "looking": looking, **values}
        return desk.show(
            request, visitor, "issues/check/check.html", status=status,
            frame=frame_of(proof.issue, "check"), found=found, inbox=sheet.inbox,
            coverage=sheet, **given,
        )  # fmt: skip

    @routes.get("/check")
    def check(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return show(request, number, visitor)

    @routes.post("/check/accept")
    def accept(
        request: Request,
        number: int,
        finding: Annotated[list[str], Form(max_length=_MOST_AT_ONCE)],
        reason: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        try:
            services.reviewing.accept(str(number), finding, reason, visitor.user.email)
        except InvalidInput as error:
            name = f"reason-{finding[0]}"
            return show(request, number, visitor, 422, errors={name: str(error)})
        said = "The advice is left as it is. Your reason is shown to the approver."
        undo = Undo(f"/app/issues/{number}/check/take-back", {"finding": " ".join(finding)})
        return desk.go(f"/app/issues/{number}/check", said, undo)

    @routes.post("/check/take-back")
    def take_back(
        number: int, finding: Annotated[str, Form()], visitor: Visitor = writer
    ) -> Response:
        services.reviewing.take_back(str(number), finding.split(), visitor.user.email)
        return desk.go(f"/app/issues/{number}/check", "The advice counts again.")

    @routes.post("/submit")
    def submit(
        request: Request,
        number: int,
        remark: Annotated[str, Form()] = "",
        visitor: Visitor = sender,
    ) -> Response:
        try:
            review = services.approval.ask(str(number), visitor.user.email, remark)
        except Refused as error:
            return show(
                request, number, visitor, 409,
                errors={"remark": str(error)}, typed={"remark": remark},
            )  # fmt: skip
        said = f"Version {review.number} waits for approval. Any edit ends that."
        return desk.go(f"/app/issues/{number}/approve", said)

    return routes
