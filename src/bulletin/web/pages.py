"""Turns templates into pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bulletin.models.brand import Brand, Palette
from bulletin.wiring import Services

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Site:
    """What stands on every page. public_url: where readers reach us, without a slash at its end."""

    name: str
    postal_address: str
    footer: str
    public_url: str
    brand: Brand


class Pages:
    """The page templates. Everything put into them is text; Jinja escapes it."""

    def __init__(self, templates: Path, site: Site) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined
        )
        self._environment.globals |= {
            "bulletin_name": site.name,
            "site": site,
            "stylesheets": [
                versioned("/static/site.css", (STATIC / "site.css").read_bytes()),
                versioned("/brand.css", brand_style(site.brand.palette).encode()),
            ],
            "icon": icon_address(site.brand.palette),
        }

    def show(
        self, request: Request, template: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A finished page that nobody keeps or indexes. `path` tells the template where it is."""
        text = self.text(template, path=request.url.path, indexed=False, **values)
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return HTMLResponse(text, status_code=status, headers=headers)

    def text(self, template: str, *, path: str = "", indexed: bool = True, **values: object) -> str:
        """A page as text. indexed: whether search engines may list it."""
        found = self._environment.get_template(template)
        text = found.render(path=path, indexed=indexed, **values)
        # Halves of characters come in by odd charsets and are refused, but their refusal is shown.
        return text.encode(errors="replace").decode()


def pages_for(services: Services) -> Pages:
    """The pages of an installation."""
    return Pages(_TEMPLATES, site_of(services))


def site_of(services: Services) -> Site:
    """What the settings say about the site itself."""
    settings = services.settings
    return Site(
        name=settings.from_name,
        postal_address=settings.postal_address,
        footer=settings.footer_text,
        public_url=settings.public_url,
        brand=services.brand,
    )


def brand_style(palette: Palette) -> str:
    """The brand's colours on the pages, light and dark; all else stays ink on paper."""
    light = _declared(accent=palette.link, heading=palette.brand, tint=palette.tint)
    dark = _declared(accent=palette.dark_link, heading=palette.dark_heading, tint=palette.dark_tint)
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def brand_icon(palette: Palette) -> str:
    """What browsers show beside the name of a page: a sheet in the brand's colour, as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<rect x="3" width="10" height="16" rx="2" fill="{palette.brand}"/></svg>'
    )


def icon_address(palette: Palette) -> str:
    """Where that is."""
    return versioned("/brand/icon.svg", brand_icon(palette).encode())


def _declared(**colours: str) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def versioned(path: str, content: bytes) -> str:
    """The address of a style sheet, which changes with what is in it, so it is kept for good."""
    return f"{path}?v={hashlib.sha256(content).hexdigest()[:12]}"
