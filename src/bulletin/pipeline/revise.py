"""Revise: what an editor may change of an item. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Deadline, ItemContent, ItemDraft, Nation
from bulletin.models.links import address_problem
from bulletin.pipeline.noting import for_readers
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.settling import without_doubts
from bulletin.pipeline.written_days import words_and_day, written_day
from bulletin.sources.fields.addresses import doubts_of
from bulletin.sources.rereading import without_title


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What an editor changes of an item; what is None or empty stays as it is.

    published: "2026-12-18"; deadline: "Respond by 2026-12-18", or a date alone; "" takes it away.
        Dates are read in all the forms of an import.
    nations:   empty for none. roles: who sees it; empty for everybody.
    notes:     role key -> line; "" takes it away.
    addresses: number of an action (from 1) -> its address; dropped: numbers of actions to drop.
    added:     actions to add at the end.
    settled:   codes of doubts that the editor has looked at.
    """

    title: str | None = None
    topic: str | None = None
    body: str | None = None
    source: str | None = None
    author: str | None = None
    content_note: str | None = None
    published: str | None = None
    deadline: str | None = None
    nations: tuple[Nation, ...] | None = None
    roles: Sequence[str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[int, str] = field(default_factory=dict)
    added: tuple[Action, ...] = ()
    dropped: frozenset[int] = frozenset()
    settled: frozenset[str] = frozenset()


NOTHING = ItemChanges()
_NAMES_HOST = re.compile(r"(?:Open|Read more at) [^\s.]+(?:\.[^\s.]+)+")


def changed(content: ItemContent, changes: ItemChanges) -> ItemContent:
    """An item after an edit. A first line of the body that the new title says again goes.

    Raises InvalidInput for what no item may hold.
    """
    draft = retitled(
        content.draft,
        title=changes.title,
        topic=changes.topic,
        body=changes.body,
        source=changes.source,
        author=changes.author,
        content_note=changes.content_note,
    )
    if changes.title and changes.body is None:
        draft = replace(draft, body=without_title(draft.body, changes.title))
    if changes.published is not None:
        day = written_day(changes.published) if changes.published.strip() else None
        draft = replace(draft, published=day)
    if changes.deadline is not None:
        draft = with_deadline(draft, changes.deadline)
    if changes.nations is not None:
        draft = replace(draft, nations=tuple(dict.fromkeys(changes.nations)))
    draft = with_actions(with_addresses(draft, changes.addresses), changes.added, changes.dropped)
    written = replace(content, draft=without_doubts(draft, changes.settled))
    return for_readers(written, changes.roles, changes.notes)


def retitled(
    draft: ItemDraft,
    *,
    title: str | None = None,
    topic: str | None = None,
    body: str | None = None,
    source: str | None = None,
    author: str | None = None,
    content_note: str | None = None,
) -> ItemDraft:
    """A draft with some of its texts replaced; None leaves a text as it is.

    Raises InvalidInput for a line break in what has to be one line.
    """
    lines = {
        "title": title, "topic": topic, "source": source, "author": author,
        "content_note": content_note,
    }  # fmt: skip
    for name, value in lines.items():
        one_line(name.replace("_", " "), value or "")
    texts = {name: value for name, value in (*lines.items(), ("body", body)) if value is not None}
    return replace(draft, **texts)  # type: ignore[arg-type]  # each is a text of a draft


def with_deadline(draft: ItemDraft, text: str) -> ItemDraft:
    """Give an item a deadline: "Respond by 2026-12-18", or a date alone; "" takes it away.

    Raises InvalidInput if the text does not end in a date.
    """
    one_line("deadline", text)
    if not text.strip():
        return replace(draft, deadline=None)
    says, on = words_and_day(text)
    if on is None:
        raise InvalidInput(f"'{text}' is no deadline; write it like 'Respond by 2026-12-18'.")
    return replace(draft, deadline=Deadline(on, says) if says else Deadline(on))


def with_addresses(draft: ItemDraft, addresses: Mapping[int, str]) -> ItemDraft:
    """Give actions their addresses: `addresses` maps an action's number (from 1) to one.

    What is doubtful about one is said as in an import.

    Raises InvalidInput if there is no such action, or no link may lead to the address.
    """
    _check_numbers(draft, addresses)
    for address in addresses.values():
        _check_address(address)
    mended = (
        _led_to(action, addresses[number], draft.title) if number in addresses else action
        for number, action in enumerate(draft.actions, start=1)
    )
    return doubting(replace(draft, actions=tuple(mended)), addresses.values())


def _led_to(action: Action, address: str, title: str) -> Action:
    """An action with another address. A label that only named the old host names the news."""
    if title and not action.title and _NAMES_HOST.fullmatch(action.label):
        return Action("Read more", title, address)
    return replace(action, url=address)


def with_actions(
    draft: ItemDraft, added: Iterable[Action], dropped: frozenset[int] = frozenset()
) -> ItemDraft:
    """Drop actions by their numbers (from 1), and add others at the end.

    Raises InvalidInput if there is no such action, or one to add has no label or a wrong address.
    """
    _check_numbers(draft, dropped)
    new = tuple(added)
    for action in new:
        if not action.label.strip():
            raise InvalidInput("A link needs a label, such as 'Read the report'.")
        one_line("label of a link", action.label)
        one_line("title of a link", action.title)
        _check_address(action.url or "")
    kept = (action for number, action in enumerate(draft.actions, start=1) if number not in dropped)
    return doubting(replace(draft, actions=(*kept, *new)), (action.url or "" for action in new))


def doubting(draft: ItemDraft, addresses: Iterable[str]) -> ItemDraft:
    """A draft with the doubts about addresses that were put in, each once."""
    doubts = (doubt for address in addresses for doubt in doubts_of(address.strip()))
    return replace(draft, warnings=tuple(dict.fromkeys((*draft.warnings, *doubts))))


def _check_numbers(draft: ItemDraft, numbers: Iterable[int]) -> None:
    for number in numbers:
        if not 1 <= number <= len(draft.actions):
            raise InvalidInput(
                f"There is no action {number}; this item has {len(draft.actions) or 'none'}. "
                "To add one: --add-link 'Read the report|Title|https://...'"
            )


def _check_address(address: str) -> None:
    if problem := address_problem(address):
        raise InvalidInput(f"The address '{address}' cannot be used: the link {problem}.")
