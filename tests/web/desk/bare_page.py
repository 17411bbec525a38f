"""A page of a test's own with the desk's script, style and policy, in a real browser.

No server: the browser asks a made-up site, and the test answers.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from bulletin.web.desk.pages import POLICY
from bulletin.web.pages import STATIC

SITE = "https://desk.example"
_FRAME = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>A page</title>
<meta name="csrf" content="the token of the session">
<link rel="stylesheet" href="/static/desk/desk.css">
<script type="module" src="/static/desk/desk.js"></script></head>
<body><main id="main"><h1>A page</h1>{main}</main>
<div id="said" class="sr-only" role="status"></div></body></html>"""
# Runs before anything else, and where the policy does not reach.
_WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""


def _is_wrong(said: ConsoleMessage) -> bool:
    # What the test answers with, or does not, the browser and htmx report by themselves.
    expected = said.text.startswith(("Failed to load resource", "htmx: htmx:error"))
    return said.type == "error" and not expected


@contextmanager
def bare_page(
    browser: Browser, main: str, answer: Callable[[Route], None] | None = None, **options: object
) -> Iterator[Page]:
    """The page with this in its <main>; `answer` is asked for every other address.

    Fails at the end if the page broke its policy, threw, or wrote an error to the console.
    """
    context = browser.new_context(base_url=SITE, **options)  # type: ignore[arg-type]  # as they came
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.set_default_timeout(5_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: _is_wrong(said) and wrong.append(said.text))

    def route(asked: Route) -> None:
        path = urlsplit(asked.request.url).path
        if path == "/":
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
            asked.fulfill(body=_FRAME.replace("{main}", main), headers=headers)
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            asked.fulfill(path=file, content_type=mimetypes.guess_type(path)[0])
        elif answer is not None:
            answer(asked)
        else:
            asked.fulfill(status=404, body="")

    context.route("**/*", route)
    page.goto("/")
    try:
        yield page
        assert page.evaluate("window.violations") == []
        assert wrong == []
    finally:
        context.close()
