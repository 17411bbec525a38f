"""The skeleton of an edition: finished bytes with holes, filled once a copy.

A message is multipart/alternative, text first, both parts quoted-printable (requirement 5), so
that no line is long and only ASCII leaves. Filling joins bytes that are finished already; only
what belongs to the person is escaped and encoded then.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from bulletin.errors import InvalidInput
from bulletin.messages.dkim import Seal, SigningKey, signed_headers
from bulletin.messages.headers import (
    copy_headers,
    given_headers,
    mailbox_header,
    refuse_breaks,
    refuse_copy_breaks,
    subject_header,
)
from bulletin.messages.quoted_printable import printable, printable_value
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Sender
from bulletin.models.mailboxes import mailbox

# "=_" cannot occur in quoted-printable, so this can never stand inside a part (RFC 2045 6.7).
_BOUNDARY = "=_bulletin"
_EMPTY_LINE = b"\r\n"
_TOKENS = re.compile("(" + "|".join(re.escape(field.token) for field in Field) + ")")
_FIELDS = {field.token: field for field in Field}
_NOT_IN_A_BODY = re.compile("[\x00\ud800-\udfff]")


class Skeleton:
    """One edition from one sender as bytes with holes. Immutable: threads may share it.

    headers: what `static_headers` returned, or more of the kind: one line of ASCII each.
    keys: each signs every copy (DKIM).
    Raises InvalidInput if a header would hold a line break or stand there twice.
    """

    def __init__(
        self,
        content: EditionContent,
        sender: Sender,
        headers: Iterable[tuple[str, str]],
        keys: Sequence[SigningKey] = (),
    ) -> None:
        refuse_breaks("subject", content.subject)
        self._subject = content.subject
        self._subject_tokens = frozenset(_TOKENS.findall(content.subject))
        self._headers = b"".join(
            [
                mailbox_header("From", sender.name, mailbox(sender.email)),
                mailbox_header("Reply-To", "", mailbox(sender.reply_to)),
                b"" if self._subject_tokens else subject_header(content.subject),
                *given_headers(headers),
                b"MIME-Version: 1.0\r\n"
                b'Content-Type: multipart/alternative; boundary="%b"\r\n' % _BOUNDARY.encode(),
            ]
        )
        self._keys = keys
        self._domain = mailbox(sender.email).rpartition("@")[2]
        self._body = _Body()
        self._body.write_part("plain", content.text)
        self._body.write_part("html", content.html)
        self._body.write(f"\r\n--{_BOUNDARY}--\r\n")
        self._body.finish()

    def dated(self, now: datetime) -> Callable[[Copy], bytes]:
        """What builds copies with this Date: a copy in, its finished MIME bytes out, CRLF.

        now: an aware moment. The builder raises InvalidInput for a copy that has no value for a
        field, or whose name, address or links cannot stand in a header.
        """
        if now.tzinfo is None:
            raise ValueError("a message needs a date with a time zone")
        shared = b"Date: %b\r\n%b" % (format_datetime(now).encode(), self._headers)
        seal = Seal(self._keys, self._domain, now) if self._keys else None
        covered = signed_headers(shared)

        def fill(copy: Copy) -> bytes:
            own = self.own_headers(copy)
            parts = self._body.filled(copy)
            if seal is None:
                parts[0] = shared + own
                return b"".join(parts)
            body = b"".join(parts)
            signatures = seal.signatures(covered | signed_headers(own), self._body.digest(body))
            return b"".join((signatures, shared, own, body))

        return fill

    def own_headers(self, copy: Copy) -> bytes:
        """The headers that are this copy's own. Raises InvalidInput for one that no message can
        be made of: so it also checks a copy, without the work of building it."""
        refuse_copy_breaks(copy)
        for field in self._body.fields:
            if field not in copy.fields:
                raise _no_value(copy, field)
        subject = self._subject_of(copy) if self._subject_tokens else b""
        return subject + copy_headers(copy)

    def _subject_of(self, copy: Copy) -> bytes:
        try:
            return subject_header(
                _TOKENS.sub(lambda token: copy.fields[_FIELDS[token[0]]], self._subject)
            )
        except KeyError as error:
            raise _no_value(copy, error.args[0]) from None


def _no_value(copy: Copy, field: Field) -> InvalidInput:
    return InvalidInput(f"Delivery {copy.delivery_id} has no value for '{field}'.")


class _Body:
    """Finished bytes in order, and the places among them that a person's values go to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = [b""]  # the first place is for the headers
        # Per field, the places in the text and those in the HTML.
        self._holes: dict[Field, dict[str, list[int]]] = {}
        self._beginning = hashlib.sha256()
        self._begun = 0

    def finish(self) -> None:
        """Nothing more is written: hash what stands before the first place that is a person's."""
        holes = [
            min(places[kind]) for places in self._holes.values() for kind in places if places[kind]
        ]
        beginning = b"".join(self._parts[: min(holes, default=len(self._parts))])
        self._begun = len(beginning)
        self._beginning.update(beginning[len(_EMPTY_LINE) :])

    def digest(self, written: bytes) -> bytes:
        """The SHA-256 of a body with its values, without the empty line above it (RFC 6376 3.7)."""
        hashed = self._beginning.copy()
        hashed.update(memoryview(written)[self._begun :])
        return hashed.digest()

    def write(self, text: str) -> None:
        self._parts.append(text.encode())

    def write_part(self, subtype: str, text: str) -> None:
        """Write a MIME part, "plain" or "html". Raises InvalidInput."""
        if _NOT_IN_A_BODY.search(text):
            raise InvalidInput("The edition holds a NUL or half a character: remove it.")
        self.write(
            f"\r\n--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        first, *rest = _TOKENS.split(text)
        self._parts.append(printable(first))
        for token, following in zip(rest[::2], rest[1::2], strict=True):
            # A soft break on either side of a hole keeps lines short, whatever the value.
            if self._parts[-1] and not self._parts[-1].endswith(b"\r\n"):
                self._parts[-1] += b"=\r\n"
            places = self._holes.setdefault(_FIELDS[token], {"plain": [], "html": []})
            places[subtype].append(len(self._parts))
            self._parts += [b"", b"=\r\n" + printable(following)]

    @property
    def fields(self) -> Iterable[Field]:
        """The fields that stand in it."""
        return self._holes

    def filled(self, copy: Copy) -> list[bytes]:
        """The parts with this person's values, which have to be there for every field."""
        parts = self._parts.copy()
        for field, places in self._holes.items():
            value = copy.fields[field]
            written = printable_value(value)
            for place in places["plain"]:
                parts[place] = written
            # Most values, and all addresses, are the same in HTML: they are written once.
            if places["html"] and (escaped := escape(value)) != value:
                written = printable_value(escaped)
            for place in places["html"]:
                parts[place] = written
        return parts
