"""Checks of merge fields: braces that would stay braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process

from bulletin.models.checks import Finding
from bulletin.models.editions import MERGE_FIELDS
from bulletin.preflight.examined import Check, Examined, advisory
from bulletin.preflight.texts import Text

_FIELD = re.compile(r"\{\{[ \t]*([^{}\n]{0,60}?)[ \t]*\}\}|\*\|([^|\n]{0,60})\|\*")


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
                yield advisory("merge_field", message, text.item_id, field=text.field)


def _advice(name: str, known: set[str], text: Text, *, braced: bool) -> str:
    if not text.merges:
        return "fields are filled in only in the subject, the intro and the closing words."
    nearest = process.extractOne(name.lower(), sorted(known), score_cutoff=60)
    if nearest and (not braced or nearest[0] != name):
        return f"did you mean {{{{{nearest[0]}}}}}?"
    return f"there are {', '.join(f'{{{{{field}}}}}' for field in sorted(known))}."


WORDING_CHECKS: tuple[Check, ...] = (merge_fields_are_known,)
