"""The outbox: what would have been mailed, for whoever tries Bulletin on their own machine.

It holds personal copies and asks for no sign-in, so it is shown on this machine alone: to a
loopback client that names a loopback host, without a proxy in between, and only while readers'
links lead to this machine, too. An installation that is open to the world shows none of it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from bulletin.models.servers import is_this_machine
from bulletin.settings import TransportName
from bulletin.web.client import client_of, is_proxied
from bulletin.web.pages import Pages
from bulletin.wiring import Services

_PAGE = 50
_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'self'"
)


def router(services: Services, pages: Pages) -> APIRouter:
    settings = services.settings
    shown = settings.transport is TransportName.OUTBOX and is_this_machine(
        urlsplit(settings.public_url).hostname or ""
    )

    def on_this_machine(request: Request) -> None:
        places = client_of(request), _host(request.headers.get("host", ""))
        if not shown or is_proxied(request) or not all(map(is_this_machine, places)):
            raise HTTPException(404)

    routes = APIRouter(prefix="/outbox", dependencies=[Depends(on_this_machine)])

    @routes.get("")
    def listing(request: Request, page: int = Query(1, ge=1, le=100_000)) -> HTMLResponse:
        found = services.outbox.page(page, _PAGE)
        return pages.show(request, "outbox.html", page=page, size=_PAGE, listing=found)

    @routes.get("/{key}")
    def copy(request: Request, key: str) -> HTMLResponse:
        mail = services.outbox.read(key)
        if mail is None:
            raise HTTPException(404)
        return pages.show(request, "copy.html", key=key, mail=mail)

    @routes.get("/{key}/html")
    def markup(key: str) -> HTMLResponse:
        mail = services.outbox.read(key)
        if mail is None:
            raise HTTPException(404)
        headers = {"Content-Security-Policy": _MAIL_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(mail.html, headers=headers)

    return routes


def _host(header: str) -> str:
    """The host that a Host header names, without its port; "" if it names none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
