"""Where mail is handed over, and which hosts are near."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


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
        """Whether it is on this machine or its network, going by its address or short name."""
        try:
            return ip_address(self.host).is_private
        except ValueError:
            return "." not in self.host


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


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address or its usual name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
