"""Tracking: what mailers, scanners and search engines add to addresses, taken off again."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from bulletin.models.items import Dropped
from bulletin.sources.formats import counting

TRACKED: Final = "A tracker in the address of a link."
WRAPPED: Final = "The address of a mail scanner or search engine around that of a link."

# Parameters that say who clicked or from where, and never which page is meant.
_NAMES: Final = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid",
    "ttclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "mkwid", "wt.mc_id",
    "wt_mc", "wt.mc", "wt.srch", "hsctatracking", "_openstat", "cmpid", "s_cid", "icid", "ncid",
    "ck_subscriber_id", "dm_i", "dm_t", "spmailingid", "spuserid", "spjobid", "spreportid",
    "ref_src", "ref_url", "_ke", "__s", "_bta_tid", "_bta_c", "xtor", "cmp", "ito", "epik",
    "campaign_id", "mailing_id", "ss_email_id", "ss_source", "ss_campaign_id",
})  # fmt: skip
_PREFIXES: Final = (
    "utm_", "mtm_", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "piwik_", "sfmc_", "elq",
    "oly_", "vero_", "trk_", "hsa_", "at_campaign", "at_medium", "at_custom", "at_link",
    "at_format", "at_ptr", "at_bbc", "ml_subscriber", "_hs", "__hs",
)  # fmt: skip
# Whose addresses wrap another one, and in which parameter.
_WRAPPERS: Final = (
    (re.compile(r"(?:\w+\.)*safelinks\.protection\.outlook\.com\Z"), "", "url"),
    (re.compile(r"www\.google\.(?:com|co\.uk|ie)\Z"), "/url", "q url"),
    (re.compile(r"(?:l|lm)\.facebook\.com\Z"), "/l.php", "u"),
    (re.compile(r"linkprotect\.cudasvc\.com\Z"), "/url", "a"),
    (re.compile(r"(?:\w+\.)?urldefense\.(?:com|proofpoint\.com)\Z"), "/v2/url", "u"),
)
_PROOFPOINT: Final = re.compile(r"/v3/__(https?:/.+?)__;", re.IGNORECASE)
_MOST_WRAPPERS: Final = 3


def without_trackers(url: str) -> tuple[str, tuple[Dropped, ...]]:
    """The address itself, and the trackers and wrappers that were around it.

    Every other parameter stays as it is written, in its order. Raises ValueError if it is none.
    """
    dropped: list[Dropped] = []
    for _ in range(_MOST_WRAPPERS):
        inner = _unwrapped(url)
        if not inner:
            break
        dropped.append(Dropped(urlsplit(url).netloc, WRAPPED))
        url = inner
    parts = urlsplit(url)
    query, gone = _divided(parts.query)
    fragment, from_fragment = (
        _divided(parts.fragment) if "=" in parts.fragment else (parts.fragment, [])
    )
    dropped += [Dropped(one, TRACKED) for one in (*gone, *from_fragment)]
    clean = urlunsplit((parts.scheme, parts.netloc, parts.path, query, fragment))
    return (clean if gone or from_fragment else url), tuple(dropped)


def untracked(url: str) -> str:
    """An address without its trackers and wrappers. Raises ValueError if it is none."""
    return without_trackers(url)[0]


def _divided(query: str) -> tuple[str, list[str]]:
    parts = query.split("&")
    gone = [part for part in parts if part and _tracks(part)]
    return "&".join(part for part in parts if part not in gone), gone


def _tracks(parameter: str) -> bool:
    name = unquote(parameter.partition("=")[0]).lower()
    return name in _NAMES or name.startswith(_PREFIXES)


def _unwrapped(url: str) -> str:
    """The address inside a wrapper, or "" if it is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for pattern, path, names in _WRAPPERS:
        if pattern.match(host) and parts.path.startswith(path):
            given = parse_qs(parts.query)
            for name in names.split():
                inner = given.get(name, [""])[0]
                inner = _proofpoint_v2(inner) if path == "/v2/url" else inner
                if inner.startswith(("http://", "https://")):
                    return inner
    found = _PROOFPOINT.match(parts.path) if host.endswith("urldefense.com") else None
    return re.sub(r"\A(https?):/+", r"\1://", found[1]) if found else counting.target(parts)


def _proofpoint_v2(written: str) -> str:
    """Proofpoint's second notation: "-" for "%" and "_" for "/"."""
    return unquote(written.replace("-", "%").replace("_", "/"))
