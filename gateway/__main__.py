"""The gateway from the shell: `python -m gateway serve`, `switch bot off|on`, `notice "…"|--clear`, and the desk's accounts."""

from __future__ import annotations

import argparse
import os
import socket
import sys

import uvicorn

from gateway import services
from gateway.app import create_app
from gateway.channels import shell as channels
from gateway.clockwork import now_ms
from gateway.desk import commands as accounts
from gateway.settings import SettingError, Settings, from_env
from gateway.store import conversations
from knowledge.clock import SettingError as ClockError

LONGEST_NOTICE = 500


def main(arguments: list[str]) -> int:
    """Run one command; what stops it is said in one German sentence on standard error, with exit status 1."""
    wanted = _parser().parse_args(arguments)
    try:
        settings, _ = from_env(os.environ), now_ms()
        if wanted.command == "serve":
            return serve(settings)
        if wanted.command == "switch":
            return set_switch(settings, "bot", wanted.position)
        if "account_command" in wanted:
            return accounts.run(settings, wanted)
        if "channel_command" in wanted:
            return channels.run(settings, wanted)
        return set_switch(settings, "notice", "" if wanted.clear else wanted.text)
    except ClockError as error:
        print(f"Die Einstellung {error.name} ist falsch gesetzt: {error.expected}.", file=sys.stderr)
    except (SettingError, services.StartError, accounts.AccountError, channels.ChannelError) as error:
        print(error, file=sys.stderr)
    return 1


def serve(settings: Settings) -> int:
    """Serve until interrupted."""
    _require_free_port(settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    return 0


def set_switch(settings: Settings, name: str, value: str) -> int:
    """Set a switch in the database; running gateways follow within seconds."""
    database = services.open_database(settings)
    database.write_now(lambda connection: conversations.set_switch(connection, name, value, now_ms()))
    database.close()
    print(f"{name}: {value or '-'}")
    return 0


def _require_free_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise services.StartError(
                f"Der Port {settings.port} auf {settings.host} ist nicht frei: bitte das andere Programm beenden oder PORT anders setzen."
            ) from error


def _notice(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NOTICE or "\0" in text:
        raise argparse.ArgumentTypeError(f"1 bis {LONGEST_NOTICE} Zeichen")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the public address")
    switch = commands.add_parser("switch", help="switch the bot off or on, also while Rasa is down")
    switch.add_argument("what", choices=["bot"])
    switch.add_argument("position", choices=["on", "off"])
    notice = commands.add_parser("notice", help="put a notice on every page, or take it away")
    either = notice.add_mutually_exclusive_group(required=True)
    either.add_argument("text", nargs="?", type=_notice)
    either.add_argument("--clear", action="store_true")
    accounts.add_parsers(commands)
    channels.add_parsers(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
