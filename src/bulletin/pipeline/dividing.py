"""Dividing: one item becomes two, or two become one, where the import saw it wrongly. Pure."""

from __future__ import annotations

from dataclasses import replace

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, ItemContent, ItemDraft, ItemWarning, Note
from bulletin.models.lines import escape
from bulletin.pipeline.one_line import one_line
from bulletin.pipeline.settling import settled, unlike
from bulletin.pipeline.sharing_out import shared_out
from bulletin.sources.rereading import headed, without_title

# Doubts about where an item ends and about what it is called: an editor has just seen to it.
_SEEN_TO = frozenset({"unsure_boundary", "no_heading"})
_UNTITLED = ItemWarning("no_heading", "It was split off without a heading. Give it a title.")


def divided(
    content: ItemContent, line: int, *, title: str = "", links: frozenset[int] = frozenset()
) -> tuple[ItemContent, ItemContent]:
    """An item as two: its body up to a line, and from that line (they count from 1) on.

    title: of the second; without it, a first line that heads it is its title (see `headed`).
    links: numbers (from 1) of the actions that go with the second, beside those whose title
        or address stands in its text.
    Both keep the topic; notes and content note stay with the first. Source, dates, nations and
    roles go where the text says them, else there is a doubt. Raises InvalidInput if there is
    nothing before or after the line.
    """
    one_line("title", title)
    draft = content.draft
    first, second = _cut(draft.body, line)
    if title:
        second = without_title(second, title)
    else:
        title, second = headed(second)
    moving = _moving(draft.actions, second, links)
    rest = tuple(action for action in draft.actions if action not in moving)
    doubts = tuple(warning for warning in draft.warnings if warning.code not in _SEEN_TO)
    untitled = () if draft.title else (w for w in draft.warnings if w.code == "no_heading")
    stays = replace(draft, body=first, actions=rest, warnings=(*untitled, *doubts))
    leaves = replace(
        draft,
        title=title,
        body=second,
        actions=moving,
        warnings=doubts if title else (_UNTITLED, *doubts),
        content_note="",
    )
    stays, leaves = shared_out(draft, stays, leaves)
    return replace(content, draft=stays), ItemContent(unlike(leaves), content.roles)


def _cut(body: str, line: int) -> tuple[str, str]:
    lines = body.split("\n")
    first = "\n".join(lines[: max(line - 1, 0)]).rstrip()
    second = "\n".join(lines[max(line - 1, 0) :]).strip("\n")
    if not first.strip() or not second.strip():
        raise InvalidInput(
            f"An item cannot be split at line {line}: there must be text before and after it. "
            f"Its body has {len(lines)} {'line' if len(lines) == 1 else 'lines'}."
        )
    return first, second


def _moving(actions: tuple[Action, ...], body: str, links: frozenset[int]) -> tuple[Action, ...]:
    for number in links:
        if not 1 <= number <= len(actions):
            raise InvalidInput(f"There is no action {number}; this item has {len(actions)}.")
    return tuple(
        action
        for number, action in enumerate(actions, start=1)
        if number in links or _is_named_in(action, body)
    )


def _is_named_in(action: Action, body: str) -> bool:
    return any(len(text) > 5 and text in body for text in (action.title, action.url or ""))


def united(first: ItemContent, second: ItemContent) -> ItemContent:
    """Two items as one: the second's title, in bold, and its text follow the first's.

    Paragraphs that both have stand once. What the first does not say is taken from the second. It
    is for everybody if one of them is; of two notes for one role both stay.
    """
    everybody = not first.roles or not second.roles
    return ItemContent(
        draft=settled(first.draft, _together(first.draft, unlike(second.draft))),
        roles=frozenset() if everybody else first.roles | second.roles,
        notes=_notes(first.notes, second.notes),
    )


def _together(one: ItemDraft, other: ItemDraft) -> ItemDraft:
    added = _new_paragraphs(one.body, other.body)
    named = bool(added and one.title) and other.title not in {"", one.title}
    heading = f"**{escape(other.title)}**" if named else ""
    doubts = [w for w in (*one.warnings, *other.warnings) if w.code != "unsure_boundary"]
    return replace(
        one,
        title=one.title or other.title,
        topic=one.topic or other.topic,
        body="\n\n".join(filter(None, (one.body, heading, added))),
        source=one.source or other.source,
        published=one.published or other.published,
        author=one.author or other.author,
        deadline=one.deadline or other.deadline,
        content_note=one.content_note or other.content_note,
        actions=tuple(dict.fromkeys((*one.actions, *other.actions))),
        nations=tuple(dict.fromkeys((*one.nations, *other.nations))),
        roles=tuple(dict.fromkeys((*one.roles, *other.roles))),
        warnings=tuple(dict.fromkeys(doubts)),
    )


def _new_paragraphs(body: str, added: str) -> str:
    """What is to be added to a body, without the paragraphs that it has already."""
    known = set(map(_plain, _paragraphs(body)))
    return "\n\n".join(one for one in _paragraphs(added) if _plain(one) not in known)


def _paragraphs(body: str) -> list[str]:
    return [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _notes(first: tuple[Note, ...], second: tuple[Note, ...]) -> tuple[Note, ...]:
    texts: dict[str, list[str]] = {}
    for note in (*first, *second):
        texts.setdefault(note.role, []).append(note.text)
    return tuple(Note(role, " ".join(dict.fromkeys(texts[role]))) for role in sorted(texts))
