"""A finished email shown as other mail programs show it: light, dark, without pictures. Pure.

What is changed is our own markup alone: editors' text cannot hold a tag or a style, as it is
escaped. A reader's mail program chooses by the system; here the choice is the editor's.
"""

from __future__ import annotations

import re

_STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style>)", re.DOTALL | re.IGNORECASE)
_TAG = r'(?:"[^"]*"|[^">])*?'  # what may stand between a tag's name and one of its attributes
_META = re.compile(
    rf'(<meta\b{_TAG}name="(?:color-scheme|supported-color-schemes)"{_TAG}content=")[^"]*',
    re.IGNORECASE,
)
_PICTURE = re.compile(rf'(<img\b{_TAG})\ssrc="[^"]*"', re.IGNORECASE)
_ANCHOR = re.compile(rf'(<a\b{_TAG})\shref="#', re.IGNORECASE)
_ASKS_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_ASKS_LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)", re.IGNORECASE)
_SCHEMES = re.compile(r"((?:color-scheme|supported-color-schemes)\s*:\s*)light dark", re.IGNORECASE)
_YES, _NO = "(min-width:0)", "(max-width:0)"  # media features that always and never hold


def in_scheme(html: str, *, dark: bool) -> str:
    """A document whose own dark styles hold, or do not, whatever scheme the browser prefers."""
    found = _STYLE.sub(lambda style: style[1] + _style(style[2], dark) + style[3], html)
    return _META.sub(rf"\g<1>{_name(dark)}", found)


def _style(css: str, dark: bool) -> str:
    css = _ASKS_DARK.sub(_YES if dark else _NO, css)
    css = _ASKS_LIGHT.sub(_NO if dark else _YES, css)
    return _SCHEMES.sub(rf"\g<1>{_name(dark)}", css)


def without_pictures(html: str) -> str:
    """A document whose pictures are not loaded, so that what they say stands in their place."""
    return _PICTURE.sub(r"\1", html)


def opening_elsewhere(html: str) -> str:
    """A document whose links open in a new tab; links within it still lead to their place."""
    inside = _ANCHOR.sub(r'\1 target="_self" href="#', html)
    return inside.replace("<head>", '<head><base target="_blank">', 1)


def _name(dark: bool) -> str:
    return "dark" if dark else "light"
