"""No log of the bot's processes holds a citizen's words, however something fails."""

import logging
import subprocess
import sys

import pytest

from ops.bot import discreet

CANARY = "kanarienvogel"
SAY = {
    "a message": f"logging.getLogger('rasa.core.processor').error('said: %s', '{CANARY}')",
    "an exception": f"""
try:
    raise ValueError('{CANARY}')
except ValueError:
    logging.getLogger('rasa.core.channels.rest').exception('failed with {CANARY}')""",
    "an exception of a loader": f"""
try:
    raise ValueError('{CANARY}')
except ValueError:
    logging.getLogger('rasa.core.agent').error('could not load', exc_info=True)""",
    "a chained exception": f"""
try:
    try:
        raise ValueError('{CANARY}')
    except ValueError as error:
        raise RuntimeError('{CANARY}') from error
except RuntimeError:
    logging.getLogger('rasa_sdk.endpoint').exception('{CANARY}')""",
    "structlog": f"structlog.get_logger().error('rest.message.received.timeout', text='{CANARY}')",
    "structlog with an exception": f"""
try:
    text = '{CANARY}'
    raise ValueError(text)
except ValueError:
    structlog.get_logger().exception('rest.message.received.failure', text=text)""",
    "a warning": f"import warnings; warnings.simplefilter('always'); warnings.warn('{CANARY}')",
    "a thread": f"""
import threading
def fail():
    raise ValueError('{CANARY}')
thread = threading.Thread(target=fail); thread.start(); thread.join()""",
    "an uncaught exception": f"raise ValueError('{CANARY}')",
}


def said_by(code: str) -> str:
    """Run code in a process that logs as ours do, and return all that it says."""
    full = f"import logging, structlog\nfrom ops.bot import discreet\ndiscreet.configure()\n{code}\n"
    done = subprocess.run([sys.executable, "-c", full], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("way", SAY)
def test_a_citizens_words_reach_no_log_by(way):
    assert CANARY not in said_by(SAY[way])


def test_a_failure_is_told_with_type_and_place():
    said = said_by(SAY["an exception"])
    assert "ERROR rasa.core.channels.rest" in said and "builtins.ValueError" in said and "<string>:6" in said


def test_a_structured_event_is_told_by_its_key():
    assert "rest.message.received.failure" in said_by(SAY["structlog with an exception"])


def test_what_is_said_before_the_first_citizen_keeps_its_words():
    record = logging.LogRecord("rasa.core.agent", logging.ERROR, __file__, 1, "no model at %s", ("x",), None)
    assert "no model at x" in discreet.DiscreetFormatter().format(record)
