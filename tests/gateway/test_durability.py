"""kill -9: what was taken is kept, and the open turn is answered once after the restart."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


def serve(env):
    environment = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "gateway", "serve"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            requests.get(f"http://127.0.0.1:{env['PORT']}/health/live", timeout=1)
            return process
        except requests.ConnectionError:
            assert process.poll() is None
            time.sleep(0.05)
    raise AssertionError("did not start")


@pytest.mark.parametrize("messages", [1, 3])
def test_open_turns_are_answered_once_after_kill_9(env, rasa, make_custom, make_items, wait_until, messages):
    url = f"http://127.0.0.1:{env['PORT']}/api/v1/conversations"
    rasa.always(make_items(make_custom("nie gesehen")), delay=3)
    process = serve(env)
    try:
        opened = requests.post(url, json={"channel": "web"}, timeout=5).json()
        head = {"Authorization": f"Bearer {opened['token']}"}
        own = f"{url}/{opened['conversation']}"
        for number in range(messages):
            body = {"client_id": str(uuid.uuid4()), "text": f"Frage {number}"}
            assert requests.post(f"{own}/messages", headers=head, json=body, timeout=5).status_code == 202
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        rasa.answer = rasa.well
        process = serve(env)

        def bot_events():
            log = requests.get(f"{own}/events?after=1", headers=head, timeout=5).json()["events"]
            return log if sum(event["from"] == "bot" for event in log) == messages else None

        log = wait_until(bot_events, 15)
        assert [event["seq"] for event in log] == list(range(2, 2 + 2 * messages))
        assert [event["text"] for event in log if event["from"] == "citizen"] == [f"Frage {n}" for n in range(messages)]
        again = requests.post(f"{own}/messages?wait=5", headers=head, json=body, timeout=10).json()
        assert len(again["events"]) == 1 and len(log) == 2 * messages
    finally:
        process.kill()
        process.wait(10)
