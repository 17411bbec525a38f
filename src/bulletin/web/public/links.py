"""What all signed links have in common: a link out of a preview names nobody."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from bulletin.models.deliveries import PREVIEW
from bulletin.web.pages import Pages

__all__ = ["PREVIEW", "preview_page"]


def preview_page(request: Request, pages: Pages) -> HTMLResponse:
    """What an editor sees who follows a personal link in a preview; it leads to nobody's page."""
    return pages.show(request, "preview_link.html")
