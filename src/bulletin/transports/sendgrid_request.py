"""A consignment as SendGrid's Mail Send v3 wants it, and what it would only drop later.

Limits from the provider's pages: 1000 personalizations and 20 MB a request, 10,000 bytes of
substitutions and of custom_args a personalization.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bulletin.errors import InvalidInput
from bulletin.models.deliveries import Consignment, Copy
from bulletin.models.editions import Field
from bulletin.models.mailboxes import mailbox

MOST_PERSONALIZATIONS = 1000
MOST_BYTES = 19_000_000  # of 20 MB, for what the envelope adds
MOST_SUBSTITUTION_BYTES = 10_000

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
    """One copy's part of a request, and how many bytes it adds."""

    copy: Copy
    value: dict[str, Any]
    size: int


class RequestBuilder:
    """Builds requests for one consignment; its content is prepared once."""

    def __init__(self, consignment: Consignment) -> None:
        content = consignment.content
        if not content.subject.strip():
            raise InvalidInput("The issue has no subject; SendGrid would refuse every copy.")
        self._reference = consignment.reference
        markup, text = content.html, content.text
        for field in Field:
            # Substitutions go in as they are, for text and HTML alike, so HTML has its own tags.
            markup = markup.replace(field.token, _html_tag(field))
            text = text.replace(field.token, _tag(field))
        self._fields = [field for field in Field if _tag(field) in text + content.subject]
        self._html_fields = [field for field in Field if _html_tag(field) in markup]
        sender = consignment.sender
        self._shared: dict[str, Any] = {
            "from": {"email": sender.email, "name": sender.name},
            "reply_to": {"email": sender.reply_to},
            "subject": content.subject,
            "content": [
                {"type": "text/plain", "value": text},
                {"type": "text/html", "value": markup},
            ],
            "headers": dict(consignment.headers),
            "tracking_settings": _NO_TRACKING,
        }
        self._shared_size = len(json.dumps(self._shared))

    def personalization(self, copy: Copy) -> Personalization:
        """Raises InvalidInput for what SendGrid would accept now and drop later."""
        to = {"email": mailbox(copy.address)}
        # A name with a comma or semicolon is read as several recipients.
        if copy.name and not any(char in copy.name for char in ",;\r\n"):
            to["name"] = copy.name
        substitutions = {_tag(field): copy.fields[field] for field in self._fields}
        for field in self._html_fields:
            substitutions[_html_tag(field)] = escape(copy.fields[field])
        value = {
            "to": [to],
            "headers": {
                "List-Unsubscribe": f"<{copy.list_unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            "substitutions": substitutions,
            "custom_args": {"delivery_id": str(copy.delivery_id), "chunk_id": self._reference},
        }
        if len(json.dumps(substitutions)) > MOST_SUBSTITUTION_BYTES:
            raise InvalidInput("The personal fields of this copy are longer than SendGrid takes.")
        return Personalization(copy, value, len(json.dumps(value)) + 2)

    def request(self, personalizations: Sequence[Personalization]) -> dict[str, Any]:
        """The body of one call."""
        return {"personalizations": [each.value for each in personalizations], **self._shared}

    def portions(
        self, personalizations: Iterable[Personalization]
    ) -> Iterator[list[Personalization]]:
        """Split what is to go into calls that are within the limits."""
        portion: list[Personalization] = []
        size = self._shared_size
        for each in personalizations:
            too_large = size + each.size > MOST_BYTES
            if portion and (too_large or len(portion) == MOST_PERSONALIZATIONS):
                yield portion
                portion, size = [], self._shared_size
            portion.append(each)
            size += each.size
        if portion:
            yield portion


def _tag(field: Field) -> str:
    # In the subject a field is its token; a whole address never stands there.
    return f"BLT2{field.value}2BLT" if field.is_url else field.token


def _html_tag(field: Field) -> str:
    return f"BLT1{field.value}1BLT"
