"""`/healthz`: the process runs. `/readyz`: it can do its work. `/metrics`: how much there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from ipaddress import ip_address, ip_network

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from bulletin.errors import StoreError
from bulletin.models.vitals import Vitals
from bulletin.web.client import client_of, is_proxied
from bulletin.wiring import Services

_TEXT = "text/plain; version=0.0.4; charset=utf-8"  # Prometheus' exposition format


def router(services: Services) -> APIRouter:
    routes = APIRouter()
    near = [ip_network(part) for part in ("127.0.0.0/8", "::1", *services.settings.proxies)]

    def nearby(request: Request) -> None:
        """For whoever watches from this machine, or from the network of our own proxy."""
        try:
            client = ip_address(client_of(request))
        except ValueError:
            raise HTTPException(404) from None
        if is_proxied(request) or not any(client in network for network in near):
            raise HTTPException(404)

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        # Not in a thread: those may all be waiting for the database, and the process is well.
        return {"status": "ok"}

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            missing = services.watch.missing()
        except StoreError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ready", "missing": missing})

    @routes.get("/metrics", dependencies=[Depends(nearby)])
    def metrics() -> PlainTextResponse:
        lines = _exposition(services.watch.vitals())
        return PlainTextResponse("\n".join([*lines, ""]), media_type=_TEXT)

    return routes


def _exposition(vitals: Vitals) -> Iterator[str]:
    pulse = vitals.pulse
    yield from _gauge(
        "copies", "Copies of the issues that are being sent.",
        {f'{{state="{state}"}}': count for state, count in sorted(vitals.copies.items())},
    )  # fmt: skip
    yield from _gauge("chunks_free", "Chunks that could be sent now.", {"": pulse.free_chunks})
    yield from _gauge("chunks_held", "Chunks that somebody sends.", {"": pulse.held_chunks})
    yield from _gauge(
        "chunks_free_seconds", "For how long the first of them has been free.",
        {"": _age(pulse.free_since, vitals.at)},
    )  # fmt: skip
    yield from _gauge("letters_waiting", "Letters that could be sent now.", {"": pulse.letters})
    yield from _gauge(
        "letters_waiting_seconds", "For how long the oldest of them has waited.",
        {"": _age(pulse.letters_since, vitals.at)},
    )  # fmt: skip
    yield from _gauge("events_lately", "Events of the last five minutes.", {"": pulse.events})
    if pulse.workers is not None:
        yield from _gauge("workers", "Workers that live.", {"": pulse.workers})


def _gauge(name: str, says: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP bulletin_{name} {says}"
    yield f"# TYPE bulletin_{name} gauge"
    yield from (f"bulletin_{name}{labels} {value}" for labels, value in values.items())


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, round((now - since).total_seconds(), 1))
