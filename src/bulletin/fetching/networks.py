"""Which network addresses may be asked (requirement 65)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_GLOBAL_UNICAST: Final = ip_network("2000::/3")  # RFC 4291 section 2.4: all that is given out
_NAT64: Final = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_6TO4: Final = ip_network("2002::/16")
_SPECIAL: Final = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # RFC 6890; clouds keep their metadata there
        "192.88.99.0/24",  # RFC 7526: once the way into 6to4
        "3fff::/20",  # RFC 9637: documentation, which older Pythons do not know
    )
)
# What tells a machine about itself, or everybody at once. No setting opens these. Some clouds
# answer at addresses that are public anywhere else, others within networks that may be opened.
_NEVER: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/3",
        "100.100.100.200/32",  # Alibaba Cloud
        "168.63.129.16/32",  # Azure's WireServer
        "192.0.0.192/32",  # Oracle Cloud
        "::/128",
        "fe80::/10",
        "ff00::/8",
        "fd00:c1::/32",  # Oracle Cloud
        "fd00:42::42/128",  # Scaleway
        "fd00:ec2::/32",  # AWS
        "fd20:ce::/32",  # Google Cloud
    )
)


def plain(address: Address) -> Address:
    """The address that is meant: IPv4 ones come wrapped in IPv6 ones (::ffff:127.0.0.1)."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def wrong_with(address: Address, private: Sequence[Network]) -> str:
    """What is wrong with asking an address, or "" if it may be asked.

    private: networks that may be asked although they are not public.
    """
    meant = plain(address)
    if _within(meant, _NEVER):
        return "an address by which machines ask about themselves, or reach many at once."
    if _within(meant, private) or _is_public(meant):
        return ""
    return (
        "an address that is not on the public internet. "
        "BULLETIN_FETCH_PRIVATE names what may be asked in a network of your own."
    )


def parsed(text: str) -> Address | None:
    """An address as it is written, or None if it is none."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    """Whether it is a global unicast address, and no tunnel to another."""
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_UNICAST or address in _6TO4):
        return False
    return address.is_global and not address.is_multicast and not _within(address, _SPECIAL)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
