"""Accounts of the desk: their names, their passwords, and the commands that make them."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway import services
from gateway.__main__ import main
from gateway.desk import passwords
from gateway.desk.passwords import PasswordError
from gateway.settings import from_env
from gateway.store import advisors
from gateway.store.advisors import Advisor, NameTaken
from gateway.tables import ADVISORS, AUDIT

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Ein-langes-Kennwort-4711"


@pytest.fixture
def database(env):
    """The database that the commands of a test work on."""
    database = services.open_database(from_env(env))
    yield database
    database.close()


@pytest.fixture
def account(database):
    def make(name="Anna", **more):
        return database.write_now(lambda c: advisors.create(c, name, "hash", 1, **more))

    return make


@pytest.fixture
def command(env, monkeypatch, capsys):
    """Run a command in this process and return status, output and errors."""

    def run(*arguments, given=""):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def typed(env, monkeypatch, capsys):
    """Run a command at a terminal, at whose prompts this is typed."""

    def run(*arguments, answers):
        waiting = list(answers)

        def prompt(_text):
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", prompt)
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def shell(env, *arguments, given=b""):
    environment = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments], cwd=ROOT, env=environment, capture_output=True, input=given, timeout=30
    )


def rows(database):
    return database.read_now(lambda c: c.execute(sa.select(ADVISORS)).all())


def test_a_new_account_is_away_and_serves_the_general_queue(account, database):
    made = account("Änne Müller")
    assert made == Advisor(made.id, "änne müller", "Änne Müller", "advisor", ("allgemein",), "away", None)
    assert database.read_now(lambda c: advisors.by_id(c, made.id)) == made
    assert database.read_now(lambda c: advisors.by_name(c, "ÄNNE MÜLLER")) == made


@pytest.mark.parametrize("again", ["anna", "ANNA", " Anna ", "Ａnna"])
def test_a_name_is_taken_in_every_case_and_form(account, database, again):
    account("Anna")
    with pytest.raises(NameTaken):
        account(again)
    assert len(rows(database)) == 1


def test_unknown_accounts_are_none(database):
    assert database.read_now(lambda c: (advisors.by_name(c, "x"), advisors.by_id(c, "x"), advisors.credentials(c, "x"))) == (None,) * 3


def test_disabled_accounts_keep_their_name_but_are_not_listed(account, database):
    anna, berta = account("Anna"), account("Berta")
    database.write_now(lambda c: advisors.disable(c, anna.id, 5))
    assert database.read_now(advisors.all) == [berta]
    assert database.read_now(lambda c: advisors.by_id(c, anna.id)).shown_name == "Anna"
    assert database.read_now(lambda c: advisors.credentials(c, "anna")).is_disabled


def test_presence_and_signs_of_life_are_kept(account, database):
    anna = account("Anna")

    def seen_at():
        return database.read_now(lambda c: advisors.by_id(c, anna.id)).seen_at

    database.write_now(lambda c: advisors.set_presence(c, anna.id, "available", 100_000))
    assert database.read_now(lambda c: advisors.by_id(c, anna.id)).presence == "available" and seen_at() == 100_000
    for at, expected in ((109_999, 100_000), (110_000, 110_000), (50_000, 50_000)):
        assert advisors.needs_touch(database.read_now(lambda c: advisors.by_id(c, anna.id)), at) == (expected == at)
        database.write_now(lambda c, at=at: advisors.touch(c, anna.id, at))
        assert seen_at() == expected


@pytest.mark.parametrize(("role", "leads", "edits"), [("advisor", 0, 0), ("editor", 0, 1), ("lead", 1, 1), ("admin", 1, 1)])
def test_roles_say_what_one_may(account, role, leads, edits):
    made = account(role=role, queues=("pflege", "allgemein", "pflege"))
    assert (made.is_lead, made.is_editor, made.queues) == (bool(leads), bool(edits), ("pflege", "allgemein"))


@pytest.mark.parametrize(
    ("password", "problem"),
    [("a" * 11, "short"), ("", "short"), ("a" * 201, "long"), ("a" * 12 + "\0", "characters"), ("a" * 12 + "\udcff", "characters")],
)
def test_a_password_that_is_not_taken_says_why_and_not_what(password, problem):
    with pytest.raises(PasswordError) as refused:
        passwords.hashed(password)
    assert refused.value.problem == problem and str(refused.value) == problem


async def test_passwords_of_12_to_200_characters_fit_however_the_keyboard_sends_them():
    for password in ("a" * 12, "ü" * 200, "mit Leerzeichen am Ende "):
        stored = passwords.hashed(password)
        assert stored.startswith("$argon2id$") and password not in stored and len(stored) <= 255
        assert await passwords.fits(stored, password) and not await passwords.fits(stored, password + "x")
    assert await passwords.fits(passwords.hashed("Schlüssel-u\u0308ber"), "Schlu\u0308ssel-über")


def test_an_account_is_made_from_the_shell_and_its_password_logs_in(env, database):
    made = shell(
        env, "create-advisor", "Änne Müller", "--role", "lead", "--queue", "pflege", "allgemein", given=f"{PASSWORD}\r\nmehr\n".encode()
    )
    assert made.returncode == 0 and made.stderr == b""
    assert made.stdout.decode() == "Das Konto „Änne Müller“ ist angelegt (Rolle lead, Warteschlangen: pflege, allgemein).\n"
    [row] = rows(database)
    assert (row.name, row.shown_name, row.role, row.queues) == ("änne müller", "Änne Müller", "lead", '["pflege", "allgemein"]')
    assert passwords.HASHER.verify(row.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("ANNA", PASSWORD, "Ein Konto mit dem Namen „ANNA“ gibt es schon."),
        ("Berta", "kurz", "Das Kennwort ist zu kurz: mindestens 12 Zeichen."),
        ("Berta", "", "Das Kennwort ist zu kurz: mindestens 12 Zeichen."),
        ("Berta", "a" * 201, "Das Kennwort ist zu lang: höchstens 200 Zeichen."),
        ("Berta", "a" * 12 + "\0", "Das Kennwort enthält ein nicht erlaubtes Zeichen."),
    ],
)
def test_what_stops_a_new_account_is_one_german_sentence(account, command, database, name, given, sentence):
    account("Anna")
    assert command("create-advisor", name, given=f"{given}\n") == (1, "", f"{sentence}\n")
    assert [row.name for row in rows(database)] == ["anna"]


def test_bytes_that_are_no_text_are_no_password(env):
    stopped = shell(env, "create-advisor", "Anna", given=b"\xff" * 12 + b"\n")
    assert stopped.returncode == 1 and stopped.stderr.decode() == "Das Kennwort enthält ein nicht erlaubtes Zeichen.\n"


def test_a_name_taken_while_the_password_was_typed_is_refused_too(account, command, monkeypatch, database):
    account("Anna")
    monkeypatch.setattr(advisors, "by_name", lambda c, name: None)
    assert command("create-advisor", "anna", given=PASSWORD) == (1, "", "Ein Konto mit dem Namen „anna“ gibt es schon.\n")


def test_at_a_terminal_the_password_is_typed_twice_and_not_shown(typed, database):
    status, out, err = typed("create-advisor", "Anna", answers=[PASSWORD, PASSWORD])
    assert (status, err) == (0, "") and "Das Konto „Anna“ ist angelegt" in out and PASSWORD not in out
    [row] = rows(database)
    assert passwords.HASHER.verify(row.password_hash, PASSWORD)


def test_two_different_inputs_and_none_change_nothing(typed, database):
    assert typed("create-advisor", "Anna", answers=[PASSWORD, PASSWORD + "x"])[::2] == (
        1,
        "Die beiden Eingaben sind verschieden: Es wurde nichts geändert.\n",
    )
    assert typed("create-advisor", "Anna", answers=[])[::2] == (1, "Abgebrochen: Es wurde nichts geändert.\n")
    assert rows(database) == []


def test_a_password_is_never_an_argument(command):
    for arguments in (
        ("create-advisor", "Anna", PASSWORD),
        ("set-password", "Anna", PASSWORD),
        ("create-advisor", "Anna", "--password", PASSWORD),
    ):
        with pytest.raises(SystemExit) as stopped:
            command(*arguments)
        assert stopped.value.code == 2


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "An\nna", "ﬃ" * 30])
def test_a_name_is_1_to_64_visible_characters(command, name):
    with pytest.raises(SystemExit):
        command("create-advisor", name, given=PASSWORD)


def test_a_password_is_changed_from_the_shell(account, command, database):
    account("Anna")
    status, out, err = command("set-password", "ANNA", given=PASSWORD)
    assert (status, err) == (0, "") and out.startswith("Das Kennwort von „Anna“ ist geändert")
    [row] = rows(database)
    assert passwords.HASHER.verify(row.password_hash, PASSWORD)


def test_an_account_is_disabled_from_the_shell(account, command, database):
    account("Anna")
    status, out, err = command("disable-advisor", "anna")
    assert (status, err) == (0, "") and out.startswith("Das Konto „Anna“ ist abgeschaltet")
    assert rows(database)[0].disabled_at


@pytest.mark.parametrize("what", ["set-password", "disable-advisor"])
def test_an_account_that_does_not_exist_is_said_before_a_password_is_asked_for(typed, what):
    assert typed(what, "Anna", answers=[]) == (1, "", "Ein Konto mit dem Namen „Anna“ gibt es nicht.\n")


def test_the_audit_keeps_what_was_done_to_an_account(command, database):
    command("create-advisor", "Anna", given=PASSWORD)
    command("set-password", "Anna", given=PASSWORD)
    command("disable-advisor", "Anna")
    [account] = rows(database)
    written = database.read_now(lambda c: c.execute(sa.select(AUDIT.c.action, AUDIT.c.subject, AUDIT.c.actor).order_by(AUDIT.c.id)).all())
    assert [tuple(row) for row in written] == [
        (action, account.id, None) for action in ("account_created", "password_set", "account_disabled")
    ]
