"""Actions: what a line asks the reader to open, and what of the line stays as news."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from bulletin.models.items import Action, Dropped, ItemWarning
from bulletin.sources import inline, wording
from bulletin.sources.addresses import Address, inspect
from bulletin.sources.inline import Run, Runs
from bulletin.sources.lines import Kind, Line
from bulletin.sources.pointers import Pointer, pointer, points

_LONG: Final = 10_000  # no paragraph of news: its text is kept as it is
_SENTENCE_END: Final = re.compile(r"[.!?][\"”’)\]]{0,3}\s+(?=[\"“‘(\[]?[A-Z0-9])")
_CONTACT: Final = re.compile(
    r"[\w.+-]{1,64}@\w|\d[\d\s]{8,}\d|\b(?:contact|call|ring|email)\b", re.IGNORECASE
)
_WITHOUT_PLACE: Final = re.compile(r"\s(?:at|on|from|via|here|by visiting|:|below)\Z")
_SEPARATOR: Final = re.compile(r":\s?|\s[-–—|]\s")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: its actions, what stays in the body, doubts, and what was left out."""

    actions: tuple[Action, ...] = ()
    kept: Runs = ()
    warnings: tuple[ItemWarning, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def of(cls, parts: Iterable[Outcome]) -> Outcome:
        """Several outcomes as one, with a space between what they keep."""
        found = list(parts)
        kept = [run for part in found if part.kept for run in (Run(" "), *part.kept)]
        return cls(
            tuple(action for part in found for action in part.actions),
            inline.merge(kept),
            tuple(warning for part in found for warning in part.warnings),
            tuple(one for part in found for one in part.dropped),
        )


def examine(line: Line) -> Outcome:
    """Take the actions out of a line of an item."""
    if len(line.text) > _LONG:
        return Outcome(kept=_unlinked(line.runs))
    found = inline.links(line.runs)
    words = inline.words_only(line.runs)
    return _whole(line, words, found) or _by_sentence(line.runs)


def is_action(line: Line) -> bool:
    """Whether a line is nothing but actions."""
    if len(line.text) > 600:
        return False
    found = inline.links(line.runs)
    return _whole(line, inline.words_only(line.runs), found) is not None


def for_link(run: Run, title: str = "") -> Outcome:
    """The action of an address that has no words of its own."""
    address = inspect(run.target or "")
    label = f"Open {address.host}" if address.url else "Open the link"
    return Outcome((Action(label, title, address.url),), warnings=address.warnings)


def named_by_link(text: str, run: Run | None) -> Outcome:
    """The action of a link's text: label, "label: title" or just the title of what it opens."""
    address = inspect(run.target or "") if run else Address(None)
    label, title = _parts(text, linked=True) or ("", text)
    if wording.is_vague(title) and not label and address.host:
        label, title = f"Read more at {address.host}", ""
    elif not label and (wording.is_bare_label(title) or wording.is_led_by_verb(title)):
        label, title = title, ""
    elif not label:
        label = f"Open {address.host}" if address.host else "Read"
    said = () if text in {label, title} or title else (_now(text, label),)
    return Outcome((Action(label, title, address.url),), (), address.warnings, said)


def _now(said: str, label: str) -> Dropped:
    return Dropped(said, f"Now the action “{label}”.")


def _whole(line: Line, words: str, found: list[Run]) -> Outcome | None:
    text = wording.without_arrows(words)
    if found and not text:
        return Outcome.of(map(for_link, found))
    if len(words) > 600 or len(found) > 1 or not text:
        return None
    if found and not found[0].bare and inline.tidy(found[0].text) == words:
        return named_by_link(text, found[0])
    if found:
        return _beside_address(text, words, found[0])
    return None if line.mark else _without_address(line, text)


def _beside_address(text: str, words: str, run: Run) -> Outcome | None:
    parts = _parts(text, linked=True)
    if parts:
        return _linked(*parts, run)
    if _SENTENCE_END.search(words) or pointer(words):
        return None
    bare = _WITHOUT_PLACE.sub("", text)
    if wording.is_bare_label(bare) or wording.is_noun_label(bare):
        return _linked(bare, "", run)
    if wording.is_address_label(text):
        return _called(text, run)
    colon = words.endswith(":")
    if (colon or run.bare) and wording.is_led_by_verb(text) and not _CONTACT.search(text):
        return _linked(text, "", run) if colon or (text.count(" ") >= 1 and run.bare) else None
    named = run.bare and text[:1].isupper() and words[-1] not in ".?!" and text.count(" ") < 20
    return for_link(run, title=text) if named and (colon or not _mid_sentence(words)) else None


def _called(name: str, run: Run) -> Outcome:
    """An address after a bare noun: "Guidance" is what it leads to, "Link" says nothing."""
    if not wording.is_vague(name):
        return for_link(run, title=name)
    opened = for_link(run)
    return replace(opened, dropped=(_now(name, opened.actions[0].label),))


def _mid_sentence(words: str) -> bool:
    last = words.rsplit(" ", 1)[-1].lower()
    return last in {"at", "on", "from", "via", "to", "in", "see", "visit", "the", "is", "or", "and"}


def _without_address(line: Line, text: str) -> Outcome | None:
    parts = _parts(text, linked=False)
    if line.kind in {Kind.BULLET, Kind.NUMBERED}:
        parts = parts if parts and wording.is_bare_label(parts[0]) else None
        return _lost(*parts) if parts else None
    several = [_parts(wording.without_arrows(part), linked=False) for part in text.split(" | ")]
    if len(several) > 1 and all(several):
        return Outcome(tuple(Action(part[0], part[1]) for part in several if part))
    if parts:
        return _lost(*parts)
    sentence = line.text.rstrip()[-1:] in {".", "?", "!"} and not line.text.endswith("...")
    return _lost(text, "") if wording.is_bare_label(text) and not sentence else None


def _parts(text: str, *, linked: bool) -> tuple[str, str] | None:
    """Label and title, if a separator stands between the two."""
    for found in list(_SEPARATOR.finditer(text[:130]))[:3]:
        label, title = text[: found.start()].strip(), text[found.end() :].strip()
        dashed = ":" not in found[0]
        fits = wording.is_label(label) or (linked and not dashed and wording.is_led_by_verb(label))
        if linked and not dashed:
            fits = fits or wording.is_noun_label(label)
        if fits and not (dashed and " " not in label) and _is_title(title):
            return label, title
    return None


def _is_title(text: str) -> bool:
    if not text or len(text) > 300 or text[0].islower() or text.endswith(":"):
        return False
    long = text.endswith(".") and text.count(" ") > 14
    return not long and not _SENTENCE_END.search(text) and not _CONTACT.search(text)


def _linked(label: str, title: str, run: Run) -> Outcome:
    address = inspect(run.target or "")
    if wording.is_vague(label) and not title and address.host:
        label = f"{label} at {address.host}"
    return Outcome((Action(label, title, address.url),), warnings=address.warnings)


def _lost(label: str, title: str) -> Outcome:
    return Outcome((Action(label, title),))


def _by_sentence(runs: Runs) -> Outcome:
    text = inline.plain(runs)
    stops = [*(stop.end() for stop in _SENTENCE_END.finditer(text)), len(text)]
    sentences = list(inline.cut(runs, stops))
    last = len(sentences) - 1
    return Outcome.of(_of_sentence(one, last=at == last) for at, one in enumerate(sentences))


def _of_sentence(runs: Runs, *, last: bool) -> Outcome:
    found = inline.links(runs)
    words = inline.words_only(runs)
    if len(found) == 1 and (found[0].bare or points(words)):
        pointed = _pointed(runs, words, found[0])
        if pointed:
            return pointed
    if not found and last and points(words):
        lost = pointer(words)
        if lost:
            return _from_pointer(lost, None, Address(None), inline.plain(runs))
    return _inline(runs) if found else Outcome(kept=runs)


def _pointed(runs: Runs, words: str, run: Run) -> Outcome | None:
    address = inspect(run.target or "")
    at_end = inline.plain(runs).rstrip(" .)").endswith(run.text.rstrip(" .)"))
    found = pointer(words, address.host) if at_end or not run.bare else None
    if found:
        return _from_pointer(found, run, address, inline.plain(runs))
    spoken = inline.plain(_with_host(runs, address.host)).strip(" .:")
    if run.bare and address.url and wording.is_led_by_verb(spoken):
        return Outcome((Action(spoken, "", address.url),), warnings=address.warnings)
    return None


def _from_pointer(found: Pointer, run: Run | None, address: Address, sentence: str) -> Outcome:
    wordy = sentence.replace(run.text, "") if run and run.bare else sentence
    said = inline.tidy(wordy).removeprefix(found.kept.removesuffix(".")).strip(" ,.:")
    same = _WITHOUT_PLACE.sub("", said).lower() == found.label.lower()
    dropped = () if same else (_now(said, found.label),)
    kept = (Run(found.kept),) if found.kept else ()
    return Outcome((Action(found.label, "", address.url),), kept, address.warnings, dropped)


def _inline(runs: Runs) -> Outcome:
    """A sentence that stays as it is: a bare address gives way to its host and an action."""
    kept: list[Run] = []
    opened: list[Action] = []
    warnings: list[ItemWarning] = []
    for run in runs:
        address = inspect(run.target) if run.target is not None else None
        if address is None:
            kept.append(run)
            continue
        warnings += address.warnings
        if run.bare:
            opened += for_link(run).actions
            kept.append(Run(address.host or run.text))
        else:
            kept.append(replace(run, target=address.url))
    return Outcome(tuple(opened), tuple(kept), tuple(warnings))


def _with_host(runs: Runs, host: str) -> Runs:
    return tuple(Run(host) if run.bare else run for run in runs)


def _unlinked(runs: Runs) -> Runs:
    return tuple(replace(run, target=None, bare=False) for run in runs)
