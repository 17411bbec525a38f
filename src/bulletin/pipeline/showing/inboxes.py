"""Inboxes: how lists of mail show an issue before anybody opens it. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.preflight import risky_words

# What fits on a line, in characters: of iPhone Mail as emailtooltester.com measured it on an iPhone
# 14, of the others our own estimate, since what is published differs. Letters differ in width, too.
_LINES = (
    ("iPhone Mail", 48, 99),
    ("Gmail on a phone", 37, 40),
    ("Outlook, beside an open mail", 51, 35),
)
_ENOUGH = 140  # characters of opening words, more than any list shows
_UNSHOWN = re.compile(r"<(style|title|head|script)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_IMAGE = re.compile(r'<img\b(?:"[^"]*"|[^">])*?\salt="([^"]*)"(?:"[^"]*"|[^">])*>', re.IGNORECASE)
_TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an inbox. cut_*: whether the list shows less than there is."""

    program: str
    subject: str
    cut_subject: bool
    opening: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What could be better, as a sentence; needed: whether it should be mended."""

    text: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class InboxRehearsal:
    """An issue before it is opened. sender: whose name stands there."""

    sender: str
    lines: tuple[Line, ...]
    hints: tuple[Hint, ...]


def rehearsed(sender: str, subject: str, standfirst: str, markup: str) -> InboxRehearsal:
    """markup: the HTML of an edition, filled in; its first words are what lists show."""
    opening = first_words(markup)
    lines = tuple(
        Line(program, _shortened(subject, wide), len(subject) > wide, _shortened(opening, long))
        for program, wide, long in _LINES
    )
    return InboxRehearsal(sender, lines, tuple(_hints(subject, standfirst, opening)))


def first_words(markup: str) -> str:
    """The first words that a mail program finds in an email, on one line."""
    visible = _IMAGE.sub(r" \1 ", _UNSHOWN.sub(" ", markup))
    text = html.unescape(_TAG.sub(" ", visible[: _ENOUGH * 100]))
    return " ".join(text.split())[:_ENOUGH]


def _hints(subject: str, standfirst: str, opening: str) -> Iterator[Hint]:
    shortest = min(wide for _, wide, _ in _LINES)
    if not subject.strip():
        yield Hint("There is no subject: it is the first thing people see.", needed=True)
    if len(subject) > shortest:
        yield Hint(
            f"The subject has {len(subject):,} characters, and some phones show the first "
            f"{shortest} only: “{subject[:shortest].rstrip()}”. Put what matters first."
        )
    if not standfirst.strip():
        yield Hint(
            f"There is no opening line, so inboxes show “{_shortened(opening, 60)}” beside the "
            "subject. Write one that says why to open it."
        )
    elif standfirst.strip().casefold() == subject.strip().casefold():
        yield Hint("The opening line repeats the subject. Let it say what the subject does not.")
    for where, text in (("subject", subject), ("opening line", standfirst)):
        if words := risky_words(text):
            quoted = ", ".join(f"“{word}”" for word in words)
            yield Hint(
                f"The {where} says {quoted}: school mail filters hold such mail back. Say it in "
                "the issue instead."
            )


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
