"""What the answer of a linked page means for a reader who follows the link."""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from selectolax.lexbor import LexborHTMLParser

from bulletin.models.checks import LinkCheck, Verdict
from bulletin.models.lines import in_one_line
from bulletin.models.web import Page

# 405, 406 and 501: it does not like how we ask. 451: not from here. 999: a site's own invention.
_REFUSED = (401, 402, 403, 405, 406, 407, 429, 451, 501, 999)
_BY_STATUS = {
    404: Verdict.GONE,
    410: Verdict.GONE,
    **dict.fromkeys(_REFUSED, Verdict.REFUSED),
}
_MOST_OF_A_PAGE = 200_000
_HOME = re.compile(r"/?(?:(?:en|cy|en-gb|home|index|default)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_SIGN_IN = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|signon|sso|auth|wp-login)(?:$|[/._?-])", re.IGNORECASE
)
_NOT_FOUND = re.compile(
    r"^\W*(?:error\W{0,3})?(?:404|410)\W*(?:$|[-–—|:(]|error|page|not|file)"
    r"|\b(?:page|content|document|file|resource|publication|link)\b[^.|]{0,40}?"
    r"(?:not (?:be )?(?:found|exist|available)|n't (?:be )?(?:found|exist|available)"
    r"|cannot be found|no longer (?:exists?|available|here)|has been (?:removed|deleted))\b"
    r"|(?:can't|cannot|could not|couldn't|unable to) find (?:that|the|this|your|a)?\s?"
    r"(?:page|content|document|file)\b"
    r"|^\W*not found\W*$"
    # Welsh: "the page was not found", "is not available".
    r"|tudalen\b[^.|]{0,40}?(?:heb ei (?:ch)?(?:anfod|chanfod)|ddim ar gael)"
    r"|heb ddod o hyd i",
    re.IGNORECASE,
)


def is_page(page: Page) -> bool:
    """Whether an answer is a web page with words in it, and not a document or a picture."""
    kind = page.headers.get("content-type", "").lower()
    return not kind or "html" in kind


def is_silent(check: LinkCheck) -> bool:
    """Whether nothing answered at all."""
    return check.verdict is Verdict.FAILED and check.status is None


def judged(url: str, page: Page, now: datetime) -> LinkCheck:
    """What the answer to an address, without its fragment, says about a link to it."""
    led_to = "" if _same(url, page.url) else page.url
    if 200 <= page.status < 300:
        verdict, detail = _shown(url, led_to, page)
    else:
        verdict = _BY_STATUS.get(page.status, Verdict.FAILED)
        detail = f"answers {_named(page.status)}"
    moved = page.moved if verdict is Verdict.MOVED else led_to
    return LinkCheck(url, verdict, now, page.status, moved, detail)


def _shown(url: str, led_to: str, page: Page) -> tuple[Verdict, str]:
    """What a page that did come is, and why."""
    if led_to and _asks_to_sign_in(url, led_to):
        return Verdict.REFUSED, "asks whoever opens it to sign in"
    if led_to and _is_home(led_to) and not _is_home(url):
        return Verdict.SOFT_404, f"leads to the home page {led_to}"
    if said := _says_not_found(page):
        return Verdict.SOFT_404, f"shows a page that says '{said}'"
    if page.moved and not _same(url, page.moved):
        return Verdict.MOVED, f"has moved for good to {page.moved}"
    return Verdict.FINE, ""


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return str(status)


def _same(one: str, other: str) -> bool:
    """Whether two addresses differ in what no editor would change: www., or a last slash."""
    return _plain(urlsplit(one)) == _plain(urlsplit(other))


def _plain(parts: SplitResult) -> tuple[str, ...]:
    host = (parts.hostname or "").removesuffix(".").removeprefix("www.")
    return parts.scheme, host, str(parts.port or ""), parts.path.rstrip("/"), parts.query


def _is_home(url: str) -> bool:
    return _HOME.fullmatch(urlsplit(url).path) is not None


def _asks_to_sign_in(asked: str, led_to: str) -> bool:
    before, after = urlsplit(asked), urlsplit(led_to)
    if _SIGN_IN.search(before.path):
        return False
    host = after.hostname or ""
    return bool(_SIGN_IN.search(after.path)) or host.startswith(("login.", "accounts.", "auth."))


def _says_not_found(page: Page) -> str:
    """What its title or first heading says, if that is that there is no such page; else ""."""
    if not page.body or not is_page(page):
        return ""
    tree = LexborHTMLParser(page.body[:_MOST_OF_A_PAGE].decode(_charset(page), "replace"))
    for name in ("title", "h1"):
        node = tree.css_first(name)
        words = in_one_line(node.text(), 200).replace("’", "'") if node else ""
        if _NOT_FOUND.search(words):
            return words
    return ""


def _charset(page: Page) -> str:
    try:
        "".encode(page.charset or "utf-8")
    except LookupError:
        return "utf-8"
    return page.charset or "utf-8"
