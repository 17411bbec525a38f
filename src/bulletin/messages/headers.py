"""Headers: safe lines of RFC 5322, with encoded words (RFC 2047) where ASCII is not enough.

What would break out of its header is refused, never mended in silence (requirement 1).
"""

from __future__ import annotations

import base64
import hashlib
import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence

from bulletin.errors import InvalidInput
from bulletin.models.deliveries import Copy
from bulletin.models.issues import Sender
from bulletin.models.mailboxes import mailbox

_LINE = 76  # RFC 2047 2, for lines with an encoded word; we keep all lines to it
_LONGEST_LINE = 998  # RFC 5322 2.1.1
_LIST_ID_OCTETS = 255  # RFC 2919 3

# Control characters, other line separators, and halves of characters that UTF-8 cannot carry.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HEADER_NAME = re.compile(r"[!-9;-~]{1,60}")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
_LIST_ID = re.compile(r"[A-Za-z0-9._-]+")
# RFC 8058 3.1 wants HTTPS. A trial on one's own machine has none, and mails nobody else.
_ONE_CLICK = re.compile(r"(?:https://|http://(?:127\.0\.0\.1|localhost|\[::1\])[:/])[!-;=?-~]+")
_EASY_NAME = re.compile(r"[A-Za-z0-9'.-]+(?: [A-Za-z0-9'.-]+)*")
_WRITTEN_BY_US = (
    *("date", "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "message-id"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("list-unsubscribe", "list-unsubscribe-post"),
)


def static_headers(*, issue_id: int, sender: Sender) -> tuple[tuple[str, str], ...]:
    """The headers that are the same in every copy of an issue: List-Id and Feedback-ID.

    Values are one line of ASCII each. The last part of Feedback-ID stays the same for a list for
    ever, and nothing in it is unique to a message (requirements 13, 22). Raises InvalidInput.
    """
    if not _LIST_ID.fullmatch(sender.list_id) or len(sender.list_id) + 2 > _LIST_ID_OCTETS:
        raise InvalidInput(
            "The list id must look like bulletin.school.example and have at most 253 characters."
        )
    bare = f"<{sender.list_id}>"
    named = " ".join([*_display_words("sender's name", sender.name), bare])
    digest = hashlib.sha256(sender.list_id.encode()).digest()
    sender_id = "blt" + base64.b32encode(digest)[:10].decode().lower()
    return (
        ("List-Id", named if len(named) <= _LIST_ID_OCTETS else bare),
        ("Feedback-ID", f"issue{issue_id}:bulletin:{sender.list_id}:{sender_id}"),
    )


def given_headers(headers: Iterable[tuple[str, str]]) -> list[bytes]:
    """Finished headers written as they are. Raises InvalidInput for one that we write too."""
    written = set(_WRITTEN_BY_US)
    lines = []
    for name, value in headers:
        refuse_breaks(f"header {name}", value)
        if not _HEADER_NAME.fullmatch(name) or not value.isascii():
            raise InvalidInput(f"Header {name!a} must be ASCII, name and value.")
        if name.lower() in written:
            raise InvalidInput(f"A message may have only one {name} header.")
        written.add(name.lower())
        lines.append(_folded(name, value.split(" ")))
    return lines


def copy_headers(copy: Copy) -> bytes:
    """What is different in every copy: To, Message-ID, List-Unsubscribe. Raises InvalidInput."""
    if not _MESSAGE_ID.fullmatch(copy.message_id) or len(copy.message_id) > 250:
        raise InvalidInput(f"{copy.message_id!a} is not a Message-ID.")
    link = copy.list_unsubscribe
    if link is not None and (not _ONE_CLICK.fullmatch(link) or len(link) > _LONGEST_LINE - 20):
        raise InvalidInput(
            f"The unsubscribe link {link[:200]!a} is not one https:// address. One-click "
            "unsubscribe needs HTTPS: set BULLETIN_PUBLIC_URL to an address that has it."
        )
    # On one line and written by hand: the standard library makes an encoded word of a long link,
    # and mail clients then show no unsubscribe button.
    written = [f"Message-ID: {copy.message_id}\r\n"]
    written += [f"{name}: {value}\r\n" for name, value in copy.one_click]
    return mailbox_header("To", copy.name, mailbox(copy.address)) + "".join(written).encode()


def mailbox_header(header: str, name: str, address: str) -> bytes:
    """A header with one mailbox. The display name can never become part of the address."""
    if not name:
        return f"{header}: {address}\r\n".encode()
    if len(name) + len(address) < 60 and _EASY_NAME.fullmatch(name):
        return f'{header}: "{name}" <{address}>\r\n'.encode()
    return _folded(header, [*_display_words(f"name in {header}", name), f"<{address}>"])


def subject_header(subject: str) -> bytes:
    """Raises InvalidInput for more than one line."""
    refuse_breaks("subject", subject)
    return _folded("Subject", _plain_words(subject) or _encoded_words(subject))


def refuse_copy_breaks(copy: Copy) -> None:
    """Raises InvalidInput if a text of this copy is more than one line. The hot path."""
    if _NOT_IN_A_LINE.search(" ".join((copy.name, copy.address, *copy.fields.values()))):
        for what, text in (("name", copy.name), ("address", copy.address), *copy.fields.items()):
            refuse_breaks(what, text)


def refuse_breaks(what: str, text: str) -> None:
    """Raises InvalidInput that names the control character, if there is one."""
    if found := _NOT_IN_A_LINE.search(text):
        raise InvalidInput(
            f"The {what} holds a line break or another control character "
            f"(U+{ord(found[0]):04X}): write it on one line."
        )


def _display_words(what: str, name: str) -> list[str]:
    """A display name as words of one quoted string, or as encoded words. Raises InvalidInput."""
    refuse_breaks(what, name)
    if not name:
        return []
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    if _plain_words(quoted):
        return f'"{quoted}"'.split(" ")
    return _encoded_words(name)


def _plain_words(text: str) -> list[str]:
    """The words of text that may stand in a header as it is, else none.

    Runs of spaces would be lost where a line is folded, and "=?" would be decoded.
    """
    words = text.split(" ")
    easy = text.isascii() and "=?" not in text and all(0 < len(word) <= 60 for word in words)
    return words if easy else []


_PAYLOAD = 48  # an encoded word of 60, so that one fits behind any header's name
_ATOM = re.compile(r"[A-Za-z0-9!*+/-]")


def _encoded_words(text: str) -> list[str]:
    """Text as encoded words, each of whole characters, in whichever encoding is shorter."""
    spelled = [_q_spelled(char) for char in text]
    if sum(map(len, spelled)) <= len(text.encode()) * 4 / 3:
        portions = _portions(spelled, [len(char) for char in spelled], _PAYLOAD)
        return [f"=?utf-8?q?{portion}?=" if portion else "" for portion in portions]
    portions = _portions(text, [len(char.encode()) for char in text], _PAYLOAD // 4 * 3)
    return [
        f"=?utf-8?b?{b2a_base64(portion.encode(), newline=False).decode()}?="
        for portion in portions
    ]


def _q_spelled(char: str) -> str:
    if char == " ":
        return "_"
    return char if _ATOM.match(char) else "".join(f"={octet:02X}" for octet in char.encode())


def _portions(units: Sequence[str], sizes: Sequence[int], limit: int) -> list[str]:
    """The units in order, joined to portions whose sizes sum up to the limit at most."""
    portions = [""]
    room = limit
    for unit, size in zip(units, sizes, strict=True):
        if size > room:
            portions.append("")
            room = limit
        portions[-1] += unit
        room -= size
    return portions


def _folded(header: str, words: Sequence[str]) -> bytes:
    """A header of words with single spaces between them, folded at those spaces."""
    lines = [f"{header}: {words[0]}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return ("\r\n".join(lines) + "\r\n").encode()
