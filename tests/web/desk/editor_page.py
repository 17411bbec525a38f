"""The rich text editor on a page of its own, and what a person does with it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

FIELD = """<form method="post" action="/save"><div class="field"><label for="body">Text</label>
<p class="hint" id="body-hint">What it is about.</p>
<textarea class="textarea" id="body" name="body" aria-describedby="body-hint"
 data-behaviour="rich-text">{text}</textarea></div><button>Save</button></form>"""

# As another program puts it there: through the clipboard and Ctrl+V, nothing made harmless before.
_COPY = """given => document.addEventListener("copy", event => {
    for (const [kind, text] of Object.entries(given)) event.clipboardData.setData(kind, text);
    event.preventDefault();
    event.stopImmediatePropagation();
}, { once: true, capture: true })"""


@dataclass(frozen=True)
class Editor:
    page: Page

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("textbox", name="Text")

    @property
    def field(self) -> Locator:
        return self.page.locator("textarea#body")

    @property
    def markdown(self) -> str:
        return self.field.input_value()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)

    def hold(self, markdown: str) -> None:
        """Begin with this text, the cursor at its end."""
        self.field.evaluate("(field, text) => field.editor.replace(text)", markdown)
        self.text.focus()
        self.page.keyboard.press("Control+End")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def paste(self, html: str = "", plain: str = "") -> None:
        given = {"text/html": html, "text/plain": plain}
        self.page.evaluate(_COPY, {kind: text for kind, text in given.items() if text})
        self.press("Control+c", "Control+v")

    def wait(self) -> Editor:
        expect(self.text).to_be_visible()
        return self
