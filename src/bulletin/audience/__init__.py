"""Whom an issue goes to: segments as people write and choose them, and how readers are greeted."""

from bulletin.audience.expressions import describe, parse_segment
from bulletin.audience.rules import BUT_NOT, Rules, rules_of, tree_of
from bulletin.audience.wording import first_name, role_phrase

__all__ = [
    "BUT_NOT",
    "Rules",
    "describe",
    "first_name",
    "parse_segment",
    "role_phrase",
    "rules_of",
    "tree_of",
]
