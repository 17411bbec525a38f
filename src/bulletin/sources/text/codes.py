"""Codes: what Word and mail programs write for links in plain text, as the links that they are."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = "HYPERLINK"
# The words of a link end with a bracket, a sentence or the line; the mark of their end is lost.
_LINK: Final = re.compile(
    r"\{?\s?HYPERLINK\s{1,3}[\"“”](?P<address>[^\s\"“”<>]{1,2000})[\"“”]"
    r"(?:\s{1,3}\\[a-z](?:\s{1,3}[\"“][^\"“”\n]{0,200}[\"”])?){0,4}[ \t\u00a0]*\}?[ \t\u00a0]*"
    r"(?P<words>(?:[^\n()\[\]<>.;]|[.;](?=\S)){0,300}(?![^\n()\[\]<>.;\s]))"
)


_MAILBOX: Final = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}@[\w.-]{1,100})\s?<mailto:\1>", re.IGNORECASE
)


def as_links(text: str) -> str:
    """A text with `HYPERLINK "address" words` as a link, and each mailbox that is twice once."""
    if "<mailto:" in text:
        text = _MAILBOX.sub(r"\1", text)
    return _LINK.sub(_link, text) if _CODE in text else text


def _link(found: re.Match[str]) -> str:
    words, address = found["words"].strip(), found["address"]
    room = found["words"][len(found["words"].rstrip()) :]
    if not words or words == address:
        return f" <{address}>{room}"
    return f" [{words}]({address}){room}"
