"""An issue, compiled: Jinja2 to MJML to HTML to inlined HTML, and text from its own template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.dom import DOMException

from jinja2.ext import Extension
from mjml import mjml2html

from bulletin.models.brand import Brand
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import IssueContent, Sender
from bulletin.rendering.cleaning import line, merge
from bulletin.rendering.cutting import html_marker, text_marker
from bulletin.rendering.templates import Templates
from bulletin.rendering.view import view

if TYPE_CHECKING:
    from bulletin.rendering.inlining import Inliner

MJML, TEXT, CSS = "edition.mjml", "edition.txt", "inline.css"


class Renderer:
    """Compiles issues with one brand and one set of templates. Safe to share between threads.

    theme: a folder whose edition.mjml, edition.txt and inline.css go before ours; any of them may
    be missing there. Raises RenderingError if the style sheet cannot be used.
    """

    def __init__(self, brand: Brand | None = None, theme: Path | None = None) -> None:
        self._brand = brand or Brand()
        self._theme = theme
        self.templates = self._read(())
        self._inliner = self._styled()

    def compile(self, issue: IssueContent, sender: Sender) -> CompiledIssue:
        """The whole issue once, with markers that Cutter cuts editions by and field tokens.

        Costs some milliseconds, whatever the number of roles and readers. Raises RenderingError
        if a template is wrong.
        """
        shown = view(issue, sender, self._brand)
        mjml = self.templates.markup(MJML, issue=shown, mark=html_marker)
        return CompiledIssue(
            subject=merge(line(issue.subject)),
            html=self._inliner.inline(self._html(mjml)),
            text=self.templates.plain(TEXT, issue=shown, mark=text_marker),
        )

    def filled_mjml(
        self, issue: IssueContent, sender: Sender, extensions: Sequence[type[Extension]]
    ) -> str:
        """The MJML before it is compiled, from a template read with these extensions of Jinja."""
        shown = view(issue, sender, self._brand)
        return self._read(extensions).markup(MJML, issue=shown, mark=html_marker)

    def _read(self, extensions: Sequence[type[Extension]]) -> Templates:
        return Templates(self._theme, {"palette": self._brand.palette}, extensions)

    def _styled(self) -> Inliner:
        from bulletin.rendering.inlining import Inliner  # noqa: PLC0415  # premailer is slow to load

        try:
            return Inliner(self.templates.plain(CSS))
        except DOMException as error:
            found = re.search(r"\[(\d+):|, (\d+), \d+\)", str(error))
            raise self.templates.unusable(CSS, error, found and (found[1] or found[2])) from error

    def _html(self, mjml: str) -> str:
        try:
            # Without fonts={} it links web fonts; with disable_comments it deletes our markers.
            html: str = mjml2html(mjml, fonts={}, disable_comments=False)
        except ValueError as error:
            raise self.templates.unusable(MJML, error) from error
        return html
