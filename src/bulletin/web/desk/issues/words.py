"""`/app/issues/{n}/compose/words`: an issue's own words and blocks, saved as somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from bulletin.models.issues import Visibility
from bulletin.models.items import Deadline
from bulletin.models.rights import Right
from bulletin.pipeline.composing.composing import Composition
from bulletin.pipeline.composing.sections import order_of
from bulletin.pipeline.composing.wording import WordsSheet
from bulletin.pipeline.composing.writing import Clashing, Typed
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.composition import ComposePages
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.issues.preview_pane import preview_pane
from bulletin.web.desk.issues.words_form import WordsForm, clashed, form_of, typed
from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.saving import Shown, saved
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages, _pages: ComposePages) -> APIRouter:
    routes = APIRouter()
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))
    pages = WordsPages(services, desk)

    @routes.get("/words")
    def ask(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return pages.show(request, visitor, form_of(services.wording.sheet(str(number))))

    @routes.post("/words")
    async def save(request: Request, number: int, visitor: Visitor = writer) -> Response:
        sent = typed(await request.form())
        return await run_in_threadpool(pages.save, request, visitor, number, sent)

    @routes.post("/visibility")
    def visibility(
        number: int, public: Annotated[bool, Form()] = False, visitor: Visitor = writer
    ) -> Response:
        """Whether everybody may read the issue on the web once it has gone out."""
        change = services.publishing.publish if public else services.publishing.unpublish
        issue = change(str(number), visitor.user.email)
        shown = issue.visibility is Visibility.PUBLIC
        said = (
            "Everybody can read it on the web once it has gone out."
            if shown
            else ("It is not in the archive on the web; readers' own links work.")
        )
        return desk.go(f"/app/issues/{number}/compose/words#visibility", said)

    return routes


def _days(found: Composition) -> list[tuple[Deadline, str]]:
    """The days that the items of an issue name, in order, each with its item's title."""
    items = (found.items[one.item_id] for one in order_of(found.sections))
    days = [(item.draft.deadline, item.draft.title) for item in items if item.draft.deadline]
    return sorted(days, key=lambda day: day[0].on)


class WordsPages:
    """Shows the form of an issue's words, and what becomes of what is sent."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self, request: Request, visitor: Visitor, form: WordsForm, *, status: int = 200
    ) -> HTMLResponse:
        """The page, with the preview beside it."""
        issue = form.sheet.issue
        found = self._services.composing.composition(str(issue.id))
        return self._desk.show(
            request, visitor, "issues/compose_words.html", status=status, form=form,
            found=found, frame=frame_of(issue, "compose"), errors=form.errors,
            preview=preview_pane(self._services, issue.id, request.query_params),
            days=_days(found),
        )  # fmt: skip

    def save(self, request: Request, visitor: Visitor, number: int, sent: Typed) -> Response:
        """Save what was typed, and answer in the way that the browser asked for."""
        wording, reference = self._services.wording, str(number)

        def both(error: Clashing) -> WordsForm:
            return clashed(wording.sheet(reference), error)

        def panel(error: Clashing) -> str:
            part = self._desk.part(request, visitor, "parts/clash.html", form=both(error))
            return bytes(part.body).decode()

        def refused(errors: Mapping[str, str], trouble: str, status: int) -> Response:
            now = form_of(wording.sheet(reference))
            form = replace(
                now, values={**now.values, **sent.values}, stamp=sent.stamp,
                errors=errors, trouble=trouble,
            )  # fmt: skip
            return self.show(request, visitor, form, status=status)

        def done(_sheet: WordsSheet) -> Response:
            return self._desk.go(f"/app/issues/{number}/compose/words", "Saved.")

        return saved(
            request,
            sent,
            lambda: wording.save(reference, sent, visitor.user.email),
            Shown(
                done=done,
                clashed=lambda error: self.show(request, visitor, both(error), status=409),
                panel=panel,
                refused=refused,
            ),
        )
