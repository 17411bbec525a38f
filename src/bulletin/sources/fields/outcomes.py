"""Outcomes: what became of a line, and the action that a label and a link make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from bulletin.models.items import Action, Dropped, ItemWarning
from bulletin.sources.fields.addresses import Address, inspect
from bulletin.sources.text import inline, wording
from bulletin.sources.text.inline import Run, Runs

CONTACTS: Final = re.compile(
    r"(?:e-?mail|contact|write|call|ring|phone|telephone|text|ask|tell|message|send|report|speak|get)\b",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(r"\s?:\s?|\s[-–—|]\s|\s(?=[“‘\"][^“”‘\"]{3,200}[”’\"]\Z)")

SENTENCE_END: Final = re.compile(r"[.!?…][\"”’)\]]{0,3}\s+(?=[\"“‘(\[]?[A-Z0-9])")
# A title may ask a question and answer it; two statements are text. An initial ends none.
_FULL_STOP: Final = re.compile(r"(?<!\b[A-Z])\.[\"”’)\]]{0,3}\s+(?=[\"“‘(\[]?[A-Z0-9])")
CONTACT: Final = re.compile(
    r"[\w.+-]{1,64}@\w|\d[\d\s]{8,}\d"
    r"|\b(?:contact|call(?!\sfor\s)|ring|e-?mail|phone|telephone|write\sto)\s(?:us|the|our|your|me|him|her|them|on|at|for|[\d+(])",
    re.IGNORECASE,
)
READ_MORE: Final = "Read more"
_MAX_PAGE: Final = 60


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


def for_link(run: Run, title: str = "") -> Outcome:
    """The action of an address that has no words of its own.

    Without a title it names the host; `named_after` gives it the title of its item.
    """
    address = inspect(run.target or "")
    return acted(Action(_read_more("" if title else address.host), title, address.url), address)


def _read_more(host: str) -> str:
    return f"{READ_MORE} at {host}" if host else READ_MORE


def says_no_more(action: Action) -> bool:
    """Whether an action only opens its address: "Read more at keys.example", "Download"."""
    label, _, _ = action.label.partition(" at ")
    says_nothing = label == READ_MORE or (" " not in label and wording.is_vague(label))
    return action.url is not None and says_nothing


def opening(action: Action, title: str) -> Action:
    """The action; one that is called just as its item opens it, and its label should say so."""
    same = action.url is not None and not action.title and action.label == title
    return replace(action, label=READ_MORE, title=title) if same else action


def named_after(found: Iterable[Action], title: str) -> tuple[Action, ...]:
    """The actions, with the title of the item for the one that says nothing (requirement 49).

    Where several say nothing, each names its host, and its page where they share one.
    """
    actions = tuple(found)
    silent = {one.url or "": one for one in actions if not one.title and says_no_more(one)}
    if len(silent) == 1 and title:
        return tuple(_with_title(one, title) if one.url in silent else one for one in actions)
    hosts = Counter(urlsplit(url).netloc for url in silent)
    return tuple(
        _with_page(one) if hosts[_netloc(one)] > 1 and not one.title else one for one in actions
    )


def _with_title(action: Action, title: str) -> Action:
    if action.title or not says_no_more(action):
        return action
    return replace(action, label=action.label.partition(" at ")[0], title=title)


def _with_page(action: Action) -> Action:
    parts = urlsplit(action.url or "")
    page = f"{parts.netloc}{parts.path}".rstrip("/")
    plain = says_no_more(action) and len(page) <= _MAX_PAGE
    label = action.label.partition(" at ")[0]
    return replace(action, label=f"{label} at {page}") if plain else action


def _netloc(action: Action) -> str:
    return urlsplit(action.url or "").netloc


def acted(action: Action, address: Address, *dropped: Dropped, kept: Runs = ()) -> Outcome:
    """The outcome of one action, with all that is to be said of its address."""
    doubts = address.doubts_at(action.title or action.label)
    return Outcome((action,), kept, doubts, (*address.dropped, *dropped))


def named_by_link(text: str, run: Run | None) -> Outcome:
    """The action of a link's text: "label: title", or what it says as the label."""
    address = inspect(run.target or "") if run else Address(None)
    label, title = label_and_title(text, linked=True) or ("", text)
    if address.is_contact and not label:
        label, title = _written_to(title, address), ""
    elif wording.is_vague(title) and not label and address.host:
        label, title = _read_more(address.host), ""
    elif not label:
        label, title = title, ""
    said = () if text in {label, title} or title else (now(text, label),)
    return acted(Action(label, title, address.url), address, *said)


def _written_to(text: str, address: Address) -> str:
    """The label of a mailbox or telephone: "Email the team" says it, "The team" does not."""
    if CONTACTS.match(text):
        return text
    by = "Email" if (address.url or "").startswith("mailto:") else "Call"
    return f"{by} {address.host}" if wording.is_vague(text) else f"{by} {text}"


def now(said: str, label: str) -> Dropped:
    return Dropped(said, f"Now the action “{label}”.")


def label_and_title(text: str, *, linked: bool) -> tuple[str, str] | None:
    """Label and title, if a separator stands between the two."""
    for found in list(_SEPARATOR.finditer(text[:130]))[:3]:
        label, title = text[: found.start()].strip(), text[found.end() :].strip()
        quoted = not found[0].strip()
        title = title.strip('“”‘’"') if quoted else title
        dashed = ":" not in found[0] and not quoted
        fits = wording.is_label(label) or (linked and not dashed and wording.is_led_by_verb(label))
        if linked and not dashed:
            fits = fits or wording.is_noun_label(label) or wording.is_request(label)
        if fits and not (dashed and " " not in label) and _is_title(title):
            return label, title
    return None


def _is_title(text: str) -> bool:
    if not text or len(text) > 300 or text[0].islower() or text.endswith(":"):
        return False
    long = text.endswith(".") and text.count(" ") > 14
    return not long and not _FULL_STOP.search(text) and not CONTACT.search(text)


def linked(label: str, title: str, run: Run) -> Outcome:
    address = inspect(run.target or "")
    if label.lower() in {"see", "visit"} and not title and address.host:
        label = f"{label} {address.host}"
    elif wording.is_vague(label) and not title and address.host:
        label = f"{label} at {address.host}"
    return acted(Action(label, title, address.url), address)


def lost(label: str, title: str) -> Outcome:
    return Outcome((Action(label, title),))
