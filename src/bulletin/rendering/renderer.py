"""An issue, compiled: Jinja2 to MJML to HTML to inlined HTML, and text from its own template."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from pathlib import Path
from xml.dom import DOMException

import cssutils
import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from mjml import mjml2html

from bulletin.errors import RenderingError
from bulletin.models.brand import Brand
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import IssueContent, Sender
from bulletin.rendering.cleaning import line, merge
from bulletin.rendering.cutting import html_marker, text_marker
from bulletin.rendering.folders import template_folders
from bulletin.rendering.inlining import Inliner
from bulletin.rendering.plain import wrap
from bulletin.rendering.view import IssueView, view

MJML, TEXT, CSS = TEMPLATES = ("edition.mjml", "edition.txt", "inline.css")


class Renderer:
    """Compiles issues with one brand and one set of templates. Safe to share between threads.

    theme: a folder whose edition.mjml, edition.txt and inline.css go before ours; any of them may
    be missing there. Raises RenderingError if the style sheet cannot be used.
    """

    def __init__(self, brand: Brand | None = None, theme: Path | None = None) -> None:
        self._brand = brand or Brand()
        self._folders = template_folders("email", theme)
        # select_autoescape() would not escape in .mjml files.
        self._mjml = self._environment(autoescape=True, marker=html_marker)
        self._text = self._environment(autoescape=False, marker=text_marker)
        self._inliner = Inliner(self._sheet())

    def compile(self, issue: IssueContent, sender: Sender) -> CompiledIssue:
        """The whole issue once, with markers that Cutter cuts editions by and field tokens.

        Costs some milliseconds, whatever the number of roles and readers. Raises RenderingError
        if a template is wrong.
        """
        shown = view(issue, sender, self._brand)
        mjml = self._filled(self._mjml, MJML, issue=shown)
        return CompiledIssue(
            subject=merge(line(issue.subject)),
            html=self._inliner.inline(self._html(mjml)),
            text=self._filled(self._text, TEXT, issue=shown),
        )

    def filled_mjml(
        self, issue: IssueContent, sender: Sender, extensions: Sequence[type[Extension]]
    ) -> str:
        """The MJML before it is compiled, from a template read with these extensions of Jinja."""
        environment = self._environment(autoescape=True, marker=html_marker, extensions=extensions)
        return self._filled(environment, MJML, issue=view(issue, sender, self._brand))

    def path(self, name: str) -> Path:
        """Where the template of this name is: in the theme, or among ours."""
        return next(folder / name for folder in self._folders if (folder / name).exists())

    def _environment(
        self, *, autoescape: bool, marker: object, extensions: Sequence[type[Extension]] = ()
    ) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=autoescape,  # noqa: S701  # off for plain text alone
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=extensions,
        )
        environment.globals["mark"] = marker
        environment.filters["wrap"] = wrap
        return environment

    def _filled(self, environment: Environment, name: str, **values: IssueView) -> str:
        try:
            template = environment.get_template(name)
            return template.render(palette=self._brand.palette, **values)
        except (jinja2.TemplateError, UnicodeError, TypeError, ValueError) as error:
            raise self._unusable(name, error, _line_of(error)) from error

    def _sheet(self) -> str:
        css = self._filled(self._text, CSS)
        try:
            cssutils.CSSParser(raiseExceptions=True, validate=False, fetcher=_nothing).parseString(
                css
            )
        except DOMException as error:
            found = re.search(r"\[(\d+):|, (\d+), \d+\)", str(error))
            raise self._unusable(CSS, error, found and (found[1] or found[2])) from error
        return css

    def _html(self, mjml: str) -> str:
        try:
            # Without fonts={} it links web fonts; with disable_comments it deletes our markers.
            html: str = mjml2html(mjml, fonts={}, disable_comments=False)
        except ValueError as error:
            raise self._unusable(MJML, error, None) from error
        return html

    def _unusable(self, name: str, error: Exception, number: object) -> RenderingError:
        where = f", line {number}" if number else ""
        return RenderingError(f"{self.path(name)}{where}: {error}")


def _nothing(_url: str) -> None:
    """Style sheets are not fetched; `Inliner` says so where one asks for another."""


def _line_of(error: Exception) -> int | None:
    """The line of a template that an error comes from. Jinja puts it into the traceback."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    found = [frame.lineno for frame in frames if Path(frame.filename).name in TEMPLATES]
    return found[-1] if found else None
