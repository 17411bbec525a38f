"""Messages: an edition made into MIME bytes with holes once, and filled once a copy. Pure."""

from bulletin.messages.dkim import SigningKey
from bulletin.messages.headers import static_headers
from bulletin.messages.quoted_printable import printable
from bulletin.messages.skeleton import Skeleton

__all__ = ["SigningKey", "Skeleton", "printable", "static_headers"]
