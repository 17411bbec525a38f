"""Segments: typed rules that pick subscribers, and their JSON (requirement 60).

A tree is bounded in depth and size, so that whatever walks it (SQL, a description) can recurse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bulletin.errors import InvalidInput

MAX_DEPTH = 40
MAX_PARTS = 500
MAX_VALUE = 200
_MAX_JSON = 200_000


class SegmentField(StrEnum):
    ROLE = "role"
    NATION = "nation"
    PHASE = "phase"
    LOCAL_AUTHORITY = "local_authority"
    ORGANISATION = "organisation"
    URN = "urn"
    KIND = "kind"
    EMAIL_DOMAIN = "email_domain"


@dataclass(frozen=True, slots=True)
class Everybody:
    """Every subscriber."""


@dataclass(frozen=True, slots=True)
class Not:
    """Whoever the child does not pick."""

    child: Segment


@dataclass(frozen=True, slots=True)
class AllOf:
    """Whoever every child picks."""

    children: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whoever at least one child picks."""

    children: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Whoever has one of the values in the field; a reader's roles count one by one."""

    field: SegmentField
    values: tuple[str, ...]


Segment: TypeAlias = Everybody | Not | AllOf | AnyOf | Condition


@dataclass(frozen=True, slots=True)
class Holders:
    """Whoever has, or may have, a copy of these editions of an issue: whom a correction goes to.

    It depends on what was sent, so it is worked out when it is needed and never kept.
    """

    issue_id: int
    editions: frozenset[int]


Pick: TypeAlias = Segment | Holders
"""What an audience is made of."""


def checked(tree: Segment) -> Segment:
    """The same tree. Raises InvalidInput if it is too deep, too large or empty somewhere."""
    waiting: list[tuple[Segment, int]] = [(tree, 1)]
    parts = 0
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise InvalidInput("The segment is nested too deeply: write it with fewer brackets.")
        children = _children(node)
        parts += 1 + (len(node.values) if isinstance(node, Condition) else len(children))
        if parts > MAX_PARTS:
            raise InvalidInput(f"The segment is too long: {MAX_PARTS} values and conditions fit.")
        waiting.extend((child, depth + 1) for child in children)
    return tree


def _children(node: Segment) -> tuple[Segment, ...]:
    match node:
        case Not(child):
            return (child,)
        case AllOf(children) | AnyOf(children):
            if not children:
                raise InvalidInput("A segment of several conditions needs at least one.")
            return children
        case Condition(field, values):
            _check_values(field, values)
            return ()
        case Everybody():
            return ()


def _check_values(field: SegmentField, values: tuple[str, ...]) -> None:
    if not values:
        raise InvalidInput(f"The condition on {field.value} needs a value.")
    for value in values:
        if not value.strip() or len(value) > MAX_VALUE or not value.isprintable():
            raise InvalidInput(
                f"A value of {field.value} must be 1 to {MAX_VALUE} printable characters."
            )


def to_json(tree: Segment) -> str:
    """Compact JSON that `from_json` reads back. Raises InvalidInput as `checked` does."""
    return json.dumps(_plain(checked(tree)), ensure_ascii=False, separators=(",", ":"))


def _plain(node: Segment) -> dict[str, object]:
    match node:
        case Everybody():
            return {"everybody": True}
        case Not(child):
            return {"not": _plain(child)}
        case AllOf(children):
            return {"all": [_plain(child) for child in children]}
        case AnyOf(children):
            return {"any": [_plain(child) for child in children]}
        case Condition(field, values):
            return {"field": field.value, "values": list(values)}


def from_json(text: str) -> Segment:
    """The tree in a JSON text of ours. Raises InvalidInput for anything else."""
    if len(text) > _MAX_JSON:
        raise InvalidInput("The segment's JSON is too long.")
    try:
        return checked(_node(json.loads(text), 1))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The segment's JSON cannot be read.") from error


def _node(data: object, depth: int) -> Segment:
    if depth > MAX_DEPTH:
        raise InvalidInput("The segment is nested too deeply.")
    match data:
        case {"everybody": True, **rest} if not rest:
            return Everybody()
        case {"not": child, **rest} if not rest:
            return Not(_node(child, depth + 1))
        case {"all": [*children], **rest} if not rest:
            return AllOf(tuple(_node(child, depth + 1) for child in children))
        case {"any": [*children], **rest} if not rest:
            return AnyOf(tuple(_node(child, depth + 1) for child in children))
        case {"field": str(field), "values": [*values], **rest} if not rest:
            return Condition(_field(field), _strings(values))
    raise InvalidInput("The segment's JSON holds something that is no rule of ours.")


def _field(name: str) -> SegmentField:
    try:
        return SegmentField(name)
    except ValueError as error:
        known = ", ".join(field.value for field in SegmentField)
        raise InvalidInput(f"The segment names no field of ours; there are {known}.") from error


def _strings(values: list[object]) -> tuple[str, ...]:
    strings = tuple(value for value in values if isinstance(value, str))
    if len(strings) != len(values):
        raise InvalidInput("The values of a segment's condition must be text.")
    return strings
