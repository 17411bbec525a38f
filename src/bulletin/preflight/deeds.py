"""What tells a pupil beside a year group from a book or a lesson of that year."""

from __future__ import annotations

import re

_NEAR = 100  # characters of the same line
# What is said of books, lessons and plans, and seldom of a child.
_DONE_TO_MATERIALS = (
    r"(?:based|designed|aimed|updated|launched|published|released|added|revised|introduced"
    r"|linked|aligned|adapted|included|recommended|required|planned)\b"
)
_LOOKS_OF_MATERIALS = (
    r"(?:detailed|related|mixed|advanced|combined|integrated|supported|illustrated)\b"
)
_MATERIAL = (
    r"(?:units?|lessons?|resources?|topics?|texts?|books?|novels?|plays?|stor(?:y|ies)|schemes?"
    r"|films?|quiz(?:zes)?|packs?|modules?|courses?|projects?|programmes?|activit(?:y|ies)|guides?"
    r"|assembl(?:y|ies)|workshops?|campaigns?|websites?|apps?)\b"
)
_OF_MATERIALS = (
    r"(?:(?:available|free|ready|online|new|live|out|suitable|part|about|written|taught|covered"
    rf"|studied|read|set)\b|{_DONE_TO_MATERIALS}|(?:an?|the|our|one)\s(?:[a-z-]+\s){{0,3}}{_MATERIAL})"
)
_SOMEHOW = r"(?:[a-z]+ly|also|again|being|never|always|just|now|then|once)\s"
_IS = rf"(?:was|is|ha[sd]\sbeen)(?!\s(?:{_SOMEHOW}){{0,2}}{_OF_MATERIALS})"
# "Launched a campaign" is what somebody did, "launched in May" what was done.
_DID_REGULARLY = (
    rf"(?!(?:{_DONE_TO_MATERIALS}|{_LOOKS_OF_MATERIALS})"
    r"(?!\s(?:an?|the|this|it|his|her|their|our)\b))(?:[a-z]{2,}(?<!e)ed|agreed)"
)
_DID = (
    r"(?:told|won|said|spoke|found|made|wrote|took|came|went|gave|led|met|ran|drew|began|became"
    r"|got|felt|saw|left|sang|thought|brought|bought|built|chose|knew|kept|lost|swam|rode|grew"
    r"|sent|stood|fell|broke|hit|hurt|did|does|goes|attends|comes|says|tells|explains|thinks|feels"
    rf"|lives|likes|loves|hopes|wants|ha[sd](?!\sbeen)|{_IS}|{_DID_REGULARLY})"
)
_KIN = r"(?:mother|father|mum|dad|parents?|family|carers?|sister|brother|home|teachers?)"
_AFTER = re.compile(
    rf"\)?['’]s\s{_KIN}\b|[^\w\n]{{0,3}}(?:(?:pupil|student|girl|boy|child|schoolgirl|schoolboy"
    r"|who(?:se)?|and\s(?:his|her|their))\b"
    rf"|(?:{_SOMEHOW}){{0,2}}{_DID}\b(?!\s(?:by|here|below)\b))"
)
_BEFORE = re.compile(
    r"\b(?:congratulat\w+|well done|thank(?:s| you)|winners?|runners?[- ]up|finalists?"
    r"|(?:drawings?|pictures?|artwork|paintings?|posters?|drawn|painted|designed) by"
    r"|(?:parents?|family|mother|father|mum|dad|sister|brother) of|classmates?|suspended"
    r"|excluded|bullied|allegations?|incidents?|disclosures?|injur\w+)\b",
    re.IGNORECASE,
)


def is_of_a_pupil(text: str, start: int, end: int) -> bool:
    """Whether a name with its year group, from `start` to `end` of a text, is rather a pupil's.

    It is if a deed follows or the word "pupil", or if what stands before is said of people.
    """
    line = text.rfind("\n", max(0, start - _NEAR), start) + 1 or max(0, start - _NEAR)
    return is_followed_by_a_deed(text, end) or bool(_BEFORE.search(text, line, start))


def is_followed_by_a_deed(text: str, end: int) -> bool:
    """Whether what goes on at `end` of a text is said of a child, and not of a book or a lesson."""
    return _AFTER.match(text, end) is not None
