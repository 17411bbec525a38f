"""Checks of what was found where the links lead. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulletin.models.checks import Finding, Verdict
from bulletin.models.links import leads_inside
from bulletin.preflight.addresses import page_of
from bulletin.preflight.answers import is_silent
from bulletin.preflight.examined import Check, Examined, advisory, blocking
from bulletin.preflight.texts import shortened

_FEW = 3
# What did not answer may answer tomorrow, and the fault may be ours: it does not keep an issue
# back. That a page is gone will not change by itself. Filters let names of public sites lead
# inside; an address that looks as if nobody outside could open it is `links_lead_somewhere`'s.
_FOUND: dict[Verdict, tuple[str, Callable[..., Finding], str]] = {
    Verdict.GONE: (
        "link_gone",
        blocking,
        "({url}) {detail}: the page is gone. Find where it is now, or take the link out.",
    ),
    Verdict.UNSAFE: (
        "link_private",
        advisory,
        (
            "({url}) leads, as seen from here, where readers cannot follow. {detail} A web filter "
            "may do that to a public site: open it from elsewhere, and give another address if it "
            "fails there."
        ),
    ),
    Verdict.SOFT_404: (
        "link_not_found",
        advisory,
        "({url}) {detail}. Open it, and give the page that is meant.",
    ),
    Verdict.MOVED: (
        "link_moved",
        advisory,
        "({url}) {detail}. Use the new address: the old one may end.",
    ),
    Verdict.REFUSED: (
        "link_refused",
        advisory,
        "could not be judged: {url} {detail}. Open it once in a browser.",
    ),
    Verdict.FAILED: (
        "link_unanswered",
        advisory,
        "does not work now: {url} {detail}. Look again before the issue goes out.",
    ),
}


def links_were_followed(examined: Examined) -> Iterator[Finding]:
    """What a look at each linked page found; requirement 65 for what must not be asked."""
    links = examined.around.links
    if len(links) >= _FEW and all(map(is_silent, links.values())):
        yield advisory(
            "link_unanswered",
            f"None of the {len(links)} links that were opened gave an answer: perhaps this machine "
            "had no way to the web. Open them again before the issue goes out.",
        )
        return
    for link in examined.links:
        check = links.get(page_of(link.url))
        if check is None or check.verdict is Verdict.FINE:
            continue
        if check.verdict is Verdict.UNSAFE and leads_inside(link.url):
            continue  # its looks alone have said it
        code, finding, words = _FOUND[check.verdict]
        said = words.format(url=shortened(check.url), detail=check.detail)
        if check.status is None and check.verdict is not Verdict.UNSAFE:
            judged = "could not be judged" if check.verdict is Verdict.REFUSED else "gave no answer"
            said = f"{judged}. {check.detail}"
        what = f"The link '{shortened(link.says)}' in {link.where}"
        message = f"{what} {said}"
        yield finding(code, message, link.item_id, field=link.field, url=link.url)


FOLLOWED_CHECKS: tuple[Check, ...] = (links_were_followed,)
