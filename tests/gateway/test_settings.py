"""Settings stop the start with the variable's name; the command line says in one sentence what is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.settings import SettingError, from_env

ROOT = Path(__file__).parents[2]
WRONG = [
    ("PORT", "abc"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("RASA_PORT", "-1"),
    ("RATE_MESSAGES", "viele"),
    ("RATE_CONVERSATIONS", "1.5"),
    ("RETENTION_BOT_DAYS", "0"),
    ("ALLOWED_ORIGINS", "example.org"),
    ("TRUSTED_PROXIES", "10.0.0.0/99"),
    ("PUBLIC_URL", "chat.example.org"),
    ("DATABASE_URL", "mysql://x"),
    ("SECRET_KEY", "kurz"),
    ("METRICS", "ja"),
    ("LOG_LEVEL", "laut"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_names_its_variable_and_is_not_repeated(tmp_path, name, value):
    with pytest.raises(SettingError) as wrong:
        from_env({"DATA_DIR": str(tmp_path), name: value})
    assert wrong.value.name == name and name in str(wrong.value)


def test_the_defaults_of_the_contract(tmp_path):
    settings = from_env({"DATA_DIR": str(tmp_path)})
    assert (settings.host, settings.port, settings.rate_messages, settings.retention_bot_days) == (
        "127.0.0.1",
        8080,
        20,
        7,
    )
    assert settings.rasa_url == "http://127.0.0.1:5005" and settings.database_url.startswith("sqlite:///")


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first, second = (from_env({"DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second and len(first) >= 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_postgresql_is_reached_with_the_driver_of_both_environments(tmp_path):
    settings = from_env({"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://u:p@h/d"})
    assert settings.database_url == "postgresql+psycopg2://u:p@h/d"


def run(env, *arguments):
    environment = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_the_start_stops_with_one_sentence(env):
    for more, part in (({"PORT": "abc"}, "PORT"), ({"NOW": "2026-11-22T10:15", "TESTING": ""}, "NOW")):
        stopped = run(env | more, "serve")
        assert stopped.returncode == 1 and part in stopped.stderr and len(stopped.stderr.splitlines()) == 1


def test_a_taken_port_and_a_second_gateway_are_named(gateway, env):
    taken = run(env | {"PORT": str(gateway.settings.port)}, "serve")
    assert taken.returncode == 1 and str(gateway.settings.port) in taken.stderr
    second = run(env | {"DATA_DIR": str(gateway.settings.data_dir)}, "serve")
    assert second.returncode == 1 and "DATA_DIR" in second.stderr


def test_switch_and_notice_from_the_shell_take_effect(gateway, env):
    here = env | {"DATA_DIR": str(gateway.settings.data_dir)}

    def status():
        gateway.services.switches._read_at = float("-inf")
        told = gateway.get("/api/v1/status").json()
        assert set(told.pop("opening_hours")) == {"text", "is_open", "next", "available"}
        return told

    assert run(here, "switch", "bot", "off").returncode == 0 and run(here, "notice", "Wartung <b>").returncode == 0
    assert status() == {"notice": "Wartung <b>", "bot": "off"}
    assert "Wartung &lt;b&gt;" in gateway.get("/impressum").text
    assert run(here, "switch", "bot", "on").returncode == 0 and run(here, "notice", "--clear").returncode == 0
    assert status() == {"notice": None, "bot": "on"}
