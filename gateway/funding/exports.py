"""The files of a plan: to print, to calculate with, to keep its dates. Each in the language spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway import language
from gateway.funding import calendar_file, pdf, table_file
from gateway.funding.paper import Paper, paper
from gateway.funding.service import Catalogue
from gateway.funding.wording import spoken


@dataclass(frozen=True)
class Kind:
    """One kind of file: its media type, and how it is made from a catalogue and the id of a plan."""

    media_type: str
    make: Callable[[Catalogue, str], bytes]


def path(plan_id: str, ending: str) -> str:
    """Return the address of one file of a plan, in the language spoken."""
    return language.address(f"/api/v1/funding/plan/{plan_id}.{ending}", spoken())


def _from_paper(write: Callable[[Paper], bytes]) -> Callable[[Catalogue, str], bytes]:
    def make(catalogue: Catalogue, plan_id: str) -> bytes:
        chosen, plan = catalogue.plan(plan_id)
        return write(paper(catalogue, chosen.question, plan.as_dict(plan_id)))

    return make


def _calendar(catalogue: Catalogue, plan_id: str) -> bytes:
    chosen, plan = catalogue.plan(plan_id)
    return calendar_file.calendar(paper(catalogue, chosen.question, plan.as_dict(plan_id)), catalogue.match(chosen.question))


KINDS = {
    "pdf": Kind("application/pdf", _from_paper(pdf.page)),
    "csv": Kind("text/csv; charset=utf-8", _from_paper(table_file.table)),
    "ics": Kind("text/calendar; charset=utf-8", _calendar),
}
