"""An identity provider on this machine, which says whatever a test wants it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET, CODE = "bulletin-at-school", "secret/with signs", "the-code"


class Issuer:
    """Signs ID tokens. `claims` and `header` change what the next one says; `key` signs it."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.published = self.key
        self.claims: dict[str, Any] = {}
        self.header: dict[str, str] = {}
        self.token: str | None = None
        self.asked: list[dict[str, str]] = []
        self.address = ""
        self.named = ""

    def visit(self, location: str) -> dict[str, str]:
        """What its page does with a browser: returns what that brings back to us."""
        self.asked.append({k: v[0] for k, v in parse_qs(urlsplit(location).query).items()})
        return {"code": CODE, "state": self.asked[-1]["state"]}

    def described(self) -> dict[str, Any]:
        at = self.address
        return {
            "issuer": self.named or at,
            "authorization_endpoint": f"{at}/authorise",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
        }

    def exchange(self, fields: dict[str, str], authorization: str) -> dict[str, Any]:
        """The token endpoint, which holds us to PKCE and to our secret."""
        asked = self.asked[-1]
        assert authorization.startswith("Basic ")
        assert fields["code"] == CODE
        assert fields["redirect_uri"] == asked["redirect_uri"]
        assert asked["code_challenge_method"] == "S256"
        assert create_s256_code_challenge(fields["code_verifier"]) == asked["code_challenge"]
        return {
            "token_type": "Bearer",
            "access_token": "x",
            "id_token": self.token or self.signed(),
        }

    def signed(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked[-1]["nonce"],
            "email": "ann@school.example",
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "first", **self.header}, claims, self.key)


@contextmanager
def an_issuer() -> Iterator[Issuer]:
    """One on a free port of 127.0.0.1."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [issuer.published.as_dict(private=False)]}
            self._answer(keys if self.path == "/keys" else issuer.described())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(issuer.exchange(fields, self.headers.get("Authorization", "")))

        def _answer(self, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
