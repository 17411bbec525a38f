"""Letters to users: they are about signing in, whatever a reader with the same address wants."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from house import PASSWORD, House, chosen

from bulletin.errors import Refused
from bulletin.models.people import SuppressionReason, UserRole


@pytest.fixture
def post(sqlite_database: str, tmp_path: Path) -> tuple[House, Path]:
    return House(sqlite_database, outbox_dir=tmp_path / "outbox"), tmp_path / "outbox"


def sent(post: tuple[House, Path]) -> Sequence[str]:
    """Send what waits; returns all letters there are."""
    house, outbox = post
    house.services.correspondence.send(threading.Event())
    return [path.read_text() for path in sorted(outbox.rglob("*")) if path.is_file()]


def test_an_invitation_leads_to_where_a_password_is_chosen(post: tuple[House, Path]) -> None:
    house, _ = post
    _, link = house.managing.invite("new@school.example", UserRole.EDITOR, "test")
    (letter,) = sent(post)
    assert "To: new@school.example" in letter
    assert "Subject: You are invited to work on Safeguarding Bulletin" in letter
    assert link in letter
    house.services.close()


def test_who_left_the_list_can_still_sign_in(post: tuple[House, Path]) -> None:
    house, _ = post
    user = house.user()
    with house.services.store.write() as tx:
        tx.suppressions.add(user.email, SuppressionReason.COMPLAINT, house.clock())
    house.accounts.forgot(user.email, "192.0.2.1")
    assert len(sent(post)) == 1
    house.services.close()


def test_an_address_without_an_account_gets_nothing(post: tuple[House, Path]) -> None:
    house, _ = post
    house.accounts.forgot("nobody@school.example", "192.0.2.1")
    assert sent(post) == []
    house.services.close()


def test_a_letter_that_comes_late_has_the_link_that_works(post: tuple[House, Path]) -> None:
    """Each has the newest; one whose link was used is not sent at all."""
    house, _ = post
    user = house.user()
    house.accounts.forgot(user.email, "192.0.2.1")
    house.accounts.forgot(user.email, "192.0.2.1")
    links = {found for each in sent(post) for found in re.findall(r"/app/reset/(\S+)\n", each)}
    assert links == {house.reset_link()}
    house.accounts.forgot(user.email, "192.0.2.1")
    house.accounts.reset(house.reset_link(), chosen(), "")
    assert len(sent(post)) == 2
    house.services.close()


def test_an_old_link_of_the_same_number_opens_nothing(post: tuple[House, Path]) -> None:
    """Numbers are never given out twice."""
    house, _ = post
    user = house.user()
    house.accounts.forgot(user.email, "192.0.2.1")
    used = house.reset_link()
    house.accounts.reset(used, chosen(PASSWORD + " again"), "")
    house.accounts.forgot(user.email, "192.0.2.1")
    assert house.reset_link() != used
    with pytest.raises(Refused, match="has been used"):
        house.accounts.reset(used, chosen(), "")
    house.services.close()
