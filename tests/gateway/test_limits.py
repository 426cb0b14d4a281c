"""Limits per address and conversation, whose address counts, and who may call from another site."""

import ipaddress
import uuid

import pytest
from starlette.requests import Request

from gateway.addresses import client_address
from gateway.errors import Refused
from gateway.rate import Rate


def request(peer, forwarded=None):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("192.0.2.1", "198.51.100.7", (), "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", PROXIES, "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", PROXIES, "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", PROXIES, "198.51.100.7"),
        ("10.0.0.1", "Unsinn", PROXIES, "10.0.0.1"),
        ("10.0.0.1", None, PROXIES, "10.0.0.1"),
        ("2001:db8:1:2:3::4", None, (), "2001:db8:1:2::/64"),
    ],
)
def test_only_our_own_proxies_are_believed(peer, forwarded, trusted, expected):
    assert client_address(request(peer, forwarded), trusted) == expected


def test_a_minute_slides():
    now = [0.0]
    rate = Rate(2, lambda: now[0])
    rate.take("a"), rate.take("a"), rate.take("b")
    with pytest.raises(Refused) as refused:
        rate.take("a")
    assert refused.value.status == 429 and refused.value.headers["Retry-After"] == "60"
    now[0] = 60.0
    rate.take("a")


def test_zero_switches_a_limit_off():
    for _ in range(1000):
        Rate(0).take("a")


def test_too_many_conversations_from_one_address(start):
    limited = start(RATE_CONVERSATIONS="2")
    limited.citizen(), limited.citizen()
    refused = limited.call("POST", "", json={"channel": "web"})
    assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["error"] == "too_many"


def test_too_many_messages_in_one_conversation_but_a_repetition_is_free(start):
    citizen = start(RATE_MESSAGES="2").citizen()
    body = {"client_id": str(uuid.uuid4()), "text": "a"}
    citizen.send(**body)
    assert [citizen.send(**body).status_code for _ in range(4)] == [200] * 4
    assert citizen.send(text="b").status_code == 200
    assert citizen.send(text="c").status_code == 429
    assert citizen.send(**body).status_code == 200


def test_only_named_sites_may_call_and_never_with_cookies(start):
    open_to = start(ALLOWED_ORIGINS="https://www.example.org, https://example.net")
    asked = {
        "Origin": "https://www.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    allowed = open_to.call("OPTIONS", "", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == "https://www.example.org"
    assert "access-control-allow-credentials" not in allowed.headers
    refused = open_to.call("GET", "/x/events", headers={"Origin": "https://example.net"})
    assert refused.status_code == 401 and refused.headers["access-control-allow-origin"] == "https://example.net"
    stranger = open_to.call("GET", "/x/events", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers


def test_no_other_site_may_call_unless_named(gateway):
    assert "access-control-allow-origin" not in gateway.get("/", headers={"Origin": "https://example.org"}).headers
