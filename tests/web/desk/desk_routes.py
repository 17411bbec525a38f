"""Every route of the desk, as the application itself knows them."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from bulletin.web.deferred import Deferred


@dataclass(frozen=True, order=True)
class DeskRoute:
    """path: as it is declared; address: one that leads to it, whatever its parameters are."""

    path: str
    method: str
    address: str


def routes_of(app: FastAPI) -> list[DeskRoute]:
    """All routes under /app, those of routers within routers too."""
    desk = FastAPI()
    for route in app.routes:
        if isinstance(route, Deferred):
            desk.include_router(route.router)
    found = []
    for path, operations in desk.openapi()["paths"].items():
        if path != "/app" and not path.startswith("/app/"):
            continue
        for method, operation in operations.items():
            address = path
            for each in operation.get("parameters", ()):
                if each["in"] == "path":
                    number = each["schema"].get("type") == "integer"
                    address = address.replace(f"{{{each['name']}}}", "987654" if number else "x")
            found.append(DeskRoute(path, method.upper(), address))
    return sorted(found)
