"""Bounces in words for people, as servers send them that know no RFC 3464: by flufl.bounce."""

from __future__ import annotations

import re
from email.message import Message

from flufl.bounce import all_failures

from bulletin.events.codes import is_hard
from bulletin.events.messages import opened, texts
from bulletin.models.events import Fate, Recipient
from bulletin.models.lines import in_one_line

# The library's patterns take the square of a line's length (a line of 50,000 spaces: three
# minutes). So what it gets has short lines, folded as headers are, and is short itself.
_MOST = 48 * 1024
_LONG_LINE = re.compile(rb"[^\n]{400}")
_MOST_RECIPIENTS = 100
_AROUND = 400  # characters behind an address in which a server says why


def recipients(data: bytes) -> tuple[Recipient, ...]:
    """Whom a bounce in words names. hard: only where a status code beside the address says so."""
    message = opened(_LONG_LINE.sub(rb"\g<0>\n ", data[:_MOST]))
    delayed, failed = _found(message)
    fates = dict.fromkeys(sorted(failed), Fate.FAILED)
    fates |= dict.fromkeys(sorted(delayed - failed), Fate.DELAYED)
    some = list(fates.items())[:_MOST_RECIPIENTS]
    prose = texts(message) if some else ""
    return tuple(_recipient(address, fate, prose) for address, fate in some)


def _found(message: Message) -> tuple[set[str], set[str]]:
    try:
        delayed, failed = all_failures(message)
    except Exception:  # noqa: BLE001  # seventeen detectors, each of which may trip over anything
        return set(), set()
    return _addresses(delayed), _addresses(failed)


def _addresses(found: frozenset[bytes]) -> set[str]:
    bare = (in_one_line(each.decode("ascii", "replace"), 254).strip("<>") for each in found)
    return {each for each in bare if "@" in each}


def _recipient(address: str, fate: Fate, prose: str) -> Recipient:
    place = prose.lower().find(address.lower())
    around = prose[place : place + _AROUND] if place >= 0 else ""
    words = in_one_line(around.partition("\n\n--")[0], 300)
    return Recipient(
        address=address,
        fate=fate,
        hard=fate is Fate.FAILED and is_hard("", words),
        diagnostic=words,
    )
