"""Furniture: the parts of a web page that are no news by what the page itself calls them."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from bulletin.sources.formats.nesting import renamed

HIDDEN: Final = "Hidden in the page."
NAVIGATION: Final = "Navigation of the page."
PICTURE: Final = "The text of a picture."
DELETED: Final = "Deleted in the document; only tracked changes still show it."
STRUCK: Final = "Crossed out in the document."
_COOKIES: Final = "A notice about cookies."
_SHARE: Final = "Share buttons of the website."
_BESIDE: Final = "Stands beside the page's main text."
HEADER: Final = "The header of the website."
FOOTER: Final = "The footer of the website."
RELATED: Final = "Links to other pages of the website."
COMMENTS: Final = "Comments of readers below the page."
FORM: Final = "A form of the page."
OUTSIDE: Final = "Stands outside the page's main text."

_HIDING: Final = re.compile(
    r"display\s?:\s?none|visibility\s?:\s?hidden|mso-hide\s?:\s?all|(?:max-height|opacity)\s?:\s?0"
    r"(?:px|pt|em|%)?\s?(?:;|!|\Z)",
    re.IGNORECASE,
)
# A layout of columns sets its own size of type to nothing, and that of its cells to something.
_NO_TYPE: Final = re.compile(r"font-size\s?:\s?0(?:px|pt|em|%)?\s?(?:;|!|\Z)", re.IGNORECASE)
_FOR_SCREEN_READERS: Final = re.compile(
    r"\b(?:sr-only|visually-?hidden|screen-reader-text|element-invisible)\b", re.IGNORECASE
)
_NAMED: Final = tuple(
    (re.compile(names, re.IGNORECASE), reason)
    for names, reason in (
        (r"cookie|\bgdpr|onetrust|consent-?(?:banner|manager|bar)|\bcc-window", _COOKIES),
        (r"breadcrumb|skip-?(?:link|to)|\bpagination\b|\bnavbar\b|main-menu|nav-menu", NAVIGATION),
        (
            (
                r"share-?(?:buttons?|bar|links|this|icons|widget|tools)|sharedaddy|addtoany|a2a_kit|addthis|"
                r"social-?(?:shar|links|icons|buttons)"
            ),
            _SHARE,
        ),
        (
            r"comments-area|comment-(?:list|respond)|\bdisqus|(?:\A|\s)comments(?:\s|\Z)",
            COMMENTS,
        ),
        (r"\bsidebar\b|widget-area", _BESIDE),
        (r"site-footer|page-footer|\bcolophon\b|global-footer", FOOTER),
        (r"site-header|\bmasthead\b|page-banner|global-header", HEADER),
        (
            (
                r"related-?(?:posts?|pages?|links|content|articles?|news|stories)|relatedposts|"
                r"you-may-also|read-next|more-stories"
            ),
            RELATED,
        ),
    )
)
_ROLES: Final = {
    "navigation": NAVIGATION, "search": FORM, "contentinfo": FOOTER, "banner": HEADER,
    "complementary": _BESIDE,
}  # fmt: skip
_GONE: Final = {"del": DELETED, renamed("s"): STRUCK, renamed("strike"): STRUCK}
_TAGS: Final = {"nav": NAVIGATION, "aside": _BESIDE}
_TEXT_HOLDERS: Final = frozenset({"article", "main", "section", "blockquote", "td"})
_NEVER: Final = frozenset({"html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6"})
_MOST: Final = 0.4  # of a page's text: what holds more is no furniture, whatever its name
_MAX_FAILURES: Final = 40


class Furniture:
    """Tells the furniture of one page from its news."""

    def __init__(self, body: LexborNode) -> None:
        self._most = _MOST * len(body.text(deep=True))
        self._has_main = body.css_first("main, article, [role=main]") is not None
        self._failures = 0

    def reason(self, node: LexborNode) -> str:
        """Why an element is no news, or ""."""
        tag, has = node.tag or "", node.attributes
        if tag == "img":
            return PICTURE
        return self._hidden(node, has) or self._unwanted(node, tag, has)

    def _hidden(self, node: LexborNode, has: dict[str, str | None]) -> str:
        style, names = has.get("style") or "", has.get("class") or ""
        if "hidden" in has or _HIDING.search(style) or _FOR_SCREEN_READERS.search(names):
            return HIDDEN
        return HIDDEN if _NO_TYPE.search(style) and self._shows_nothing(node) else ""

    def _shows_nothing(self, node: LexborNode) -> bool:
        return self._is_small(node) and "font-size" not in (node.inner_html or "")

    def _unwanted(self, node: LexborNode, tag: str, has: dict[str, str | None]) -> str:
        if tag in _GONE:
            return _GONE[tag]
        reason = _TAGS.get(tag) or _ROLES.get(has.get("role") or "") or self._of_page(node, tag)
        if not reason and tag not in _NEVER and ("class" in has or "id" in has):
            named = f"{has.get('id') or ''} {has.get('class') or ''}"[:500]
            reason = next((why for name, why in _NAMED if name.search(named)), "")
        return reason if reason and self._is_small(node) else ""

    def _is_small(self, node: LexborNode) -> bool:
        # Weighing takes as long as what is weighed: what is nested must not add up.
        if self._failures > _MAX_FAILURES:
            return False
        small = len(node.text(deep=True)) <= self._most
        self._failures += not small
        return small

    def _of_page(self, node: LexborNode, tag: str) -> str:
        """Header, footer or form of the page itself; those of an article belong to it."""
        if tag == "form":
            return FORM
        # Without an element for the main text, the title of the page may stand in its header.
        if tag not in {"header", "footer"} or (tag == "header" and not self._has_main):
            return ""
        above = node.parent
        while above is not None and above.tag not in _TEXT_HOLDERS:
            above = above.parent
        if above is not None:
            return ""
        return FOOTER if tag == "footer" else HEADER
