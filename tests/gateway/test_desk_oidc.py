"""Log-in by OpenID Connect against a provider on this machine: code flow with PKCE, signed tokens, and all that must not let in."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from gateway.clockwork import now_ms
from gateway.store import advisors


class Provider(ThreadingHTTPServer):
    """A small identity provider. `claims` changes what its ID tokens say."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.key, self.claims, self.asked = RSAKey.generate_key(2048, {"kid": "k1"}), {}, {}
        self.signs_with = self.key
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def token(self, code):
        asked = self.asked[code]
        said = {"iss": self.url, "aud": "desk", "sub": "1", "exp": int(time.time()) + 60}
        said |= {"nonce": asked["nonce"], "preferred_username": "Anna"}
        return jwt.encode({"alg": "RS256", "kid": "k1"}, said | self.claims, self.signs_with)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        url, own = urlsplit(self.path), self.server.url
        if url.path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": f"{own}/auth", "token_endpoint": f"{own}/token", "jwks_uri": f"{own}/keys"}
            self._say(200, {"issuer": own} | ends)
        elif url.path == "/keys":
            self._say(200, {"keys": [self.server.key.as_dict(private=False)]})
        else:
            asked = {key: value[0] for key, value in parse_qs(url.query).items()}
            self.server.asked["c1"] = asked
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': 'c1', 'state': asked['state']})}")
            self.end_headers()

    def do_POST(self):
        sent = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        if challenge != self.server.asked[sent["code"]]["code_challenge"]:
            return self._say(400, {"error": "invalid_grant"})
        return self._say(200, {"access_token": "a", "token_type": "Bearer", "id_token": self.server.token(sent["code"])})

    def _say(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    server = Provider()
    yield server
    server.shutdown()


@pytest.fixture
def gateway(start, provider):
    started = start(OIDC_ISSUER=provider.url, OIDC_CLIENT_ID="desk", OIDC_CLIENT_SECRET="geheim")
    started.services.database.write_now(lambda c: advisors.create(c, "anna", None, now_ms()))
    return started


def log_in(gateway):
    browser = requests.Session()
    return browser, browser.get(f"{gateway.url}/desk/oidc", timeout=20)


def test_who_the_provider_vouches_for_is_logged_in(gateway):
    browser, arrived = log_in(gateway)
    assert arrived.status_code == 200 and {"session", "csrf"} <= set(browser.cookies.keys())
    assert browser.get(f"{gateway.url}/api/v1/desk/queue", timeout=10).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "berta"},
        {"aud": "other"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"nonce": "another"},
        {"preferred_username": None},
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(gateway, provider, claims):
    provider.claims = claims
    browser, arrived = log_in(gateway)
    assert arrived.status_code == 401 and "session" not in browser.cookies


def test_a_token_signed_by_another_key_lets_nobody_in(gateway, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    browser, arrived = log_in(gateway)
    assert arrived.status_code == 401 and "session" not in browser.cookies


def test_a_return_that_did_not_begin_here_is_refused(gateway):
    arrived = requests.get(f"{gateway.url}/desk/oidc/back", params={"code": "c1", "state": "x"}, timeout=10)
    assert arrived.status_code == 401


def test_without_a_provider_there_is_no_such_way(shared_gateway):
    assert requests.get(f"{shared_gateway.url}/desk/oidc", timeout=10).status_code == 404


def test_a_provider_that_is_away_is_said_so(start):
    gateway = start(OIDC_ISSUER="http://127.0.0.1:1", OIDC_CLIENT_ID="desk", OIDC_CLIENT_SECRET="geheim")
    assert requests.get(f"{gateway.url}/desk/oidc", timeout=20).status_code == 503


def test_half_a_setting_stops_the_start_with_its_name(start):
    with pytest.raises(Exception, match="OIDC_CLIENT_SECRET"):
        start(OIDC_ISSUER="https://id.example.de", OIDC_CLIENT_ID="desk")
