"""Owners: which process holds a chunk, and whether it is still there."""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_BORN = secrets.token_hex(4)  # tells this process from an earlier one of the same number


def owner() -> str:
    """What this process writes on the chunks that it holds."""
    return f"{machine()}:{os.getpid()}:{_BORN}"


@cache
def machine() -> str:
    """The name of this machine, and the number of its last start where it has one: clones and
    containers elsewhere may have the same name, even the same `/etc/machine-id`."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        boot = ""
    return f"{socket.gethostname()}/{boot}"


def has_died(holder: str) -> bool:
    """Whether a chunk's holder was a process of this machine that is no more.

    Its lease need not be waited for. A wrong yes would not double a copy, but put those in doubt
    that a live sender has in hand; so whoever cannot be sure says no.
    """
    host, _, rest = holder.partition(":")
    number, _, born = rest.partition(":")
    if host != machine() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return born != _BORN
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
