"""Mailboxes: one bare address, as it may stand in an envelope and in a header."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from bulletin.errors import InvalidInput

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"(?=.{{1,64}}@){_ATEXT}(?:\.{_ATEXT})*@{_LABEL}(?:\.{_LABEL})*")


def mailbox(address: str) -> str:
    """The address in ASCII: a domain of other letters becomes its A-label (requirement 20).

    Raises InvalidInput for anything but one bare address, and for letters beyond ASCII before
    the @, which only SMTPUTF8 (RFC 6531) could carry.
    """
    if len(address) <= 254 and _PLAIN.fullmatch(address):
        return address
    shown = ascii(address[:254])
    if not address.rpartition("@")[0].isascii():
        raise InvalidInput(
            f"{shown} has letters beyond ASCII before the @, which most mail servers cannot "
            "take. Ask the person for another address."
        )
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidInput(f"{shown} is not an address that can be mailed: {error}") from error
    if found.ascii_email is None or not _PLAIN.fullmatch(found.ascii_email):
        raise InvalidInput(f"{shown} is not an address that can be mailed.")
    return found.ascii_email
