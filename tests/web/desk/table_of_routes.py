"""Every route of the desk, read off the application itself, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from bulletin.web.deferred import Deferred

ROOT = "/app"


@dataclass(frozen=True, order=True)
class Door:
    """A method at a path of the application, such as GET /app/issues/{number}/compose."""

    path: str
    method: str
    route: APIRoute


def doors_of(app: FastAPI) -> list[Door]:
    """Every way into the desk, by path."""
    found = (
        Door(path, method, route)
        for path, route in _within(app.routes, "")
        if path == ROOT or path.startswith(f"{ROOT}/")
        for method in route.methods or ()
    )
    return sorted(found, key=lambda door: (door.path, door.method))


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
