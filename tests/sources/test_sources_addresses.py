"""Addresses: repaired, refused or let through (requirements 49, 59)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.sources import read
from bulletin.sources.fields.addresses import inspect


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("https://k.example/safe–2", "https://k.example/safe--2"),
        ("https://k.example/safe—two—", "https://k.example/safe--two--"),
        ("https://k.example/a‑b", "https://k.example/a-b"),
        ("https://k.example/“a”", "https://k.example/%22a%22"),
        ("https://k.example/a…b", "https://k.example/a...b"),
        ("https://k.exam\u00adple/a", "https://k.example/a"),
        ("https://k.example/a b", "https://k.example/a%20b"),
        ("https://k.example/long-\n  name", "https://k.example/long-name"),
        ("https:// k.example/a", "https://k.example/a"),
        ("https//k.example/a", "https://k.example/a"),
        ("http:/k.example", "http://k.example"),
        ("http;//k.example/a", "http://k.example/a"),
        ("ttps://k.example/a", "https://k.example/a"),
        ("http://https://k.example/a", "https://k.example/a"),
        ("www.k.example/a", "https://www.k.example/a"),
        ("k.example/a", "https://k.example/a"),
    ],
)
def test_a_damaged_address_is_mended_and_both_are_named(written: str, mended: str) -> None:
    address = inspect(written)

    assert address.url == mended
    (warning,) = address.warnings
    assert warning.code == "repaired_link"
    assert "is proposed" in warning.message
    assert " ".join(written.split()) in warning.message


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
    ["https://", "https://https://", "/about", "https:///path", "http://10.0.0/x", "http://10.0.0.1.2/x",
     "https://k.example/cut…", "https://k.example/cut...",
     "https://k.example\\@evil.example/", "https://[::1", "https://k..example/", "word",
     "https://k.example/" + "a" * 2000, "mailto:nobody", "tel:ring me", "https://k.example:port/"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_left_out(written: str) -> None:
    address = inspect(written)
    assert address.url is None
    assert [warning.code for warning in address.warnings] == ["broken_link"]


@pytest.mark.parametrize(
    ("written", "kept", "gone"),
    [
        (
            "https://k.example/?utm_source=a&id=3&utm_medium=b",
            "https://k.example/?id=3",
            ("utm_source=a", "utm_medium=b"),
        ),
        ("https://k.example/?mc_cid=1&mc_eid=2", "https://k.example/", ("mc_cid=1", "mc_eid=2")),
        ("https://k.example/?WT.mc_id=x&q=keys", "https://k.example/?q=keys", ("WT.mc_id=x",)),
        ("https://k.example/a#utm_medium=b", "https://k.example/a", ("utm_medium=b",)),
        ("https://k.example/?utm_source=a#part", "https://k.example/#part", ("utm_source=a",)),
        (
            "https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fk.example%2Fa%3Fb%3D1&data=5",
            "https://k.example/a?b=1",
            ("eu.safelinks.protection.outlook.com",),
        ),
        (
            "https://urldefense.com/v3/__https://k.example/a__;!!x",
            "https://k.example/a",
            ("urldefense.com",),
        ),
    ],
)
def test_trackers_and_wrappers_are_taken_off_and_named(
    written: str, kept: str, gone: tuple[str, ...]
) -> None:
    address = inspect(written)

    assert address.url == kept
    assert address.warnings == ()
    assert tuple(one.text for one in address.dropped) == gone
    assert all(one.reason for one in address.dropped)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://k.example/?at=3&ref=x&b", "https://k.example/?at=3&ref=x&b"),
        ("https://k.example/?a=1&amp;b=2", "https://k.example/?a=1&b=2"),
        ("https://k.example/#section=2", "https://k.example/#section=2"),
        ("https://k.example/caf\u00e9", "https://k.example/caf%C3%A9"),
        ("mailto:desk@k.example?subject=hello&bcc=x@y.example", "mailto:desk@k.example"),
        ("tel:+44 1632 960444", "tel:+441632960444"),
        ("HTTPS://K.example/A", "https://k.example/A"),
        ("//k.example/a", "https://k.example/a"),
    ],
)
def test_a_good_address_stays_as_it_is(written: str, kept: str) -> None:
    address = inspect(written)

    assert address.url == kept
    assert address.warnings == address.dropped == ()


def test_a_tracker_is_named_once_however_many_links_of_an_item_have_it() -> None:
    reading = read(
        "Keys\n\nSee [one](https://k.example/1?utm_source=n) and "
        "[two](https://k.example/2?utm_source=n) for more.\n"
    )

    assert "[one](https://k.example/1) and [two](https://k.example/2)" in reading.items[0].body
    assert [one.text for one in reading.dropped] == ["utm_source=n"]


@given(
    st.text(max_size=60)
    | st.from_regex(r"h?ttps?[:;]?/{0,3} ?[a-z.–/?=&_ %…]{0,40}", fullmatch=True)
)
def test_whatever_is_let_through_is_an_address_that_stays_as_it_is(written: str) -> None:
    address = inspect(written)

    if address.url is None:
        assert address.warnings
    else:
        assert address.url.startswith(("http://", "https://", "mailto:", "tel:"))
        assert re.fullmatch(r"[!-~]+", address.url)
        assert inspect(address.url).url == address.url


def test_a_host_that_only_looks_like_another_is_refused() -> None:
    assert inspect("https://ｋ.example/").url is None


def test_a_very_long_unsafe_address_is_shortened_in_the_warning() -> None:
    (warning,) = inspect("data:text/html," + "x" * 5000).warnings
    assert len(warning.message) < 500


@pytest.mark.parametrize(
    "written",
    ["http://127.0.0.1:8770/x", "http://intranet/page", "https://localhost/", "http://10.0.0.1/x",
     "https://files.school.local/x"],
)  # fmt: skip
def test_an_address_of_a_network_of_ones_own_is_kept_with_a_doubt(written: str) -> None:
    address = inspect(written)

    assert address.url == written
    assert [warning.code for warning in address.warnings] == ["private_link"]
