"""The audience: who is picked, who may be written to, and how we speak to them. Pure."""

from bulletin.audience.consent import consent_problem
from bulletin.audience.expressions import describe, parse_segment
from bulletin.audience.wording import first_name, role_phrase

__all__ = ["consent_problem", "describe", "first_name", "parse_segment", "role_phrase"]
