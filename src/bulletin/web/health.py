"""`/healthz`: the process runs. `/readyz`: it can do its work."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bulletin.errors import StoreError
from bulletin.wiring import Services


def router(services: Services) -> APIRouter:
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        # Not in a thread: those may all be waiting for the database, and the process is well.
        return {"status": "ok"}

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            services.store.ping()
        except StoreError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ready"})

    return routes
