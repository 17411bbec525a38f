"""Pools: what a worker is for."""

from __future__ import annotations

from enum import StrEnum


class Pool(StrEnum):
    """Copies of issues, or letters and all that is small; so that a confirmation never waits
    behind an issue."""

    BULK = "bulk"
    TRANSACTIONAL = "transactional"
