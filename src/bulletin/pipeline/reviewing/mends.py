"""Mends: what a press would do about a finding, where that cannot be wrong. Pure.

Each way knows one code of preflight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urldefrag

from bulletin.models.checks import Finding, Verdict
from bulletin.models.issues import Helpline
from bulletin.models.items import ItemContent, Likeness
from bulletin.models.links import address_problem, leads_inside
from bulletin.models.reviews import fingerprint_of
from bulletin.pipeline.reviewing.proving import Proof
from bulletin.preflight import page_of, without_fake_reply


@dataclass(frozen=True, slots=True)
class Edit:
    """Another content of an item. done: what was done, once it is."""

    label: str
    done: str
    item_id: int
    change: Callable[[ItemContent], ItemContent]


@dataclass(frozen=True, slots=True)
class Words:
    """Other words of the issue itself, by field."""

    label: str
    done: str
    changes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TakeOut:
    """An item less in the issue."""

    label: str
    done: str
    item_id: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """Another item in the place of one."""

    label: str
    done: str
    item_id: int
    newer_id: int


@dataclass(frozen=True, slots=True)
class Everybody:
    """An item is for everybody, as somebody says now."""

    label: str
    done: str
    item_id: int


Mend = Edit | Words | TakeOut | Exchange | Everybody


def offered(finding: Finding, proof: Proof) -> Mend | None:
    """How a finding can be put right without asking anybody, or None."""
    way = _WAYS.get(finding.code)
    return way(finding, proof) if way else None


def offers(proof: Proof) -> dict[str, str]:
    """What a press would do about each finding for which there is a way, by its fingerprint."""
    found = ((finding, offered(finding, proof)) for finding in proof.findings)
    return {fingerprint_of(finding): mend.label for finding, mend in found if mend}


def _moved_link(finding: Finding, proof: Proof) -> Mend | None:
    check = proof.around.links.get(page_of(finding.url))
    if check is None or check.verdict is not Verdict.MOVED:
        return None
    new = check.leads_to
    if not urldefrag(new).fragment and (fragment := urldefrag(finding.url).fragment):
        new = f"{new}#{fragment}"  # as browsers do (RFC 9110 section 10.2.2)
    return _readdressed(finding, proof, new, "Use the new address", "The link has its new address.")


def _tracked_link(finding: Finding, proof: Proof) -> Mend | None:
    new = proof.around.tracked.get(finding.url, "")
    return _readdressed(finding, proof, new, "Take the tracking off", "The link tracks nobody now.")


def _readdressed(finding: Finding, proof: Proof, new: str, label: str, done: str) -> Mend | None:
    """Another address for a link, wherever it stands in the field that the finding names."""
    if not new or address_problem(new) or leads_inside(new) or _AMBIGUOUS.search(new):
        return None
    exchange = _Exchanged(finding.url, new)
    if finding.item_id is not None:
        return Edit(label, done, finding.item_id, exchange.in_item)
    content = proof.galley.content
    words: dict[str, str | tuple[Helpline, ...]] = {
        "intro": content.intro,
        "closing": content.closing,
        "helplines": content.helplines,
    }
    before = words.get(finding.field)
    after = exchange.in_words(before) if before is not None else None
    return Words(label, done, {finding.field: after}) if after != before else None


# In Markdown an address ends at one of these.
_AMBIGUOUS: Final = re.compile(r"[\s()<>\[\]\\\"'|]")


@dataclass(frozen=True, slots=True)
class _Exchanged:
    """Puts one address in the place of another."""

    old: str
    new: str

    def in_item(self, content: ItemContent) -> ItemContent:
        draft = content.draft
        actions = tuple(replace(one, url=self.whole(one.url)) for one in draft.actions)
        notes = tuple(replace(note, text=self.within(note.text)) for note in content.notes)
        written = replace(draft, body=self.within(draft.body), actions=actions)
        return replace(content, draft=written, notes=notes)

    def in_words(self, words: str | tuple[Helpline, ...]) -> str | tuple[Helpline, ...]:
        if isinstance(words, str):
            return self.within(words)
        return tuple(replace(one, url=self.whole(one.url)) for one in words)

    def whole(self, url: str | None) -> str | None:
        return self.new if url is not None and url.strip() == self.old.strip() else url

    def within(self, text: str) -> str:
        """In a text, where the address stands by itself and does not only begin another."""
        alone = rf"(?<![\w/.%]){re.escape(self.old)}(?=[\s()<>\[\]\"'|]|\Z)"
        return re.sub(alone, lambda _: self.new, text)


def _past_deadline(finding: Finding, _proof: Proof) -> Mend | None:
    if finding.item_id is None:
        return None
    return Edit(
        "Take the date out of the diary", "The date is out of the diary.", finding.item_id,
        lambda content: replace(content, draft=replace(content.draft, deadline=None)),
    )  # fmt: skip


def _double(finding: Finding, proof: Proof) -> Mend | None:
    """Of two that say the same the second goes; of two versions the older one."""
    pairs = proof.around.repeats
    pair = next((one for one in pairs if _is_pair(one.item_id, one.other, finding)), None)
    if pair is None or finding.item_id is None or finding.other is None:
        return None
    newer = pair.repeat.likeness is Likeness.UPDATE
    return _without(finding.other if newer else finding.item_id)


def _is_pair(item_id: int, other: int, finding: Finding) -> bool:
    return (item_id, other) == (finding.item_id, finding.other)


def _newer(finding: Finding, proof: Proof) -> Mend | None:
    old, new = finding.item_id, finding.other
    if old is None or new is None:
        return None
    if new in {item.id for topic in proof.galley.content.topics for item in topic.items}:
        return _without(old)
    return Exchange(f"Use item {new} in its place", f"Item {new} stands in its place.", old, new)


def _without(item_id: int) -> Mend:
    return TakeOut(f"Take item {item_id} out", f"Item {item_id} is out of this issue.", item_id)


def _sample(finding: Finding, _proof: Proof) -> Mend | None:
    return _without(finding.item_id) if finding.item_id is not None else None


def _unchosen(finding: Finding, _proof: Proof) -> Mend | None:
    if finding.item_id is None:
        return None
    done = f"Item {finding.item_id} is for everybody."
    return Everybody("It is for everybody", done, finding.item_id)


def _fake_reply(_finding: Finding, proof: Proof) -> Mend | None:
    subject = without_fake_reply(proof.issue.subject)
    if not subject:
        return None
    label = "Take it away"
    return Words(label, f"The subject is now: {subject}", {"subject": subject})


def _too_large(_finding: Finding, proof: Proof) -> Mend | None:
    """A length that somebody chose gives way to one that fits."""
    if proof.issue.length is None:
        return None
    label = "Let the size decide its length"
    return Words(label, "It is as long as mail programs show.", {"length": None})


_WAYS: Final[Mapping[str, Callable[[Finding, Proof], Mend | None]]] = {
    "link_moved": _moved_link,
    "link_tracked": _tracked_link,
    "deadline_passed": _past_deadline,
    "item_doubled": _double,
    "newer_version": _newer,
    "fake_reply": _fake_reply,
    "too_large": _too_large,
    "readers_unchosen": _unchosen,
    "item_sample": _sample,
}
