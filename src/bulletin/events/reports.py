"""Reports: what a message in the bounce mailbox is, and whom it names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from bulletin.events import arf, dsn, prose
from bulletin.events.auto_reply import is_auto_reply
from bulletin.events.messages import MOST_READ, header, opened, whatever_comes
from bulletin.models.events import Fate, Recipient, Report, ReportKind


@whatever_comes
def read_report(data: bytes) -> Report:
    """What a message says. Raises InvalidInput if it cannot be taken apart.

    A part made for programs is believed before words for people, and only as a part of a report:
    an automatic reply with a report inside is an automatic reply (requirement 19). A notice that
    a copy is only delayed is `other`: nobody is ever suppressed for it.
    """
    return _read(opened(data), data)


@dataclass(frozen=True, slots=True)
class Origin:
    """What tells a message from others, and is the same in every copy of it that is kept.

    sent_at: an aware moment, if it says one.
    """

    identity: str
    sent_at: datetime | None


@whatever_comes
def read_origin(data: bytes) -> Origin:
    """Where a message comes from. Raises InvalidInput if it cannot be taken apart.

    What servers add on the way is left out, so that one message that lies in two folders is one.
    """
    message = opened(data)
    named = header(message, "message-id")
    body = re.split(rb"\r?\n\r?\n", data[:MOST_READ], maxsplit=1)[-1]
    content = b"".join(body.split())
    identity = named or hashlib.sha256(content).hexdigest()
    return Origin(identity, _moment(header(message, "date")))


def _moment(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _read(message: Message, data: bytes) -> Report:
    if arf.is_feedback(message):
        kind = ReportKind.COMPLAINT if arf.is_complaint(message) else ReportKind.OTHER
        return Report(kind, arf.recipients(message))
    found = dsn.recipients(message) if dsn.is_report(message) else ()
    if not found and is_auto_reply(message):
        return Report(ReportKind.AUTO_REPLY)
    found = found or prose.recipients(data)
    return Report(_kind(found), found)


def _kind(found: tuple[Recipient, ...]) -> ReportKind:
    came_back = any(each.fate is Fate.FAILED for each in found)
    return ReportKind.BOUNCE if came_back else ReportKind.OTHER
