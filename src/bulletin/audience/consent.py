"""Whether we may write to somebody at all."""

from __future__ import annotations

from bulletin.models.deliveries import Exclusion
from bulletin.models.people import SubscriberKind


def consent_problem(kind: SubscriberKind | None, consent_basis: str) -> Exclusion | None:
    """Why somebody must not be written to, or None.

    A corporate subscriber (a school, a council) needs no consent; an individual does, and whoever
    is not known to be corporate counts as an individual (PECR regulation 22, requirement 34).
    """
    if kind is SubscriberKind.CORPORATE or consent_basis.strip():
        return None
    return Exclusion.NO_CONSENT
