"""The pages about the site: Markdown with placeholders, which a theme may replace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from bulletin.rendering.templates import Templates

TEXTS = ("accessibility.md", "privacy.md", "allow-listing.md")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@/])")


class SiteTexts:
    """The texts as HTML. What is put into them is text, never markup.

    theme: a folder whose files go before ours. known: what they may say of this installation, ""
    for what is not set. Every text is tried at once, with all of it set and with none: raises
    RenderingError with the file and line of what cannot be used.
    """

    def __init__(self, theme: Path | None, known: Mapping[str, str]) -> None:
        self._templates = Templates(theme, known, kind="pages", finalize=_plain)
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        for name in TEXTS:
            for value in ("x", ""):
                self._templates.plain(name, **dict.fromkeys(known, value))

    def page(self, name: str) -> tuple[str, Markup]:
        """The title of a text, from its first heading, and the whole of it as HTML."""
        source = self._templates.plain(name)
        title = source.partition("\n")[0].removeprefix("# ")
        markup: str = self._markdown.render(source)
        return re.sub(r"\\(.)", r"\1", title), Markup(markup)  # noqa: S704  # HTML is off


def _plain(value: object) -> str:
    """Text that Markdown takes as it stands, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(value).split()))
