"""Subscribers and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bulletin.errors import NotFound
from bulletin.models.items import Nation
from bulletin.models.people import Role, Subscriber, SubscriberKind
from bulletin.store.addresses import AddressHasher
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    former_addresses,
    former_numbers,
    organisations,
    requests,
    role_set_members,
    role_sets,
    roles,
    subscribers,
)
from bulletin.store.turns import take_turns
from bulletin.store.upsert import upsert


class Roles:
    """The roles, and the combinations of them that people hold."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_roles(self) -> list[Role]:
        query = select(roles).order_by(roles.c.position)
        return [
            Role(row.key, row.name, row.short, tuple(row.aliases))
            for row in self._connection.execute(query)
        ]

    def set_id(self, keys: Iterable[str]) -> int:
        """The id of a combination of roles; made when it is new. The keys must exist."""
        ordered = sorted(set(keys))
        joined = ";".join(ordered)
        found: int | None = self._connection.scalar(
            select(role_sets.c.id).where(role_sets.c.role_keys == joined)
        )
        if found is not None:
            return found
        added = upsert(self._connection, role_sets).values(role_keys=joined)
        self._connection.execute(added.on_conflict_do_nothing(index_elements=["role_keys"]))
        made = select(role_sets.c.id).where(role_sets.c.role_keys == joined)
        new = int(self._connection.execute(made).scalar_one())
        members = [{"role_set_id": new, "role_key": key} for key in ordered]
        if members:
            put = upsert(self._connection, role_set_members).on_conflict_do_nothing()
            self._connection.execute(put, members)
        return new


