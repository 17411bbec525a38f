"""What went wrong at the desk, said within the desk."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from bulletin.errors import BulletinError
from bulletin.web.desk.access import SignInFirst, Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.web.pages import Pages


class ProblemPages:
    """Shows a refusal in the frame of the desk if it happened there, else as readers see it."""

    def __init__(self, pages: Pages, desk: DeskPages) -> None:
        self._pages = pages
        self._desk = desk

    def show(
        self, request: Request, template: str, *, status: int, title: str, sentence: str
    ) -> HTMLResponse:
        """A whole page; for htmx a notice, so that what is on the page stays there."""
        if request.url.path != "/app" and not request.url.path.startswith("/app/"):
            return self._pages.show(
                request, template, status=status, title=title, sentence=sentence
            )
        visitor = self._visitor(request)
        if "hx-request" in request.headers:
            answer = self._desk.part(
                request, visitor, "problem/notice.html", status=status, sentence=sentence
            )
            answer.headers.update({"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
            return answer
        return self._desk.show(
            request, visitor, "problem/page.html", status=status, title=title, sentence=sentence
        )

    def _visitor(self, request: Request) -> Visitor | None:
        try:
            return self._desk.access.visitor(request)
        except (SignInFirst, BulletinError):  # perhaps it is the database that went wrong
            return None
