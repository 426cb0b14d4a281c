"""Whose request is it: the address for the rate limit, believing only our own proxies. Addresses are never stored."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

from gateway.settings import Network

IPV6_HOUSEHOLD = 64  # one household or office has a /64 and may use any address in it


def client_address(request: HTTPConnection, trusted: tuple[Network, ...]) -> str:
    """Return the caller's address: the nearest one in X-Forwarded-For that is not a trusted proxy."""
    nearest = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").split(",") if trusted else []
    for candidate in [*forwarded[-1:-20:-1], ""]:
        if not _is_in(nearest, trusted) or not _is_address(candidate.strip()):
            break
        nearest = candidate.strip()
    return _household(nearest)


def _household(address: str) -> str:
    if ":" not in address or not _is_address(address):
        return address
    return str(ipaddress.ip_network((address, IPV6_HOUSEHOLD), strict=False))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)
