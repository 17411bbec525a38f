"""Signing keys: read from the files that the settings name, and made new."""

from __future__ import annotations

import os
from pathlib import Path

from bulletin.errors import InvalidInput, Misconfigured, Refused
from bulletin.messages.dkim import SigningKey, ed25519_key, new_key, rsa_key

_LONGEST_KEY = 64 * 1024
_KINDS = {"DKIM": rsa_key, "DKIM_ED25519": ed25519_key}


def signing_keys(
    rsa: tuple[Path | None, str], ed25519: tuple[Path | None, str]
) -> tuple[SigningKey, ...]:
    """The keys that copies are signed with, from (file, selector) of each kind.

    Raises Misconfigured that names the setting, for a file that is not there or holds no such
    key, and for a key without a selector of its own.
    """
    chosen = {"DKIM": rsa, "DKIM_ED25519": ed25519}
    keys = [
        _read(name, path, selector) for name, (path, selector) in chosen.items() if path is not None
    ]
    if ed25519[0] is None and ed25519[1]:
        raise Misconfigured(
            "BULLETIN_DKIM_ED25519_SELECTOR is set, and BULLETIN_DKIM_ED25519_KEY is not. "
            "Make a key: bulletin dkim new FILE --ed25519"
        )
    if len({key.selector.lower() for key in keys}) < len(keys):
        raise Misconfigured(
            "BULLETIN_DKIM_SELECTOR and BULLETIN_DKIM_ED25519_SELECTOR must be different names."
        )
    return tuple(keys)


def _read(name: str, path: Path, selector: str) -> SigningKey:
    if not selector:
        raise Misconfigured(
            f"BULLETIN_{name}_KEY needs BULLETIN_{name}_SELECTOR: the name under which the public "
            "half of the key stands in the DNS, such as autumn2026."
        )
    try:
        if path.exists() and not path.is_file():  # a device may never end
            raise Misconfigured(f"BULLETIN_{name}_KEY: {path} is no file.")
        with path.open("rb") as file:
            pem = file.read(_LONGEST_KEY)
    except OSError as error:
        raise Misconfigured(
            f"BULLETIN_{name}_KEY: {path} cannot be read: {error.strerror}."
        ) from error
    try:
        return _KINDS[name](pem, selector)
    except InvalidInput as error:
        raise Misconfigured(f"BULLETIN_{name}_KEY: {path} {error}.") from error


def make_key(path: Path, selector: str, *, ed25519: bool) -> SigningKey:
    """Write a fresh key that only its owner may read (mode 0600).

    Raises Refused rather than write over anything, and InvalidInput for no selector.
    """
    pem = new_key(ed25519=ed25519)
    key = (ed25519_key if ed25519 else rsa_key)(pem, selector)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(f"{path} exists already, and a key is never written over.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(file, "wb") as opened:
        opened.write(pem)
    return key
