"""Issues that went out, to look at on the web."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from bulletin.models.issues import Visibility
from bulletin.models.items import Action, ItemDraft, Nation
from bulletin.pipeline.draft import PlacingOptions
from bulletin.tokens import Purpose
from bulletin.wiring import Services

NOTED = {"dsl": "Book your filtering review.", "governor": "Ask when the review is."}

DECEMBER = (
    (ItemDraft("Lunch queues", body="For **everybody**."), PlacingOptions(topic="Schools")),
    (
        ItemDraft(
            "Record keeping",
            body="For leads.",
            source="Example Board",
            actions=(Action("Read the advice", url="https://guidance.example/advice"),),
            nations=(Nation.ENGLAND,),
        ),
        PlacingOptions(topic="Records", roles=["dsl", "governor"], notes=NOTED),
    ),
    (
        ItemDraft("Welsh forms", body="For Wales."),
        PlacingOptions(topic="Records", only_nations=frozenset({Nation.WALES})),
    ),
)


def send(
    services: Services,
    title: str = "December",
    *,
    visibility: Visibility = Visibility.PUBLIC,
    items: Sequence[tuple[ItemDraft, PlacingOptions]] = DECEMBER,
    **texts: object,
) -> str:
    """An issue with these items, approved and sent to whoever is on the list. Returns its slug."""
    issue = services.drafting.new(title, texts, visibility, "test")
    for draft, options in items:
        with services.store.write() as tx:
            item = tx.items.add(draft, services.store.clock())
        services.drafting.place(issue.slug, [item], options, "test")
    services.approval.approve(issue.slug, "test", "as it is")
    started = services.planning.start(issue.slug, None, "test")
    services.delivery.run(started.id, threading.Event(), lambda _: None)
    return issue.slug


def view_link(services: Services, delivery: int = 1) -> str:
    return f"/v/{services.signer.sign(Purpose.VIEW, delivery)}"
