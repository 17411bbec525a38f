"""Checks of how an issue reads: very long items, capitals, pictures that are not there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from bulletin.models.checks import Finding
from bulletin.models.issues import Topic
from bulletin.preflight.examined import Check, Examined, about, advisory
from bulletin.preflight.texts import name_of, quoted

# Silent reading of non-fiction: 238 words a minute (Brysbaert 2019).
_WORDS_A_MINUTE = 238
_LONG = 400
_LONG_FOR_THIS_ISSUE = 200
_TIMES_THE_MEDIAN = 3
_FEWEST_ITEMS = 5
_CAPITALS = 12
_A_PARAGRAPH = 6  # words: "Book by telephone" may well come twice
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
            what = f"{what}, and let a link lead to the rest"
            yield about("item_long", item, what, field="body")


def titles_are_not_shouted(examined: Examined) -> Iterator[Finding]:
    """Words in capitals are slower to read, and screen readers may spell them out."""
    content = examined.content
    lines = [("The subject", "subject", content.subject), ("The title", "title", content.title)]
    topics = [topic.title for topic in content.topics if not _is_advertising(topic)]
    lines += [(f"The topic '{title}'", "topic", title) for title in topics]
    for name, field, line in lines:
        if _is_shouted(line):
            said = f"{name} is in capitals: write it as a sentence."
            yield advisory("capitals", said, field=field)
    for item in examined.items():
        if _is_shouted(item.title):
            mend = "in capitals: write"
            yield about(
                "capitals", item, f"has a title {mend} it as a sentence",
                f"have titles {mend} them as sentences", field="title",
            )  # fmt: skip


def topics_are_headings(examined: Examined) -> Iterator[Finding]:
    """What stood in capitals above one item may be an advertisement that an import took for its
    heading."""
    for topic in examined.content.topics:
        if _is_advertising(topic):
            item = topic.items[0]
            message = (
                f"The topic {quoted(topic.title)} has a single item, {name_of(item)}, and reads "
                "like an advertisement: put the item under a heading of the bulletin."
            )
            yield advisory("topic_loud", message, item.id, field="topic")


def _is_advertising(topic: Topic) -> bool:
    title = topic.title.strip()
    shouts = len(title.split()) > 1 and title.isupper()
    return len(topic.items) == 1 and (shouts or title.endswith("!"))


def nothing_is_said_twice(examined: Examined) -> Iterator[Finding]:
    """A paste may hold a paragraph twice: as a summary, and in the text."""
    said: defaultdict[int, set[str]] = defaultdict(set)
    for text in examined.texts:
        if text.item_id is None or not text.body:
            continue
        for line in text.plain.splitlines():
            words = line.casefold().split()
            folded = " ".join(words)
            if len(words) >= _A_PARAGRAPH and folded in said[text.item_id]:
                message = (
                    f"The same paragraph stands twice in {text.where}: {quoted(line)}. "
                    "Take one of them out."
                )
                yield advisory("paragraph_doubled", message, text.item_id, field="body")
            said[text.item_id].add(folded)


def nothing_is_promised_that_is_not_there(examined: Examined) -> Iterator[Finding]:
    """An issue has no attachments and no pictures: what came with a paste stayed behind."""
    for text in examined.texts:
        if found := _hinted(text.loose) and _MISSING.search(text.loose):
            says = " ".join(found[0].split())
            message = (
                f"'{says}' in {text.where} points to something that is not in the issue: "
                "link to it, or say it in words."
            )
            yield advisory("not_there", message, text.item_id, field=text.field)


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
    topics_are_headings,
    nothing_is_said_twice,
    nothing_is_promised_that_is_not_there,
)
