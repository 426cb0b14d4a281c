"""The desk's accounts from the shell. A password is never an argument: those stand in the history and in the list of processes."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable

from sqlalchemy.engine import Connection

from gateway import services
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.desk import passwords
from gateway.settings import Settings
from gateway.store import advisors, conversations
from gateway.store.advisors import Advisor, NameTaken

LONGEST_NAME, LONGEST_QUEUE = 64, 32


class AccountError(Exception):
    """The command was not carried out; the text is one German sentence."""


def add_parsers(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module; each names the function that carries it out."""
    create = _parser(parsers, "create-advisor", _create, "open an account for the desk; password by prompt or first line of input")
    create.add_argument("--role", choices=advisors.ROLES, default="advisor")
    create.add_argument("--queue", nargs="+", action="extend", type=_queue, metavar="Q", help="queues served (allgemein)")
    _parser(parsers, "set-password", _set_password, "set an account's password and end its sessions")
    _parser(parsers, "disable-advisor", _disable, "lock an account out at once")
    _parser(parsers, "enable-advisor", _enable, "let a disabled account in again")


def run(settings: Settings, wanted: argparse.Namespace) -> int:
    """Carry out a command of this module and print what was done; raises `AccountError`."""
    database = services.open_database(settings)
    try:
        print(wanted.account_command(database, wanted))
    finally:
        database.close()
    return 0


def _create(database: Database, wanted: argparse.Namespace) -> str:
    name, queues = wanted.name, wanted.queue or ["allgemein"]
    if database.read_now(lambda c: advisors.by_name(c, name)):
        raise _taken(name)
    stored, at = _new_password(), now_ms()

    def create(connection: Connection) -> Advisor:
        made = advisors.create(connection, name, stored, at, wanted.role, queues)
        conversations.note(connection, "account_created", made.id, at)
        return made

    try:
        made = database.write_now(create)
    except NameTaken as error:
        raise _taken(name) from error
    return f"Das Konto „{made.shown_name}“ ist angelegt (Rolle {made.role}, Warteschlangen: {', '.join(made.queues)})."


def _set_password(database: Database, wanted: argparse.Namespace) -> str:
    advisor = _existing(database, wanted.name)
    stored, at = _new_password(), now_ms()

    def change(connection: Connection) -> None:
        advisors.set_password(connection, advisor.id, stored)
        conversations.note(connection, "password_set", advisor.id, at)

    database.write_now(change)
    return f"Das Kennwort von „{advisor.shown_name}“ ist geändert; wer damit angemeldet war, ist abgemeldet."


def _disable(database: Database, wanted: argparse.Namespace) -> str:
    advisor, at = _existing(database, wanted.name), now_ms()

    def change(connection: Connection) -> None:
        advisors.disable(connection, advisor.id, at)
        conversations.note(connection, "account_disabled", advisor.id, at)

    database.write_now(change)
    return f"Das Konto „{advisor.shown_name}“ ist abgeschaltet; wer damit angemeldet war, ist abgemeldet."


def _enable(database: Database, wanted: argparse.Namespace) -> str:
    advisor, at = _existing(database, wanted.name), now_ms()

    def change(connection: Connection) -> None:
        advisors.enable(connection, advisor.id)
        conversations.note(connection, "account_enabled", advisor.id, at)

    database.write_now(change)
    return f"Das Konto „{advisor.shown_name}“ ist wieder eingeschaltet."


def _existing(database: Database, name: str) -> Advisor:
    found = database.read_now(lambda c: advisors.by_name(c, name))
    if found is None:
        raise AccountError(f"Ein Konto mit dem Namen „{name}“ gibt es nicht.")
    return found


def _taken(name: str) -> AccountError:
    return AccountError(f"Ein Konto mit dem Namen „{name}“ gibt es schon.")


def _new_password() -> str:
    """Return the hash of a password from the prompt (twice) or, where nobody types, from the first line of input."""
    try:
        given = _prompted() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        return passwords.hashed(given)
    except passwords.PasswordError as error:
        raise AccountError(passwords.PROBLEMS[error.problem]) from None
    except UnicodeDecodeError:
        raise AccountError(passwords.PROBLEMS["characters"]) from None
    except (EOFError, KeyboardInterrupt):
        raise AccountError("Abgebrochen: Es wurde nichts geändert.") from None


def _prompted() -> str:
    given = getpass.getpass(f"Kennwort (mindestens {passwords.SHORTEST} Zeichen): ")
    if getpass.getpass("Kennwort wiederholen: ") != given:
        raise AccountError("Die beiden Eingaben sind verschieden: Es wurde nichts geändert.")
    return given


def _parser(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser],
    command: str,
    carry_out: Callable[[Database, argparse.Namespace], str],
    purpose: str,
) -> argparse.ArgumentParser:
    parser = parsers.add_parser(command, help=purpose)
    parser.add_argument("name", type=_name, metavar="NAME")
    parser.set_defaults(account_command=carry_out)
    return parser


def _name(text: str) -> str:
    name = _visible(text, LONGEST_NAME)
    return _visible(advisors.key(name), LONGEST_NAME) and name


def _queue(text: str) -> str:
    return _visible(text, LONGEST_QUEUE)


def _visible(text: str, longest: int) -> str:
    if not text.strip() or not text.isprintable() or len(text) > longest:
        raise argparse.ArgumentTypeError(f"1 bis {longest} sichtbare Zeichen")
    return text.strip()
