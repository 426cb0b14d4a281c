"""Free and taken ports."""

import socket

import pytest

from ops import ports
from ops.problem import Problem
from ops.settings import from_env


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_in_use_is_not_free(taken):
    assert not ports.is_free("127.0.0.1", taken)


def test_free_ports_are_different_and_free():
    found = ports.free_ports(5)
    assert len(set(found)) == 5
    assert all(ports.is_free("127.0.0.1", port) for port in found)


@pytest.mark.parametrize("name", ["PORT", "RASA_PORT", "ACTIONS_PORT"])
def test_a_taken_port_ends_the_start_with_cause_and_remedy(name, taken):
    free = dict(zip(("PORT", "RASA_PORT", "ACTIONS_PORT"), map(str, ports.free_ports(3)), strict=True))
    with pytest.raises(Problem, match=f"Der Port {taken} auf 127.0.0.1 ist nicht frei: .*oder {name} anders setzen"):
        ports.require_free(from_env({**free, name: str(taken)}))
