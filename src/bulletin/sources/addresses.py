"""Addresses: which may stand in a bulletin, which can be mended, which are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from bulletin.models.items import ItemWarning

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BAD_SCHEME: Final = re.compile(r"https?(?:;//|:/(?!/)|//)", re.IGNORECASE)
_HOST_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"[\w.+'%-]{1,64}@[a-z0-9.-]{1,253}\Z", re.IGNORECASE)
_TELEPHONE: Final = re.compile(r"\+?[\d().\s-]{3,24}\Z")
# Word processors and web pages turn "--" into a dash and straight quotes into curly ones.
_TYPOGRAPHY: Final = {
    "–": "--", "—": "--", "‐": "-", "‑": "-", "−": "-",
    "‘": "'", "’": "'", "“": "%22", "”": "%22",
}  # fmt: skip
_TYPOGRAPHIC: Final = re.compile("[" + "".join(_TYPOGRAPHY) + "]")
_TRACKING: Final = re.compile(r"utm_|(?:fbclid|gclid|mc_cid|mc_eid)=", re.IGNORECASE)
_MAX_LENGTH: Final = 2000
_SAFE: Final = "/:?#@!$&'()*+,;=%~-._[]"


@dataclass(frozen=True, slots=True)
class Address:
    """What became of an address: `url` is None if it cannot be used, the warnings say why."""

    url: str | None
    warnings: tuple[ItemWarning, ...] = ()

    @property
    def host(self) -> str:
        """The machine it leads to, for a label; a mailbox or number for mailto and tel."""
        parts = urlsplit(self.url or "")
        return parts.hostname or unquote(parts.path)


def inspect(written: str) -> Address:
    """Look at an address as a source wrote it.

    http, https, mailto and tel are let through (requirement 59), without tracking parameters.
    A typographic dash gives `repaired_link`, another scheme `unsafe_link`, anything else that
    cannot lead anywhere `broken_link`.
    """
    address = written.strip().replace("&amp;", "&")
    scheme = _SCHEME.match(address)
    kind = scheme[1].lower() if scheme else ""
    if kind in {"mailto", "tel"}:
        return _mail_or_telephone(written, kind, address.partition(":")[2])
    if _BAD_SCHEME.match(address):
        return _broken(written, "its beginning is misspelt")
    if address.lower().startswith("www."):
        kind, address = "https", f"https://{address}"
    if kind not in {"http", "https"}:
        return _unsafe(written) if scheme else _broken(written, "it does not begin with https://")
    return _web(written, address)


def _web(written: str, address: str) -> Address:
    fault = _fault(address)
    if fault:
        return _broken(written, fault)
    mended = _TYPOGRAPHIC.sub(lambda match: _TYPOGRAPHY[match[0]], address)
    try:
        parts = urlsplit(mended)
        host = _host(parts)
    except ValueError:
        return _broken(written, "it names no website")
    if "@" in parts.netloc:
        return _unsafe(written)
    if not host:
        return _broken(written, "it names no website")
    url = urlunsplit((parts.scheme, host, parts.path, _untracked(parts.query), parts.fragment))
    return Address(quote(url, safe=_SAFE), _repair(written, mended))


def _fault(address: str) -> str:
    if any(char.isspace() for char in address):
        return "there is a space in it"
    if "…" in address or address.endswith(".."):
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
    if len(labels) < 2 or len(ascii_name) > 253 or labels[-1].isdigit():
        return ""
    if not all(map(_HOST_LABEL.match, labels)):
        return ""
    return f"{ascii_name}:{port}" if port else ascii_name


def _untracked(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _TRACKING.match(part))


def _repair(written: str, mended: str) -> tuple[ItemWarning, ...]:
    if written.lower().startswith("www."):
        why = "had no https:// before it"
    elif _TYPOGRAPHIC.search(written):
        why = "was changed by typography"
    else:
        return ()
    message = f"The address {_quoted(written)} {why}: {_quoted(mended)} is proposed. Try it once."
    return (ItemWarning("repaired_link", message),)


def _mail_or_telephone(written: str, kind: str, rest: str) -> Address:
    name = rest.partition("?")[0]
    pattern = _MAILBOX if kind == "mailto" else _TELEPHONE
    # Only the mailbox is kept: a subject or further recipients are no business of a bulletin.
    if not pattern.match(unquote(name)):
        return _broken(written, f"it is no {'e-mail address' if kind == 'mailto' else 'number'}")
    return Address(f"{kind}:{''.join(unquote(name).split())}")


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
