"""Two ways to write the same words count as the same: quotes, dashes, spaces, case, Markdown."""

from __future__ import annotations

import re
import unicodedata

MARKED = re.compile(r"^(?:- |> |\d+\. )|\*|\]\(")
QUOTES = str.maketrans("“”„‟‘’‚‛–—−‐‑", "\"\"\"\"''''-----")
ESCAPE = re.compile(r"\\([^\w\s])")
LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
BULLET = re.compile(r"^[ \t]*[*+•·][ \t]+", re.MULTILINE)
OPENING = re.compile(r"^[ \t]*(?:- |> ?|#{1,6} )", re.MULTILINE)


def marked(text: str) -> str:
    """Comparable text that still shows lists, quotes, emphasis and links of Markdown."""
    tidy = unicodedata.normalize("NFKC", text).translate(QUOTES)
    tidy = BULLET.sub("- ", ESCAPE.sub(r"\1", tidy)).replace("_", "*")
    return " ".join(tidy.split()).casefold()


def plain(text: str) -> str:
    """Comparable text without any Markdown."""
    tidy = unicodedata.normalize("NFKC", text).translate(QUOTES)
    tidy = BULLET.sub("- ", ESCAPE.sub(r"\1", tidy))
    tidy = OPENING.sub("", LINK.sub(r"\1", tidy))
    return " ".join(tidy.replace("*", "").replace("_", "").split()).casefold()


def label(text: str) -> str:
    """A comparable title or label: the punctuation around it does not count."""
    return plain(text).strip(" .:;,-\"'()>")


def says(body: str, phrase: str) -> bool:
    """Whether a body holds a phrase; a phrase with Markdown in it wants that Markdown."""
    return marked(phrase) in marked(body) if MARKED.search(phrase) else plain(phrase) in plain(body)
