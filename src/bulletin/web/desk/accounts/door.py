"""The door: what the pages before signing in have in common, and what their browsers keep."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from bulletin.pipeline.sessions import LONGEST
from bulletin.pipeline.signing_in import CodeWanted, Origin, SignedIn
from bulletin.web.client import client_of
from bulletin.web.desk.access import Stranger, own_page
from bulletin.web.desk.pages import DeskPages

_ONE_YEAR = 31_536_000
_MINUTES_FOR_A_CODE = 10
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
        answer = self._desk.show(
            request, None, template, status=status, csrf=stranger.csrf, **values
        )
        self._keep(answer, "bulletin_form", stranger.token)
        return answer

    def origin(self, request: Request) -> Origin:
        """Where a try to sign in comes from."""
        agent = request.headers.get("user-agent", "")
        known = request.cookies.get(self._access.named("bulletin_known"), "")
        return Origin(client_of(request), agent, known)

    def enter(self, came: SignedIn | CodeWanted, back: str) -> Response:
        """On to the page that somebody wanted, or first to the page that asks for a code."""
        if isinstance(came, CodeWanted):
            answer = self._desk.go(f"/app/sign-in/code?back={own_page(back)}")
            self._keep(answer, "bulletin_ticket", came.ticket, _MINUTES_FOR_A_CODE * 60)
            return answer
        answer = self._desk.go(own_page(back), _failures(came.failed_tries))
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


def _failures(count: int) -> str:
    """What to tell somebody of tries with their address that failed; a slip or two is nothing."""
    if count < _ENOUGH_FAILED:
        return ""
    return f"{count:,} tries to sign in with your address failed. Settings say when the last was."
