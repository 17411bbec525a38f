"""What those who sign in may do: each role of a user has some of these rights."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bulletin.models.people import UserRole


class Right(StrEnum):
    VIEW = "view"  # look at items, issues, the calendar and figures without names
    WRITE = "write"  # change items and issues, comment
    SEND = "send"  # send for approval, schedule, send, pause, test send
    APPROVE = "approve"  # sign what goes out, or return it
    READERS = "readers"  # see who the readers are
    ADMIN = "admin"  # import and erase readers; users and settings


_AUTHOR = frozenset({Right.VIEW, Right.WRITE})
_EDITOR = _AUTHOR | {Right.SEND, Right.READERS}
_APPROVER = _EDITOR | {Right.APPROVE}

RIGHTS: Final[Mapping[UserRole, frozenset[Right]]] = {
    UserRole.AUTHOR: _AUTHOR,
    UserRole.EDITOR: _EDITOR,
    UserRole.APPROVER: _APPROVER,
    UserRole.ADMIN: _APPROVER | {Right.ADMIN},
}
