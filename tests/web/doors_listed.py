"""Every way into the application, read off the application itself, so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from bulletin.web.deferred import Deferred

_PARAMETER = re.compile(r"\{\w+\}")


@dataclass(frozen=True, order=True)
class Door:
    """A method at a path of the application, such as GET /app/issues/{number}/compose."""

    path: str
    method: str

    @property
    def address(self) -> str:
        """One that leads to it, whatever its parameters are, and to nothing that there is."""
        return _PARAMETER.sub("987654", self.path)


def doors_of(app: FastAPI, root: str = "") -> list[Door]:
    """Every way in under a path, by path."""
    found = (
        Door(path, method)
        for path, route in _within(app.routes, "")
        if path == root or path.startswith(f"{root}/")
        for method in route.methods or ()
    )
    return sorted(found)


def _within(routes: Iterable[BaseRoute], prefix: str) -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
            continue
        if isinstance(route, Deferred):
            yield from _within(route.router.routes, prefix)
            continue
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _within(inner.routes, prefix + route.include_context.prefix)  # type: ignore[attr-defined]  # FastAPI's own
