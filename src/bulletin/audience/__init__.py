"""The audience: who is picked, and how we speak to them. Pure."""

from bulletin.audience.expressions import describe, parse_segment
from bulletin.audience.wording import first_name, role_phrase

__all__ = ["describe", "first_name", "parse_segment", "role_phrase"]
