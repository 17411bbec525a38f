"""A consignment as SendGrid's Mail Send v3 wants it, and what it would only drop later.

Limits from the provider's pages: 1000 personalizations and 20 MB a request, 10,000 bytes of
substitutions and of custom_args a personalization.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count

from bulletin.errors import InvalidInput
from bulletin.models.deliveries import Consignment, Copy
from bulletin.models.editions import EditionContent, Field
from bulletin.models.mailboxes import mailbox

MOST_PERSONALIZATIONS = 1000
MOST_BYTES = 19_000_000  # of 20 MB, for what the envelope adds
MOST_SUBSTITUTION_BYTES = 10_000

# From the Mail Send reference; what else has only one place, the messages stage refuses.
_RESERVED = frozenset(
    {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type",
     "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"}
)  # fmt: skip

_MARKUP = re.compile("[&<>\"']")

# Tracking would rewrite links and add a pixel; SendGrid's subscription tracking adds a second
# List-Unsubscribe (invariant 9, requirement 6).
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


@dataclass(frozen=True, slots=True)
class Personalization:
    """One copy's part of a request, as JSON in ASCII. email: as it stands in it."""

    copy: Copy
    email: str
    json: str


class RequestBuilder:
    """Builds requests for one consignment; its content is prepared once.

    go_on: asked before each call.
    """

    def __init__(self, consignment: Consignment) -> None:
        content, sender = consignment.content, consignment.sender
        if not content.subject.strip():
            raise InvalidInput("The issue has no subject; SendGrid would refuse every copy.")
        _refuse_reserved(consignment.headers)
        self.go_on = consignment.go_on
        self._reference = consignment.reference
        self._check = consignment.check or consignment.mime
        # A personalization's headers override the message's, maybe all of them: each has them all.
        self._headers = dict(consignment.headers)
        mark = _unused_mark(content)
        # Substitutions go in as they are, for text and HTML alike, so HTML has its own tags.
        plain_tags = {field: f"{mark}T{field.value}T{mark}" for field in Field}
        html_tags = {field: f"{mark}H{field.value}H{mark}" for field in Field}
        subject, text = _tagged(content.subject, plain_tags), _tagged(content.text, plain_tags)
        markup = _tagged(content.html, html_tags)
        self._plain_tags = {f: tag for f, tag in plain_tags.items() if tag in subject + text}
        self._html_tags = {f: tag for f, tag in html_tags.items() if tag in markup}
        shared = {
            "from": {"email": mailbox(sender.email), "name": sender.name},
            "reply_to": {"email": mailbox(sender.reply_to)},
            "subject": subject,
            "content": [
                {"type": "text/plain", "value": text},
                {"type": "text/html", "value": markup},
            ],
            "tracking_settings": _NO_TRACKING,
        }
        self._shared = json.dumps(shared).removeprefix("{").encode()

    def personalization(self, copy: Copy) -> Personalization:
        """Raises InvalidInput for what SendGrid would accept now and drop later."""
        self._check(copy)  # refuses here what no message may hold, whoever builds it
        email = mailbox(copy.address)
        to = {"email": email}
        # A name with a comma or semicolon is read as several recipients.
        if copy.name and "," not in copy.name and ";" not in copy.name:
            to["name"] = copy.name
        fields = copy.fields
        substitutions = {tag: fields[field] for field, tag in self._plain_tags.items()}
        for field, tag in self._html_tags.items():
            text = fields[field]
            # Most fields, and all links, hold nothing to escape: looking is quicker.
            substitutions[tag] = escape(text) if _MARKUP.search(text) else text
        value = {
            "to": [to],
            "headers": {**self._headers, **dict(copy.one_click)},
            "substitutions": substitutions,
            "custom_args": {"delivery_id": str(copy.delivery_id), "chunk_id": self._reference},
        }
        written = json.dumps(value)
        # A part of the whole is not longer than the whole: mostly there is nothing to measure.
        if len(written) > MOST_SUBSTITUTION_BYTES < len(json.dumps(substitutions)):
            raise InvalidInput("The personal fields of this copy are longer than SendGrid takes.")
        return Personalization(copy, email, written)

    def request(self, personalizations: Sequence[Personalization]) -> bytes:
        """The body of one call, JSON in ASCII."""
        people = ", ".join(each.json for each in personalizations)
        return b'{"personalizations": [%b], %b' % (people.encode(), self._shared)

    def portions(
        self, personalizations: Iterable[Personalization]
    ) -> Iterator[list[Personalization]]:
        """Split what is to go into calls that are within the limits."""
        portion: list[Personalization] = []
        empty = len(self._shared) + len('{"personalizations": [], ')
        size = empty
        for each in personalizations:
            added = len(each.json) + len(", ")
            too_large = size + added > MOST_BYTES
            if portion and (too_large or len(portion) == MOST_PERSONALIZATIONS):
                yield portion
                portion, size = [], empty
            portion.append(each)
            size += added
        if portion:
            yield portion


def _refuse_reserved(headers: Iterable[tuple[str, str]]) -> None:
    for name, _ in headers:
        if name.lower() in _RESERVED:
            raise InvalidInput(f"SendGrid lets nobody set the header {name}.")


def _unused_mark(content: EditionContent) -> str:
    """Letters that stand nowhere in the edition: no text of it can pass for a tag of ours."""
    whole = content.subject + content.text + content.html
    return next(mark for number in count(1) if (mark := f"BLT{number}") not in whole)


def _tagged(text: str, tags: Mapping[Field, str]) -> str:
    for field, tag in tags.items():
        text = text.replace(field.token, tag)
    return text
