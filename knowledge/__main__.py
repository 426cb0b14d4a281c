"""The knowledge base from the shell: `python -m knowledge check [--stale] | load | search "…" | show ID | withdraw ID | restore ID`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from knowledge import check, clock
from knowledge.files import EntryFileError, read_knowledge
from knowledge.library import serve
from knowledge.store import Store, StoreError, database_url


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Every failure is one German sentence."""
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options))
    except EntryFileError as error:
        print(f"Die Wissensdatei ist nicht in Ordnung. {error}", file=sys.stderr)
    except StoreError as error:
        print(f"Die Datenbank antwortet nicht ({type(error).__name__}). Bitte DATABASE_URL und DATA_DIR prüfen.", file=sys.stderr)
    except clock.SettingError as error:
        print(f"Die Einstellung {error.name} passt nicht: {error.expected}.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="Die Wissensbasis prüfen, laden, durchsuchen.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="alle Dateien prüfen")
    checking.add_argument("--stale", action="store_true", help="auch nennen, was zu prüfen ist (review_by)")
    commands.add_parser("load", help="die Dateien in die Datenbank laden")
    searching = commands.add_parser("search", help="suchen")
    searching.add_argument("text")
    for name, text in (("show", "zeigen"), ("withdraw", "aus allen Antworten nehmen"), ("restore", "wieder aufnehmen")):
        commands.add_parser(name, help=f"einen Eintrag {text}").add_argument("id")
    return parser


def _check(options: argparse.Namespace) -> int:
    knowledge = read_knowledge()
    found = list(check.faults(knowledge))
    print("\n".join(found) if found else f"{len(knowledge.entries)} Einträge und {len(knowledge.contacts)} Kontakte in Ordnung")
    if options.stale:
        print("\n".join(check.stale(knowledge, clock.today())) or "nichts ist zu prüfen")
    return 1 if found else 0


def _load(_options: argparse.Namespace) -> int:
    knowledge = read_knowledge()
    version = Store(database_url(os.environ)).load(knowledge)
    print(f"{len(knowledge.entries)} Einträge geladen, Version {version}")
    return 0


def _search(options: argparse.Namespace) -> int:
    for hit in serve(read_knowledge()).search.find(options.text):
        print(f"{hit.score:.2f}  {hit.entry.id}  {hit.entry.title}")
    return 0


def _show(options: argparse.Namespace) -> int:
    entry = read_knowledge().entries.get(options.id)
    if entry is None:
        print(f"Den Eintrag {options.id} gibt es nicht.", file=sys.stderr)
        return 1
    print(json.dumps(entry.as_dict(), ensure_ascii=False, indent=2))
    return 0


def _withdraw(options: argparse.Namespace) -> int:
    if options.id not in read_knowledge().entries:
        print(f"Den Eintrag {options.id} gibt es nicht.", file=sys.stderr)
        return 1
    version = Store(database_url(os.environ)).withdraw(options.id)
    print(f"{options.id} ist aus allen Antworten genommen, Version {version}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    version = Store(database_url(os.environ)).restore(options.id)
    print(f"{options.id} ist wieder in den Antworten, Version {version}")
    return 0


_COMMANDS = {"check": _check, "load": _load, "search": _search, "show": _show, "withdraw": _withdraw, "restore": _restore}


if __name__ == "__main__":
    sys.exit(main())
