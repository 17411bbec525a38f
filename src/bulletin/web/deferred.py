"""Pages that are made when somebody asks for the first of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


class Deferred(BaseRoute):
    """All routes under a prefix, made once they are needed: hundreds take a third of a second,
    and whoever only reads an issue never needs them.

    make: the router with all of them, whose paths begin with the prefix.
    """

    def __init__(self, prefix: str, make: Callable[[], APIRouter]) -> None:
        self._prefix = prefix
        self._make = make

    @cached_property
    def router(self) -> APIRouter:
        return self._make()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path: str = scope["path"]
        ours = path == self._prefix or path.startswith(f"{self._prefix}/")
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.router(scope, receive, send)
