"""What the launcher reads from the environment."""

import pytest

from ops.problem import Problem
from ops.settings import ROOT, child_env, from_env


def test_without_any_setting_everything_has_its_documented_default():
    settings = from_env({})
    assert (settings.host, settings.port, settings.rasa_port, settings.actions_port) == ("127.0.0.1", 8080, 5005, 5055)
    assert settings.data_dir == ROOT / "var"


@pytest.mark.parametrize("name", ["PORT", "RASA_PORT", "ACTIONS_PORT", "INTERNAL_PORT"])
@pytest.mark.parametrize("value", ["0", "65536", "abc", "-1", "80.5", "８０"])
def test_a_port_that_is_none_is_refused_with_the_name_of_its_variable(name, value):
    with pytest.raises(Problem, match=f"Die Einstellung {name} ist falsch gesetzt"):
        from_env({name: value})


def test_two_services_on_one_port_are_refused():
    with pytest.raises(Problem, match="verschiedene Werte"):
        from_env({"PORT": "5005"})


def test_the_movable_clock_is_refused_outside_tests():
    with pytest.raises(Problem, match="NOW ist nur zusammen mit TESTING=1"):
        from_env({"NOW": "2026-11-22T10:15"})
    assert from_env({"NOW": "2026-11-22T10:15", "TESTING": "1"})


def test_a_service_that_listens_everywhere_is_asked_on_loopback():
    assert from_env({"HOST": "0.0.0.0"}).url == "http://127.0.0.1:8080"


def test_every_process_gets_the_same_clock_and_no_foreign_environment():
    settings = from_env({})
    env = child_env({"VIRTUAL_ENV": "/elsewhere", "PYTHONPATH": "/elsewhere", "LANG": "C.UTF-8"}, settings)
    assert float(env["CLOCK_STARTED"]) > 0
    assert "VIRTUAL_ENV" not in env and "PYTHONPATH" not in env
    assert env["LANG"] == "C.UTF-8" and env["PORT"] == "8080" and env["RASA_TELEMETRY_ENABLED"] == "false"
    assert child_env({"CLOCK_STARTED": "12.5"}, settings)["CLOCK_STARTED"] == "12.5"
