"""What the answer of a linked page means for a reader who follows the link."""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from selectolax.lexbor import LexborHTMLParser

from bulletin.models.checks import LinkCheck, Verdict
from bulletin.models.lines import in_one_line
from bulletin.models.links import leads_inside
from bulletin.models.web import Page
from bulletin.preflight.lost import has_lost_its_way, says_not_found

# 405, 406 and 501: it does not like how we ask. 451: not from here. 999: a site's own invention.
_REFUSED = (401, 402, 403, 405, 406, 407, 429, 451, 501, 999)
_BY_STATUS = {
    404: Verdict.GONE,
    410: Verdict.GONE,
    **dict.fromkeys(_REFUSED, Verdict.REFUSED),
}
_MOST_OF_A_PAGE = 200_000
_INSIDE = (
    "It leads into a network of your own, which BULLETIN_FETCH_PRIVATE lets this machine ask and "
    "nobody else."
)
_HOME = re.compile(r"/?(?:(?:en|cy|en-gb|home|index|default)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_SIGN_IN = re.compile(
    r"(?:^|[/._-])(?:(?:log|sign)[-_]?(?:in|on)|sso|auth(?:enticate|ori[sz]e)?|oauth2?|saml2?|adfs)"
    r"(?:$|[/._?-]|form|page)",
    re.IGNORECASE,
)
# What such pages call themselves, alone or beside the name of their site.
_CALLED_SIGN_IN = re.compile(
    r"(?:^|[-–—|:·»]\s)\W*(?:please )?(?:sign|log)[- ]?[io]n"
    r"(?:\W*$|\s+[-–—|:·«]|\s+(?:page|required|to|with)\b|:)",
    re.IGNORECASE,
)
_FEW_WORDS = 60
_FIRST_HEADINGS = 3  # the first may be the name of the site


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
    if page.inside and not leads_inside(url):
        return LinkCheck(url, Verdict.UNSAFE, now, page.status, led_to, _INSIDE)
    if 200 <= page.status < 300:
        verdict, detail = _shown(url, led_to, page)
    else:
        verdict = _BY_STATUS.get(page.status, Verdict.FAILED)
        detail = f"answers {_named(page.status)}"
    moved = page.moved if verdict is Verdict.MOVED else led_to
    return LinkCheck(url, verdict, now, page.status, moved, detail)


def _shown(url: str, led_to: str, page: Page) -> tuple[Verdict, str]:
    """What a page that did come is, and why."""
    tree = _tree(page)
    if _asks_to_sign_in(url, led_to, tree):
        return Verdict.REFUSED, "asks whoever opens it to sign in"
    if led_to and _ends_at_home(url, led_to):
        return Verdict.SOFT_404, f"leads to the home page {led_to}"
    if said := says_not_found(_headings(tree, _FIRST_HEADINGS) if tree else ()):
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


def _ends_at_home(url: str, led_to: str) -> bool:
    """Whether the home page of its site came in place of a page."""
    asked, came = urlsplit(url), urlsplit(led_to)
    return (
        _HOME.fullmatch(came.path) is not None
        and _HOME.fullmatch(asked.path) is None
        and has_lost_its_way(asked.hostname or "", came.hostname or "")
    )


def _asks_to_sign_in(asked: str, led_to: str, tree: LexborHTMLParser | None) -> bool:
    """Whether a page to sign in came in place of the one asked for.

    Many pages have a field for a password beside what they say. So it counts where it was led to,
    or where there is little else.
    """
    if _SIGN_IN.search(urlsplit(asked).path):
        return False  # an editor who links to where one signs in means that
    if led_to and _leads_to_sign_in(urlsplit(led_to)):
        return True
    if tree is None:
        return False
    if any(map(_CALLED_SIGN_IN.search, _headings(tree))):
        return True
    wants_password = tree.css_first("input[type='password' i]") is not None
    return wants_password and (bool(led_to) or _is_short(tree))


def _leads_to_sign_in(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return bool(_SIGN_IN.search(parts.path)) or host.startswith(("login.", "accounts.", "auth."))


def _is_short(tree: LexborHTMLParser) -> bool:
    tree.strip_tags(["script", "style", "noscript"])
    return tree.body is None or len(tree.body.text(separator=" ").split()) < _FEW_WORDS


def _headings(tree: LexborHTMLParser, most: int = 1) -> list[str]:
    """What a page calls itself: its title, not that of a drawing in it, and its first headings."""
    nodes = [*tree.css("head > title")[:1], *tree.css("h1")[:most]]
    return [in_one_line(node.text(), 200).replace("’", "'") for node in nodes]


def _tree(page: Page) -> LexborHTMLParser | None:
    """The beginning of a web page, or None of anything else."""
    if not page.body or not is_page(page):
        return None
    return LexborHTMLParser(_text(page.body[:_MOST_OF_A_PAGE], page.charset))


def _text(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError):  # no charset, or one that is not for pages, such as idna
        return body.decode("utf-8", "replace")
