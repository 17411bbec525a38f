"""Owners: which process holds a chunk, and whether it is still there."""

from __future__ import annotations

import os
import secrets
import socket

_BORN = secrets.token_hex(4)  # tells this process from an earlier one of the same number


def owner() -> str:
    """What this process writes on the chunks that it holds."""
    return f"{socket.gethostname()}:{os.getpid()}:{_BORN}"


def has_died(holder: str) -> bool:
    """Whether a chunk's holder was a process of this machine that is no more.

    Its lease need not be waited for. A wrong answer costs nothing: taking is fenced by the token.
    """
    host, _, rest = holder.partition(":")
    number, _, born = rest.partition(":")
    if host != socket.gethostname() or not number.isdigit():
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
