"""One line: what a title, a name or a subject has to be."""

from __future__ import annotations

from bulletin.errors import InvalidInput
from bulletin.models.lines import is_one_line


def one_line(name: str, value: str) -> None:
    """Raises InvalidInput if a text is not one line of plain text (requirement 63)."""
    if not is_one_line(value):
        raise InvalidInput(f"The {name} must be one line of plain text.")
