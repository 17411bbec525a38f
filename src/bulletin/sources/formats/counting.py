"""Counting: links of newsletters that lead through a service which counts who clicks.

Some hold the address that they lead to; most keep it to themselves, and name the reader besides.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote

_SERVICES: Final = re.compile(
    r"(?:\A|\.)(?:list-manage\.com|ct\.sendgrid\.net|mailchi\.mp|mandrillapp\.com|cmail\d{1,2}\.com|"
    r"createsend\d?\.com|rs6\.net|hubspotlinks\.com|exct\.net|exacttarget\.com|sendibm\d\.com|"
    r"sendibt\d\.com|r\.mailjet\.com|mjt\.lu|links\.govdelivery\.com|lnks\.gd|dmtrk\.(?:net|com)|"
    r"trackedlink\.net|awstrack\.me|mailerlite\.com|klclick\d?\.com|emltrk\.com|feedburner\.com|"
    r"feedproxy\.google\.com|mimecast\.com|mimecastprotect\.com|urldefense\.us|"
    r"t\.co|bit\.ly|ow\.ly|tinyurl\.com|buff\.ly|lnkd\.in|goo\.gl|is\.gd|rb\.gy)\Z",
    re.IGNORECASE,
)
_COUNTING_HOST: Final = re.compile(
    r"(?:clicks?|track(?:ing)?|trk|e-?mail|mailings?|links?|url\d{1,6}|go)\d{0,3}\.", re.IGNORECASE
)
_COUNTING_PATH: Final = re.compile(
    r"/(?:ls/click|wf/click|track(?:ing)?/click|clicks?|ct|redirect|redir|out|away|cl0|lt\.php)"
    r"(?:[/.;]|\Z)",
    re.IGNORECASE,
)
_NAMES: Final = (
    "url", "u", "target", "dest", "destination", "redirect", "redirect_url", "to", "link"
)  # fmt: skip
_IN_PATH: Final = re.compile(
    r"/CL0/(https?:/{1,2}[^/].{0,1900}?)(?:/\d/[\w-]+(?:/|\Z)|\Z)", re.IGNORECASE
)


def target(parts: SplitResult) -> str:
    """The address that a counting link holds, or ""."""
    if not _may_count(parts):
        return ""
    in_path = _IN_PATH.match(unquote(parts.path))
    if in_path:
        return re.sub(r"\A(https?):/+", r"\1://", in_path[1])
    given = parse_qs(parts.query)
    found = (given[name][0] for name in _NAMES if name in given)
    return next((one for one in found if one.startswith(("http://", "https://"))), "")


def counts(parts: SplitResult) -> bool:
    """Whether a link is known to lead through a service that counts, or shortens, links."""
    host = parts.hostname or ""
    both = _COUNTING_HOST.match(host) and _COUNTING_PATH.match(parts.path)
    return bool(_SERVICES.search(host) or both)


def _may_count(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return bool(
        _SERVICES.search(host) or _COUNTING_HOST.match(host) or _COUNTING_PATH.match(parts.path)
    )
