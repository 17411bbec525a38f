"""A theme: templates that an organisation changed, and the check that they still work.

A theme is refused when Bulletin starts, with the file and the line, rather than found broken on
the morning of a send.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from bulletin.errors import RenderingError
from bulletin.models.brand import Brand
from bulletin.models.editions import CompiledIssue, EditionContent, Field
from bulletin.models.issues import Helpline, IssueContent, Length, PlacedItem, Sender, Topic
from bulletin.models.items import Action, Deadline, Nation, Note
from bulletin.rendering.cutting import Cutter
from bulletin.rendering.folders import our_templates
from bulletin.rendering.renderer import MJML, TEXT, Renderer
from bulletin.rendering.templates import Templates

# Without these a copy would break the law or the mailbox providers' rules (requirements 28, 36).
_REQUIRED = {Field.UNSUBSCRIBE_URL: "issue.unsubscribe_url", Field.ROLE: "issue.role"}
_SENDER = Sender(
    name="Example Sender",
    email="bulletin@school.example",
    reply_to="bulletin@school.example",
    postal_address="1 Example Street",
    list_id="bulletin.school.example",
)
_VOID = frozenset(
    ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


def copy_templates(folder: Path) -> list[Path]:
    """Copy our templates into a folder, for somebody who wants to change them.

    Returns the new files. Raises RenderingError, and copies nothing, if one is there already.
    """
    wanted = {folder / ours.name: ours for ours in our_templates()}
    taken = [path for path in wanted if path.exists()]
    if taken:
        raise RenderingError(f"{taken[0]} is there already. Name a new folder, or take it away.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, ours in wanted.items():
            path.write_bytes(ours.read_bytes())
    except OSError as error:
        raise RenderingError(f"{folder} cannot be written: {error.strerror}.") from error
    return list(wanted)


def unused_files(folder: Path) -> list[Path]:
    """The files of a theme that no template is called like, such as a misspelt one."""
    known = {path.name for path in our_templates()}
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name not in known)


def checked_renderer(brand: Brand, theme: Path | None) -> Renderer:
    """A renderer whose theme has been proved on issues that use every part of the templates.

    Raises RenderingError with the file, the line where it is known, and what is wrong.
    """
    if theme is None:
        return Renderer(brand)
    if not theme.is_dir():
        raise RenderingError(f"BULLETIN_THEME_DIR: there is no folder {theme}.")
    renderer = Renderer(brand, theme)
    for length in Length:
        _prove(renderer, replace(_SAMPLE, length=length))
    return renderer


def _prove(renderer: Renderer, issue: IssueContent) -> None:
    templates = renderer.templates
    _balance(renderer.filled_mjml(issue, _SENDER, [_LineMarks]), templates)
    compiled = renderer.compile(issue, _SENDER)
    if found := re.search(r"<(mj-[\w-]+)", compiled.html):
        raise templates.unusable(MJML, f"there is no MJML component <{found[1]}>.")
    edition = _whole(compiled, templates)
    for name, content in ((MJML, edition.html), (TEXT, edition.text)):
        for field, expression in _REQUIRED.items():
            if field.token not in content:
                raise templates.unusable(name, f"{{{{ {expression} }}}} has to be in it.")


def _whole(compiled: CompiledIssue, templates: Templates) -> EditionContent:
    for name, part in ((MJML, replace(compiled, text="")), (TEXT, replace(compiled, html=""))):
        try:
            Cutter(part)
        except RenderingError as error:
            raise templates.unusable(name, error) from error
    return Cutter(compiled).whole()


class _LineMarks(Extension):
    """Marks in what a template renders to, which say from which of its lines a piece comes."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield token if token.type != "data" else token._replace(value=_marked(token))


def _marked(token: Token) -> str:
    lines = enumerate(token.value.split("\n"), start=token.lineno)
    return "\n".join(f"\ue000{number}\ue001{line}" for number, line in lines)


_MARK = re.compile("\ue000(\\d+)\ue001")


def _balance(marked: str, templates: Templates) -> None:
    """Raises RenderingError where an element is closed that was not opened, or never closed."""
    parts = _MARK.split(marked)
    offsets, lines, length = [], [], len(parts[0])
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        offsets.append(length)
        lines.append(int(number))
        length += len(text)
    text = "".join(parts[::2])
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    tags = _Tags()
    tags.feed(text)
    tags.close()
    for message, (row, column) in tags.problems():
        place = bisect_right(offsets, starts[row - 1] + column) - 1
        raise templates.unusable(MJML, message, lines[max(place, 0)])


class _Tags(HTMLParser):
    """Pairs the tags of a filled-in MJML template."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._open: list[tuple[str, tuple[int, int]]] = []
        self._found: list[tuple[str, tuple[int, int]]] = []

    def problems(self) -> Iterable[tuple[str, tuple[int, int]]]:
        """What is wrong, and its line and column in the filled-in text; the first comes first."""
        yield from self._found
        for tag, where in self._open:
            yield f"<{tag}> is never closed.", where

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  # HTMLParser's own
        if tag not in _VOID:
            self._open.append((tag, self.getpos()))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """`<mj-spacer />` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        elif not self._found:
            expected = f", but <{self._open[-1][0]}> is open" if self._open else ""
            self._found.append((f"</{tag}> closes nothing{expected}.", self.getpos()))


_SAMPLE = IssueContent(
    title="Title",
    subject="Subject",
    standfirst="Opening line",
    intro="Dear {{first_name}}",
    closing="Closing words",
    dateline="December 2026",
    helplines=(Helpline("Somebody", "01632 960 000", "Any time", "https://help.example/"),),
    topics=(
        Topic(
            key=1,
            title="Topic",
            items=(
                PlacedItem(
                    id=1,
                    title="Item",
                    body="Words and words. " * 40,
                    source="Source",
                    published=date(2026, 12, 1),
                    actions=(
                        Action("Read the report", url="https://report.example/"),
                        Action("Ask"),
                    ),
                    nations=(Nation.WALES,),
                    notes=(Note("dsl", "What to do."),),
                    deadline=Deadline(date(2026, 12, 18)),
                    content_note="A gentle note.",
                ),
                PlacedItem(id=2, title="", body="A few words."),
            ),
        ),
        Topic(key=2, title="", items=(PlacedItem(id=3, title="Alone", body=""),)),
    ),
)
