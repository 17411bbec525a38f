"""Where items come from: a pasted text, a page or a table -> item drafts.

`read` is the door. Behind it, a text or page becomes lines (`lines`, `markup`), lines become
items (`boundaries`, `newsfeed`) and each item's lines its draft (`drafting`).
"""

from bulletin.sources.reading import read
from bulletin.sources.recognising import SourceFormat

__all__ = ["SourceFormat", "read"]
