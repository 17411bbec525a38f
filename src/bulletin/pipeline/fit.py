"""Fit: an issue made as long as a mailbox takes it, in steps that the editor sees."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bulletin.messages import printable
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import IssueContent, Length, Sender
from bulletin.preflight import MAX_HTML_BYTES
from bulletin.rendering import Cutter, Renderer


@dataclass(frozen=True, slots=True)
class Fit:
    """An issue at one length. Sizes are of the whole of it, as a reader of everything gets it.

    html_bytes:      the HTML as a mail program counts it (requirement 50a).
    printable_bytes: the same as it travels, quoted-printable.
    """

    content: IssueContent
    compiled: CompiledIssue
    html_bytes: int
    printable_bytes: int


def fitted(renderer: Renderer, content: IssueContent, sender: Sender, wanted: Length | None) -> Fit:
    """The issue at the length an editor wants, or else at the first that fits a mailbox.

    The length becomes part of the content, so that it is frozen with it and every edition has
    the same. If even the shortest is too long, preflight blocks it.
    """
    for length in [wanted] if wanted else list(Length):
        fit = _compiled(renderer, replace(content, length=length), sender)
        if fit.html_bytes <= MAX_HTML_BYTES:
            break
    return fit


def _compiled(renderer: Renderer, content: IssueContent, sender: Sender) -> Fit:
    return fit_of(content, renderer.compile(content, sender))


def fit_of(content: IssueContent, compiled: CompiledIssue) -> Fit:
    """What was compiled, with its sizes."""
    html = Cutter(compiled).whole().html
    return Fit(content, compiled, len(html.encode()), len(printable(html)))
