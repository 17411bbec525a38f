"""PECR regulation 22 (requirement 34): who may be written to without being asked."""

from __future__ import annotations

import pytest
from stored import enrol, person, sending_issue

from bulletin.models.people import SubscriberKind
from bulletin.store.store import Store


@pytest.mark.parametrize(
    ("kind", "basis", "state"),
    [
        (SubscriberKind.CORPORATE, "", "prepared"),
        (SubscriberKind.CORPORATE, "asked on the form", "prepared"),
        (SubscriberKind.INDIVIDUAL, "asked on the form", "prepared"),
        (SubscriberKind.INDIVIDUAL, "", "excluded"),
        (None, "asked on the form", "prepared"),
        (None, "", "excluded"),
    ],
)
def test_only_a_corporate_address_needs_no_consent(
    store: Store, kind: SubscriberKind | None, basis: str, state: str
) -> None:
    enrol(store, [person("a@school.example", kind=kind, consent_basis=basis)])
    issue = sending_issue(store)
    with store.read() as tx:
        assert [where for where, _ in tx.deliveries.counts(issue.id)] == [state]
