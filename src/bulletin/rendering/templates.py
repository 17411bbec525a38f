"""Templates: filled in by Jinja, and what is wrong with them, by file and line."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from bulletin.errors import RenderingError
from bulletin.rendering.folders import template_folders
from bulletin.rendering.plain import wrap


class Unknown(StrictUndefined):
    """A name that a template uses and nothing has, with the nearest that there is."""

    @property
    def _undefined_message(self) -> str:
        known = [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        near = get_close_matches(str(self._undefined_name), known, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        return f"nothing here is called '{self._undefined_name}'{hint}"


class Templates:
    """The templates of a kind. Safe to share between threads.

    theme: a folder whose files go before ours; any of them may be missing there.
    shared: values that every template is given. finalize: what makes text of a value.
    """

    def __init__(
        self,
        theme: Path | None,
        shared: Mapping[str, object],
        extensions: Sequence[type[Extension]] = (),
        *,
        kind: str = "email",
        finalize: Callable[[object], str] | None = None,
    ) -> None:
        self._folders = template_folders(kind, theme)
        self._finalize = finalize
        # select_autoescape() would not escape in .mjml files.
        self._markup = self._environment(shared, extensions, autoescape=True)
        self._plain = self._environment(shared, extensions, autoescape=False)

    def markup(self, name: str, /, **values: object) -> str:
        """A template filled in, every value escaped. Raises RenderingError."""
        return self._filled(self._markup, name, values)

    def plain(self, name: str, /, **values: object) -> str:
        """A template filled in with its values as they are. Raises RenderingError."""
        return self._filled(self._plain, name, values)

    def path(self, name: str) -> Path:
        """Where the template of this name is: in the theme, or among ours."""
        return next(folder / name for folder in self._folders if (folder / name).exists())

    def unusable(self, name: str, problem: object, line: object = None) -> RenderingError:
        """The error that says which template is wrong, where, and what is wrong with it."""
        where = f", line {line}" if line else ""
        return RenderingError(f"{self.path(name)}{where}: {problem}")

    def _environment(
        self,
        shared: Mapping[str, object],
        extensions: Sequence[type[Extension]],
        *,
        autoescape: bool,
    ) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=autoescape,  # noqa: S701  # off for plain text alone
            undefined=Unknown,
            finalize=self._finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=extensions,
        )
        environment.globals |= shared
        environment.filters["wrap"] = wrap
        return environment

    def _filled(self, environment: Environment, name: str, values: Mapping[str, object]) -> str:
        try:
            return environment.get_template(name).render(values)
        except Exception as error:  # a theme may hold any mistake
            raise self.unusable(name, error, _line_of(error, name)) from error


def _line_of(error: Exception, name: str) -> int | None:
    """The line of a template that an error comes from. Jinja puts it into the traceback."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    found = [frame.lineno for frame in frames if Path(frame.filename).name == name]
    return found[-1] if found else None
