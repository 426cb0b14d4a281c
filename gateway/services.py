"""Everything the gateway works with, made once per process and handed to the routes."""

from __future__ import annotations

import asyncio
import fcntl
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from gateway import retention
from gateway.broadcast import Broadcast
from gateway.channels.matrix import Matrix
from gateway.channels.messenger import Messenger
from gateway.channels.post_office import PostOffice
from gateway.channels.telegram import Telegram
from gateway.database import Database
from gateway.desk.login import LogIns
from gateway.desk.oidc import Oidc
from gateway.funding.expansion import Expansion
from gateway.funding.service import Funding
from gateway.handoff import sweep
from gateway.health import Probe
from gateway.library import Shelf
from gateway.metrics import Metrics
from gateway.rasa import Rasa
from gateway.rate import Rate
from gateway.settings import Settings
from gateway.signals import Signals
from gateway.switches import Switches
from gateway.turns import Turns

CASES_PER_MINUTE = 10  # tries to open a case by its number, per address
FUNDING_PER_MESSAGE = 3  # questions to the funding finder per address and minute, for each message allowed in a conversation


class StartError(Exception):
    """The gateway cannot start; the text says cause and remedy in one German sentence."""


@dataclass
class Services:
    """The parts of a running gateway."""

    settings: Settings
    database: Database
    shelf: Shelf
    signals: Signals
    metrics: Metrics
    switches: Switches
    new_conversations: Rate
    messages: Rate
    cases: Rate
    rasa: Rasa
    funding: Funding
    turns: Turns
    probe: Probe
    broadcast: Broadcast | None
    log_ins: LogIns
    oidc: Oidc | None
    office: PostOffice

    def __post_init__(self) -> None:
        self._tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        """Take up what the last run left open, then begin the work in the background."""
        await self.turns.recover(alone=self.database.is_sqlite)
        await self.office.recover()
        work = (
            self.shelf.keep_open(),
            self.turns.keep_recovering(),
            retention.keep(self.database, self.settings),
            sweep.keep(self.database, self.signals, self.settings.limits),
            self.office.work(),
        )
        others = (self.broadcast.keep_sending(), self.broadcast.keep_receiving()) if self.broadcast else ()
        introduced = [one.introduce() for one in self.office.messengers.values() if isinstance(one, Matrix)]
        self._tasks = [asyncio.create_task(part) for part in (*work, *others, *introduced)]

    async def stop(self) -> None:
        """End the work; unanswered turns are answered after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.office.close()
        await self.turns.close()
        if self.broadcast:
            await self.broadcast.close()
        await self.rasa.close()
        await self.probe.close()
        self.funding.close()
        self.shelf.close()
        self.database.close()


def build(settings: Settings, database: Database, metrics: Metrics) -> Services:
    """Make the parts and put them together; needs the running event loop."""
    shelf, signals, switches = Shelf(settings.knowledge_url), Signals(), Switches(database)
    rasa = Rasa(settings.rasa_url)
    funding = Funding(shelf, FUNDING_PER_MESSAGE * settings.rate_messages)
    messengers: list[Messenger] = [Telegram(settings.telegram)] if settings.telegram else []
    messengers += [Matrix(settings.matrix)] if settings.matrix else []
    web_only = frozenset(one.name for one in messengers if not one.is_live)
    turns = Turns(database, rasa, shelf, switches, signals, metrics, Expansion(funding, settings.public_url), settings.limits, web_only)
    return Services(
        settings=settings,
        database=database,
        shelf=shelf,
        signals=signals,
        metrics=metrics,
        switches=switches,
        new_conversations=Rate(settings.rate_conversations),
        messages=Rate(settings.rate_messages),
        cases=Rate(CASES_PER_MINUTE),
        rasa=rasa,
        funding=funding,
        turns=turns,
        probe=Probe(settings, database, shelf),
        broadcast=Broadcast(settings.redis_url, signals) if settings.redis_url else None,
        log_ins=LogIns(database),
        oidc=Oidc(settings.oidc) if settings.oidc else None,
        office=PostOffice(messengers, database, turns, signals, shelf, settings),
    )


def open_database(settings: Settings) -> Database:
    """Open and migrate the database; raises `StartError`."""
    try:
        database = Database(settings.database_url)
        database.migrate()
    except (SQLAlchemyError, OSError) as error:
        raise StartError(
            "Die Datenbank lässt sich nicht öffnen oder beschreiben: bitte DATABASE_URL beziehungsweise DATA_DIR, "
            f"die Rechte und den freien Platz prüfen ({type(error).__name__})."
        ) from error
    return database


def lock_data_dir(settings: Settings) -> IO[str] | None:
    """Make sure that only one gateway uses a SQLite database; the lock ends with the process."""
    if not settings.database_url.startswith("sqlite"):
        return None
    try:
        lock = (settings.data_dir / "gateway.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError("Ein anderes Gateway benutzt diesen Ordner schon: bitte dieses beenden oder DATA_DIR anders setzen.") from error
    except OSError as error:
        raise StartError("In DATA_DIR lässt sich nicht schreiben: bitte Rechte und freien Platz prüfen.") from error
    return lock


def of(request: Request) -> Services:
    """Return the services behind a request."""
    services: Services = request.app.state.services
    return services
