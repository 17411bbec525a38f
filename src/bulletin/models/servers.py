"""Where mail is handed over, and which hosts are near."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

# Names that no public look-up answers: RFC 6761 section 6.3, RFC 6762 section 3, RFC 8375, and what
# ICANN set apart for networks of one's own in 2024; ".lan" is what routers call theirs.
_NEAR = (".localhost", ".local", ".home.arpa", ".internal", ".lan")


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """An SMTP submission server. Its password stays out of reprs and so out of logs."""

    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine or its network."""
        return is_near(self.host)


def taken_apart(url: str, schemes: Collection[str]) -> SplitResult | None:
    """A server's address in its parts, or None if it is none with one of these schemes.

    It raises nothing: the library's errors quote what they are about, and so passwords.
    """
    try:
        parts = urlsplit(url)
        is_server = parts.scheme in schemes and (parts.port or 0) >= 0
        (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    return parts if is_server else None


def is_near(host: str) -> bool:
    """Whether a host is on this machine or its network, by its address, its short name or its
    ending. Nothing is looked up."""
    host = host.removesuffix(".").lower()
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "." not in host or host.endswith(_NEAR)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return not (mapped or address).is_global


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address or its usual name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
