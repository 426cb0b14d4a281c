"""The same conversation over every channel, with the real bot: question, button, funding finder, a human and back, correction."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ops.chain import Chain
from ops.ports import free_ports
from ops.settings import GATEWAY_PYTHON, current
from ops.train import MODEL
from tests import bot_api, homeserver
from tests.channels.drivers import TELEGRAM_SECRET, Driver, Matrix, Telegram, Web, hears
from tests.conftest import until
from tests.e2e.test_handoff import PASSWORD, Desk


@pytest.fixture(scope="module")
def api() -> Iterator[bot_api.BotApi]:
    with bot_api.serving() as made:
        yield made


@pytest.fixture(scope="module")
def matrix_port() -> int:
    [port] = free_ports(1)
    return port


@pytest.fixture(scope="module")
def chain(api: bot_api.BotApi, matrix_port: int) -> Iterator[Chain]:
    """A chain of its own on a Tuesday morning, with all messengers switched on."""
    if not (current().models / MODEL).exists():
        pytest.skip("kein trainiertes Modell (make train)")
    env = {"TESTING": "1", "NOW": "2026-11-24T10:15", "RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}
    env |= {
        "TELEGRAM": "on",
        "TELEGRAM_LIVE": "on",
        "TELEGRAM_TOKEN": bot_api.TOKEN,
        "TELEGRAM_SECRET": TELEGRAM_SECRET,
        "TELEGRAM_API": api.url,
    } | homeserver.settings(matrix_port)
    with ThreadPoolExecutor(1) as keeper:  # the kernel ends the processes with the thread that started them
        chain = Chain(env)
        keeper.submit(chain.__enter__).result()
        command = [str(GATEWAY_PYTHON), "-m", "gateway", "create-advisor", "anna"]
        own = os.environ | {"DATA_DIR": str(chain.data_dir)}
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=own, check=True, capture_output=True)
        yield chain
        keeper.submit(chain.close).result()


@pytest.fixture(scope="module")
def synapse(chain: Chain, matrix_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[homeserver.Homeserver]:
    with homeserver.serving(tmp_path_factory.mktemp("synapse"), chain.url, matrix_port) as server:
        yield server


@pytest.fixture
def drivers(request: pytest.FixtureRequest, chain: Chain, api: bot_api.BotApi) -> dict[str, Callable[[], Driver]]:
    return {
        "web": lambda: Web(chain.url),
        "telegram": lambda: Telegram(chain.url, api),
        "matrix": lambda: Matrix(request.getfixturevalue("synapse")),
    }


class Waiting:
    """The conversation that waits in the queue, as the desk names it."""

    def __init__(self, desk: Desk) -> None:
        [row] = until(lambda: desk.call("GET", "/queue").json(), 20)
        self.id = row["conversation"]


@pytest.mark.parametrize("channel", ["web", "telegram", "matrix"])
def test_the_conversation_is_the_same_over_every_channel(chain, drivers, channel):
    desk, person = Desk(chain.url, "anna"), drivers[channel]()

    person.say("Wie hoch ist der Zuschuss bei Quartiersimpulse?")
    assert "Stand:" in hears(person, "85.000")
    person.press("Welche Fristen gelten?")
    hears(person, "Frist")

    person.say("Wir sind ein Verein in Herrenberg und wollen für 15.000 € ein Begegnungscafé aufbauen. Welche Förderung passt?")
    hears(person, "Verein")
    shown = len(person.texts())
    person.say("Ergebnis jetzt zeigen")
    hears(person, "Noch offen", shown)

    person.say("Ich möchte lieber mit einem Menschen sprechen")
    hears(person, "Sind Sie einverstanden?")
    person.press("Ja, einverstanden")
    hears(person, "Warteschlange")
    waiting = Waiting(desk)
    package = desk.claim(waiting).json()
    assert package["channel"] == channel and package["profile"]["applicant"] == "verein"
    hears(person, "Das ist ein Mensch")
    said = {"client_id": "11111111-1111-4111-8111-111111111111", "text": "Guten Tag, wie kann ich helfen?"}
    assert desk.act(waiting, "messages", **said).status_code == 202
    hears(person, "wie kann ich helfen")
    shown = len(person.texts())
    person.say("Zählt unsere Eigenleistung?")
    until(lambda: "Eigenleistung" in desk.call("GET", f"/conversations/{waiting.id}/events").text, 20)
    assert desk.act(waiting, "return").status_code == 204
    hears(person, "Angaben zum Vorhaben sind noch da", shown)
    assert not any("Quelle" in text for text in person.texts()[shown:])  # the bot kept silent while a human was there

    shown = len(person.texts())
    person.say("Nein, wir sind die Gemeinde")
    hears(person, "Gemeinde", shown)


@pytest.mark.parametrize("channel", ["telegram", "matrix"])
def test_an_answer_to_the_finder_that_is_edited_takes_the_place_of_the_earlier_one(drivers, channel):
    person = drivers[channel]()
    person.say("Wir sind ein Verein und suchen Förderung für ein Begegnungscafé")
    hears(person, "Verstanden: Verein · Begegnung.")
    place = person.say("Horb")
    assert "Wie weit sind Sie?" in hears(person, "Verein · Horb am Neckar · Begegnung.")
    person.edit(place, "Herrenberg")
    corrected = hears(person, "Zu Ihrer geänderten Nachricht:\nVerstanden: Verein · Herrenberg · Begegnung.")
    assert "Wie weit sind Sie?" in corrected  # asked once more: what was corrected is no answer to it
    shown = len(person.texts())
    person.say("Konzept")
    assert "Herrenberg · Begegnung · Phase Konzept" in hears(person, "Verstanden:", shown)
