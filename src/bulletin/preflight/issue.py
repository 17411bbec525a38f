"""Checks of the issue as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.models.checks import Finding
from bulletin.models.issues import Length
from bulletin.preflight.examined import Check, Examined, advisory, blocking

# Gmail cuts a message off near 102 KB (requirement 50a).
MAX_HTML_BYTES = 90_000
_FAKE_REPLY = re.compile(r"\s*(?:re|fwd?|aw)\s*:", re.IGNORECASE)
_RISKY = re.compile(
    r"\b(?:abus\w+|sex\w*|exploit\w+|porn\w*|nudes?|naked|rap(?:e|ed|ist)|groom(?:ed|ing)"
    r"|suicid\w+|self[- ]harm\w*|terror\w*|extremis\w+|radicalis\w+|weapons?|knife|knives|guns?"
    r"|drugs?|violen\w+|urgent(?:ly)?|free|act now|winner)\b|!!+",
    re.IGNORECASE,
)


def has_items(examined: Examined) -> Iterator[Finding]:
    if next(examined.items(), None) is None:
        yield blocking("no_items", "The issue has no items yet: add some before it goes out.")


def has_subject(examined: Examined) -> Iterator[Finding]:
    if not examined.content.subject.strip():
        said = "The issue has no subject: it is the first thing people see."
        yield blocking("no_subject", said, field="subject")


def has_title(examined: Examined) -> Iterator[Finding]:
    if not examined.content.title.strip():
        yield blocking("no_title", "The issue has no title.", field="title")


def names_its_sender(examined: Examined) -> Iterator[Finding]:
    """Requirement 36. A missing postal address is no offence of an email, so it only advises."""
    if not examined.sender.name.strip():
        yield blocking("no_sender_name", "Readers are not told who writes: set BULLETIN_FROM_NAME.")
    if not examined.sender.postal_address.strip():
        yield advisory(
            "no_postal_address",
            "The footer has no postal address, so readers cannot see who writes to them. An admin "
            "sets it: BULLETIN_POSTAL_ADDRESS.",
        )


def is_no_fake_reply(examined: Examined) -> Iterator[Finding]:
    """Requirement 29."""
    if found := _FAKE_REPLY.match(examined.content.subject):
        yield blocking(
            "fake_reply",
            f"The subject starts with '{found[0].strip()}' as if it were an answer: mailbox "
            "providers punish that. Take it away.",
            field="subject",
        )


def without_fake_reply(subject: str) -> str:
    """A subject without what makes it look like an answer."""
    while found := _FAKE_REPLY.match(subject):
        subject = subject[found.end() :]
    return subject.strip()


def fits_into_a_mailbox(examined: Examined) -> Iterator[Finding]:
    size = examined.rendered.html_bytes
    if size > MAX_HTML_BYTES:
        yield blocking(
            "too_large",
            f"The issue is {size / 1000:.1f} KB of HTML; above {MAX_HTML_BYTES // 1000} KB mail "
            "programs cut its end off. Shorten some items, move them to the next issue, or let "
            "the size decide its length.",
            field="length",
        )


def shows_how_it_was_shortened(examined: Examined) -> Iterator[Finding]:
    """Nothing is shortened in silence."""
    steps = {
        Length.TOPICS: "the contents list names topics only",
        Length.EXCERPTS: "the contents list names topics only, and long items are excerpts that "
        "end in a link to the whole on the web",
    }
    if step := steps.get(examined.content.length):
        yield advisory("shortened", f"To stay below the size limit, {step}.", field="length")


def has_an_opening_line(examined: Examined) -> Iterator[Finding]:
    """Requirement 50c."""
    if not examined.content.standfirst.strip():
        yield advisory(
            "no_standfirst",
            "The issue has no opening line: mail programs show it beside the subject.",
            field="standfirst",
        )


def names_helplines(examined: Examined) -> Iterator[Finding]:
    """A reader in distress must not be left with a name alone."""
    for helpline in examined.content.helplines:
        if not helpline.phone.strip() and not helpline.url:
            said = f"The helpline '{helpline.name}' has neither a number nor an address."
            yield advisory("helpline", said, field="helplines")


def risky_words(text: str) -> list[str]:
    """The words of a subject that get mail held back, each once (requirement 55)."""
    return list(dict.fromkeys(word.lower() for word in _RISKY.findall(text)))


def passes_school_filters(examined: Examined) -> Iterator[Finding]:
    """Requirement 55."""
    if found := risky_words(examined.content.subject):
        words = ", ".join(f"'{word}'" for word in found)
        yield advisory(
            "risky_subject",
            f"The subject says {words}: school mail filters quarantine such subjects. "
            "Say it in the issue instead.",
            field="subject",
        )


ISSUE_CHECKS: tuple[Check, ...] = (
    has_items,
    has_subject,
    has_title,
    names_its_sender,
    is_no_fake_reply,
    fits_into_a_mailbox,
    shows_how_it_was_shortened,
    has_an_opening_line,
    names_helplines,
    passes_school_filters,
)
