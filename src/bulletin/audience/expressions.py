"""Segments as a person writes them: `role = dsl and nation in (England, Wales)`.

    expression = conjunction { "or" conjunction }
    conjunction = factor { "and" factor }
    factor = "not" factor | "(" expression ")" | "everybody" | condition
    condition = FIELD ( "=" | "!=" ) VALUE | FIELD [ "not" ] "in" "(" VALUE { "," VALUE } ")"

Keywords and field names may be in any case. A value with spaces, or one that is a keyword, stands
in quotes; a backslash in quotes takes the next character as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from bulletin.audience.values import field_value, named
from bulletin.errors import InvalidInput
from bulletin.models.segments import (
    AllOf,
    AnyOf,
    Condition,
    Everybody,
    Not,
    Segment,
    SegmentField,
    checked,
)

_MAX_LENGTH = 10_000
_MAX_NESTING = 10
_KEYWORDS = frozenset({"and", "or", "not", "in", "everybody"})
_TOKEN = re.compile(
    r"""\s*(?: (?P<mark>!=|[()=,]) | "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)'
           | (?P<word>[^\s()=!,"']+(?:'[^\s()=!,"']+)*) | (?P<end>$) )""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_.@-]+")


@dataclass(frozen=True, slots=True)
class _Token:
    """kind: mark, word, quoted or end. column counts from 1."""

    kind: str
    text: str
    column: int

    @property
    def keyword(self) -> str:
        """What it is if it is punctuation or a keyword, else ""."""
        if self.kind == "mark":
            return self.text
        folded = self.text.casefold()
        return folded if self.kind == "word" and folded in _KEYWORDS else ""


def parse_segment(expr: str, *, roles: Collection[str]) -> Segment:
    """The tree that an expression means. roles: the keys that exist.

    Raises InvalidInput that names the column, what stands there, and what is allowed.
    """
    if len(expr) > _MAX_LENGTH:
        raise InvalidInput(f"The expression is too long: {_MAX_LENGTH} characters fit.")
    return checked(_Parser(_tokens(expr), roles).whole())


def describe(tree: Segment) -> str:
    """The canonical expression of a tree: parsed again, it gives an equal tree.

    (A list of one condition reads as that condition.)
    """
    match tree:
        case Condition(field, values):
            return _condition(field, values, "=", "in")
        case Not(Condition(field, values)):
            return _condition(field, values, "!=", "not in")
        case Not(child):
            return f"not {_grouped(child)}"
        case AllOf(children) | AnyOf(children):
            joint = " and " if isinstance(tree, AllOf) else " or "
            alone = len(children) == 1
            return describe(children[0]) if alone else joint.join(map(_grouped, children))
        case Everybody():
            return "everybody"


def _grouped(tree: Segment) -> str:
    if isinstance(tree, AllOf | AnyOf) and len(tree.children) == 1:
        return _grouped(tree.children[0])
    bare = isinstance(tree, Condition | Everybody | Not)
    return describe(tree) if bare else f"({describe(tree)})"


def _condition(field: SegmentField, values: tuple[str, ...], one: str, several: str) -> str:
    if len(values) == 1:
        return f"{field.value} {one} {_quoted(values[0])}"
    return f"{field.value} {several} ({', '.join(map(_quoted, values))})"


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value) and value.casefold() not in _KEYWORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tokens(expr: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while not tokens or tokens[-1].kind != "end":
        found = _TOKEN.match(expr, at)
        if found is None:
            rest = expr[at:].lstrip()
            column = len(expr) - len(rest) + 1
            what = "a quotation mark that is never closed" if rest[0] in "\"'" else repr(rest[0])
            raise InvalidInput(f"Column {column}: {what} cannot stand here.")
        kind = str(found.lastgroup)
        text, column = found[kind], found.start(kind) + 1
        if kind in {"double", "single"}:
            kind, text, column = "quoted", re.sub(r"(?s)\\(.)", r"\1", text), column - 1
        tokens.append(_Token(kind, text, column))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token], roles: Collection[str]) -> None:
        self._tokens = tokens
        self._roles = roles
        self._at = 0

    def whole(self) -> Segment:
        tree = self._expression(0)
        if self._next.kind != "end":
            self._fail("'and', 'or' or the end")
        return tree

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _accept(self, keyword: str) -> bool:
        found = self._next.keyword == keyword
        self._at += found
        return found

    def _expect(self, keyword: str) -> None:
        if not self._accept(keyword):
            self._fail(f"'{keyword}'")

    def _fail(self, wanted: str) -> NoReturn:
        token = self._next
        found = "the expression ends" if token.kind == "end" else f"'{_short(token.text)}' stands"
        raise InvalidInput(f"Column {token.column}: {found} where {wanted} should be.")

    def _expression(self, depth: int) -> Segment:
        parts = [self._conjunction(depth)]
        while self._accept("or"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _conjunction(self, depth: int) -> Segment:
        parts = [self._factor(depth)]
        while self._accept("and"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _factor(self, depth: int) -> Segment:
        if depth > _MAX_NESTING:
            raise InvalidInput(
                f"Column {self._next.column}: nested too deeply; {_MAX_NESTING} levels of "
                "brackets and 'not' fit."
            )
        if self._accept("not"):
            return Not(self._factor(depth + 1))
        if self._accept("("):
            inner = self._expression(depth + 1)
            self._expect(")")
            return inner
        if self._accept("everybody"):
            return Everybody()
        return self._condition()

    def _condition(self) -> Segment:
        field = self._field()
        if self._accept("="):
            return Condition(field, (self._value(field),))
        if self._accept("!="):
            return Not(Condition(field, (self._value(field),)))
        if self._accept("not"):
            self._expect("in")
            return Not(Condition(field, self._values(field)))
        if not self._accept("in"):
            self._fail("'=', '!=', 'in' or 'not in'")
        return Condition(field, self._values(field))

    def _field(self) -> SegmentField:
        token = self._next
        if token.kind != "word" or token.keyword:
            self._fail("a field such as role or nation")
        self._at += 1
        name = token.text.casefold().replace("-", "_")
        known = [field.value for field in SegmentField]
        return SegmentField(named(name, known, f"Column {token.column}: there is no field"))

    def _values(self, field: SegmentField) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value(field)]
        while self._accept(","):
            values.append(self._value(field))
        self._expect(")")
        return tuple(values)

    def _value(self, field: SegmentField) -> str:
        token = self._next
        if token.kind not in {"word", "quoted"} or token.keyword:
            self._fail(f"a value for {field.value}")
        self._at += 1
        after = self._next
        if token.kind == after.kind == "word" and not after.keyword and after.text[0].isalnum():
            raise InvalidInput(
                f"Column {token.column}: put quotes round a value with spaces, "
                f'such as "{_short(token.text)} {_short(after.text)}".'
            )
        return field_value(field, token.text, f"Column {token.column}", self._roles)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
