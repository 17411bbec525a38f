"""Preferences: what readers choose for themselves, each thing by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.errors import InvalidInput, Refused
from bulletin.models.days import spoken_date
from bulletin.models.items import Nation
from bulletin.models.people import Role, SuppressionReason
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.record import COME_BACK, Standing, come_back, standing
from bulletin.roster import check_address
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

ALL_NATIONS = "all"
"""What is chosen by whoever wants the news of all nations, or is not sure."""

LONGEST_PAUSE = timedelta(days=365)
MOVABLE = frozenset(
    {
        None,
        SuppressionReason.UNSUBSCRIBED,
        SuppressionReason.SOFT_BOUNCE,
        SuppressionReason.HARD_BOUNCE,
    }
)
"""Why somebody may get nothing and still take another address; anything else weighs more."""


_NOT_SHOWN = (
    "Beside this there are keyed hashes of your address and of the network that a request came "
    "from. We do not turn them back, so they are not shown."
)


@dataclass(frozen=True, slots=True)
class PauseLimits:
    """The first and the last day on which the bulletin may come again."""

    first: date
    last: date


class Preferences:
    """Acts on preferences links. An unknown or altered token, or one of nobody, is None.

    zone: where the readers are; their days begin and end there.
    """

    def __init__(self, store: Store, signer: TokenSigner, asking: Asking, zone: ZoneInfo) -> None:
        self._store = store
        self._signer = signer
        self._asking = asking
        self._zone = zone

    def standing(self, token: str) -> Standing | None:
        """Who a link belongs to; changes nothing."""
        with self._store.read() as tx:
            return self._find(tx, token)

    def roles(self) -> list[Role]:
        """The roles there are to choose from."""
        with self._store.read() as tx:
            return tx.roles.list_roles()

    def today(self) -> date:
        """The day where the readers are."""
        return day_in(self._zone, self._store.clock())

    def pause_limits(self) -> PauseLimits:
        """From tomorrow to a year from today."""
        today = self.today()
        return PauseLimits(today + timedelta(days=1), today + LONGEST_PAUSE)

    def choose_roles(self, token: str, roles: Sequence[str]) -> Standing | None:
        """Set the roles of the reader. Raises InvalidInput if none or an unknown one is chosen."""

        def change(tx: Transaction, reader: Standing, now: datetime) -> None:
            known = {role.key for role in tx.roles.list_roles()}
            if not roles or not known.issuperset(roles):
                raise InvalidInput("Choose at least one of the roles below.")
            tx.subscribers.set_roles(reader.subscriber.id, tx.roles.set_id(roles), now)

        return self._change(token, "roles", change)

    def choose_nation(self, token: str, nation: str) -> Standing | None:
        """Set the nation of the reader by its name, or ALL_NATIONS.

        Raises InvalidInput for anything else.
        """

        def change(tx: Transaction, reader: Standing, now: datetime) -> None:
            if nation not in {ALL_NATIONS, *Nation}:
                raise InvalidInput("Choose one of the nations below, or all of them.")
            chosen = None if nation == ALL_NATIONS else Nation(nation)
            tx.subscribers.set_nation(reader.subscriber.id, chosen, now)

        return self._change(token, "nation", change)

    def pause(self, token: str, until: str) -> Standing | None:
        """Send the reader nothing before a day, given as 2026-12-09.

        Raises InvalidInput if it is no day between tomorrow and a year from today.
        """

        def change(tx: Transaction, reader: Standing, now: datetime) -> None:
            tx.subscribers.pause(reader.subscriber.id, self._day_to_come(until), now)

        return self._change(token, "pause", change)

    def resume(self, token: str) -> Standing | None:
        """End a pause now."""

        def change(tx: Transaction, reader: Standing, now: datetime) -> None:
            tx.subscribers.pause(reader.subscriber.id, None, now)

        return self._change(token, "resume", change)

    def rejoin(self, token: str) -> Standing | None:
        """Take an unsubscribe back, whenever it was. Any other suppression stays."""

        def change(tx: Transaction, reader: Standing, now: datetime) -> None:
            come_back(tx, reader, "came back on the preferences page", COME_BACK, now)

        return self._change(token, "rejoin", change)

    def ask_to_move(self, token: str, address: str, client: str) -> Standing | None:
        """Have a letter ask the new address to confirm that the bulletin comes there.

        What happens is the same whether the address is known or not (requirement 61). client:
        who asks, such as an IP address. Raises InvalidInput for what is no address or no other
        one, TooMany when more was asked for than is allowed, Refused if the reader cannot move.
        """
        found = self.standing(token)
        if found is None:
            return None
        if found.suppression not in MOVABLE:
            raise Refused("The bulletin does not go to you, so its address cannot be changed here.")
        email = check_address(address)
        if email == found.subscriber.email:
            raise InvalidInput("The bulletin goes to this address now. Enter the new one.")
        number = found.subscriber.id
        wish = Wish(RequestKind.CHANGE_ADDRESS, email, client, subscriber_id=number)
        self._asking.ask(wish, LetterKind.CONFIRM_ADDRESS)
        return found

    def holdings(self, token: str) -> Mapping[str, Any] | None:
        """All that is held about the reader, section by section; changes nothing."""
        with self._store.read() as tx:
            found = self._find(tx, token)
            if found is None:
                return None
            return {
                "as_of": self._store.clock(),
                "note": _NOT_SHOWN,
                **tx.holdings.of(found.subscriber),
            }

    def _day_to_come(self, text: str) -> date:
        limits = self.pause_limits()
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            day = date.min
        if not limits.first <= day <= limits.last:
            raise InvalidInput(
                f"Choose a day from {spoken_date(limits.first)} to {spoken_date(limits.last)}."
            )
        return day

    def _change(
        self, token: str, what: str, change: Callable[[Transaction, Standing, datetime], None]
    ) -> Standing | None:
        now = self._store.clock()
        with self._store.write() as tx:
            found = self._find(tx, token)
            if found is None:
                return None
            change(tx, found, now)
            subject = f"subscriber:{found.subscriber.id}"
            tx.audit.record("reader", f"subscriber.{what}", subject, now)
            return self._find(tx, token)

    def _find(self, tx: Transaction, token: str) -> Standing | None:
        number = self._signer.verify(Purpose.PREFERENCES, token)
        return None if number is None else standing(tx, self._signer, number)
