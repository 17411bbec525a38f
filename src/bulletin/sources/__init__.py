"""Where items come from: texts, pages, tables, feeds, documents and mail -> item drafts.

`read` is the door; it recognises what it is given (`recognising`). A document, spreadsheet, mail
or saved page becomes markup first (`docx`, `spreadsheet`, `mail`). Markup and text become lines
(`sanitising`, `markup`, `lines`), lines become items (`boundaries`, `newsfeed`) and each item's
lines its draft (`drafting`). Entries of feeds are items already (`feed`).
"""

from bulletin.sources.feed_links import feed_links, page_title
from bulletin.sources.reading import read
from bulletin.sources.recognising import SourceFormat

__all__ = ["SourceFormat", "feed_links", "page_title", "read"]
