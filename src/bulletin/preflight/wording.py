"""Checks of the texts: braces that stay braces, and children who must not be recognisable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process

from bulletin.models.checks import Finding, Level
from bulletin.models.editions import MERGE_FIELDS
from bulletin.preflight.examined import Check, Examined
from bulletin.preflight.texts import Text

_FIELD = re.compile(r"\{\{[ \t]*([^{}\n]{0,60}?)[ \t]*\}\}|\*\|([^|\n]{0,60})\|\*")
# A unique pupil number: a letter, eleven digits, and a digit (or a letter, if it is temporary).
_PUPIL_NUMBER = re.compile(r"\b[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]\b", re.IGNORECASE)
_DAY = (
    r"(?:[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?\s(?:of\s)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},?\s[0-9]{4})"
)
_BIRTH = re.compile(
    rf"\b(?:date of birth|d\.?o\.?b\b\.?|born)(?:\s(?:is|was|on))?[\s:*_(]{{0,6}}{_DAY}",
    re.IGNORECASE,
)


def merge_fields_are_known(examined: Examined) -> Iterator[Finding]:
    """Requirement 58: anything but our own fields stays as it stands, so say it beforehand."""
    known = {field.value for field in MERGE_FIELDS}
    for text in examined.texts:
        for found in _FIELD.finditer(text.text):
            name = found[1] if found[1] is not None else found[2]
            braced = found[0].startswith("{{")
            if not (braced and name in known and text.merges):
                advice = _advice(name, known, text, braced=braced)
                message = f"'{found[0]}' in {text.where} will appear just like that: {advice}"
                yield Finding("merge_field", Level.ADVISORY, message, text.item_id)


def _advice(name: str, known: set[str], text: Text, *, braced: bool) -> str:
    if not text.merges:
        return "fields are filled in only in the subject, the intro and the closing words."
    nearest = process.extractOne(name.lower(), sorted(known), score_cutoff=60)
    if nearest and (not braced or nearest[0] != name):
        return f"did you mean {{{{{nearest[0]}}}}}?"
    return f"there are {', '.join(f'{{{{{field}}}}}' for field in sorted(known))}."


def no_pupil_is_named(examined: Examined) -> Iterator[Finding]:
    """Requirement 46: no children's data."""
    for text in examined.texts:
        if _PUPIL_NUMBER.search(text.text):
            what = "something like a unique pupil number"
        elif _BIRTH.search(text.text):
            what = "a date of birth"
        else:
            continue
        message = f"There seems to be {what} in {text.where}: no child may be recognisable."
        yield Finding("pupil_data", Level.ADVISORY, message, text.item_id)


WORDING_CHECKS: tuple[Check, ...] = (merge_fields_are_known, no_pupil_is_named)
