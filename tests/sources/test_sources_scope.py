"""Nations and roles: only what the text plainly says (requirements 56, 57)."""

from __future__ import annotations

import pytest

from bulletin.models.items import Nation
from bulletin.sources.scope import nations, roles

E, W, S, NI = Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("New rules for schools in England.", (E,)),
        ("It is for colleges in England and Wales.", (E, W)),
        ("Councils across Scotland must reply.", (S,)),
        ("The duty applies to Northern Ireland.", (NI,)),
        ("A form (England only).", (E,)),
    ],
)
def test_a_scope_that_is_named_is_kept(text: str, named: tuple[Nation, ...]) -> None:
    assert nations(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "The Door Commissioner for England has written.",
        "The Bill is before the UK Parliament.",
        "It is also available in Welsh.",
        "The rule does not apply to schools in Wales.",
        "Unlike schools in Scotland, they must reply.",
        "She was born in England.",
    ],
)
def test_a_nation_that_is_no_scope_is_not_guessed_at(text: str) -> None:
    assert nations(text) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It is aimed at Designated safeguarding leads (DSLs) and senior leaders.", ("dsl",)),
        ("The guide is for headteachers, school governors and SENCOs.",
         ("headteacher", "governor", "senco")),
        ("It intends to support governors and trustees within schools.", ("governor", "trustee")),
        ("Audience: virtual school heads; social workers", ("social_worker", "virtual_head")),
    ],
)  # fmt: skip
def test_an_audience_that_is_named_is_kept(text: str, named: tuple[str, ...]) -> None:
    assert roles(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "The DSL rang the office.",
        "Although aimed at care staff, DSLs will find it of interest.",
        "Governors met in May.",
    ],
)
def test_a_role_that_is_only_mentioned_is_no_audience(text: str) -> None:
    assert roles(text) == ()
