"""Checks of links: where they lead and what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bulletin.models.checks import Finding, Level
from bulletin.models.links import address_problem, leads_inside
from bulletin.preflight.addresses import address_doubt
from bulletin.preflight.examined import Check, Examined, advisory, blocking
from bulletin.preflight.texts import Link, name_of, says_of, shortened

# Texts that say nothing when a screen reader lists the links of a page (requirement 49).
_SAYS_NOTHING = frozenset(
    {
        "here", "click", "click here", "click this", "click this link", "press here", "tap here",
        "link", "this link", "this", "this page", "page", "website", "this website", "site",
        "more", "read more", "see more", "learn more", "find out more", "more information",
        "more info", "further information", "info", "details", "read this", "read on",
        "read here", "see here", "download", "view", "go", "continue",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def links_lead_somewhere(examined: Examined) -> Iterator[Finding]:
    for link in examined.links:
        what = f"The link '{shortened(link.says)}' in {link.where}"
        if leads_inside(link.url):
            yield blocking("link_private", _inside(what, link), link.item_id, field=link.field)
        elif problem := address_problem(link.url):
            message = f"{what} {problem}: {shortened(link.url)}"
            yield blocking("link_broken", message, link.item_id, field=link.field)
        elif doubt := address_doubt(link.url):
            message = f"{what} {doubt}: {shortened(link.url)}"
            yield advisory("link_doubtful", message, link.item_id, field=link.field)


def _inside(what: str, link: Link) -> str:
    return (
        f"{what} leads where readers cannot follow, into a network of your own: "
        f"{shortened(link.url)}. Give an address on the public web."
    )


def links_are_not_lost(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        for action in item.actions:
            if action.url is None:
                says = shortened(says_of(action))
                what = f"'{says}' in {name_of(item)} has lost its address"
                message = f"{what}: it appears as plain text."
                yield advisory("link_lost", message, item.id, field="actions")


def links_say_where_they_lead(examined: Examined) -> Iterator[Finding]:
    for link in examined.links:
        words = _folded(link.says)
        if not words or words in _SAYS_NOTHING:
            says = f"says only '{link.says.strip()}'" if words else "says nothing"
            they = f"say only '{words}'" if words else "say nothing"
        elif _ADDRESS.fullmatch(link.says.strip()):
            says = f"shows its address, {shortened(link.says)}, for words"
            they = "show their addresses for words"
        else:
            continue
        gets = "say what the reader gets, such as 'Read the guidance on attendance'"
        message = f"A link in {link.where} {says}: let it {gets}."
        several = f"have links that {they}: let each {gets}" if link.item_id is not None else ""
        yield Finding("link_text", Level.ADVISORY, message, link.item_id, several, field=link.field)


def same_words_lead_to_the_same_place(examined: Examined) -> Iterator[Finding]:
    """Who lists the links of a page hears their words and nothing around them."""
    alike: defaultdict[str, list[Link]] = defaultdict(list)
    for link in examined.links:
        alike[_folded(link.says)].append(link)
    for words, links in alike.items():
        places = len({link.url.strip() for link in links})
        if places > 1 and words and words not in _SAYS_NOTHING:
            where = list(dict.fromkeys(link.where for link in links))
            named = ", ".join(where[:3]) + (f" and {len(where) - 3} more" if where[3:] else "")
            message = (
                f"'{shortened(links[0].says)}' leads to {places} different addresses, in {named}: "
                "add to each what it leads to."
            )
            first = links[0]
            yield advisory("link_same_words", message, first.item_id, field=first.field)


def _folded(says: str) -> str:
    """What a link says, without the marks around it."""
    words = " ".join(says.split())
    heard = [at for at, char in enumerate(words) if char.isalnum()]
    return words[heard[0] : heard[-1] + 1].casefold() if heard else ""


def links_do_not_track(examined: Examined) -> Iterator[Finding]:
    """Whoever follows a link is nobody's business (requirement 42)."""
    for link in examined.links:
        if clean := examined.around.tracked.get(link.url):
            message = (
                f"The link '{shortened(link.says)}' in {link.where} tells its site where readers "
                f"come from, or leads through a scanner. Without that it is {shortened(clean)}"
            )
            yield advisory("link_tracked", message, link.item_id, field=link.field, url=link.url)


LINK_CHECKS: tuple[Check, ...] = (
    links_lead_somewhere,
    links_are_not_lost,
    links_say_where_they_lead,
    same_words_lead_to_the_same_place,
    links_do_not_track,
)
