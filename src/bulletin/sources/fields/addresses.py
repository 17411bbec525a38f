"""Addresses: which may stand in a bulletin, which can be mended, which are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from bulletin.models.items import Dropped, ItemWarning
from bulletin.models.links import address_problem, leads_inside
from bulletin.sources.fields import tracking
from bulletin.sources.formats import counting

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"[\w.+'%-]{1,64}@[a-z0-9.-]{1,253}\Z", re.IGNORECASE)
_TELEPHONE: Final = re.compile(r"\+?[0-9().\s-]{3,24}\Z")
# Word processors and web pages turn "--" into a dash and straight quotes into curly ones.
_TYPOGRAPHY: Final = {
    "–": "--", "—": "--", "‐": "-", "‑": "-", "−": "-",
    "‘": "'", "’": "'", "“": "%22", "”": "%22", "…": "...",
    "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip
_TYPOGRAPHIC: Final = re.compile("[" + "".join(_TYPOGRAPHY) + "]")
_BEGINNING: Final = re.compile(
    r"https?(?:(?P<well>://)(?!/)|\s?[:;]?\s?/{1,3}\s?)|(?:h{1,2}t{1,3}ps?|t{1,2}ps?)://",
    re.IGNORECASE,
)
_MOST_BEGINNINGS: Final = 4
_SPACE_FIRST: Final = re.compile(r"\A(https?://)\s+", re.IGNORECASE)
_BREAK: Final = re.compile(r"\s*[\r\n\t]\s*")
_SPACE: Final = re.compile(r"\s+")
_BARE_HOST: Final = re.compile(
    r"(?:[a-z0-9-]{1,63}\.){1,6}(?:uk|com|org|net|info|wales|cymru|scot|ie|im|je|gg|eu|int|example)"
    r"(?=[/?#:]|\Z)",
    re.IGNORECASE,
)
_MAX_LENGTH: Final = 2000
_USUAL_LENGTH: Final = 500
_SAFE: Final = "/:?#@!$&'()*+,;=%~-._[]"


@dataclass(frozen=True, slots=True)
class Address:
    """What became of an address.

    url:     None if it cannot be used; the warnings say why.
    dropped: trackers and wrappers that were taken off.
    """

    url: str | None
    warnings: tuple[ItemWarning, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def host(self) -> str:
        """The machine it leads to, for a label; a mailbox or number for mailto and tel."""
        parts = urlsplit(self.url or "")
        return parts.hostname or unquote(parts.path)

    @property
    def is_contact(self) -> bool:
        """Whether it is a mailbox or a telephone rather than a page."""
        return (self.url or "").startswith(("mailto:", "tel:"))

    def doubts_at(self, words: str) -> tuple[ItemWarning, ...]:
        """Its doubts. Where it was taken away they name the words that had it as their link."""
        said = " ".join(words.split())
        if self.url or not said:
            return self.warnings
        where = f"It stood at “{said[:100]}”."
        return tuple(replace(one, message=f"{one.message} {where}") for one in self.warnings)


def inspect(written: str) -> Address:
    """Look at an address as a source wrote it.

    http, https, mailto and tel are let through (requirement 59), without tracking parameters.
    Damage by typography or copying is mended and proposed with the warning `repaired_link`;
    another scheme gives `unsafe_link`, anything else that cannot lead anywhere `broken_link`.
    """
    return _inspected(written) if len(written) <= _USUAL_LENGTH else _inspected_long(written)


# A link is asked about for the look of its line and for its action, and recurs on many a page.
@lru_cache(maxsize=5_000)
def _inspected(written: str) -> Address:
    return _looked_at(written)


# All words of a long link have the same address, each time they are bold or not.
@lru_cache(maxsize=2)
def _inspected_long(written: str) -> Address:
    return _looked_at(written)


def _looked_at(written: str) -> Address:
    address = written.strip().replace("&amp;", "&")
    scheme = _SCHEME.match(address)
    kind = scheme[1].lower() if scheme else ""
    if kind in {"mailto", "tel"}:
        return _mail_or_telephone(written, kind, address.partition(":")[2])
    begun, fault = _begun(address)
    if not _SCHEME.match(begun):
        return _broken(written, "it does not begin with https://")
    if not begun.lower().startswith(("http://", "https://")):
        return _unsafe(written)
    return _web(written, begun, fault)


def is_address_of(text: str, target: str) -> bool:
    """Whether a link's text is nothing but (the beginning of) the address it leads to."""
    shown = re.sub(r"\A(?:https?://)?(?:www\.)?", "", text.strip().lower()).rstrip("/")
    led = re.sub(r"\A(?:https?://)?(?:www\.)?", "", target.strip().lower()).rstrip("/")
    if " " in shown or "." not in shown:
        return False
    return led == shown or led.startswith(f"{shown}/")


