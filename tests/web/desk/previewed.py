"""An issue to preview, with something for each of a few kinds of reader."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft, Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import IssueChanges, PlacingOptions
from bulletin.wiring import Services

ITEMS = (
    (ItemDraft("For everybody", body="Words for all."), PlacingOptions(topic="Schools")),
    (ItemDraft("For leads", body="Words."), PlacingOptions(topic="Schools", roles=["dsl"])),
    (
        ItemDraft("For governors", body="Words."),
        PlacingOptions(topic="Records", roles=["governor"], notes={"governor": "Ask for it."}),
    ),
    (
        ItemDraft("For Wales", body="Geiriau."),
        PlacingOptions(topic="Records", only_nations=frozenset({Nation.WALES})),
    ),
)


def an_issue(
    services: Services,
    items: Sequence[tuple[ItemDraft, PlacingOptions]] = ITEMS,
    texts: IssueChanges | None = None,
    title: str = "December",
) -> tuple[int, list[int]]:
    """A draft with these items: its number, and theirs."""
    issue = services.drafting.new(title, texts or {}, Visibility.PRIVATE, "test")
    ids = []
    for draft, options in items:
        with services.store.write() as tx:
            ids.append(tx.items.add(draft, services.store.clock()))
        services.drafting.place(issue.slug, ids[-1:], options, "test")
    return issue.id, ids


def enrol(services: Services, email: str, *roles: str, **facts: object) -> None:
    """Put somebody on the list, who needs no consent unless told otherwise."""
    given = {"kind": SubscriberKind.CORPORATE, **facts}
    services.enrolment.add(SubscriberDraft(email, roles, **given), "test")  # type: ignore[arg-type]  # as they came
