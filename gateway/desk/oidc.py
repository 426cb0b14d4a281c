"""Logging in by OpenID Connect: the operator's identity provider says who somebody is; which account that is, and what it may, stays ours.

Authorization code flow with PKCE by Authlib; ID tokens are checked by joserfc against the provider's published keys. Accounts are made by
command: a name that the provider knows and we do not stays outside.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway import tokens

FRESH_S = 600.0
TIMEOUT_S = 10.0
ALGORITHMS = ["RS256", "ES256", "PS256"]


class OidcError(Exception):
    """The provider cannot be asked, or what it says does not hold; the text is a short word for the log."""


@dataclass(frozen=True)
class Client:
    """How the operator registered the desk with the provider. `claim`: which claim holds the account's name."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    redirect_uri: str


@dataclass(frozen=True)
class Begun:
    """A log-in on its way: where to send the browser, and what has to come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


class Oidc:
    """The provider, with its addresses and keys kept for ten minutes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    async def begin(self) -> Begun:
        """Start a log-in; raises `OidcError` where the provider cannot be reached."""
        metadata, _ = await self._provider()
        nonce, verifier = tokens.new_token(), tokens.new_token()
        async with self._session() as session:
            address, state = session.create_authorization_url(metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier)
        return Begun(address, state, nonce, verifier)

    async def finish(self, code: str, nonce: str, verifier: str) -> str:
        """Return the name that the provider vouches for; raises `OidcError`."""
        metadata, keys = await self._provider()
        try:
            async with self._session() as session:
                told = await session.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
            claims = jwt.decode(told["id_token"], keys, algorithms=ALGORITHMS).claims
            self._rules(nonce).validate(claims)
        except (JoseError, httpx2.HTTPError, KeyError, ValueError) as error:
            raise OidcError(type(error).__name__) from error
        except Exception as error:  # Authlib's own errors share no base class
            raise OidcError(type(error).__name__) from error
        name = claims.get(self._client.claim)
        if not isinstance(name, str) or not name:
            raise OidcError("no_name")
        return name

    def _rules(self, nonce: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(time.time()),
            leeway=60,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _session(self) -> AsyncOAuth2Client:
        own = self._client
        return AsyncOAuth2Client(
            own.client_id,
            own.client_secret,
            scope="openid profile email",
            redirect_uri=own.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    async def _provider(self) -> tuple[dict[str, Any], KeySet]:
        if self._known and time.monotonic() - self._known[0] < FRESH_S:
            return self._known[1], self._known[2]
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S) as http:
                metadata = (await http.get(f"{self._client.issuer}/.well-known/openid-configuration")).raise_for_status().json()
                keys = KeySet.import_key_set((await http.get(metadata["jwks_uri"])).raise_for_status().json())
        except (httpx2.HTTPError, JoseError, KeyError, ValueError) as error:
            raise OidcError(type(error).__name__) from error
        if metadata.get("issuer") != self._client.issuer:
            raise OidcError("wrong_issuer")
        self._known = time.monotonic(), metadata, keys
        return metadata, keys
