"""What stands in the frame of a preview: an edition as mail programs and browsers show it."""

from __future__ import annotations

import re
from html import escape

from bulletin.models.editions import ReaderKind
from bulletin.web.desk.issues.emulation import in_scheme, opening_elsewhere, without_pictures
from bulletin.web.desk.issues.preview_pane import Choice, View
from bulletin.web.pages import STATIC, brand_style, pages_for
from bulletin.wiring import Services

# No script runs in the frame. It has our origin so that the page around it can keep its place
# when the email in it is replaced; its links open in a tab of their own, outside the sandbox.
FRAME_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; frame-ancestors 'self'"
)
_STYLESHEETS = re.compile(r'<link rel="stylesheet"[^>]*>')
_PLAIN = (
    '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
    '<meta name="color-scheme" content="light dark"><title>Plain text</title><style>'
    "body{{margin:16px}}pre{{margin:0;font:14px/1.5 ui-monospace,Consolas,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere}}</style></head><body><pre>{}</pre></body></html>"
)


class Frames:
    """Makes the documents of the frame."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pages = pages_for(services)
        # In the page itself, where its dark half can be had without asking the browser.
        self._sheets = (STATIC / "site.css").read_text() + brand_style(services.brand.palette)

    def document(self, reference: str, choice: Choice, digest: str) -> str:
        """A whole HTML document. digest: see `Galleys.of`, also for what it raises."""
        kind = choice.kind or ReaderKind(frozenset())
        make = {View.WEB: self._web, View.TEXT: self._text}.get(choice.view, self._email)
        shown = in_scheme(opening_elsewhere(make(reference, kind, digest)), dark=choice.dark)
        return shown if choice.pictures else without_pictures(shown)

    def _email(self, reference: str, kind: ReaderKind, digest: str) -> str:
        shown = self._services.previewing.cut(reference, kind, digest).content.html
        logo = self._services.brand.logo
        if logo is None:
            return shown
        # Readers' links lead to the public address, which may be another one than the desk's.
        return shown.replace(f'src="{escape(logo.url)}"', f'src="{logo.path}"')

    def _text(self, reference: str, kind: ReaderKind, digest: str) -> str:
        cut = self._services.previewing.cut(reference, kind, digest)
        return _PLAIN.format(escape(cut.content.text))

    def _web(self, reference: str, kind: ReaderKind, digest: str) -> str:
        edition = self._services.proofreading.on_the_web(reference, kind, digest)
        page = self._pages.text("issue.html", edition=edition, nations=[])
        styled = f"<style>{self._sheets}</style></head>"
        return _STYLESHEETS.sub("", page).replace("</head>", styled, 1)
