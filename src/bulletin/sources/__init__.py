"""Where items come from: texts, pages, tables, feeds, documents and mail -> item drafts.

`read` is the door; it recognises what it is given (`recognising`). Documents, mail, feeds and pages
become markup or lines first (`formats`, `text`); lines are divided into items (`division`), rows of
tables are items (`tables`), and each item's lines are its draft (`fields`).
"""

from bulletin.sources.formats.feed_links import feed_links, page_title
from bulletin.sources.original import original
from bulletin.sources.reading import read
from bulletin.sources.recognising import SourceFormat

__all__ = ["SourceFormat", "feed_links", "original", "page_title", "read"]
