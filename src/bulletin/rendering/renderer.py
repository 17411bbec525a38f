"""An issue, compiled: Jinja2 to MJML to HTML to inlined HTML, and text from its own template."""

from __future__ import annotations

from pathlib import Path

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mjml import mjml2html

import bulletin
from bulletin.errors import RenderingError
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import IssueContent, Sender
from bulletin.rendering.cleaning import line, merge
from bulletin.rendering.cutting import html_marker, text_marker
from bulletin.rendering.inlining import Inliner
from bulletin.rendering.plain import wrap
from bulletin.rendering.view import IssueView, view

_MJML, _TEXT, _CSS = "edition.mjml", "edition.txt", "inline.css"


def default_templates() -> Path:
    """The templates of the installed wheel, or of the working copy it is installed from."""
    package = Path(bulletin.__file__).parent
    packaged = package / "templates" / "email"
    return packaged if packaged.is_dir() else package.parents[1] / "templates" / "email"


class Renderer:
    """Compiles issues with one set of templates. Safe to share between threads.

    templates: a folder with edition.mjml, edition.txt and inline.css; ours if not given.
    """

    def __init__(self, templates: Path | None = None) -> None:
        folder = templates or default_templates()
        loader = FileSystemLoader(folder)
        # select_autoescape() would not escape in .mjml files.
        self._mjml = _environment(loader, autoescape=True, marker=html_marker)
        self._text = _environment(loader, autoescape=False, marker=text_marker)
        self._inliner = Inliner(_sheet(folder / _CSS))

    def compile(self, issue: IssueContent, sender: Sender) -> CompiledIssue:
        """The whole issue once, with markers that Cutter cuts editions by and field tokens.

        Costs some milliseconds, whatever the number of roles and readers. Raises RenderingError
        if a template is wrong.
        """
        shown = view(issue, sender)
        mjml = _fill(self._mjml, _MJML, shown)
        return CompiledIssue(
            subject=merge(line(issue.subject)),
            html=self._inliner.inline(_html(mjml)),
            text=_fill(self._text, _TEXT, shown),
        )


def _environment(loader: FileSystemLoader, *, autoescape: bool, marker: object) -> Environment:
    environment = Environment(
        loader=loader,
        autoescape=autoescape,  # noqa: S701  # off for plain text alone
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["mark"] = marker
    environment.filters["wrap"] = wrap
    return environment


def _sheet(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RenderingError(
            f"The style sheet {path} of the email cannot be read: {error.strerror}."
        ) from error


def _fill(environment: Environment, name: str, issue: IssueView) -> str:
    try:
        return environment.get_template(name).render(issue=issue)
    except jinja2.TemplateError as error:
        raise RenderingError(f"The template {name} cannot be used: {error}.") from error


def _html(mjml: str) -> str:
    try:
        # Without fonts={} it links web fonts; with disable_comments it deletes our markers.
        html: str = mjml2html(mjml, fonts={}, disable_comments=False)
    except ValueError as error:
        raise RenderingError(f"The template {_MJML} is not valid MJML: {error}.") from error
    return html
