"""Our own style sheet into style attributes, by premailer, with its traps closed.

premailer works on a parsed tree here, and we write the tree out ourselves, because it drops the
lower-case doctype that MJML writes, and because tidying the tree cannot touch editors' text.
"""

from __future__ import annotations

import logging
import re
from typing import Any, NoReturn

import cssutils
from lxml import etree
from premailer import Premailer

from bulletin.errors import RenderingError

# premailer turns these styles into attributes, and an image of 160px into one of 100 %.
_ATTRIBUTES = ["width", "height", "align", "valign", "bgcolor"]
_CLASS_IN_STYLE = re.compile(r"\.([A-Za-z][\w-]*)")
_BLANK_IN_STYLE = re.compile(r"\s*([:;,{}])\s*")
_MSO = re.compile(r"\[if mso \| IE\]>(.*)<!\[endif\]", re.DOTALL)

_Rules = tuple[list[Any], list[Any]]


class Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Puts the rules of one style sheet into documents. Safe to share between threads.

    Nothing is fetched: an @import in the sheet raises RenderingError here, and what is no CSS a
    DOMException.
    """

    def __init__(self, css: str) -> None:
        super().__init__(
            css_text=[css],
            strip_important=False,
            keep_style_tags=False,
            allow_network=False,
            disable_validation=True,
            cache_css_parsing=False,
            disable_basic_attributes=_ATTRIBUTES,
            align_floating_images=False,
            disable_link_rewrites=True,
            disable_leftover_css=True,
            remove_classes=False,
            cssutils_logging_level=logging.CRITICAL,
        )
        self._parsed: _Rules = super()._parse_style_rules(css, 0)

    def inline(self, html: str) -> str:
        """A whole HTML document with the rules in its style attributes, tidied.

        Its own <style> elements stay as they are: they hold what cannot be inlined. Classes that
        they do not name are dropped.
        """
        tree = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
        for style in tree.iter("style"):
            style.set(self.attribute_name, "ignore")
        document = self.transform(tree).getroot()
        for style in document.iter("style"):
            style.attrib.pop(self.attribute_name, None)  # premailer forgets those with media=
        _drop_unused_classes(document)
        _tighten_styles(document)
        _merge_mso_comments(document)
        written: str = etree.tostring(
            document, method="html", encoding="unicode", doctype="<!DOCTYPE html>"
        )
        return written

    def _parse_style_rules(self, _css: str, _index: int) -> _Rules:
        """premailer's step, done once: the sheet is the same for every document."""
        return self._parsed

    def _parse_css_string(self, css_body: str, validate: bool = True) -> cssutils.css.CSSStyleSheet:
        parser = cssutils.CSSParser(raiseExceptions=True, validate=validate, fetcher=_refuse)
        return parser.parseString(css_body)


def _refuse(url: str) -> NoReturn:
    raise RenderingError(
        f"The style sheet of the email wants to fetch {url}. Write its rules into the sheet itself."
    )


def _drop_unused_classes(tree: etree._Element) -> None:
    """Classes were needed to inline by; only those that a <style> names are of use to a reader."""
    used = {
        name for style in tree.iter("style") for name in _CLASS_IN_STYLE.findall(style.text or "")
    }
    for element in tree.xpath("//*[@class]"):
        kept = [name for name in element.get("class").split() if name in used]
        if kept:
            element.set("class", " ".join(kept))
        else:
            del element.attrib["class"]


def _tighten_styles(tree: etree._Element) -> None:
    for element in tree.xpath("//*[@style]"):
        element.set("style", _BLANK_IN_STYLE.sub(r"\1", element.get("style")).strip(";"))
    for style in tree.iter("style"):
        style.text = _BLANK_IN_STYLE.sub(r"\1", style.text or "").replace(";}", "}").strip()


def _merge_mso_comments(tree: etree._Element) -> None:
    """Make one of Outlook comments that stand side by side; a marker between them keeps them apart.

    So an edition cut at the markers is the one that would have been compiled by itself.
    """
    for comment in list(tree.iter(etree.Comment)):
        before = comment.getprevious()
        if before is None or before.tag is not etree.Comment or (before.tail or "").strip():
            continue
        first, second = _MSO.fullmatch(before.text), _MSO.fullmatch(comment.text)
        if first and second:
            before.text = f"[if mso | IE]>{first[1]}{second[1]}<![endif]"
            before.tail = comment.tail
            comment.tail = None
            comment.getparent().remove(comment)