def _begun(address: str) -> tuple[str, str]:
    """The address with a whole beginning, and what was wrong with it."""
    rest, found = address, list[re.Match[str]]()
    while len(found) < _MOST_BEGINNINGS and (beginning := _BEGINNING.match(rest)):
        found.append(beginning)
        rest = rest[beginning.end() :]
    if not found:
        return _with_scheme(address)
    if len(found) == 1 and found[0]["well"]:
        return address, ""
    secure = found[-1][0].lower().startswith(("https", "htps", "ttps", "hhttps", "htttps"))
    why = "began twice" if len(found) > 1 else "was misspelt at its beginning"
    return f"http{'s' * secure}://{rest}", why


def _with_scheme(address: str) -> tuple[str, str]:
    if address.startswith("//"):
        return f"https:{address}", ""  # a page's own way to say "as this page is fetched"
    if address.lower().startswith("www.") or _BARE_HOST.match(address):
        return f"https://{address}", "had no https:// before it"
    return address, ""


def _web(written: str, begun: str, fault: str) -> Address:
    whole = _SPACE.sub("%20", _BREAK.sub("", _SPACE_FIRST.sub(r"\1", begun)))
    fault = fault or ("had a space in it" if whole != begun else "")
    useless = _useless(whole)
    if useless:
        return _broken(written, useless)
    mended = _TYPOGRAPHIC.sub(lambda match: _TYPOGRAPHY[match[0]], whole)
    fault = fault or ("was changed by typography" if mended != whole else "")
    try:
        bare, dropped = tracking.without_trackers(mended)
        parts = urlsplit(bare)
        host = _host(parts)
    except ValueError:
        return _broken(written, "it names no website")
    if "@" in parts.netloc:
        return _unsafe(written)
    if not host or (fault and "." not in host):  # a guess at what a name without a dot was
        return _broken(written, "it names no website")
    url = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    address = quote(url, safe=_SAFE)
    if address_problem(address):
        return _broken(written, "it names no website")
    return Address(address, (*_repair(written, mended, fault), *doubts_of(address)), dropped)


def doubts_of(address: str) -> tuple[ItemWarning, ...]:
    """The doubts about a link that may lead to an address, whoever put it in."""
    parts = urlsplit(address)
    return (*_counted(parts), *_inside(address)) if parts.hostname else ()


def _counted(parts: SplitResult) -> tuple[ItemWarning, ...]:
    if not counting.counts(parts):
        return ()
    message = (
        f"A link leads through {parts.hostname}, which counts who clicks and may stop one day. "
        "Open it once, and put in the address that it leads to."
    )
    return (ItemWarning("tracked_link", message),)


def _inside(address: str) -> tuple[ItemWarning, ...]:
    """The doubt about an address of a network of one's own, which only some readers can open."""
    if not leads_inside(address):
        return ()
    message = (
        f"A link leads to {urlsplit(address).hostname}, which only those in the same network can "
        "open. Put in an address that every reader can open."
    )
    return (ItemWarning("private_link", message),)


def _useless(address: str) -> str:
    """Why an address cannot be mended, or ""."""
    if address.endswith(("…", "..")):
        return "it was cut short"
    if "\\" in address:
        return "there is a backslash in it"
    return f"it is longer than {_MAX_LENGTH} characters" if len(address) > _MAX_LENGTH else ""


def _host(parts: SplitResult) -> str:
    """Host and port in ASCII, or "" if there is no such host. Raises ValueError."""
    name, port = parts.hostname or "", parts.port
    ascii_name = name if name.isascii() else name.rstrip(".").encode("idna").decode()
    if not name.isascii() and ascii_name.encode().decode("idna") != name.rstrip("."):
        return ""  # letters that only look like others
    labels = ascii_name.rstrip(".").split(".")
    if len(ascii_name) > 253 or not all(map(_HOST_LABEL.match, labels)):
        return ""
    return f"{ascii_name}:{port}" if port else ascii_name


def _repair(written: str, mended: str, fault: str) -> tuple[ItemWarning, ...]:
    if not fault:
        return ()
    message = f"The address {_quoted(written)} {fault}: {_quoted(mended)} is proposed. Try it once."
    return (ItemWarning("repaired_link", message),)


def _mail_or_telephone(written: str, kind: str, rest: str) -> Address:
    name = rest.partition("?")[0]
    pattern = _MAILBOX if kind == "mailto" else _TELEPHONE
    # Only the mailbox is kept: a subject or further recipients are no business of a bulletin.
    if not pattern.match(unquote(name).strip()):
        return _broken(written, f"it is no {'e-mail address' if kind == 'mailto' else 'number'}")
    address = f"{kind}:{''.join(unquote(name).split())}"
    if problem := address_problem(address):
        return _broken(written, f"it {problem}")
    return Address(address)


def _broken(written: str, fault: str) -> Address:
    message = f"The address {_quoted(written)} cannot be used: {fault}. Put the right one in."
    return Address(None, (ItemWarning("broken_link", message),))


def _unsafe(written: str) -> Address:
    message = (
        f"The address {_quoted(written)} is not safe to send to readers, so it was left out. "
        "Put a web address in."
    )
    return Address(None, (ItemWarning("unsafe_link", message),))


def _quoted(address: str) -> str:
    shown = " ".join(address.split())
    return f"“{shown[:297]}…”" if len(shown) > 300 else f"“{shown}”"
