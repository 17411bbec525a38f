"""Checks of how an issue reads: very long items, capitals, pictures that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from bulletin.models.checks import Finding
from bulletin.preflight.examined import Check, Examined, about, advisory

# Silent reading of non-fiction: 238 words a minute (Brysbaert 2019).
_WORDS_A_MINUTE = 238
_LONG = 400
_LONG_FOR_THIS_ISSUE = 200
_TIMES_THE_MEDIAN = 3
_FEWEST_ITEMS = 5
_CAPITALS = 12
_THING = (
    r"(?:images?|pictures?|photos?|photographs?|posters?|infographics?|graphics?|diagrams?"
    r"|screenshots?|videos?|clips?|tables?|charts?|flyers?|leaflets?|maps?)"
)
_PAPER = (
    r"(?:documents?|letters?|files?|forms?|flyers?|leaflets?|posters?|guidance|pdfs?|copy|sheets?"
    r"|templates?|agenda|minutes|report|spreadsheets?|invitation|programme)"
)
# One of these is in whatever _MISSING finds.
_HINTS = ("attach", "below", "above", "click", "tap", "press", "[")
_MISSING = re.compile(
    rf"\b(?:see|find|read|use|open|in|to|from)\s(?:the\s|our\s)?attach(?:ed|ments?)\b"
    rf"|\b(?:the|an?|please find)\sattached\s(?:\w+\s)?{_PAPER}\b"
    rf"|\b(?:is|are|have)\s(?:also\s|been\s)?attached(?=\s*(?:[.,;)]|$|below|here|to\sthis\s"
    rf"(?:email|message)))"
    rf"|\b{_THING}\s(?:(?:shown|pictured)\s)?(?:below|above)\b(?!\s(?:the|a|\d))"
    rf"|\b(?:below|above)\s{_THING}\b"
    rf"|\b(?:click|tap|press)(?:\son)?\s(?:the\s|this\s)?{_THING}\b"
    r"|\[(?:image|picture|photo|video|cid):?[^\]\n]{0,60}\]",
    re.IGNORECASE | re.MULTILINE,
)


def items_are_not_too_long(examined: Examined) -> Iterator[Finding]:
    """Readers have five minutes for the whole of it."""
    words = {item.id: 0 for item in examined.items()}
    for text in examined.texts:
        if text.item_id is not None and text.body:
            words[text.item_id] += len(text.plain.split())
    usual = median(words.values()) if len(words) >= _FEWEST_ITEMS else 0
    for item in examined.items():
        count = words[item.id]
        out_of_line = usual and count > max(_LONG_FOR_THIS_ISSUE, _TIMES_THE_MEDIAN * usual)
        if count > _LONG or out_of_line:
            beside = f"; half of the items have {usual:.0f} or fewer" if usual else ""
            what = f"has {count} words, {_minutes(count)} of reading{beside}: shorten it"
            yield about("item_long", item, f"{what}, and let a link lead to the rest")


def titles_are_not_shouted(examined: Examined) -> Iterator[Finding]:
    """Words in capitals are slower to read, and screen readers may spell them out."""
    content = examined.content
    lines = [("The subject", content.subject), ("The title", content.title)]
    lines += [(f"The topic '{topic.title}'", topic.title) for topic in content.topics]
    for name, line in lines:
        if _is_shouted(line):
            yield advisory("capitals", f"{name} is in capitals: write it as a sentence.")
    for item in examined.items():
        if _is_shouted(item.title):
            yield about("capitals", item, "has a title in capitals: write it as a sentence")


def nothing_is_promised_that_is_not_there(examined: Examined) -> Iterator[Finding]:
    """An issue has no attachments and no pictures: what came with a paste stayed behind."""
    for text in examined.texts:
        if found := _hinted(text.loose) and _MISSING.search(text.loose):
            says = " ".join(found[0].split())
            message = (
                f"'{says}' in {text.where} points to something that is not in the issue: "
                "link to it, or say it in words."
            )
            yield advisory("not_there", message, text.item_id)


def _hinted(text: str) -> bool:
    """Whether a closer look at a text is worth its time."""
    small = text.lower()
    return any(hint in small for hint in _HINTS)


def _is_shouted(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    return (
        len(letters) >= _CAPITALS
        and len(line.split()) > 1
        and all(char == char.upper() for char in letters)
    )


def _minutes(words: int) -> str:
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    return f"about {minutes} {'minute' if minutes == 1 else 'minutes'}"


READING_CHECKS: tuple[Check, ...] = (
    items_are_not_too_long,
    titles_are_not_shouted,
    nothing_is_promised_that_is_not_there,
)
