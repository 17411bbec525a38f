"""Revise: what an editor may change of an item. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Deadline, ItemDraft
from bulletin.pipeline.draft import one_line
from bulletin.preflight import address_problem


def retitled(
    draft: ItemDraft,
    *,
    title: str | None = None,
    topic: str | None = None,
    body: str | None = None,
    source: str | None = None,
    content_note: str | None = None,
) -> ItemDraft:
    """A draft with some of its texts replaced; None leaves a text as it is.

    Raises InvalidInput for a line break in what has to be one line.
    """
    texts = {"title": title, "topic": topic, "source": source, "content note": content_note}
    for name, value in texts.items():
        one_line(name, value or "")
    return replace(
        draft,
        title=draft.title if title is None else title,
        topic=draft.topic if topic is None else topic,
        body=draft.body if body is None else body,
        source=draft.source if source is None else source,
        content_note=draft.content_note if content_note is None else content_note,
    )


def with_deadline(draft: ItemDraft, text: str) -> ItemDraft:
    """Give an item a deadline: "Respond by 2026-12-18", or a date alone; "" takes it away.

    Raises InvalidInput if the text does not end in a date.
    """
    one_line("deadline", text)
    words = text.split()
    if not words:
        return replace(draft, deadline=None)
    try:
        on = date.fromisoformat(words[-1])
    except ValueError as error:
        raise InvalidInput(
            f"'{text}' is no deadline; write it like 'Respond by 2026-12-18'."
        ) from error
    says = " ".join(words[:-1])
    return replace(draft, deadline=Deadline(on, says) if says else Deadline(on))


def with_addresses(draft: ItemDraft, addresses: Mapping[int, str]) -> ItemDraft:
    """Give actions their addresses: `addresses` maps an action's number (from 1) to one.

    Raises InvalidInput if there is no such action, or no link may lead to the address.
    """
    actions: Sequence[Action] = draft.actions
    for number, address in addresses.items():
        if not 1 <= number <= len(actions):
            raise InvalidInput(f"There is no action {number}; this item has {len(actions)}.")
        if problem := address_problem(address):
            raise InvalidInput(f"The address '{address}' cannot be used: the link {problem}.")
    mended = (
        replace(action, url=addresses.get(number, action.url))
        for number, action in enumerate(actions, start=1)
    )
    return replace(draft, actions=tuple(mended))
