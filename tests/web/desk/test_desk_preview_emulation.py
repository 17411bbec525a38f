"""A finished email is shown light, dark or without pictures, and its words are left alone."""

from __future__ import annotations

import pytest

from bulletin.web.desk.issues.emulation import in_scheme, opening_elsewhere, without_pictures

SAYS = "We wrote @media (prefers-color-scheme: dark) and color-scheme: light dark."
PAGE = f"""<html><head><meta name="color-scheme" content="light dark"><style type="text/css">
:root{{color-scheme:light dark;supported-color-schemes:light dark}}
@media (prefers-color-scheme:dark){{a{{color:red}}}}
@media screen and ( prefers-color-scheme : light ){{a{{color:blue}}}}
</style></head><body><p>{SAYS}</p></body></html>"""


@pytest.mark.parametrize(
    ("dark", "holds", "fails"), [(True, "red", "blue"), (False, "blue", "red")]
)
def test_a_scheme_is_put_into_the_styles_and_nowhere_else(
    dark: bool, holds: str, fails: str
) -> None:
    shown = in_scheme(PAGE, dark=dark)
    name = "dark" if dark else "light"
    assert f'content="{name}"' in shown
    assert f"color-scheme:{name};supported-color-schemes:{name}" in shown
    assert f"(min-width:0){{a{{color:{holds}" in shown
    assert f"(max-width:0){{a{{color:{fails}" in shown
    assert SAYS in shown


def test_pictures_are_left_out_and_what_they_say_stays() -> None:
    page = (
        '<img alt="a > b" width="10" src="/brand/logo.png" border="0"><p>src="x" <img src="y"></p>'
    )
    assert without_pictures(page) == ('<img alt="a > b" width="10" border="0"><p>src="x" <img></p>')


def test_links_open_elsewhere_but_for_those_within() -> None:
    page = '<head></head><a href="https://a.example/">a</a><a title=">" href="#i1">b</a> href="#i2'
    assert opening_elsewhere(page) == (
        '<head><base target="_blank"></head><a href="https://a.example/">a</a>'
        '<a title=">" target="_self" href="#i1">b</a> href="#i2'
    )
