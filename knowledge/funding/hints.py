"""What does not go together in a profile, as German sentences: hints, never errors, and no condition is judged here."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.funding.profile import APPLICANTS, CIVIL_SOCIETY, MUNICIPAL, PHASES, Profile
from knowledge.gazetteer import Place
from knowledge.speech import say

FAR_OFF = 2  # a told population this many times larger or smaller than the register's is worth a question


def hints(profile: Profile) -> list[str]:
    """Return the contradictions and doubtful details of a profile, the place first.

    >>> hints(Profile(applicant="verein", council_decision=True))[0][:46]
    'Ein Beschluss des Gemeinderats zählt nur, wenn'
    """
    found = (_unknown_place(profile), _shared_name(profile), _kind_of_place(profile), _population(profile))
    return [hint for hint in (*found, _council(profile), _begun(profile), _past_costs(profile), _own_funds(profile)) if hint]


def near_places(profile: Profile) -> str | None:
    """Return "Meinten Sie …?" for a place that is spelt much like one of Baden-Württemberg, None where there is none."""
    near = profile.location.near
    return say("Meinten Sie {places}?", places=" oder ".join(near)) if near else None


def _unknown_place(profile: Profile) -> str | None:
    if profile.location.inside is not False:
        return None
    said = say("„{place}“ ist keine Gemeinde und kein Kreis in Baden-Württemberg.", place=profile.place)
    return f"{said} {near_places(profile) or say('Es gelten nur Programme, die auch außerhalb fördern.')}"


def _shared_name(profile: Profile) -> str | None:
    places = profile.location.places
    if len(places) < 2:
        return None
    return say("Den Ort „{place}“ gibt es mehrmals: {places}. Bitte wählen Sie einen davon.", place=profile.place, places=_listed(places))


def _kind_of_place(profile: Profile) -> str | None:
    """A Landkreis needs a district, a Gemeinde a municipality; a Stadtkreis is both."""
    places = profile.location.places
    if not places:
        return None
    if profile.applicant == "landkreis" and all(p.kind != "Landkreis" for p in places):
        who = say("Wer stellt den Antrag: die Gemeinde oder der Landkreis?")
        if profile.location.is_stadtkreis:
            return say("{place} ist ein Stadtkreis, kein Landkreis.", place=places[0].name) + f" {who}"
        return say("{place} ist eine Gemeinde, kein Landkreis.", place=places[0].name) + f" {who}"
    if profile.applicant == "gemeinde" and all(p.kind == "Landkreis" for p in places):
        return say(
            "{place} ist ein Landkreis, keine Gemeinde. Bitte nennen Sie die Gemeinde, oder wählen Sie „Landkreis“.", place=places[0].name
        )
    return None


def _population(profile: Profile) -> str | None:
    places = profile.location.places
    if profile.population is None or len(places) != 1 or not profile.population:
        return None
    known = places[0].population
    if known / FAR_OFF <= profile.population <= known * FAR_OFF:
        return None
    return say(
        "Für {place} sind {known} Menschen verzeichnet. Gerechnet wird mit Ihrer Angabe: {told}.",
        place=places[0].name,
        known=_number(known),
        told=_number(profile.population),
    )


def _council(profile: Profile) -> str | None:
    if profile.council_decision is None or profile.applicant is None or profile.applicant in MUNICIPAL:
        return None
    if not profile.council_decision and profile.applicant in CIVIL_SOCIETY:
        return None
    return say(
        "Ein Beschluss des Gemeinderats zählt nur, wenn die Gemeinde den Antrag stellt. Angegeben ist aber: {kind}. Wer stellt den Antrag?",
        kind=say(APPLICANTS[profile.applicant]),
    )


def _begun(profile: Profile) -> str | None:
    if profile.already_started and profile.phase == "idee":
        return say("Angegeben sind die Phase „Idee“ und ein Vorhaben, das schon begonnen hat. Bitte prüfen Sie, was davon stimmt.")
    return None


def _past_costs(profile: Profile) -> str | None:
    if not profile.phase or not profile.costs:
        return None
    order = list(PHASES)
    past = {phase for phase, _ in profile.costs if phase and order.index(phase) < order.index(profile.phase)}
    if not past:
        return None
    return say(
        "Kosten der Phase {past} liegen vor der jetzigen Phase „{phase}“ und werden nicht mehr gefördert.",
        past=" und ".join(say(PHASES[phase]) for phase in order if phase in past),
        phase=say(PHASES[profile.phase]),
    )


def _own_funds(profile: Profile) -> str | None:
    total = profile.total_eur
    if profile.own_funds_eur and total and profile.own_funds_eur >= total:
        return say("Ihre Eigenmittel decken die angegebenen Kosten. Bitte prüfen Sie die Beträge.")
    return None


def _listed(places: Iterable[Place]) -> str:
    return ", ".join(say("{place} ({kind}, Schlüssel {key})", place=p.name, kind=p.kind, key=p.ags) for p in places)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
