"""Delivery status notifications of RFC 3464, and of RFC 6533 where addresses are not ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from itertools import chain, islice

from bulletin.events.codes import is_hard
from bulletin.events.messages import addresses_in, header, text_of
from bulletin.models.events import Fate, Recipient
from bulletin.models.lines import in_one_line

_MOST_RECIPIENTS = 100
_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_EMPTY_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_WORD = re.compile(r"[a-z-]+")
_REPORT = re.compile(r"multipart/report\b.*\breport-type\s*=\s*\"?delivery-status\b", re.IGNORECASE)
# RFC 3464 2.3.3; "error" is what one server writes for "failed".
_FATES = {
    "failed": Fate.FAILED,
    "fail": Fate.FAILED,
    "failure": Fate.FAILED,
    "error": Fate.FAILED,
    "delayed": Fate.DELAYED,
    "delivered": Fate.DELIVERED,
    "relayed": Fate.PASSED_ON,
    "expanded": Fate.PASSED_ON,
}


def is_report(message: Message) -> bool:
    """Whether a message as a whole is a notification, and does not only hold one somewhere."""
    return bool(_REPORT.match(header(message, "content-type")))


def recipients(message: Message) -> tuple[Recipient, ...]:
    """What a notification's own part says of each recipient; none where there is no such part.

    Only a `failed` can ever be hard: a delay is the promise of another try (requirement 16).
    """
    parts = (part for part in message.walk() if part.get_content_type() in _KINDS)
    # One more: the first is about the report, and names no recipient.
    blocks = islice(chain.from_iterable(map(_blocks, parts)), _MOST_RECIPIENTS + 1)
    return tuple(each for block in blocks if (each := _recipient(block)) is not None)


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a part: the library takes only one of the two kinds apart."""
    inside = part.get_payload()
    for block in inside if isinstance(inside, list) else [part]:
        if isinstance(block, Message):
            yield from [block] if block.keys() else []
            groups = filter(str.strip, _EMPTY_LINE.split(text_of(block)))
            yield from (HeaderParser().parsestr(group.strip()) for group in groups)


def _recipient(block: Message) -> Recipient | None:
    address = _address(block, "original-recipient") or _address(block, "final-recipient")
    code = _STATUS.search(header(block, "status"))
    status = code[0] if code else ""
    fate = _fate(header(block, "action"), status)
    if not address or fate is None:
        return None
    said = header(block, "diagnostic-code")
    words = said.partition(";")[2].strip() if ";" in said[:20] else said
    return Recipient(
        address=address,
        fate=fate,
        status=status,
        hard=fate is Fate.FAILED and is_hard(status, words),
        diagnostic=in_one_line(words, 300),
    )


def _address(block: Message, field: str) -> str:
    """The address in "rfc822; dsl@school.example", in whichever way it was written."""
    return next(iter(addresses_in(header(block, field))), "")


def _fate(action: str, status: str) -> Fate | None:
    word = _WORD.match(action.strip().lower())
    if word is not None:
        return _FATES.get(word[0])
    return {"5": Fate.FAILED, "4": Fate.DELAYED, "2": Fate.DELIVERED}.get(status[:1])
