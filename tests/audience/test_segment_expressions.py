"""Segments: what a person writes becomes a typed tree, and back (requirement 60)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.audience import describe, parse_segment
from bulletin.errors import InvalidInput
from bulletin.models.items import Nation
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.models.segments import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Condition,
    Everybody,
    Not,
    Segment,
    SegmentField,
    from_json,
    to_json,
)

ROLES = [role.key for role in DEFAULT_ROLES]


def parse(expression: str) -> Segment:
    return parse_segment(expression, roles=ROLES)


def values_of(field: SegmentField) -> st.SearchStrategy[str]:
    text = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
    known = {
        SegmentField.ROLE: st.sampled_from(ROLES),
        SegmentField.NATION: st.sampled_from([nation.value for nation in Nation]),
        SegmentField.KIND: st.sampled_from(["corporate", "individual"]),
        SegmentField.URN: st.from_regex(r"[0-9]{6}", fullmatch=True),
        SegmentField.EMAIL_DOMAIN: st.from_regex(r"[a-z0-9]{1,9}\.example", fullmatch=True),
    }
    phrase = st.lists(text, min_size=1, max_size=3).map(" ".join)
    return known.get(field, phrase | st.sampled_from(["and", "Not", "in", "everybody", 'a"b\\']))


conditions = st.sampled_from(SegmentField).flatmap(
    lambda field: st.builds(
        Condition,
        st.just(field),
        st.lists(values_of(field), min_size=1, max_size=3).map(tuple),
    )
)
trees: st.SearchStrategy[Segment] = st.recursive(
    conditions | st.just(Everybody()),
    lambda children: (
        st.builds(Not, children)
        | st.lists(children, min_size=2, max_size=3).map(tuple).map(AllOf)
        | st.lists(children, min_size=2, max_size=3).map(tuple).map(AnyOf)
    ),
    max_leaves=6,
).filter(lambda tree: nesting(tree) <= 10)


def nesting(tree: Segment) -> int:
    match tree:
        case Not(child):
            return 1 + nesting(child)
        case AllOf(children) | AnyOf(children):
            return 1 + max(nesting(child) for child in children)
        case _:
            return 0


@given(trees)
def test_the_description_of_any_segment_means_that_segment(tree: Segment) -> None:
    assert parse(describe(tree)) == tree


@given(trees)
def test_a_segment_survives_its_json(tree: Segment) -> None:
    assert from_json(to_json(tree)) == tree


@given(st.text(max_size=60) | st.text(alphabet="()='\"!, \\andorti", max_size=60))
def test_any_text_gives_a_segment_or_a_sentence(text: str) -> None:
    try:
        tree = parse(text)
    except InvalidInput as refused:
        assert str(refused).endswith(".")  # noqa: PT017  # both outcomes are good ones
    else:
        assert parse(describe(tree)) == tree


def test_and_binds_closer_than_or_and_not_closest() -> None:
    dsl = Condition(SegmentField.ROLE, ("dsl",))
    wales = Condition(SegmentField.NATION, ("Wales",))
    primary = Condition(SegmentField.PHASE, ("primary",))
    assert parse("role=dsl or nation=Wales and not phase=primary") == AnyOf(
        (dsl, AllOf((wales, Not(primary))))
    )
    assert parse("(role=dsl or nation=Wales) and not phase=primary") == AllOf(
        (AnyOf((dsl, wales)), Not(primary))
    )


def test_the_example_of_the_manual_reads_as_it_says() -> None:
    tree = parse("role = dsl and nation in (England, Wales) and not phase = primary")
    assert describe(tree) == "role = dsl and nation in (England, Wales) and phase != primary"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("ROLE = DSL AND Kind NOT IN (Corporate)", "role = dsl and kind != corporate"),
        ("role = deputy-dsl", "role = deputy_dsl"),
        ("nation = 'northern ireland'", 'nation = "Northern Ireland"'),
        ("email-domain = @School.example", "email_domain = school.example"),
        ("local-authority = Exampleshire", "local_authority = Exampleshire"),
        ('organisation = "St Example\'s"', 'organisation = "St Example\'s"'),
        ("Everybody", "everybody"),
        ("not (not role = dsl)", "not role != dsl"),
        ("organisation='and'", 'organisation = "and"'),
    ],
)
def test_spelling_is_forgiven_and_made_canonical(written: str, canonical: str) -> None:
    assert describe(parse(written)) == canonical


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "Column 1: the expression ends"),
        ("rolle = dsl", "Column 1: there is no field 'rolle'; did you mean 'role'?"),
        ("role = dls", "Column 8: there is no role 'dls'; did you mean 'dsl'?"),
        ("nation = Walles", "Column 10: there is no nation 'Walles'; did you mean 'Wales'?"),
        ("kind = corporat", "Column 8: there is no kind 'corporat'; did you mean 'corporate'?"),
        ("urn = 12345", "Column 7: a URN is six digits"),
        ("urn = ١٢٣٤٥٦", "Column 7: a URN is six digits"),
        ("email_domain = school", "Column 16: a domain looks like school.example"),
        ("role dsl", "Column 6: 'dsl' stands where '=', '!=', 'in' or 'not in' should be"),
        ("role in ()", "Column 10: ')' stands where a value for role should be"),
        ("role in (dsl", "Column 13: the expression ends where ')' should be"),
        ("role = dsl nation = Wales", "Column 8: put quotes round a value with spaces"),
        ("role = 'dsl", "Column 8: a quotation mark that is never closed"),
        ("(role = dsl", "Column 12: the expression ends where ')' should be"),
        ("role = dsl)", "Column 11: ')' stands where 'and', 'or' or the end should be"),
        ("role = dsl and", "Column 15: the expression ends where a field"),
        ("organisation = '  '", "Column 16: a value is 1 to 200 printable characters"),
        ("organisation = 'a\x00b'", "Column 16: a value is 1 to 200 printable characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_column_and_what_is_allowed(
    written: str, complaint: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(written)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 100_000,
        "(" * 9_000,
        "not " * 2_000 + "everybody",
        "'" + "a" * 9_000,
        "everybody and " * 600 + "everybody",
        "phase in (" + "a," * 4_000 + "a)",
        '"' + "\\" * 9_000,
    ],
)
def test_no_expression_can_exhaust_us(bomb: str) -> None:
    with pytest.raises(InvalidInput):
        parse(bomb)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"everybody": false}',
        '{"everybody": true, "not": {"everybody": true}}',
        '{"all": []}',
        '{"any": "role"}',
        '{"field": "role", "values": []}',
        '{"field": "role", "values": [1]}',
        '{"field": "role", "values": [""]}',
        '{"field": "role", "values": ["a\\u0000"]}',
        '{"field": "password_hash", "values": ["x"]}',
        '{"sql": "1=1"}',
        "[" * 100_000,
        '{"not":' * 30_000 + '{"everybody":true}' + "}" * 30_000,
        '{"not":' * MAX_DEPTH + '{"everybody":true}' + "}" * MAX_DEPTH,
    ],
)
def test_json_that_is_no_segment_of_ours_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        from_json(text)


def test_a_tree_too_deep_to_read_back_is_never_written() -> None:
    tree: Segment = Everybody()
    for _ in range(100_000):
        tree = Not(tree)
    with pytest.raises(InvalidInput, match="nested too deeply"):
        to_json(tree)
    while isinstance(tree, Not):  # taken apart by hand: Python frees a deep tree by recursion
        tree = tree.child


def test_the_deepest_segment_that_may_be_written_can_be_read_back() -> None:
    tree: Segment = Everybody()
    for _ in range(MAX_DEPTH - 1):
        tree = Not(tree)
    assert from_json(to_json(tree)) == tree


def test_the_json_is_plain_enough_for_other_programs() -> None:
    assert json.loads(to_json(parse("role = dsl and not nation in (Wales, Scotland)"))) == {
        "all": [
            {"field": "role", "values": ["dsl"]},
            {"not": {"field": "nation", "values": ["Wales", "Scotland"]}},
        ]
    }
