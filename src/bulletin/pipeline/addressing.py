"""Addressing: the personal half of a copy, from a reader and our signed links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bulletin.audience import first_name, role_phrase
from bulletin.models.deliveries import PREVIEW, Copy
from bulletin.models.editions import Field
from bulletin.models.people import Role
from bulletin.tokens import Purpose, TokenSigner

UNKNOWN_PERSON = "colleague"
UNKNOWN_ORGANISATION = "your organisation"


class Addressing:
    """Fills in who a copy is for. Built once per run; safe to share between threads.

    public_url: where readers reach us, without a slash at its end.
    rehearsal:  whether links lead to the page of a preview, and act for nobody.
    bounces_to: the bare address that bounces go to, of which each copy gets a form of its own
                (requirement 17); "" for the sender's.
    """

    def __init__(
        self,
        signer: TokenSigner,
        public_url: str,
        roles: Sequence[Role],
        *,
        rehearsal: bool = False,
        bounces_to: str = "",
    ) -> None:
        self.bounces_to = bounces_to
        self._signer = signer
        self._public_url = public_url
        self._rehearsal = rehearsal
        self._roles = {role.key: role for role in roles}
        self._phrases: dict[frozenset[str], str] = {}

    def copy(
        self,
        *,
        delivery_id: int,
        subscriber_id: int,
        email: str,
        name: str,
        organisation: str,
        roles: frozenset[str],
        domain: str,
    ) -> Copy:
        """One person's copy. The same delivery always gets the same Message-ID (requirement 3).

        domain: the right-hand side of the Message-ID, from the sender that was approved.
        """
        reader, copy = (PREVIEW, PREVIEW) if self._rehearsal else (subscriber_id, delivery_id)
        unsubscribe = self.link("u", Purpose.UNSUBSCRIBE, reader)
        return Copy(
            delivery_id=delivery_id,
            address=email,
            name=name,
            message_id=f"<{self._signer.sign(Purpose.MESSAGE_ID, delivery_id)}@{domain}>",
            list_unsubscribe=unsubscribe,
            fields={
                Field.UNSUBSCRIBE_URL: unsubscribe,
                Field.PREFERENCES_URL: self.link("p", Purpose.PREFERENCES, reader),
                Field.VIEW_URL: self.link("v", Purpose.VIEW, copy),
                Field.ACKNOWLEDGE_URL: self.link("a", Purpose.ACKNOWLEDGE, copy),
                **self.personal(name, organisation, roles),
            },
            bounces_to=self._bounces_of(delivery_id),
        )

    def _bounces_of(self, delivery_id: int) -> str:
        if not self.bounces_to:
            return ""
        local, _, domain = self.bounces_to.rpartition("@")
        return f"{local}+{self._signer.sign(Purpose.BOUNCE, delivery_id)}@{domain}"

    def personal(self, name: str, organisation: str, roles: frozenset[str]) -> Mapping[Field, str]:
        """The merge fields of a reader; plain words stand in for what we do not know."""
        return {
            Field.FIRST_NAME: first_name(name) or UNKNOWN_PERSON,
            Field.FULL_NAME: name or UNKNOWN_PERSON,
            Field.ORGANISATION: organisation or UNKNOWN_ORGANISATION,
            Field.ROLE: self._phrase(roles),
        }

    def link(self, page: str, purpose: Purpose, number: int) -> str:
        """The address of a page that only this reader was given."""
        return f"{self._public_url}/{page}/{self._signer.sign(purpose, number)}"

    def _phrase(self, roles: frozenset[str]) -> str:
        if roles not in self._phrases:
            held = [role for key, role in self._roles.items() if key in roles]
            self._phrases[roles] = role_phrase(held)
        return self._phrases[roles]
