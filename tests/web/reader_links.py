"""The links of the one reader whom every test of the pages has on its list."""

from __future__ import annotations

from bulletin.models.people import Subscriber, SuppressionReason
from bulletin.tokens import Purpose
from bulletin.wiring import Services

READER = "dsl@school.example"


def leave_link(services: Services, number: int = 1) -> str:
    return f"/u/{services.signer.sign(Purpose.UNSUBSCRIBE, number)}"


def preferences_link(services: Services, number: int = 1) -> str:
    return f"/p/{services.signer.sign(Purpose.PREFERENCES, number)}"


def person(services: Services, email: str = READER) -> Subscriber:
    return services.enrolment.show(email)[0]


def suppressed(services: Services, email: str = READER) -> SuppressionReason | None:
    return services.enrolment.show(email)[1]
