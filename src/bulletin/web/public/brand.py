"""The brand on the pages: the logo that mails show too, the colours as a style sheet, an icon."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from bulletin.web.pages import brand_icon, brand_style
from bulletin.wiring import Services

_KEPT = {"Cache-Control": "public, max-age=86400"}


def router(services: Services) -> APIRouter:
    css, drawn = brand_style(services.brand.palette), brand_icon(services.brand.palette)
    routes = APIRouter()

    @routes.get("/brand.css")
    def colours() -> Response:
        return Response(css, media_type="text/css", headers=_KEPT)

    @routes.get("/brand/icon.svg")
    @routes.get("/favicon.ico")  # what browsers ask for beside a file that names none
    def icon() -> Response:
        return Response(drawn, media_type="image/svg+xml", headers=_KEPT)

    @routes.get("/brand/logo.{suffix}")
    def logo(suffix: str) -> Response:
        found = services.logo
        if found is None or suffix != found.suffix:
            raise HTTPException(404)
        return Response(found.data, media_type=found.media_type, headers=_KEPT)

    return routes
