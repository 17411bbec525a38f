"""Addresses: repaired, refused or let through (requirements 49, 59)."""

from __future__ import annotations

import pytest

from bulletin.sources.addresses import inspect


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("https://k.example/safe–2", "https://k.example/safe--2"),
        ("https://k.example/safe—two—", "https://k.example/safe--two--"),
        ("https://k.example/a‑b", "https://k.example/a-b"),
        ("www.k.example/a", "https://www.k.example/a"),
    ],
)
def test_typography_in_an_address_is_mended_and_both_are_named(written: str, mended: str) -> None:
    address = inspect(written)

    assert address.url == mended
    (warning,) = address.warnings
    assert warning.code == "repaired_link"
    assert written in warning.message
    assert mended in warning.message


@pytest.mark.parametrize(
    "written",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///c:/x",
     "ftp://k.example/x", "https://user:pw@k.example/", "https://bank.example@evil.example/"],
)  # fmt: skip
def test_addresses_that_could_harm_a_reader_are_left_out(written: str) -> None:
    address = inspect(written)
    assert address.url is None
    assert [warning.code for warning in address.warnings] == ["unsafe_link"]


@pytest.mark.parametrize(
    "written",
    ["https://k.example/a b", "https://", "https:///path", "https://localhost/", "http://10.0.0.1/x",
     "https//k.example", "http:/k.example", "https://k.example/cut…", "https://k.example/cut...",
     "https://k.example\\@evil.example/", "https://[::1", "https://k..example/", "k.example/a",
     "https://k.example/" + "a" * 2000, "mailto:nobody", "tel:ring me", "https://k.example:port/"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_left_out(written: str) -> None:
    address = inspect(written)
    assert address.url is None
    assert [warning.code for warning in address.warnings] == ["broken_link"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://k.example/?utm_source=a&id=3&utm_medium=b", "https://k.example/?id=3"),
        ("https://k.example/?utm_source=a#part", "https://k.example/#part"),
        ("https://k.example/?a=1&amp;b=2", "https://k.example/?a=1&b=2"),
        ("https://k.example/caf\u00e9", "https://k.example/caf%C3%A9"),
        ("mailto:desk@k.example?subject=hello&bcc=x@y.example", "mailto:desk@k.example"),
        ("tel:+44 1632 960444", "tel:+441632960444"),
        ("HTTPS://K.example/A", "https://k.example/A"),
    ],
)
def test_good_addresses_lose_only_what_tracks_or_adds_to_them(written: str, kept: str) -> None:
    address = inspect(written)
    assert address.url == kept
    assert address.warnings == ()


def test_a_host_that_only_looks_like_another_is_refused() -> None:
    assert inspect("https://ｋ.example/").url is None


def test_a_very_long_unsafe_address_is_shortened_in_the_warning() -> None:
    (warning,) = inspect("data:text/html," + "x" * 5000).warnings
    assert len(warning.message) < 500
