"""What an entry's own fields say to a kind of question, where nobody has written an answer for exactly that question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions.deadlines import deadline
from knowledge import contacts
from knowledge.model import Contact, Entry
from knowledge.speech import is_simple, say, spoken

APPLICANTS = {
    "gemeinde": "Städte und Gemeinden",
    "landkreis": "Landkreise",
    "kommunaler_verbund": "kommunale Verbünde",
    "verein": "Vereine",
    "initiative": "Initiativen",
    "kirche": "Kirchengemeinden",
    "stiftung": "Stiftungen",
    "wohlfahrtstraeger": "Träger der Wohlfahrtspflege",
    "unternehmen": "Unternehmen",
    "privatperson": "Privatpersonen",
    "genossenschaft": "Genossenschaften",
    "hochschule": "Hochschulen",
    "ehrenamtliche": "Ehrenamtliche",
    "quartiersmanagement": "Quartiersmanagement",
}
COSTS = {
    "personal": "Personalkosten",
    "sachkosten": "Sachkosten",
    "beratung": "Beratung",
    "veranstaltung": "Veranstaltungen",
    "investition": "Investitionen (etwa Bau oder Anschaffungen)",
}
Field = Callable[[Entry, date, "tuple[Contact, ...]"], "str | None"]


def answer(topic: str, entry: Entry, today: date, register: tuple[Contact, ...]) -> str | None:
    """Return what the entry's fields say to a topic in the language spoken, None where they say nothing about it."""
    if topic == "how_to_apply":
        return _how_to_apply(entry)
    field = _FIELDS.get(topic)
    return field(spoken(entry), today, register) if field else None


def joined(items: list[str]) -> str:
    """Join words the German way: a, b und c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} und {items[-1]}"


def euro(amount: int) -> str:
    """Write whole euros: 20.000 Euro."""
    return f"{amount:,} Euro".replace(",", ".")


def _overview(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str:
    return entry.summary


def _amount(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    rate = entry.get("funding_rate_max_pct")
    if entry.get("amount_note"):
        note = str(entry.get("amount_note"))
        return note if "%" in note or not rate else f"{note} {say('Gefördert werden höchstens {rate} % der Kosten.', rate=rate)}"
    if entry.get("amount_max_eur"):
        return say("Es gibt bis zu {eur}.", eur=euro(entry.get("amount_max_eur")))
    return say("Der Zuschuss beträgt bis zu {rate} % der förderfähigen Kosten.", rate=rate) if rate else None


def _applicants(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    kinds = [say(APPLICANTS[kind]) for kind in entry.get("applicants") or entry.get("audience") or ()]
    if not kinds:
        return None
    note = (entry.get("region") or {}).get("note")
    verb = say("Beantragen können") if entry.area == "foerderung" else say("Das Angebot richtet sich an")
    return f"{verb}: {joined(kinds)}.{' ' + say('Gebiet: {note}.', note=note) if note else ''}"


def _deadline(entry: Entry, today: date, _register: tuple[Contact, ...]) -> str | None:
    if entry.area == "foerderung":
        return deadline(entry, today)[1]
    dates = [f"{when['note']} ({when['date']})" if when.get("note") else when["date"] for when in entry.get("dates", ())]
    return say("Bekannte Termine: {dates}.", dates="; ".join(dates[-4:])) if dates else None


def _conditions(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    items = list(entry.get("conditions") or ())
    head = say("Das ist Voraussetzung oder zu beachten:")
    return f"{head}\n" + "\n".join(f"• {item}" for item in items) if items else None


def _costs(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    kinds = [say(COSTS[kind]) for kind in entry.get("cost_types") or ()]
    if kinds:
        return say("Bezahlt werden können: {kinds}.", kinds=joined(kinds))
    cost = entry.get("cost")
    return say("Kosten: {cost}.", cost=cost) if cost and cost != "unknown" else None


def _own_share(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    share, rate = entry.get("own_share_min_pct"), entry.get("funding_rate_max_pct")
    told = [
        say("Der Eigenanteil beträgt mindestens {share} %.", share=share) if share else "",
        say("Gefördert werden höchstens {rate} % der Kosten.", rate=rate) if rate else "",
    ]
    return " ".join(part for part in told if part) or None


def _how_to_apply(entry: Entry) -> str | None:
    """Which conditions are steps of an application is seen in the original, whatever language they are told in."""
    marks = ("antrag", "beantrag", "bewerb", "einreich", "anmeld", "portal", "formular", "skizze")
    told = spoken(entry).get("conditions") or ()
    pairs = zip(entry.get("conditions") or (), told, strict=True)
    steps = [simple for original, simple in pairs if any(mark in original.lower() for mark in marks)]
    place = say("Ansprechstelle: {place}.", place=entry.get("provider")) if entry.get("provider") else ""
    if is_simple():
        return "\n".join([*steps[:3], *([place] if place else [])]) or None
    return f"{' '.join(f'{step}.' for step in steps[:3])} {place}".strip() or None


def _contact(entry: Entry, _today: date, register: tuple[Contact, ...]) -> str | None:
    known = contacts.by_id(register, *(entry.get("contacts") or ()))
    lines = [contact.line() for contact in known[:2]]
    named = entry.get("contact") or {}
    if not lines and named:
        mail = f", E-Mail {named['email']}" if named.get("email") else ""
        lines = [f"{named['organisation']}{mail}"]
    if not lines and entry.get("provider"):
        lines = [str(entry.get("provider"))]
    return say("Ansprechstelle: {place}", place="\n".join(lines)) if lines else None


def _combination(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str | None:
    return (entry.get("combination") or {}).get("rule")


def _source(entry: Entry, _today: date, _register: tuple[Contact, ...]) -> str:
    unknown = say("Stand unbekannt")
    names = list(dict.fromkeys(f"{s.title} ({s.as_of or unknown})" for s in entry.sources))
    contradiction = f" {entry.get('contradiction')}" if entry.get("contradiction") else ""
    return say("Meine Angaben stammen aus: {names}.", names="; ".join(names[:5])) + contradiction


_FIELDS: dict[str, Field] = {
    "overview": _overview,
    "amount": _amount,
    "applicants": _applicants,
    "deadline": _deadline,
    "conditions": _conditions,
    "costs": _costs,
    "own_share": _own_share,
    "contact": _contact,
    "combination": _combination,
    "source": _source,
}
