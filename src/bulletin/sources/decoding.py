"""From bytes to clean text: encodings, control characters, line ends and limits."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bulletin.errors import InvalidInput

MAX_BYTES: Final = 5_000_000
MAX_LINES: Final = 10_000
MAX_ADDRESSES: Final = 5_000

_SIGNATURES: Final = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LINE_ENDS: Final = re.compile(r"\r\n?|[\v\f\u2028\u2029]")
# C0 and C1 controls, soft hyphens, zero-width characters, marks that reorder text (they can
# disguise an address), halves of surrogate pairs and noncharacters. The joiners U+200C and
# U+200D stay: scripts and emoji need them.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def decode(data: bytes | str) -> str:
    r"""Clean text with "\n" line ends, in Unicode's composed form (NFC).

    Raises InvalidInput if it is binary, undecodable, empty or beyond the limits above.
    """
    size = len(data) if isinstance(data, bytes) else _utf8_size(data)
    if size > MAX_BYTES:
        raise InvalidInput(
            f"This is {size / 1_000_000:.1f} MB; a newsfeed may have up to "
            f"{MAX_BYTES // 1_000_000} MB. Import it in parts, or paste only the news."
        )
    text = clean(_text_of(data) if isinstance(data, bytes) else data)
    if not text.strip():
        raise InvalidInput("There is no text in it. Paste the news, or choose another file.")
    refuse_excess(text.count("\n"), text.count("://"))
    return text


def clean(text: str) -> str:
    """Mend line ends and spaces, remove what no reader sees. Tabs stay: tables need them."""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text))


def _utf8_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def refuse_excess(lines: int, addresses: int = 0) -> None:
    """Raises InvalidInput if there are more lines or addresses than any newsfeed has."""
    if lines > MAX_LINES or addresses > MAX_ADDRESSES:
        what = f"{lines:,} lines" if lines > MAX_LINES else f"{addresses:,} web addresses"
        raise InvalidInput(
            f"This text has {what}, far more than a newsfeed. Import it in parts, "
            "or paste only the news."
        )


def _text_of(data: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InvalidInput(
                f"This is {kind}, not text. Open it, copy the news and paste it as text, "
                "or save it as plain text (.txt), HTML or CSV."
            )
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if _looks_binary(data):
        raise InvalidInput(
            "This does not look like text. Open the file, copy the news and paste it, "
            "or save it as plain text (.txt), HTML or CSV."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # cp1252 leaves five bytes without a meaning; they are control characters elsewhere.
        return data.decode("cp1252", errors="ignore")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"The file says that it is {encoding.upper()}, but byte {error.start + 1} is not. "
            "Save it again as UTF-8, or paste the text."
        ) from error


def _looks_binary(data: bytes) -> bool:
    controls = sum(data.count(bytes([code])) for code in range(32) if code not in b"\t\n\v\f\r")
    return controls > max(2, len(data) // 200)
