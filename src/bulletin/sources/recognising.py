"""Recognising: what a source is, by its content alone. Names of files say what they like."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bulletin.sources.formats import archive


class SourceFormat(StrEnum):
    """How a source is written. AUTO finds out."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"
    TABLE = "table"
    FEED = "feed"
    DOCX = "docx"
    MAIL = "eml"


_TOP: Final = 65_536
_ROOT: Final = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>/]", re.IGNORECASE)
# What may stand above the root element of XML, and what ends it.
_ABOVE: Final = (("<?", "?>"), ("<!--", "-->"), ("<!doctype", ">"))
_HEADER: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?|[ \t]+\S")
# Headers that mail programs write and nobody types: "From:" and "Subject:" stand in pasted mail.
_MACHINE_MADE: Final = frozenset({
    "mime-version", "message-id", "received", "return-path", "content-type", "dkim-signature",
    "delivered-to", "x-mailer", "content-transfer-encoding", "snapshot-content-location",
})  # fmt: skip
_ALWAYS: Final = frozenset({"from", "date", "subject", "to", "sender"})


def is_packed(data: bytes | str) -> bool:
    return isinstance(data, bytes) and data.startswith(archive.SIGNATURE)


def is_mail(data: bytes | str) -> bool:
    """Whether it begins with the headers of a mail as it travels (RFC 5322 section 2.2)."""
    top = data[:_TOP]
    text = top.decode("latin-1") if isinstance(top, bytes) else top
    names: set[str] = set()
    for number, line in enumerate(text.lstrip("\ufeff\r\n").splitlines()):
        if number == 0 and line.startswith(("From ", "ï»¿")):
            continue
        found = _HEADER.match(line)
        if found is None:
            break
        if found[1]:
            names.add(found[1].lower())
    return bool(names & _ALWAYS) and bool(names & _MACHINE_MADE)


def is_feed(text: str) -> bool:
    """Whether a text is RSS, Atom or a JSON feed, or XML that declares entities as these might."""
    root = _root(text[:_TOP])
    return root == "[" or bool(_ROOT.match(root)) or is_json_feed(text)


def is_json_feed(text: str) -> bool:
    return text.lstrip().startswith("{") and "jsonfeed.org/version" in text.replace("\\/", "/")


def _root(top: str) -> str:
    """The root element, or "[" if something is declared above it."""
    rest = top.lstrip()
    while opened := next((pair for pair in _ABOVE if rest[:9].lower().startswith(pair[0])), None):
        inside, closed, rest = rest.partition(opened[1])
        if (
            opened[1] == ">"
            and "[" in inside
            and not inside[9:].lstrip().lower().startswith("html")
        ):
            return "["
        if not closed:
            return ""
        rest = rest.lstrip()
    return rest
