"""Pages that are made when somebody asks for the first of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


class Deferred(BaseRoute):
    """All routes under some prefixes, made once they are needed: hundreds take a third of a second,
    and whoever only reads an issue never needs them.

    make: the router with all of them, whose paths begin with one of the prefixes.
    """

    def __init__(self, prefixes: Iterable[str], make: Callable[[], APIRouter]) -> None:
        self._prefixes = tuple(prefixes)
        self._make = make

    @cached_property
    def router(self) -> APIRouter:
        return self._make()

    def prepare(self) -> None:
        """Make them now."""
        _ = self.router

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path: str = scope["path"]
        ours = any(path == one or path.startswith(f"{one}/") for one in self._prefixes)
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.router(scope, receive, send)
