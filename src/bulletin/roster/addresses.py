"""Addresses: one bare, deliverable-looking address, in lower case."""

from __future__ import annotations

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from bulletin.errors import InvalidInput

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# What nearly every address looks like; email-validator, 50 times slower, judges the rest.
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@(?:{_LABEL}\.)+([a-z]{{2,63}})")
_SPECIAL = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


def check_address(text: str) -> str:
    """The address in lower case, its domain in ASCII (RFC 5890).

    Raises InvalidInput that says what is wrong with it. Letters beyond ASCII before the @ are
    refused: few mail systems accept them (RFC 6531, requirement 20).
    """
    address = text.strip()
    if len(address) <= 254 and address.isascii() and "--" not in address:
        lowered = address.lower()
        plain = _PLAIN.fullmatch(lowered)
        if plain and len(plain[1]) <= 64 and plain[2] not in _SPECIAL:
            return lowered
    return _judged(address)


def _judged(address: str) -> str:
    # A length no address has; email-validator would quote all of it back.
    if len(address) > 320:
        raise InvalidInput("An address has at most 254 characters.")
    if not address.isprintable():
        raise InvalidInput("An address cannot hold a line break or a control character.")
    if "<" in address or ">" in address:
        raise InvalidInput("Only the bare address goes here, without a name or angle brackets.")
    try:
        judged = validate_email(
            address,
            check_deliverability=False,
            test_environment=True,  # the names reserved for examples (RFC 2606) are welcome
            allow_smtputf8=False,
            strict=True,  # 64 characters before the @ (RFC 5321 4.5.3.1.1)
        )
    except EmailNotValidError as error:
        raise InvalidInput(str(error)) from error
    return f"{judged.local_part}@{judged.ascii_domain}".lower()
