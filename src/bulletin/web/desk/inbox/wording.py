"""How the inbox counts."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """ "1 item", "1,200 items"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
