"""Requirement 17: the bounce of a copy comes back to an address that names the copy."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bulletin.messages.dkim import ed25519_key, new_key
from bulletin.models.deliveries import Copy
from bulletin.models.mailboxes import mailbox
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.letters import Correspondence
from bulletin.rendering import Stationery
from bulletin.settings import LONGEST_BOUNCE_NAME, load_settings
from bulletin.tokens import Purpose, TokenSigner
from bulletin.transports.memory import MemoryTransport
from example_issue import SENDER

if TYPE_CHECKING:
    from desks import Desk

SIGNER = TokenSigner("a secret of at least thirty-two characters")
URL = "https://bulletin.school.example"
BOUNCES = "bounces@in.school.example"


def copy_of(delivery_id: int, bounces_to: str = BOUNCES) -> Copy:
    return Addressing(SIGNER, URL, [], bounces_to=bounces_to).copy(
        delivery_id=delivery_id,
        subscriber_id=3,
        email="dsl@school.example",
        name="",
        organisation="",
        roles=frozenset(),
        domain="school.example",
    )


@given(st.integers(min_value=1, max_value=2**63 - 1))
def test_each_copy_has_a_bounce_address_that_leads_back_to_it(delivery_id: int) -> None:
    """Whatever folds its case on the way; 64 octets before the @ (RFC 5321 4.5.3.1.1)."""
    longest = load_settings(
        _env_file=None, bounce_address="b" * LONGEST_BOUNCE_NAME + "@in.school.example"
    ).bounces_to()
    address = copy_of(delivery_id, longest).bounces_to
    assert mailbox(address) == address == address.lower()
    found = re.fullmatch(r"b+\+([a-z0-9-]+)@in\.school\.example", address)
    assert found
    assert SIGNER.verify(Purpose.BOUNCE, found[1]) == delivery_id
    assert SIGNER.verify(Purpose.ACKNOWLEDGE, found[1]) is None


def test_without_a_bounce_address_bounces_go_to_the_sender() -> None:
    assert copy_of(7, "").bounces_to == ""


def test_a_letters_bounces_go_to_the_plain_address_and_it_is_signed(quick_desk: Desk) -> None:
    """Its number is no delivery's, so it must not look like one."""
    transport = MemoryTransport()
    asking = Asking(quick_desk.store, per_hour=9, per_client=9, zone=ZoneInfo("Europe/London"))
    wish = Wish(RequestKind.JOIN, "sam@school.example", "192.0.2.1", name="", roles=("dsl",))
    asking.ask(wish, LetterKind.CONFIRM_JOIN)
    Correspondence(
        quick_desk.store,
        Stationery(),
        SIGNER,
        open_transport=lambda: transport,
        addressing=lambda: Addressing(SIGNER, URL, [], bounces_to=BOUNCES),
        sender=lambda: SENDER,
        keys=[ed25519_key(new_key(ed25519=True), "autumn")],
    ).send(threading.Event())
    ((copy, raw),) = transport.accepted
    assert copy.bounces_to == BOUNCES
    assert raw.startswith(b"DKIM-Signature: v=1; a=ed25519-sha256")
