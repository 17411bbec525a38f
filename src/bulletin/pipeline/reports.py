"""Reports: what lies in the bounce mailbox becomes events about copies.

Which copy a report is about comes from our signed tokens alone: whatever else is in it, a report
without one changes nothing (requirement 17).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from bulletin.errors import InvalidInput
from bulletin.events.inbox import Inbox
from bulletin.events.references import references
from bulletin.events.reports import Origin, read_origin, read_report
from bulletin.models.events import Event, EventKind, Fate, Recipient, Report, ReportKind
from bulletin.models.lines import without
from bulletin.pipeline.events import Intake
from bulletin.store.store import Store, Transaction
from bulletin.tokens import Purpose, TokenSigner

_KINDS = {
    Fate.FAILED: EventKind.BOUNCED_SOFT,
    Fate.DELAYED: EventKind.DEFERRED,
    Fate.DELIVERED: EventKind.DELIVERED,
    Fate.PASSED_ON: EventKind.PROCESSED,
}


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of messages. read is the sum of the others.

    unmatched:  reports about no copy of ours, or about one that cannot be told.
    ignored:    automatic replies, and what is no report at all.
    unreadable: what cannot be taken apart.
    """

    read: int = 0
    recorded: int = 0
    repeated: int = 0
    unmatched: int = 0
    ignored: int = 0
    unreadable: int = 0

    def __add__(self, other: Ingested) -> Ingested:
        mine, theirs = asdict(self), asdict(other)
        return Ingested(**{name: mine[name] + theirs[name] for name in mine})


class Reports:
    """Takes in what mail servers and mailbox providers write back."""

    def __init__(self, store: Store, signer: TokenSigner, intake: Intake) -> None:
        self._store = store
        self._signer = signer
        self._intake = intake

    def ingest(self, inbox: Inbox, go_on: Callable[[], bool] = lambda: True) -> Ingested:
        """Record all that waits, a few at a time, each committed before it is put away.

        go_on: asked before each few are read; the rest waits once it says no.
        Raises what the inbox raises, and StoreError. What was recorded by then is on record, and
        recording it again counts once.
        """
        total = Ingested()
        batches = inbox.batches()
        while go_on() and (pieces := next(batches, None)) is not None:
            total += self._take([piece.data for piece in pieces])
            inbox.put_away(pieces)
        return total

    def _take(self, messages: Iterable[bytes]) -> Ingested:
        events: list[Event] = []
        counted = Ingested()
        for data in messages:
            found = self._event(data)
            if isinstance(found, Event):
                events.append(found)
            else:
                counted += found
        tally = self._intake.record(events)
        return counted + Ingested(
            read=len(events),
            recorded=tally.recorded,
            repeated=tally.repeated,
            unmatched=tally.unmatched,
        )

    def _event(self, data: bytes) -> Event | Ingested:
        """What a message tells, or how it counts."""
        try:
            report, origin = read_report(data), read_origin(data)
            tokens = references(data)
        except InvalidInput:
            return Ingested(read=1, unreadable=1)
        if report.kind is ReportKind.AUTO_REPLY or not (
            report.recipients or report.kind is ReportKind.COMPLAINT
        ):
            return Ingested(read=1, ignored=1)
        with self._store.read() as tx:
            copy = self._copy(tx, tokens, report)
            address = "" if copy is None else tx.events.address_of(copy)
        if copy is None or not address:
            return Ingested(read=1, unmatched=1)
        return _told(report, origin, copy, address, self._store.clock())

    def _copy(
        self, tx: Transaction, tokens: Iterable[tuple[Purpose, str]], report: Report
    ) -> int | None:
        """The copy that the most telling of our tokens names."""
        for purpose, token in tokens:
            number = self._signer.verify(purpose, token)
            if number is None:
                continue
            if purpose is not Purpose.UNSUBSCRIBE:
                return number
            if report.kind is ReportKind.COMPLAINT:
                return tx.events.latest_copy(number)
        return None


def _told(report: Report, origin: Origin, copy: int, address: str, now: datetime) -> Event:
    """The event that a report is, about one copy that went to an address."""
    recipient = _ours(report.recipients, address)
    if report.kind is ReportKind.COMPLAINT:
        kind, provider = EventKind.COMPLAINED, "arf"
    elif recipient is None:
        # It came back for another address: it had arrived, and was passed on from there.
        kind, provider = EventKind.PROCESSED, "dsn"
    else:
        kind, provider = _kind(recipient), "dsn"
    status = recipient.status if recipient else ""
    return Event(
        provider=provider,
        event_id=_digest(copy, kind, status, origin.identity),
        kind=kind,
        delivery_id=copy,
        occurred_at=origin.sent_at or now,
        detail=without(address, recipient.diagnostic or status) if recipient else "",
        raw={"report": report.kind.value, "status": status},
    )


def _kind(recipient: Recipient) -> EventKind:
    return EventKind.BOUNCED_HARD if recipient.hard else _KINDS[recipient.fate]


def _ours(recipients: Iterable[Recipient], address: str) -> Recipient | None:
    """Of several recipients the one that a copy went to; servers may name a host below it."""
    local, _, domain = address.lower().rpartition("@")
    for each in recipients:
        name, _, host = each.address.lower().rpartition("@")
        if name == local and (
            host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")
        ):
            return each
    return None


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
