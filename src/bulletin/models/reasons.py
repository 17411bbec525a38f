"""Why somebody gets no copy, and what became of one, in plain words for those at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulletin.models.deliveries import Exclusion

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
