"""What is a link when news comes in is one when it is edited, checked and sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, ItemContent, ItemDraft
from bulletin.models.links import address_problem
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.pipeline.settling import settled
from bulletin.rendering.addresses import linkable
from bulletin.sources.fields.addresses import inspect

NEWS = ItemContent(ItemDraft("News", body="Text.", actions=(Action("Read the report"),)))


def codes(draft: ItemDraft) -> list[str]:
    return [warning.code for warning in draft.warnings]


@pytest.mark.parametrize(
    ("address", "doubts"),
    [
        ("https://guidance.example/report", []),
        ("mailto:office@school.example", []),
        ("tel:+441632960001", []),
        ("http://intranet/page", ["private_link"]),
        ("http://10.1.2.3:8080/page", ["private_link"]),
        ("http://files.school.local/page", ["private_link"]),
        ("https://board.us1.list-manage.com/track/click?u=1", ["tracked_link"]),
    ],
)
def test_an_address_is_kept_with_the_same_doubt_however_it_comes_in(
    address: str, doubts: list[str]
) -> None:
    came = inspect(address)
    assert (came.url, [doubt.code for doubt in came.warnings]) == (address, doubts)
    for edit in (
        ItemChanges(addresses={1: address}),
        ItemChanges(added=(Action("A", "", address),)),
    ):
        edited = changed(NEWS, edit).draft
        assert edited.actions[-1].url == address
        assert codes(edited) == doubts
        assert codes(settled(NEWS.draft, edited)) == doubts
    assert linkable(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "ftp://files.example/a", "https://", "https://a..example/",
        "https://user@guidance.example/", "http://2130706433/", "https://a%2eb.example/",
        "mailto:office", "mailto:office@localhost", "tel:12", "tel:help", "https://[half",
        "https://guidance.example:port/",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_no_link_anywhere(address: str) -> None:
    assert inspect(address).url is None
    with pytest.raises(InvalidInput, match="cannot be used"):
        changed(NEWS, ItemChanges(addresses={1: address}))
    assert linkable(address) is None


@given(st.sampled_from(["https://", "http://", "mailto:", "tel:", ""]), st.text(max_size=30))
def test_whatever_an_import_keeps_may_be_put_in_by_hand(scheme: str, rest: str) -> None:
    address = inspect(scheme + rest).url
    assert address is None or not address_problem(address)


@pytest.mark.parametrize(
    "address", ["http://intranet/page", "https://board.us1.list-manage.com/track/click?u=1"]
)
def test_the_doubt_about_where_a_link_leads_ends_with_that_link(address: str) -> None:
    edited = changed(NEWS, ItemChanges(addresses={1: address})).draft
    content = ItemContent(edited)
    better = changed(content, ItemChanges(addresses={1: "https://guidance.example/report"})).draft
    assert codes(settled(edited, better)) == []
    both = changed(content, ItemChanges(added=(Action("A", "", f"{address}/two"),))).draft
    assert codes(settled(edited, both)) == codes(edited)
