"""`/app/issues/{n}/test`: a copy to oneself or a colleague, marked, as any reader gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import BulletinError, NotFound, WrongFields
from bulletin.models.deliveries import Outcome
from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.nations import nation_named
from bulletin.models.people import Role, User
from bulletin.models.reviews import TrialCopy
from bulletin.models.rights import Right
from bulletin.pipeline.reviewing.trying import MOST_AN_HOUR
from bulletin.pipeline.showing.proofreading import described
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

_MOST_FIELDS = 100
_BECAME = {
    Outcome.SUBMITTED: ("Accepted by the mail server", "ok"),
    Outcome.FAILED: ("Not accepted", "bad"),
    Outcome.UNCERTAIN: ("Not confirmed", "warn"),
}


@dataclass(frozen=True, slots=True)
class TrialForm:
    """What the page asks for. to: addresses that are ticked; kind: whose edition."""

    colleagues: tuple[User, ...]
    roles: tuple[Role, ...]
    to: frozenset[str]
    kind: ReaderKind

    @property
    def people(self) -> list[tuple[str, str]]:
        return [(user.email, user.called) for user in self.colleagues]

    @property
    def role_options(self) -> list[tuple[str, str]]:
        return [(role.key, role.short) for role in self.roles]

    @property
    def nation_options(self) -> list[tuple[str, str]]:
        return [*((nation.value, nation.value) for nation in Nation), ("", "Not known")]


def became(trial: TrialCopy) -> tuple[str, str]:
    """What became of a test copy, in words, and the tone of these."""
    return _BECAME[Outcome(trial.outcome)]


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/test")
    sender = Depends(desk.access.may(Right.SEND))

    def show(
        request: Request,
        number: int,
        visitor: Visitor,
        to: frozenset[str],
        kind: ReaderKind | None,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        issue = services.drafting.issue(str(number))
        roles = tuple(services.enrolment.roles())
        shown = kind or ReaderKind(frozenset(role.key for role in roles[:1]), Nation.ENGLAND)
        form = TrialForm(tuple(services.trying.colleagues()), roles, to, shown)
        given = {"errors": {}, **values}
        return desk.show(
            request, visitor, "issues/check/test.html", status=status, form=form,
            frame=frame_of(issue, "check"), recent=services.trying.recent(str(number)),
            became=became, most=MOST_AN_HOUR, **given,
        )  # fmt: skip

    @routes.get("")
    def ask(
        request: Request, number: int, nation: str | None = None, visitor: Visitor = sender
    ) -> HTMLResponse:
        """nation and role: whose edition, as the preview's addresses say it."""
        keys = request.query_params.getlist("role")[:_MOST_FIELDS]
        kind = ReaderKind(frozenset(keys), nation_named(nation)) if nation is not None else None
        return show(request, number, visitor, frozenset({visitor.user.email}), kind)

    @routes.post("")
    def send(
        request: Request,
        number: int,
        to: Annotated[list[str] | None, Form(max_length=_MOST_FIELDS)] = None,
        role: Annotated[list[str] | None, Form(max_length=_MOST_FIELDS)] = None,
        nation: Annotated[str, Form()] = "",
        visitor: Visitor = sender,
    ) -> Response:
        known = {each.key for each in services.enrolment.roles()}
        kind = ReaderKind(frozenset(role or ()) & known, nation_named(nation))
        words, ticked = described(kind, services.enrolment.roles()), frozenset(to or ())
        try:
            copies = services.trying.send(str(number), ticked, kind, words, visitor.user.email)
        except NotFound:
            raise
        except BulletinError as error:
            wrong = error.fields if isinstance(error, WrongFields) else {"role": str(error)}
            return show(request, number, visitor, ticked, kind, 422, errors=wrong)
        return desk.go(f"/app/issues/{number}/test#sent", _told(copies))

    return routes


def _told(copies: list[TrialCopy]) -> str:
    """What became of all of them, in a sentence."""
    gone = sum(copy.outcome == Outcome.SUBMITTED for copy in copies)
    if gone == len(copies):
        where = copies[0].address if gone == 1 else f"{gone} people"
        return f"The mail server accepted the test for {where}. Look in the inbox."
    return f"The mail server accepted {gone} of {len(copies)} test copies. The list says why."
