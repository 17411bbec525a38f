"""DKIM signatures (RFC 6376): rsa-sha256, and ed25519-sha256 beside it (RFC 8463). Pure.

Our bodies are their own canonical form (see quoted_printable), so hashing one is hashing its
bytes, and what all copies of an edition begin with is hashed once.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bulletin.errors import InvalidInput

FEWEST_BITS = 2048  # RFC 8301 3.2, requirement 14

# What a signature covers where a message has it (requirements 7, 15). Those of the second list
# are named once more than they are there, so that nobody can add another unnoticed.
_SIGNED = frozenset(
    {
        *("from", "reply-to", "subject", "date", "to", "message-id"),
        *("mime-version", "content-type"),
        *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"),
    }
)
_OVERSIGNED = ("from", "reply-to", "subject", "date", "to")
_HEADER = re.compile(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]+\r\n)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"(?=.{{1,100}}$){_LABEL}(?:\.{_LABEL})*")
_RSA = (PKCS1v15(), Prehashed(hashes.SHA256()))
_LINE = 72


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key under its selector.

    algorithm: as it stands in a signature's a=.
    record:    the TXT record that publishes the public half (RFC 6376 3.6.1).
    sign:      a SHA-256 digest in, its signature out.
    """

    selector: str
    algorithm: str
    record: str
    sign: Callable[[bytes], bytes] = field(repr=False)

    def name(self, domain: str) -> str:
        """Where the record is published."""
        return f"{self.selector}._domainkey.{domain}"


def rsa_key(pem: bytes, selector: str) -> SigningKey:
    """Raises InvalidInput: no RSA key in PEM, fewer than 2048 bits, or not a selector."""
    key = _private(pem)
    if not isinstance(key, RSAPrivateKey):
        raise InvalidInput("holds a key that is not RSA")
    if key.key_size < FEWEST_BITS:
        raise InvalidInput(
            f"holds an RSA key of {key.key_size} bits; mailbox providers want {FEWEST_BITS}. "
            "Make one: bulletin dkim new FILE"
        )
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(
        selector=_selector(selector),
        algorithm="rsa-sha256",
        record=f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}",
        sign=lambda digest: key.sign(digest, *_RSA),
    )


def ed25519_key(pem: bytes, selector: str) -> SigningKey:
    """Raises InvalidInput: no Ed25519 key in PEM, or not a selector."""
    key = _private(pem)
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput("holds a key that is not Ed25519")
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(
        selector=_selector(selector),
        algorithm="ed25519-sha256",
        record=f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}",
        sign=key.sign,
    )


def new_key(*, ed25519: bool) -> bytes:
    """A fresh private key in PEM: RSA of 2048 bits, or Ed25519."""
    made: Ed25519PrivateKey | RSAPrivateKey = (
        Ed25519PrivateKey.generate()
        if ed25519
        else generate_private_key(public_exponent=65537, key_size=FEWEST_BITS)
    )
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _private(pem: bytes) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput("holds no private key in PEM, or one with a password") from error


def _selector(selector: str) -> str:
    if not _SELECTOR.fullmatch(selector):
        raise InvalidInput(f"cannot be published under the selector {selector!a}")
    return selector


class Seal:
    """Signs messages from one domain with every key.

    domain: of the From address, in ASCII, so that DMARC aligns (requirement 23).
    now:    an aware moment, which the signatures are dated with.
    """

    def __init__(self, keys: Sequence[SigningKey], domain: str, now: datetime) -> None:
        self._keys = keys
        self._whence = f" d={domain}; t={int(now.timestamp())};"

    def signatures(self, headers: Mapping[str, bytes], body: bytes) -> bytes:
        """The DKIM-Signature headers of a message, to stand above its others.

        headers: what `signed_headers` returned. body: the SHA-256 of the canonical body.
        """
        names = [*headers, *(name for name in _OVERSIGNED if name in headers)]
        covered = b"".join(headers.values())
        hashed = base64.b64encode(body).decode()
        return b"".join(self._signature(key, names, covered, hashed) for key in self._keys)

    def _signature(
        self, key: SigningKey, names: Sequence[str], covered: bytes, hashed: str
    ) -> bytes:
        unsigned = (
            f"DKIM-Signature: v=1; a={key.algorithm}; c=relaxed/relaxed;\r\n"
            f"{self._whence} s={key.selector};\r\n"
            f" h={_folded(names)};\r\n bh={hashed};\r\n b="
        ).encode()
        digest = hashlib.sha256(covered + _canonical(unsigned).removesuffix(b"\r\n")).digest()
        signature = base64.b64encode(key.sign(digest))
        lines = (signature[start : start + _LINE] for start in range(0, len(signature), _LINE))
        return unsigned + b"\r\n ".join(lines) + b"\r\n"


def signed_headers(block: bytes) -> dict[str, bytes]:
    """Those of a block of headers that are signed, in canonical form (RFC 6376 3.4.2), by name."""
    found = (_canonical(header) for header in _HEADER.findall(block))
    named = ((header.partition(b":")[0].decode(), header) for header in found)
    return {name: header for name, header in named if name in _SIGNED}


def _canonical(header: bytes) -> bytes:
    name, _, value = header.partition(b":")
    return b"%b:%b\r\n" % (name.lower(), b" ".join(value.split()))


def _folded(names: Iterable[str]) -> str:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > _LINE:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines).removesuffix(":")
