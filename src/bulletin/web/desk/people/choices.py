"""What can be chosen about readers, as (value, words)."""

from __future__ import annotations

from bulletin.models.items import Nation
from bulletin.models.people import SubscriberKind
from bulletin.wiring import Services

NATIONS = tuple((one.value, one.value) for one in Nation)
KINDS = (
    (SubscriberKind.CORPORATE.value, "A work address (school, council, company)"),
    (SubscriberKind.INDIVIDUAL.value, "A private address"),
)


def role_words(services: Services) -> dict[str, str]:
    """The short name of each role, by its key, in their order."""
    return {role.key: role.short for role in services.enrolment.roles()}
