"""Complaints: feedback reports of RFC 5965, which mailbox providers send for "this is spam"."""

from __future__ import annotations

from email.message import Message

from bulletin.events.messages import addresses_in, header, text_of
from bulletin.models.events import Fate, Recipient

# RFC 5965 7.3. The other types are no wish of a reader: "not-spam" is the opposite, "virus" and
# "auth-failure" are about a message or a server.
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "complaint"})
_MOST_RECIPIENTS = 100


def is_feedback(message: Message) -> bool:
    """Whether a message is a feedback report, of whatever type."""
    return any(part.get_content_type() == "message/feedback-report" for part in message.walk())


def is_complaint(message: Message) -> bool:
    """Whether a feedback report tells of a reader who does not want this mail."""
    return not _COMPLAINTS.isdisjoint(_field(message, "feedback-type")[:1])


def recipients(message: Message) -> tuple[Recipient, ...]:
    """Whom it names, where the provider did not take that out (requirement 18)."""
    named = _field(message, "original-rcpt-to") + _field(message, "removal-recipient")
    found = dict.fromkeys(address for value in named for address in addresses_in(value))
    return tuple(Recipient(each, Fate.DELIVERED) for each in list(found)[:_MOST_RECIPIENTS])


def _field(message: Message, name: str) -> list[str]:
    """The values of a field of the report's own part, lower-cased."""
    values = []
    for part in message.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        inside = part.get_payload()
        if isinstance(inside, list):
            blocks = [block for block in inside if isinstance(block, Message)]
            values += [header(block, name).lower() for block in blocks if name in block]
        else:
            lines = text_of(part).splitlines()[:200]
            pairs = (line.partition(":") for line in lines)
            values += [value.strip().lower() for key, _, value in pairs if key.lower() == name]
    return [value for value in values if value]
