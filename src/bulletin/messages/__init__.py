"""Messages: an edition made into MIME bytes with holes once, and filled once a copy. Pure."""

from bulletin.messages.headers import static_headers
from bulletin.messages.skeleton import Skeleton

__all__ = ["Skeleton", "static_headers"]
