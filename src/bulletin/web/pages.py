"""Turns templates into pages."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined


class Pages:
    """The page templates. Everything put into them is text; Jinja escapes it."""

    def __init__(self, templates: Path, name: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined
        )
        self._environment.globals["bulletin_name"] = name

    def show(
        self, request: Request, template: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A finished page. `path` tells the template where it is."""
        text = self._environment.get_template(template).render(path=request.url.path, **values)
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})
