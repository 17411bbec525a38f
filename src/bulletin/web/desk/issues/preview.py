"""`/app/issues/{n}/preview`: an issue as any reader would get it, and how many would."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import QueryParams

from bulletin.errors import Misconfigured, RenderingError
from bulletin.models.editions import ReaderKind
from bulletin.models.items import Nation
from bulletin.models.nations import nation_named
from bulletin.models.rights import Right
from bulletin.pipeline.proofreading import Proofsheet
from bulletin.preflight import MAX_HTML_BYTES
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.emulation import (
    in_scheme,
    opening_elsewhere,
    without_pictures,
)
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.web.pages import STATIC, brand_style, pages_for
from bulletin.wiring import Services

# No script runs in the frame. It has our origin so that the page around it can keep its place
# when the email in it is replaced; its links open in a tab of their own, outside the sandbox.
_FRAME_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; frame-ancestors 'self'"
)
_MOST_ROLES = 100
_STYLESHEETS = re.compile(r'<link rel="stylesheet"[^>]*>')
_PLAIN = (
    '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
    '<meta name="color-scheme" content="light dark"><title>Plain text</title><style>'
    "body{{margin:16px}}pre{{margin:0;font:14px/1.5 ui-monospace,Consolas,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere}}</style></head><body><pre>{}</pre></body></html>"
)


class View(StrEnum):
    """The ways to look at an issue."""

    DESKTOP = "desktop"
    PHONE = "phone"
    TEXT = "text"
    WEB = "web"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Choice:
    """What an editor wants to see. kind: None for the kind of reader that most people are."""

    kind: ReaderKind | None = None
    view: View = View.DESKTOP
    dark: bool = False
    pictures: bool = True

    def query(self, **more: str) -> str:
        """The choice as it stands in an address."""
        pairs: list[tuple[str, str]] = []
        if self.kind is not None:
            pairs += [("role", role) for role in sorted(self.kind.roles)]
            pairs.append(("nation", self.kind.nation.value if self.kind.nation else ""))
        pairs.append(("view", self.view.value))
        if self.dark:
            pairs.append(("dark", "1"))
        if not self.pictures:
            pairs.append(("pictures", "off"))
        return urlencode([*pairs, *more.items()])


def choice_of(query: QueryParams) -> Choice:
    """What an address asks for; what it does not know is left out."""
    kind = None
    if "nation" in query:
        roles = frozenset(query.getlist("role")[:_MOST_ROLES])
        kind = ReaderKind(roles, nation_named(query["nation"]))
    known = {view.value: view for view in View}
    return Choice(
        kind,
        known.get(query.get("view", ""), View.DESKTOP),
        dark=query.get("dark") == "1",
        pictures=query.get("pictures") != "off",
    )


@dataclass(frozen=True, slots=True)
class PreviewPane:
    """What templates/desk/issues/preview/_pane.html shows. Pages that include it need `preview`.

    sheet: None while something keeps every preview from being made: `trouble` says what.
    """

    root: str
    choice: Choice
    sheet: Proofsheet | None
    trouble: str = ""
    limit: int = MAX_HTML_BYTES

    @property
    def role_options(self) -> list[tuple[str, str]]:
        return [(role.key, role.short) for role in self.sheet.roles] if self.sheet else []

    @property
    def nation_options(self) -> list[tuple[str, str]]:
        return [*((nation.value, nation.value) for nation in Nation), ("", "Not known")]

    @property
    def kind(self) -> ReaderKind:
        return self.choice.kind or ReaderKind(frozenset())

    @property
    def frame(self) -> str:
        """The address of what is in the frame; it changes with every byte of it."""
        version = self.sheet.cut.galley.digest if self.sheet else ""
        return f"{self.root}/preview/frame?{self.choice.query(v=version)}"

    @property
    def page(self) -> str:
        return f"{self.root}/preview?{self.choice.query()}"


def preview_pane(services: Services, number: int, query: QueryParams) -> PreviewPane:
    """The pane for an issue, as the address of the page around it asks. Raises NotFound."""
    root, choice = f"/app/issues/{number}", choice_of(query)
    try:
        sheet = services.proofreading.sheet(str(number), choice.kind)
    except (Misconfigured, RenderingError) as error:
        return PreviewPane(root, choice, None, str(error))
    return PreviewPane(root, replace(choice, kind=sheet.kind), sheet)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/preview")
    viewer = Depends(desk.access.may(Right.VIEW))
    public = pages_for(services)
    # In the page itself, where its dark half can be had without asking the browser.
    sheets = (STATIC / "site.css").read_text() + brand_style(services.brand.palette)

    @routes.get("")
    def page(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        frame = frame_of(services.drafting.issue(str(number)), "")
        pane = preview_pane(services, frame.issue.id, request.query_params)
        return desk.show(request, visitor, "issues/preview/page.html", frame=frame, preview=pane)

    @routes.get("/pane")
    def pane(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        shown = preview_pane(services, number, request.query_params)
        return desk.part(request, visitor, "issues/preview/_shown.html", preview=shown)

    @routes.get("/frame", dependencies=[viewer])
    def frame(request: Request, number: int) -> Response:
        choice = choice_of(request.query_params)
        kind = choice.kind or ReaderKind(frozenset())
        if choice.view is View.WEB:
            body = on_the_web(number, kind)
        elif choice.view is View.TEXT:
            body = _PLAIN.format(escape(services.previewing.cut(str(number), kind).content.text))
        else:
            body = email(number, kind)
        body = in_scheme(opening_elsewhere(body), dark=choice.dark)
        if not choice.pictures:
            body = without_pictures(body)
        headers = {"Content-Security-Policy": _FRAME_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(body.encode(errors="replace"), headers=headers)

    def email(number: int, kind: ReaderKind) -> str:
        body = services.previewing.cut(str(number), kind).content.html
        logo = services.brand.logo
        if logo is None:
            return body
        # Readers' links lead to the public address, which may be another one than the desk's.
        return body.replace(f'src="{escape(logo.url)}"', f'src="{logo.path}"')

    def on_the_web(number: int, kind: ReaderKind) -> str:
        edition = services.proofreading.on_the_web(str(number), kind)
        page = public.text("issue.html", edition=edition, nations=[])
        return _STYLESHEETS.sub("", page).replace("</head>", f"<style>{sheets}</style></head>", 1)

    return routes
