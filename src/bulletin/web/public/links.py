"""What all signed links have in common: a link out of a preview names nobody."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from bulletin.web.pages import Pages

PREVIEW = 0
"""The number that the links of a preview carry: no subscriber and no delivery has it."""


def preview_page(request: Request, pages: Pages) -> HTMLResponse:
    """What an editor sees who follows a personal link in a preview; it leads to nobody's page."""
    return pages.show(request, "preview_link.html")
