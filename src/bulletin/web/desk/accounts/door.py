"""The door: what the pages before signing in have in common, and what their browsers keep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import BulletinError, TooMany
from bulletin.models.accounts import LINK_LASTS, PROVIDER_WITHIN, LinkPurpose
from bulletin.pipeline.accounts.sessions import LONGEST
from bulletin.pipeline.accounts.signing_in import CodeWanted, Origin, SignedIn
from bulletin.web.client import client_of
from bulletin.web.desk.access import Stranger, csrf_of, own_page
from bulletin.web.desk.pages import DeskPages

AnyResponse = TypeVar("AnyResponse", bound=Response)
_ONE_YEAR = 31_536_000
_FOR_A_CODE = int(LINK_LASTS[LinkPurpose.SECOND_STEP].total_seconds())
_NO_ERRORS: Mapping[str, str] = MappingProxyType({})
_ENOUGH_FAILED = 3


class Door:
    """Shows pages to strangers, and lets them in.

    Cookies are Lax and not Strict: who follows a link to the desk from a mail is signed in there,
    and a change needs a form of ours all the same.
    """

    def __init__(self, desk: DeskPages) -> None:
        self._desk = desk
        self._access = desk.access

    def show(
        self,
        request: Request,
        stranger: Stranger,
        template: str,
        *,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """A page with a form for somebody who has not signed in."""
        shown = self._desk.show(
            request, None, template, status=status, csrf=stranger.csrf, **values
        )
        self._keep(shown, "bulletin_form", stranger.token)
        return shown

    def again(
        self,
        request: Request,
        stranger: Stranger,
        form: str = "password",
        *,
        status: int = 401,
        errors: Mapping[str, str] = _NO_ERRORS,
        email: str = "",
    ) -> HTMLResponse:
        """A form over the page of somebody whose session has ended. form: "password" or "code"."""
        shown = self._desk.part(
            request, None, "signing_in/again.html", status=status, csrf=stranger.csrf, form=form,
            errors=errors, email=email, back="",
        )  # fmt: skip
        self._keep(shown, "bulletin_form", stranger.token)
        return shown

    def refuse(
        self,
        request: Request,
        stranger: Stranger,
        template: str,
        error: BulletinError,
        *,
        status: int | None = None,
        **values: object,
    ) -> HTMLResponse:
        """The same page after its form was refused."""
        status = status or status_of(error)
        return told_when(self.show(request, stranger, template, status=status, **values), error)

    def origin(self, request: Request) -> Origin:
        """Where a try to sign in comes from."""
        agent = request.headers.get("user-agent", "")
        known = request.cookies.get(self._access.named("bulletin_known"), "")
        return Origin(client_of(request), agent, known)

    def enter(
        self, request: Request, stranger: Stranger, came: SignedIn | CodeWanted, back: str
    ) -> Response:
        """On to the page that somebody wanted, or first to the page that asks for a code.

        Over a page, the script of that page wants no other: it goes on with the new token.
        """
        over_a_page = is_over_a_page(request)
        answer: Response
        if isinstance(came, CodeWanted):
            answer = self._desk.go(f"/app/sign-in/code?back={quote(own_page(back))}")
            if over_a_page:
                answer = self.again(request, stranger, "code", status=200)
            self._keep(answer, "bulletin_ticket", came.ticket, _FOR_A_CODE)
            return answer
        self._access.end_session(request)
        answer = self._desk.go(own_page(back), _failures(came.failed_tries))
        if over_a_page:
            answer = Response(status_code=204, headers={"X-CSRF-Token": csrf_of(came.token)})
        self.admit(answer, came.token)
        self._keep(answer, "bulletin_known", came.known, _ONE_YEAR)
        self._forget(answer, "bulletin_ticket")
        self._forget(answer, "bulletin_form")
        return answer

    def admit(self, answer: Response, token: str) -> None:
        """Give the browser the token of a session."""
        self._keep(answer, "bulletin", token, int(LONGEST.total_seconds()))

    def ticket(self, request: Request) -> str:
        """What somebody has who gave their password and not yet their code."""
        return request.cookies.get(self._access.named("bulletin_ticket"), "")

    def begun(self, request: Request) -> str:
        """What somebody has who is on their way to an identity provider and back."""
        return request.cookies.get(self._access.named("bulletin_begun"), "")

    def keep_begun(self, answer: Response, kept: str) -> None:
        self._keep(answer, "bulletin_begun", kept, PROVIDER_WITHIN)

    def forget_begun(self, answer: Response) -> None:
        """It worked once, or not at all."""
        self._forget(answer, "bulletin_begun")

    def leave(self, answer: Response) -> Response:
        """Take the session from the browser."""
        self._forget(answer, "bulletin")
        return answer

    def _keep(self, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
        answer.set_cookie(
            self._access.named(name), value, path="/", max_age=seconds, httponly=True,
            samesite="lax", secure=self._access.is_secure,
        )  # fmt: skip

    def _forget(self, answer: Response, name: str) -> None:
        answer.delete_cookie(
            self._access.named(name), path="/", httponly=True, samesite="lax",
            secure=self._access.is_secure,
        )  # fmt: skip


def is_over_a_page(request: Request) -> bool:
    """Whether a script asks, which shows the answer over the page that it belongs to."""
    return "hx-request" in request.headers


def status_of(error: BulletinError | None) -> int:
    """The status of a form that was refused, or of one that is shown afresh."""
    if isinstance(error, TooMany):
        return 429
    return 422 if error else 200


def told_when(answer: AnyResponse, error: BulletinError | None) -> AnyResponse:
    """An answer that says when to try again, if there were too many (RFC 6585 section 4)."""
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return answer


def _failures(count: int) -> str:
    """What to tell somebody of tries with their address that failed; a slip or two is nothing."""
    if count < _ENOUGH_FAILED:
        return ""
    return f"{count:,} tries to sign in with your address failed. Settings say when the last was."
