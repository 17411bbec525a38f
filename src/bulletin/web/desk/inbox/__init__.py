"""The inbox: candidates on their way in, the list to sort, and items by themselves."""

from __future__ import annotations

from fastapi import APIRouter

from bulletin.web.desk.inbox import item, listing, pasting, previewing
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    """All pages of the inbox; those with a name before the ones that take a number."""
    routes = APIRouter()
    for area in (item, listing, pasting, previewing):
        routes.include_router(area.router(services, desk))
    return routes
