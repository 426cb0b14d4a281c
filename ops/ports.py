"""Ports: is one free, and which one is."""

from __future__ import annotations

import socket
from typing import Iterable, Tuple

from ops.problem import Problem
from ops.settings import Settings

LOOPBACK = "127.0.0.1"


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> Tuple[int, ...]:
    """Return different free ports on loopback; held together while they are chosen, so that none comes twice."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return tuple(probe.getsockname()[1] for probe in probes)
    finally:
        for probe in probes:
            probe.close()


def require_free(settings: Settings) -> None:
    """Raise `Problem` where another program has one of our ports."""
    for name, host, port in _wanted(settings):
        if not is_free(host, port):
            raise Problem(
                f"Der Port {port} auf {host} ist nicht frei: bitte das andere Programm beenden "
                f"(läuft „make run“ schon?) oder {name} anders setzen."
            )


def _wanted(settings: Settings) -> Iterable[Tuple[str, str, int]]:
    yield "PORT", settings.host, settings.port
    yield "RASA_PORT", LOOPBACK, settings.rasa_port
    yield "ACTIONS_PORT", LOOPBACK, settings.actions_port
