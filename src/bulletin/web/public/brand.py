"""The brand on the pages: the logo that mails show too, and the two colours as a style sheet."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from bulletin.web.pages import brand_style
from bulletin.wiring import Services

_KEPT = {"Cache-Control": "public, max-age=86400"}


def router(services: Services) -> APIRouter:
    css = brand_style(services.brand.palette)
    routes = APIRouter()

    @routes.get("/brand.css")
    def colours() -> Response:
        return Response(css, media_type="text/css", headers=_KEPT)

    @routes.get("/brand/logo.{suffix}")
    def logo(suffix: str) -> Response:
        found = services.logo
        if found is None or suffix != found.suffix:
            raise HTTPException(404)
        return Response(found.data, media_type=found.media_type, headers=_KEPT)

    return routes
