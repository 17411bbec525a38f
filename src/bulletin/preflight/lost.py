"""Whether a page that came is in truth one that says there is no such page."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What stands between the name of a page and that of its site, or between two languages.
_BETWEEN = re.compile(r"\s+[-–—·•«»/:]\s+|\s*\|\s*|:\s")
_SORRY = r"\W*(?:(?:sorry|we(?:'re| are) sorry|oops|whoops|but|http|error|404|410)\b\W*){0,4}"
_THING = (
    r"(?:web ?)?(?:page|content|document|file|resource|publication|article|link|url)"
    r"(?: or (?:page|file|directory|folder))?"
)
_ASKED_FOR = r"(?: (?:that )?(?:you|was|were)\b.{0,50}?)?"
_LOST = (
    r"(?:(?: (?:could|can|does|do|did|is|was|has))?(?:n?'t| not) (?:be |been )?"
    r"(?:found|exist|available|located)"
    r"| cannot be (?:found|located)|(?: is)? no longer (?:exists?|available|here)"
    r"| (?:has been|was) (?:removed|deleted))"
)
_END = r"(?: (?:any ?more|here|on this (?:server|site|website)))?(?: or .{0,50})?\W*(?:404|410)?\W*"
# From its first word to its last: the title of a real page may have the same words within.
_SAYS_SO = re.compile(
    rf"{_SORRY}(?:(?:the|this|that|your|requested) ){{0,2}}{_THING}{_ASKED_FOR}{_LOST}{_END}"
    rf"|{_SORRY}(?:we |i )?(?:can't|cannot|can not|could not|couldn't|(?:were |are )?unable to)"
    rf" find (?:(?:that|the|this|your|a) )?(?:requested )?{_THING}(?: (?:that )?you\b.{{0,60}})?"
    rf"{_END}"
    # Welsh: "the page was not found", "is not available", "we did not come upon the page".
    r"|\W*(?:y |'r )?[td]udalen\b.{0,30}(?:heb (?:ei )?(?:ch)?anfod|ddim ar gael)\W*"
    r"|\W*(?:heb|ni|nid|methu)\b.{0,30}\bo hyd i\W{0,3}r dudalen\b.{0,40}",
    re.IGNORECASE,
)
# Beside other words, "404" and "not found" may be what a page is about.
_ALONE = re.compile(
    r"\W*(?:(?:http|error|status|code)\W+){0,3}(?:404|410)\W*(?:error|not found|gone)?\W*1?"
    r"|\W*not found\W*",
    re.IGNORECASE,
)


def says_not_found(headings: Iterable[str]) -> str:
    """The first of a page's title and headings that says there is no such page, or ""."""
    return next(filter(_is_said, headings), "")


def _is_said(heading: str) -> bool:
    parts = _BETWEEN.split(heading)
    return bool(_ALONE.fullmatch(heading)) or any(map(_SAYS_SO.fullmatch, [heading, *parts]))


def has_lost_its_way(host: str, led_to: str) -> bool:
    """Whether a home page, at the host `led_to`, may stand for a page that is gone from `host`.

    A short address may well lead to the home page of another site, or of a campaign within it.
    """
    home = led_to.removeprefix("www.")
    return host.removeprefix("www.") == home or host.endswith(f".{home}")
