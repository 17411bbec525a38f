"""The values that a segment's fields take."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import process

from bulletin.errors import InvalidInput
from bulletin.models.items import Nation
from bulletin.models.nations import nation_named
from bulletin.models.people import SubscriberKind
from bulletin.models.segments import MAX_VALUE, SegmentField

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_URN = re.compile(r"[0-9]{6}")


def named(name: str, known: Collection[str], complaint: str) -> str:
    """The name, if it is known. Else raises InvalidInput: complaint, name, nearest, all of them."""
    if name in known:
        return name
    nearest = process.extractOne(name, known, score_cutoff=60)
    hint = f"did you mean '{nearest[0]}'? There are" if nearest else "there are"
    raise InvalidInput(f"{complaint} '{name[:40]}'; {hint} {', '.join(known)}.")


def field_value(field: SegmentField, text: str, where: str, roles: Collection[str]) -> str:
    """A value as it is kept. `where` opens every complaint. Raises InvalidInput."""
    value = " ".join(text.split())
    match field:
        case SegmentField.ROLE:
            key = value.casefold().replace("-", "_").replace(" ", "_")
            return named(key, roles, f"{where}: there is no role")
        case SegmentField.NATION:
            nation = nation_named(value)
            names = [known.value for known in Nation]
            return nation.value if nation else named(value, names, f"{where}: there is no nation")
        case SegmentField.KIND:
            kinds = [kind.value for kind in SubscriberKind]
            return named(value.casefold(), kinds, f"{where}: there is no kind")
        case SegmentField.EMAIL_DOMAIN:
            domain = value.casefold().removeprefix("@")
            return _matching(_DOMAIN, domain, f"{where}: a domain looks like school.example")
        case SegmentField.URN:
            return _matching(_URN, value, f"{where}: a URN is six digits")
        case _:
            return _text(value, where)


def _matching(pattern: re.Pattern[str], value: str, rule: str) -> str:
    if pattern.fullmatch(value) is None or len(value) > MAX_VALUE:
        raise InvalidInput(f"{rule}, not '{value[:40]}'.")
    return value


def _text(value: str, where: str) -> str:
    if not value or len(value) > MAX_VALUE or not value.isprintable():
        raise InvalidInput(f"{where}: a value is 1 to {MAX_VALUE} printable characters.")
    return value
