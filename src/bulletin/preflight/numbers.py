"""Numbers that belong to one child: found by their check letters or digits, or by their names."""

from __future__ import annotations

import re
from collections.abc import Callable

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UCI_LETTERS = "ABCDEFGHKLMRTVWXY"
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]\b", re.IGNORECASE)
_UCI = re.compile(r"\b[0-9]{5}[0-9A-P][0-9]{6}[A-Z]\b", re.IGNORECASE)
# Those given out in England, Wales, the Isle of Man and Northern Ireland begin like this.
_NHS = re.compile(r"(?<![\w+.-])[34679][0-9]{2}([ -]?)[0-9]{3}\1[0-9]{4}(?![\w-])")
_BEFORE_A_TELEPHONE = re.compile(
    r"(?:\b(?:tel|telephone|phone|call|ring|fax|text|mobile|isbn|issn|number|line|on|or)\b"
    r"|\+[0-9]{1,3}|\(0\))\W{0,4}\Z",
    re.IGNORECASE,
)
# A year, or a school year, of guidance on such numbers.
_NO_YEAR = r"(?!(?:19|20)[0-9]{2}(?:[ ]?[-–/][ ]?(?:20)?[0-9]{2})?(?![ -]?[0-9]))"
_NAMED = re.compile(
    r"\b(?P<what>UPN|unique pupil number|ULN|unique learner number|UCI|unique candidate identifier"
    r"|candidate number|NHS (?:number|no)|CHI number|pupil ID|student ID|learner ID)\b"
    rf"[\s:.*_(#]{{0,6}}(?:is\s|was\s|of\s)?{_NO_YEAR}[A-Z]?[0-9](?:[ -]?[0-9]){{3}}",
    re.IGNORECASE,
)


def childs_number(text: str) -> str:
    """What number of a child a text seems to hold ("a unique pupil number"), or ""."""
    if named := _NAMED.search(text):
        return f"a number after '{named['what']}'"
    for what, pattern, holds in _KINDS:
        if any(holds(found, text) for found in pattern.finditer(text)):
            return what
    return ""


def _is_upn(found: re.Match[str], _text: str) -> bool:
    """Government Data Standards Catalogue, Unique Pupil Number 2.0: weights 2 to 13, modulo 23.

    A temporary number ends in a letter, which counts as its place in the list of letters.
    """
    number = found[0].upper()
    digits = [int(one) if one.isdigit() else _UPN_LETTERS.index(one) for one in number[1:]]
    total = sum(weight * digit for weight, digit in enumerate(digits, start=2))
    return _UPN_LETTERS[total % 23] == number[0]


def _is_uci(found: re.Match[str], _text: str) -> bool:
    """Joint Council for Qualifications, Unique Candidate Identifiers: weights 16 to 5, modulo 17.

    The sixth character may be a letter for the awarding body, counted from A as 1.
    """
    number = found[0].upper()
    digits = [int(one) if one.isdigit() else ord(one) - ord("A") + 1 for one in number[:-1]]
    total = sum(weight * digit for weight, digit in zip(range(16, 4, -1), digits, strict=True))
    return _UCI_LETTERS[total % 17] == number[-1]


def _is_nhs(found: re.Match[str], text: str) -> bool:
    """NHS Data Dictionary, NHS number: weights 10 to 2, modulo 11.

    ISBNs are made the same way, and a telephone number may happen to be.
    """
    digits = [int(one) for one in found[0] if one.isdigit()]
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    before = text[max(0, found.start() - 24) : found.start()]
    return (11 - total % 11) % 11 == digits[9] and not _BEFORE_A_TELEPHONE.search(before)


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str], str], bool]], ...] = (
    ("a unique pupil number", _UPN, _is_upn),
    ("a unique candidate identifier", _UCI, _is_uci),
    ("an NHS number", _NHS, _is_nhs),
)
