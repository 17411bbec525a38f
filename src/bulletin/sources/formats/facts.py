"""Facts: what a web page says of itself in its head, for programs that show a link to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from bulletin.models.items import ItemDraft
from bulletin.sources.fields.details import Details
from bulletin.sources.formats.days import as_day
from bulletin.sources.formats.decoding import clean
from bulletin.sources.text import inline

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Facts:
    """Title, site, author and date of publication of a page; "" and None where it is silent."""

    title: str = ""
    site: str = ""
    author: str = ""
    published: date | None = None

    def completing(self, item: ItemDraft) -> ItemDraft:
        """The one item of a page with these where its own text says nothing."""
        said = Details(item.source, item.published, item.author, title=item.title).merged(
            Details(self.site, self.published, self.author, title=self.title)
        )
        settled = {
            code
            for code, known in (
                ("no_source", said.source), ("no_date", said.published), ("no_heading", said.title),
            )
            if known
        }  # fmt: skip
        return replace(
            item,
            title=said.title,
            source=said.source,
            published=said.published,
            author=said.author,
            warnings=tuple(doubt for doubt in item.warnings if doubt.code not in settled),
        )


NO_FACTS: Final = Facts()
_NAMES: Final = {
    "og:title": "title", "og:site_name": "site", "author": "author",
    "article:published_time": "published", "datepublished": "published", "dcterms.issued":
    "published", "dc.date.issued": "published", "article:author": "author",
}  # fmt: skip


def facts_of(page: LexborHTMLParser) -> Facts:
    """What the head of a page says (Open Graph, Dublin Core)."""
    found: dict[str, str] = {}
    for meta in page.css("meta[content]"):
        has = meta.attributes
        name = (has.get("property") or has.get("name") or has.get("itemprop") or "").lower()
        text = inline.tidy(clean((has.get("content") or "")[:_LONGEST]))
        if name in _NAMES and text:
            found.setdefault(_NAMES[name], text)
    author = found.get("author", "")
    return Facts(
        title=found.get("title", ""),
        site=found.get("site", ""),
        # Some name the address of a page about the author here, or a mailbox.
        author="" if "://" in author or "@" in author else author,
        published=as_day(found.get("published", "")),
    )
