"""The desk's templates: whole pages in their frame, fragments for htmx, and the way on."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bulletin.models.days import spoken_date
from bulletin.models.rights import Right
from bulletin.pipeline.clock import spoken
from bulletin.web.desk.access import Access, Visitor
from bulletin.web.pages import STATIC, icon_address, versioned
from bulletin.wiring import Services

_TEMPLATES = Path(__file__).parents[1] / "templates" / "desk"
_NOTICE = "bulletin_notice"
_LONGEST_NOTICE = 2_000  # characters; browsers take 4,096 bytes of cookie

# Script and style are our own files; the email in a preview is a frame of its own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Undo:
    """The way back from a change: a form that the notice holds."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    label: str = "Undo"


class DeskPages:
    """Renders what is under templates/desk. Everything put into them is text; Jinja escapes it.

    `access` makes the dependencies of the routes.
    """

    def __init__(self, services: Services) -> None:
        self.access = Access(services)
        self._services = services
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        )
        self._environment.globals |= {
            "bulletin_name": services.settings.from_name,
            "Right": Right,
            "asset": _asset,
            "tab_icon": icon_address(services.brand.palette),
            "made_up": self._made_up,
            "to_sort": self._to_sort,
            "open_comments": self._open_comments,
            "provider": services.settings.oidc_name if services.settings.oidc_issuer else "",
        }
        self._environment.filters |= {
            "day": spoken_date,
            "weekday": lambda day: f"{day:%A} {spoken_date(day)}",
            "moment": partial(spoken, zone=services.settings.zone),
        }

    def compile_templates(self) -> None:
        """Compile every template, so that nobody waits for it. The routes have to be made before:
        some give their templates filters."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def _open_comments(self, issue_id: int) -> Mapping[int | None, int]:
        return self._services.commenting.open_counts(str(issue_id))

    def _made_up(self) -> frozenset[int]:
        return self._services.sampling.items()

    def _to_sort(self) -> int:
        return self._services.today.to_sort()

    def show(
        self,
        request: Request,
        visitor: Visitor | None,
        template: str,
        *,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """A whole page, with the notice that a change before it left."""
        notice = _notice_of(request)
        answer = self.part(request, visitor, template, status=status, notice=notice, **values)
        if notice is not None:
            answer.delete_cookie(_NOTICE, path="/app")
        return answer

    def part(
        self,
        request: Request,
        visitor: Visitor | None,
        template: str,
        *,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """A piece of a page, for htmx. Nobody keeps it."""
        found = self._environment.get_template(template)
        text = found.render(request=request, path=request.url.path, visitor=visitor, **values)
        # Halves of characters come in by odd charsets; what is refused is shown without them.
        body = text.encode(errors="replace")
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
            # With no-referrer browsers say of our own forms that they come from nowhere.
            "Referrer-Policy": "same-origin",
        }
        return HTMLResponse(body, status_code=status, headers=headers)

    def go(self, path: str, notice: str = "", undo: Undo | None = None) -> Response:
        """On to another page after a change (RFC 9110 section 15.4.4), with what was done."""
        answer = RedirectResponse(path, status_code=303)
        if notice:
            said = {"text": notice[:_LONGEST_NOTICE], "undo": asdict(undo) if undo else None}
            packed = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
            answer.set_cookie(
                _NOTICE, packed, path="/app", max_age=60, httponly=True, samesite="strict",
                secure=self.access.is_secure,
            )  # fmt: skip
        return answer


def _notice_of(request: Request) -> dict[str, object] | None:
    """What the page before said, as the template shows it: text, and the way back.

    Whatever else a cookie holds is no notice: a page never breaks on what its browser keeps.
    """
    try:
        said = json.loads(base64.urlsafe_b64decode(request.cookies.get(_NOTICE, "")))
        undo = said["undo"]
        if undo is not None:
            fields = {str(name): str(value) for name, value in undo["fields"].items()}
            undo = Undo(str(undo["action"]), fields, str(undo["label"]))
            if not undo.action.startswith("/app/"):
                return None
        return {"text": str(said["text"]), "undo": undo}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _asset(name: str) -> str:
    """The address of a built file, which changes with what is in it."""
    path = STATIC / "desk" / name
    return versioned(f"/static/desk/{name}", path.read_bytes() if path.exists() else b"")
