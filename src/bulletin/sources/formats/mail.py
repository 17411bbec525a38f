"""Mail: a newsletter that somebody received (.eml), or a page saved as one file (.mht)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any, Final

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped
from bulletin.sources.formats import decoding, mail_parts, markup
from bulletin.sources.formats.decoding import clean, decode
from bulletin.sources.text import inline

_MAX_MAILS: Final = 300
_MAX_TEXT: Final = int(decoding.MAX_BYTES * 1.4)  # as it travels: base64 takes a third more
_MAX_HEADER: Final = 1000
HEADERS: Final = "The headers of the mail."
ATTACHMENT: Final = "A file that came with the mail: import it by itself."
ABOVE: Final = "Written above a mail that was passed on."
_REPLY: Final = re.compile(r"(?:\s*(?:re|aw|fwd?|wg|tr)\s*:)+\s*", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(?:>\s?)*")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. html and text are two wordings of the same, each "" if it has none.

    subject: without "Re:" and "Fwd:". url: where a saved page came from, or "".
    """

    html: str
    text: str
    subject: str
    url: str
    dropped: tuple[Dropped, ...]


def read_mail(data: bytes) -> tuple[Mail, ...]:
    """The mails in a mail: itself, or those that somebody passed on with it as attachments.

    Raises InvalidInput if there is no text in it, or more than in any newsletter.
    """
    found = _mails(mail_parts.parsed(data))
    _refuse_long(sum(len(one.html) + len(one.text) for one in found))
    if len(found) > 1:  # one alone is measured by whoever reads it
        decoding.refuse_excess(sum(markup.line_count(one.html or one.text) for one in found))
    return found


def _mails(outer: Message) -> tuple[Mail, ...]:
    passed_on = [_mail(one) for one in _attached_mails(outer)]
    found = [mail for mail in passed_on if mail.html or mail.text]
    if not found:
        mail = _mail(outer)
        if not mail.html and not mail.text:
            raise InvalidInput("There is no text in this mail. Import what is attached by itself.")
        return (mail,)
    return (Mail("", "", "", "", tuple(_note(outer))), *found)


def _refuse_long(size: int, most: int = decoding.MAX_BYTES) -> None:
    if size > most:
        raise InvalidInput(
            f"The text of this mail has {size / 1_000_000:.1f} MB, far more than a newsletter. "
            "Open it, copy the news and paste it."
        )


def _attached_mails(mail: Message) -> list[Message]:
    whole = (part for part in mail_parts.parts(mail) if _is_mail(part))
    found = [one for part in whole for one in mail_parts.inner(part)[:1]]
    if len(found) > _MAX_MAILS:
        raise InvalidInput(
            f"More than {_MAX_MAILS} mails came with this one. Import them by themselves."
        )
    return found


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822"


def _mail(mail: Message) -> Mail:
    parts = list(mail_parts.parts(mail))
    html, text = _first(parts, "text/html"), _first(parts, "text/plain")
    used = [part for part in (html, text) if part is not None]
    addresses = [_header(html, "Content-Location") if html else "",
                 _header(mail, "Snapshot-Content-Location")]  # fmt: skip
    return Mail(
        html=_decoded(html),
        text=_unflowed(text),
        subject=_REPLY.sub("", _header(mail, "Subject"), count=1),
        url=next((one for one in addresses if one.startswith(("http://", "https://"))), ""),
        dropped=(*_headers(mail), *_attachments(parts, used)),
    )


def _first(parts: list[Message], kind: str) -> Message | None:
    """The first part of a kind with something in it that is not attached as a file."""
    for part in parts:
        if part.get_content_type() == kind and _disposition(part) != "attachment" and _bytes(part):
            return part
    return None


def _disposition(part: Message) -> str:
    return _header(part, "Content-Disposition").partition(";")[0].strip().lower()


def _bytes(part: Message) -> bytes:
    _refuse_long(_size(part), _MAX_TEXT)
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload.strip() if isinstance(payload, bytes) else b""


def _size(part: Message) -> int:
    """Characters of a part as it travels."""
    try:
        return len(part.get_payload())
    except (ValueError, LookupError):  # it is in no charset that there is
        return 0


def _decoded(part: Message | None) -> str:
    if part is None:
        return ""
    return decode(_bytes(part), _parameter(part, "charset"))


def _parameter(part: Message, name: str) -> str:
    try:
        found: Any = part.get_param(name)
    except (ValueError, LookupError, TypeError):
        return ""
    return str(found[2] if isinstance(found, tuple) else found or "")


def _unflowed(part: Message | None) -> str:
    """Plain text with its paragraphs whole (RFC 3676 section 4.1)."""
    text = _decoded(part)
    if part is None or _parameter(part, "format").lower() != "flowed":
        return text
    without_space = _parameter(part, "delsp").lower() == "yes"
    pieces: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        quoted = _QUOTED.match(line)
        mark = quoted[0] if quoted else ""
        said = line[len(mark) :].removeprefix(" ") if mark else line.removeprefix(" ")
        if flows and depth == mark.count(">"):
            pieces[-1] = pieces[-1][:-1] if without_space else pieces[-1]
            pieces.append(said)
        else:
            pieces += ["\n", f"{mark}{said}"]
        flows, depth = said.endswith(" ") and said != "-- ", mark.count(">")
    return "".join(pieces[1:])


def _header(part: Message, name: str) -> str:
    raw = str(part.get(name) or "")[:_MAX_HEADER]
    try:
        found = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        found = raw
    return inline.tidy(clean(found))


def _headers(mail: Message) -> Iterator[Dropped]:
    found = [(name, _header(mail, name)) for name in ("From", "Date", "Subject")]
    if said := "\n".join(f"{name}: {value}" for name, value in found if value):
        yield Dropped(said, HEADERS)


def _attachments(parts: list[Message], used: list[Message]) -> Iterator[Dropped]:
    for part in parts:
        name = _file_name(part)
        picture = part.get_content_maintype() == "image" and part.get("Content-ID")
        if name and not picture and not any(part is one for one in used):
            yield Dropped(name, ATTACHMENT)


def _file_name(part: Message) -> str:
    try:
        return inline.tidy(clean((part.get_filename() or "")[:_MAX_HEADER]))
    except (ValueError, LookupError, TypeError):
        return ""


def _note(outer: Message) -> Iterator[Dropped]:
    """What somebody wrote who passed mails on."""
    own = _mail(outer)
    said = own.text or inline.tidy(re.sub(r"<[^<>]{0,2000}>", " ", own.html))
    yield from own.dropped
    if said.strip():
        yield Dropped(said.strip(), ABOVE)
