"""From bytes to clean text: encodings, control characters, line ends and limits."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from bulletin.errors import InvalidInput
from bulletin.sources.formats.mending import readable

MAX_BYTES: Final = 5_000_000
# Of what is left of it when it is text: what can be read within two seconds, and ten times the
# longest of newsfeeds.
MAX_TEXT: Final = 1_100_000  # characters
MAX_LINES: Final = 20_000  # a thousand items with a share block of eleven lines after each
MAX_ITEMS: Final = 1_200
MAX_ROWS: Final = 2_000  # of tables, whatever file they came in
MAX_LINKS: Final = 10_000

_SIGNATURES: Final = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
# What Office wrote before 2007, Outlook writes, and any Office with a password ([MS-CFB]): parts
# have their names in UTF-16.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_COMPOUND_PARTS: Final = (
    (
        "__substg1.0_",
        "a message of Outlook (.msg). Save it as .eml, or copy its text and paste it.",
    ),
    ("EncryptedPackage", "protected by a password. Save it without one."),
    ("Workbook", "an old Excel file (.xls). Save it as .xlsx."),
)
_OLD_WORD: Final = "an old Word file (.doc). Save it as .docx, or copy the news and paste it."
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# `<meta charset=...>`, `<meta http-equiv ... content="text/html; charset=...">` and
# `<?xml encoding="..."?>` stand at the top of a page (WHATWG HTML, 13.2.3.2).
_DECLARED: Final = re.compile(
    rb"<meta\b[^>]{0,300}?\bcharset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})"
    rb"|<\?xml\b[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_DECLARED_WITHIN: Final = 4096
# Charsets that texts are written in. Python knows others, some of which are no charsets of texts
# or take quadratic time.
_CHARSETS: Final = re.compile(
    r"(?:iso[-_]?8859[-_]?\d{1,2}|windows-?\d{3,4}|cp\d{3,4}|latin-?\d{1,2}|macintosh|mac[-_]?roman|"
    r"koi8[-_][rut]|shift[-_]?jis|sjis|euc[-_](?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5|big5-hkscs|"
    r"tis-620|utf[-_]?16(?:[-_]?[lb]e)?|utf[-_]?32(?:[-_]?[lb]e)?)\Z",
    re.IGNORECASE,
)
# What is declared as these is written in their superset by Windows (WHATWG Encoding, 4.2).
_SUPERSETS: Final = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
                     "latin-1": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254",
                     "tis-620": "cp874", "shift_jis": "cp932", "gb2312": "gb18030",
                     "gbk": "gb18030", "windows-874": "cp874", "euc-kr": "cp949"}  # fmt: skip
_FILLED: Final = re.compile(r"(?:^|\t) *\S", re.MULTILINE)  # a line, or a cell of one
_OF_LINKS: Final = ("://", "](", "www.")
_LINE_ENDS: Final = re.compile(r"\r\n?|[\v\f\u2028\u2029]")
# C0 and C1 controls, soft hyphens, zero-width characters, marks that reorder text (they can
# disguise an address), halves of surrogate pairs and noncharacters. The joiners U+200C and
# U+200D stay: scripts and emoji need them.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def decode(data: bytes | str, charset: str = "") -> str:
    r"""Clean text with "\n" line ends, in Unicode's composed form (NFC), misread UTF-8 mended.

    charset: what whoever handed it over said of it (HTTP, MIME). A byte order mark says more, and
    so does text that is UTF-8; else it goes before what a page says of itself.
    Raises InvalidInput if it is binary, undecodable, empty or beyond the limits above.
    """
    size = len(data) if isinstance(data, bytes) else _utf8_size(data)
    if size > MAX_BYTES:
        raise InvalidInput(
            f"This is {size / 1_000_000:.1f} MB; a newsfeed may have up to "
            f"{MAX_BYTES // 1_000_000} MB. Import it in parts, or paste only the news."
        )
    text = clean(readable(_text_of(data, charset) if isinstance(data, bytes) else data))
    if not text.strip():
        raise InvalidInput("There is no text in it. Paste the news, or choose another file.")
    return text


def clean(text: str) -> str:
    """Mend line ends and spaces, remove what no reader sees. Tabs stay: tables need them."""
    if text.isascii() and text.isprintable():
        return text
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text))


def _utf8_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def refuse_excess(lines: int, characters: int = 0) -> None:
    """Raises InvalidInput if there are more filled lines or characters than any newsfeed has."""
    if lines > MAX_LINES:
        raise _excess(f"{lines:,} lines or cells")
    if characters > MAX_TEXT:
        raise _excess(f"{characters:,} characters")


class Amount:
    """How much text of a source was found so far, in whatever parts of it."""

    def __init__(self) -> None:
        self._lines = self._characters = 0

    def add(self, characters: int = 0, *, lines: int = 1) -> None:
        """One more filled line. Raises InvalidInput once there are more than any newsfeed has."""
        self._lines += lines
        self._characters += characters
        refuse_excess(self._lines, self._characters)


def refuse_long_text(text: str) -> None:
    """Raises InvalidInput if plain text has more lines or characters than any newsfeed has."""
    refuse_excess(_filled(text), len(text))
    refuse_written_links(text)


def is_long(text: str) -> bool:
    """Whether plain text is longer than any newsfeed, so that it would be refused."""
    try:
        refuse_long_text(text)
    except InvalidInput:
        return True
    return False


def _filled(text: str) -> int:
    return sum(1 for _ in _FILLED.finditer(text))


def refuse_links(count: int) -> None:
    """Raises InvalidInput if there are more links than in any newsfeed."""
    if count > MAX_LINKS:
        raise _excess(f"{count:,} links")


def refuse_written_links(text: str) -> None:
    """Raises InvalidInput if plain text has more links than any newsfeed."""
    refuse_links(max(map(text.count, _OF_LINKS)))


def refuse_items(count: int) -> None:
    """Raises InvalidInput if there are more items than in any newsfeed."""
    if count > MAX_ITEMS:
        raise _excess(f"{count:,} items")


def refuse_rows(count: int) -> None:
    """Raises InvalidInput if tables have more rows below their headings than any newsfeed."""
    if count > MAX_ROWS:
        raise _excess(f"{count:,} rows")


def _excess(what: str) -> InvalidInput:
    return InvalidInput(
        f"This has {what}, far more than a newsfeed. Import it in parts, or paste only the news."
    )


def _text_of(data: bytes, charset: str) -> str:
    if data.startswith(_COMPOUND):
        raise InvalidInput(_about_compound(data))
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InvalidInput(
                f"This is {kind}, not text. Open it, copy the news and paste it as text, "
                "or save it as plain text (.txt), HTML or CSV."
            )
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if wide := _wide(data):
        return _decoded(data, wide)
    if _looks_binary(data):
        raise InvalidInput(
            "This does not look like text. Open the file, copy the news and paste it, "
            "or save it as plain text (.txt), HTML or CSV."
        )
    return _unmarked(data, _known(charset) or _declared(data))


def _about_compound(data: bytes) -> str:
    kinds = (says for name, says in _COMPOUND_PARTS if name.encode("utf-16-le") in data)
    return f"This file is {next(kinds, _OLD_WORD)}"


def _unmarked(data: bytes, charset: str) -> str:
    """Text without a byte order mark."""
    if charset == "iso2022_jp":  # its bytes are all ASCII, so that UTF-8 would do, too
        return data.decode(charset, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if charset and not charset.startswith("utf"):
            return data.decode(charset, errors="replace")
    # Pasted together from several places: each line by itself.
    return "\n".join(map(_line, data.split(b"\n")))


def _line(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # cp1252 leaves five bytes without a meaning; they are control characters elsewhere.
        return data.decode("cp1252", errors="ignore")


def _known(charset: str) -> str:
    """The charset by the name that Python has for it, or "" if texts are not written in it."""
    name = charset.strip().lower()
    if not _CHARSETS.match(name):
        return ""
    try:
        return codecs.lookup(_SUPERSETS.get(name, name)).name
    except LookupError:
        return ""


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    return _known((found[1] or found[2]).decode("ascii")) if found else ""


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: of ASCII letters every other byte is empty."""
    top = data[:400]
    half = len(top) // 2
    if half < 4 or len(data) % 2:
        return ""
    even, odd = top[::2].count(0), top[1::2].count(0)
    if odd > 0.7 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and not odd else ""


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
