"""Why somebody gets no copy, and what became of one, in plain words for those at the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bulletin.models.deliveries import DeliveryState, Exclusion

EXCLUDED_BECAUSE: Final[Mapping[str, str]] = {
    Exclusion.NOTHING_FOR_ROLES: "Nothing in the issue is for their roles and nation",
    Exclusion.UNSUBSCRIBED: "They unsubscribed",
    Exclusion.SUPPRESSED: "Their address bounced, or they complained",
    Exclusion.NO_CONSENT: "A personal address, and no consent on record",
    Exclusion.PAUSED: "They paused the bulletin",
    Exclusion.EXCLUDED_SEGMENT: "Left out by a segment of this issue",
    Exclusion.ADDRESS_HAS_COPY: "Their address had a copy already",
    Exclusion.CANCELLED: "The sending was cancelled before their turn",
}

# By enhanced status code (RFC 3463), the most telling first; then by what servers write.
_CAUSES: Final = (
    (r"\b[45]\.2\.2\b|quota|mailbox (?:is )?full|over ?quota", "The mailbox is full"),
    (
        r"\b5\.1\.(?:1|0|6|10)\b|user unknown|unknown user|no such (?:user|mailbox)|not exist",
        "There is no such mailbox",
    ),
    (r"\b5\.2\.1\b|disabled|inactive|suspended account", "The mailbox is closed"),
    (
        r"\b[45]\.(?:1\.2|4\.4|4\.3)\b|domain not found|nxdomain|host unknown|no mx",
        "There is no such mail domain",
    ),
    (r"\b[45]\.(?:3\.4|2\.3)\b|too large|size limit", "The mail is too large for them"),
    (
        r"\b[45]\.7\.\d+\b|spam|blocked|block ?list|blacklist|policy|reputation|dmarc|spf\b",
        "Held to be unwanted, or against their rules",
    ),
    (r"\b[45]\.4\.[17]\b|timed? ?out|no answer|connection refused", "Their server did not answer"),
    (r"bounced address|previously bounced|suppress", "The address had failed before"),
)
UNKNOWN_CAUSE: Final = "Another reason, or none was given"


def cause_of(detail: str) -> str:
    """Why a copy was refused or came back, in plain words, by what the other side said."""
    return next(
        (words for pattern, words in _CAUSES if re.search(pattern, detail, re.IGNORECASE)),
        UNKNOWN_CAUSE,
    )


STATE_WORDS: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.PREPARED: "Still to go",
    DeliveryState.SENDING: "Being handed over",
    DeliveryState.RETRY_WAIT: "Refused for now, tried again",
    DeliveryState.SUBMITTED: "Accepted by their mail server",
    DeliveryState.DEFERRED: "Held up on the way",
    DeliveryState.DELIVERED: "Reported as delivered",
    DeliveryState.BOUNCED_HARD: "Came back: the address fails",
    DeliveryState.BOUNCED_SOFT: "Came back: for now",
    DeliveryState.DROPPED: "Stopped by the mail provider",
    DeliveryState.FAILED: "Refused by their mail server",
    DeliveryState.UNCERTAIN: "Not confirmed",
    DeliveryState.EXCLUDED: "Left out",
}