class Subscribers:
    """The people on the list, one at a time or as a stream. Imports are in `roster_import`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hash = AddressHasher(connection)

    def by_email(self, email: str) -> Subscriber:
        """Raises NotFound."""
        return _found(self._one(subscribers.c.email == email.strip().lower()), email)

    def find(self, email: str) -> Subscriber | None:
        """Who has an address, or had it before they moved; None for nobody's."""
        mine = self._hash(email)
        owner = select(former_addresses.c.subscriber_id).where(
            former_addresses.c.address_hash == mine
        )
        return self._one(subscribers.c.address_hash == mine) or self._one(
            subscribers.c.id == owner.scalar_subquery()
        )

    def find_alone(self, email: str) -> Subscriber | None:
        """As `find`, once nobody else brings people in or changes this one, until the end."""
        take_turns(self._connection, many=False)
        found = self.find(email)
        while found is not None and not self.lock(found.id):
            found = self.find(email)  # they moved meanwhile
        return found

    def holder(self, email: str) -> Subscriber:
        """As `find`. Raises NotFound."""
        return _found(self.find(email), email)

    def hashes(self, person: Subscriber) -> list[bytes]:
        """The keyed hashes of every address that a person has or had."""
        query = select(former_addresses.c.address_hash).where(
            former_addresses.c.subscriber_id == person.id
        )
        return [self._hash(person.email), *self._connection.scalars(query)]

    def numbers(self, subscriber_id: int) -> list[int]:
        """Every number that links to a person have or had: a move gives them a new one."""
        query = select(former_numbers.c.number).where(
            former_numbers.c.subscriber_id == subscriber_id
        )
        return [subscriber_id, *self._connection.scalars(query)]

    def hand_over(self, email: str) -> bool:
        """Let an address that somebody moved away from have a new holder; false if nobody did."""
        here = former_addresses.c.address_hash == self._hash(email)
        return self._connection.execute(delete(former_addresses).where(here)).rowcount == 1

    def has(self, email: str) -> bool:
        """Whether somebody on the list has this address."""
        query = select(subscribers.c.id).where(subscribers.c.email == email.strip().lower())
        return self._connection.scalar(query) is not None

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        return self._one(subscribers.c.id == subscriber_id)

    def by_former_number(self, number: int) -> Subscriber | None:
        """Who had a number before they moved."""
        owner = select(former_numbers.c.subscriber_id).where(former_numbers.c.number == number)
        return self._one(subscribers.c.id == owner.scalar_subquery())

    def _one(self, condition: ColumnElement[bool]) -> Subscriber | None:
        row = self._connection.execute(_subscriber_query().where(condition)).mappings().first()
        return None if row is None else _subscriber(row)

    def stream(self) -> Iterator[Subscriber]:
        """Everybody, by address, without holding them all in memory.

        What readers typed as their organisation is left out: a list that is read back in would
        turn it into a fact.
        """
        query = _subscriber_query(stated=False).order_by(subscribers.c.email)
        result = self._connection.execution_options(yield_per=1000).execute(query)
        for row in result.mappings():
            yield _subscriber(row)

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(subscribers)) or 0

    def lock(self, subscriber_id: int) -> bool:
        """Let nobody else change a person until this transaction ends; false if there is none.

        What they asked for comes first, as for an erasure: so the two never wait for each other.
        """
        mine = subscribers.c.id == subscriber_id
        address = select(subscribers.c.address_hash).where(mine).scalar_subquery()
        asked = or_(requests.c.subscriber_id == subscriber_id, requests.c.address_hash == address)
        held = select(requests.c.id).where(asked).order_by(requests.c.id)
        self._connection.execute(held.with_for_update())
        take_turns(self._connection, many=True)
        person = select(subscribers.c.id).where(mine).with_for_update()
        return self._connection.execute(person).first() is not None

    def clear(self, subscriber_id: int, facts: Iterable[str], now: datetime) -> None:
        """Forget facts about a person: "name", "nation", "kind" or "organisation"."""
        empty: dict[str, object] = {
            "organisation_id" if name == "organisation" else name: (
                None if name == "organisation" else ""
            )
            for name in facts
        }
        if empty:
            self._set(subscriber_id, now, **empty)

    def set_roles(self, subscriber_id: int, role_set_id: int, now: datetime) -> None:
        self._set(subscriber_id, now, role_set_id=role_set_id)

    def set_nation(self, subscriber_id: int, nation: Nation | None, now: datetime) -> None:
        self._set(subscriber_id, now, nation=nation or "")

    def state_organisation(self, subscriber_id: int, organisation: str, now: datetime) -> None:
        """Keep what somebody says of themselves apart from what is known about them."""
        self._set(subscriber_id, now, stated_organisation=organisation)

    def pause(self, subscriber_id: int, until: date | None, now: datetime) -> None:
        """Send nothing before a day, or, with None, from now on as before."""
        self._set(subscriber_id, now, paused_until=until)

    def move(
        self, subscriber: Subscriber, email: str, basis: str, now: datetime, *, today: date
    ) -> int | None:
        """Give a person another address, with the consent that they confirmed it by today.

        They get a new number, so that links in what went to the old address show nothing of them
        any more, and the old address still leads to them. What kind of subscriber an address of
        another domain belongs to is not known. Returns the number; None if somebody else has the
        address.
        """
        address = email.strip().lower()
        same_domain = address.rpartition("@")[2] == subscriber.email.rpartition("@")[2]
        changed = {
            "email": address,
            "address_hash": self._hash(address),
            "kind": subscriber.kind if same_domain and subscriber.kind else "",
            "consent_basis": basis,
            "consent_date": today,
            "updated_at": now,
        }
        number = self._copy(subscriber.id, changed)
        if number is not None:
            self._repoint(subscriber, number)
            self._remember(subscriber, number, address, now)
            self._connection.execute(delete(subscribers).where(subscribers.c.id == subscriber.id))
        return number

    def _copy(self, subscriber_id: int, changed: Mapping[str, object]) -> int | None:
        """A second row for a person, with some facts changed. None if an address is not free."""
        names = [column.name for column in subscribers.c if column.name != "id"]
        facts = select(
            *(
                literal(changed[name], subscribers.c[name].type)
                if name in changed
                else subscribers.c[name]
                for name in names
            )
        ).where(subscribers.c.id == subscriber_id)
        try:
            with self._connection.begin_nested():
                added = insert(subscribers).from_select(names, facts).returning(subscribers.c.id)
                return int(self._connection.execute(added).scalar_one())
        except IntegrityError:
            return None

    def _repoint(self, subscriber: Subscriber, number: int) -> None:
        """Make all that refers to a person refer to their new number."""
        # What the old address asked for goes with them, so that it goes when they do.
        asked = and_(
            requests.c.subscriber_id.is_(None),
            requests.c.address_hash == self._hash(subscriber.email),
        )
        self._connection.execute(update(requests).where(asked).values(subscriber_id=number))
        for table in (acknowledgements, deliveries, former_addresses, former_numbers, requests):
            mine = table.c.subscriber_id == subscriber.id
            self._connection.execute(update(table).where(mine).values(subscriber_id=number))

    def _remember(self, subscriber: Subscriber, number: int, address: str, now: datetime) -> None:
        """An address is former for one person at most, and for nobody while somebody has it."""
        old, new = self._hash(subscriber.email), self._hash(address)
        here = former_addresses.c.address_hash.in_((old, new))
        self._connection.execute(delete(former_addresses).where(here))
        self._connection.execute(
            insert(former_addresses).values(address_hash=old, subscriber_id=number, left_at=now)
        )
        self._connection.execute(
            insert(former_numbers).values(number=subscriber.id, subscriber_id=number)
        )

    def _set(self, subscriber_id: int, now: datetime, **values: object) -> None:
        self._connection.execute(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(updated_at=now, **values)
        )


def _found(person: Subscriber | None, email: str) -> Subscriber:
    if person is None:
        raise NotFound(f"Nobody on the list has the address {email}.")
    return person


def _subscriber_query(*, stated: bool = True) -> Select[tuple[object, ...]]:
    """stated: take what a reader typed for the organisation of whom none is known."""
    otherwise = subscribers.c.stated_organisation if stated else ""
    return (
        select(
            subscribers,
            role_sets.c.role_keys,
            func.coalesce(organisations.c.name, otherwise).label("organisation"),
            func.coalesce(organisations.c.urn, "").label("urn"),
            func.coalesce(organisations.c.phase, "").label("phase"),
            func.coalesce(organisations.c.local_authority, "").label("local_authority"),
        )
        .join(role_sets, role_sets.c.id == subscribers.c.role_set_id)
        .outerjoin(organisations, organisations.c.id == subscribers.c.organisation_id)
    )


def _subscriber(row: RowMapping) -> Subscriber:
    return Subscriber(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        roles=frozenset(filter(None, row["role_keys"].split(";"))),
        organisation=row["organisation"],
        urn=row["urn"],
        nation=Nation(row["nation"]) if row["nation"] else None,
        phase=row["phase"],
        local_authority=row["local_authority"],
        kind=SubscriberKind(row["kind"]) if row["kind"] else None,
        consent_basis=row["consent_basis"],
        consent_date=row["consent_date"],
        created_at=row["created_at"],
        paused_until=row["paused_until"],
    )
