"""`/accessibility`, `/privacy` and `/allow-listing`: our texts, with what the settings know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from bulletin.models.requests import CONFIRM_WITHIN
from bulletin.pipeline.letters import KEEP_FOR
from bulletin.rendering import template_folders
from bulletin.settings import Settings
from bulletin.web.pages import Pages
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

_PAGES = {
    "/accessibility": "accessibility.md",
    "/privacy": "privacy.md",
    "/allow-listing": "allow-listing.md",
}
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@/])")


def router(services: Services, pages: Pages) -> APIRouter:
    texts = Texts(template_folders("pages", services.settings.theme_dir), facts(services.settings))

    def build(path: str) -> str:
        title, body = texts.page(_PAGES[path])
        return pages.text("about.html", path=path, title=title, body=body)

    shelf = Shelf(build, "text/html", size=len(_PAGES))

    routes = APIRouter()
    for path in _PAGES:

        @routes.get(path)
        def about(request: Request) -> Response:
            return shelf.answer(request, request.url.path)

    return routes


def facts(settings: Settings) -> Mapping[str, str]:
    """What the texts may say of this installation; "" for what is not set."""
    return {
        "name": settings.from_name,
        "postal_address": settings.postal_address,
        "from_email": settings.from_email,
        "contact": settings.reply_to or settings.from_email,
        "domain": settings.from_email.rpartition("@")[2],
        "selector": settings.dkim_selector,
        "sending_addresses": settings.sending_addresses,
        "site": settings.public_url,
        "host": settings.public_url.partition("://")[2],
        "confirm_days": str(CONFIRM_WITHIN.days),
        "letter_days": str(KEEP_FOR.days),
    }


class Texts:
    """Markdown with placeholders. What is put in is text, never markup."""

    def __init__(self, folders: Sequence[Path], known: Mapping[str, str]) -> None:
        self._folders = folders
        self._known = known

    def page(self, name: str) -> tuple[str, Markup]:
        """The title of a text, from its first heading, and the whole of it as HTML."""
        source = self._environment.get_template(name).render(self._known)
        title = source.partition("\n")[0].removeprefix("# ")
        markup: str = self._markdown.render(source)
        return re.sub(r"\\(.)", r"\1", title), Markup(markup)  # noqa: S704  # HTML is off

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=False,  # noqa: S701  # Markdown: `finalize` escapes
            undefined=StrictUndefined,
            finalize=_plain,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _markdown(self) -> MarkdownIt:
        return MarkdownIt("commonmark", {"html": False}).enable("table")


def _plain(value: object) -> str:
    """Text that Markdown takes as it stands, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(value).split()))
