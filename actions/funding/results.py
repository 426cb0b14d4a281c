"""Results of the funding finder in words: the groups, the best combination, why a programme does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers import is_old, stand
from actions.funding.wording import in_words, texts
from actions.reply import Button, Reply, short_title, sources_of
from actions.turn import Memory, Turn
from knowledge.dates import in_words as day_in_words
from knowledge.funding.answer import TIMES, Answer
from knowledge.funding.conditions import euro
from knowledge.funding.hints import hints
from knowledge.funding.matcher import Match, judge
from knowledge.funding.money import shares
from knowledge.funding.planner import plan
from knowledge.funding.profile import Profile
from knowledge.funding.programme import PERIODS
from knowledge.library import Served
from knowledge.model import Entry
from knowledge.speech import say

NAMED, ALSO_NAMED = 3, 2


def result(memory: Memory, profile: Profile, matches: list[Match], served: Served, today: date, next_key: str | None) -> Reply:
    """Tell the result for the profile: what can be applied for now, what else fits, what is open, the best combination."""
    groups = {name: [m for m in matches if m.group == name] for name in ("now", "no_round", "open")}
    groups["no_round"] = [m for m in groups["no_round"] if _waits(m, today)]
    named = [*groups["now"][:NAMED], *groups["no_round"][:ALSO_NAMED], *groups["open"][:ALSO_NAMED]]
    entries = [served.entries[m.programme.id] for m in named]
    lines = [
        texts()["understood"].format(profile=in_words(memory.profile)) if memory.profile else None,
        *new_hints(memory),
        *_now(groups["now"], served, profile),
        _group("no_round", [m for m in groups["no_round"] if _fits(m)], served),
        _group("later", [m for m in groups["no_round"] if not _fits(m)], served),
        _group("open", groups["open"], served),
        _combination(matches, served, profile, today),
        texts()["page"],
        texts()["binding"],
        stand(entries, today) if entries and not groups["now"] else None,
        texts()["one_more"].format(question=texts()["questions"][next_key]) if next_key else None,
    ]
    memory = replace(memory, topic=entries[0].id if entries else None, asked="overview", entries=tuple(e.id for e in entries), misses=0)
    memory = replace(memory, text=None, simple=None)
    return Reply("funding", "\n".join(line for line in lines if line), memory, [e.id for e in entries], sources_of(entries, most=NAMED))


def new_hints(memory: Memory) -> list[str]:
    """Contradictions that the last details brought in; a name of several places is asked back instead."""
    now, before = memory.profile, memory.finder.past[-1] if memory.finder.past else {}
    shared = len(Profile.read(now).location.places) > 1
    told = {key: value for key, value in now.items() if key != "place" or not shared}
    known = hints(Profile.read(before))
    return [hint for hint in hints(Profile.read(told)) if hint not in known]


def _waits(found: Match, today: date) -> bool:
    """Whether another round may come: not after an end, nor when the last news is old."""
    programme = found.programme
    recent = programme.status_as_of is None or not is_old(programme.status_as_of, today)
    return programme.status == "open" or programme.status == "closed" and recent


def _fits(found: Match) -> bool:
    """Whether nothing but the time is missing."""
    return all(r.answer is Answer.YES for r in found.reasons if r.condition not in TIMES)


def _now(matches: Sequence[Match], served: Served, profile: Profile) -> list[str]:
    if not matches:
        return [texts()["none_yet"]]
    head = texts()["groups"]["now"].format(n=len(matches))
    return [head, *(f"• {_name(m, served)}: {amount(m, profile)}, {when(m)} ({_stand(m, served)})" for m in matches[:NAMED])]


def _stand(found: Match, served: Served) -> str:
    as_of = served.entries[found.programme.id].as_of
    return say("Stand: {day}", day=day_in_words(as_of)) if as_of else say("Stand unbekannt")


def _group(name: str, matches: Sequence[Match], served: Served) -> str | None:
    if not matches:
        return None
    names = ", ".join(_name(m, served) for m in matches[:ALSO_NAMED])
    return str(texts()["groups"][name].format(n=len(matches), names=names))


def _combination(matches: list[Match], served: Served, profile: Profile, today: date) -> str | None:
    if profile.costs is None:
        return None
    best = plan(matches, profile, today)[0]
    names = [short_title(served.entries[key]) for key in dict.fromkeys(item.programme for item in best.items)]
    if len(names) < 2 or not best.total_eur:
        return None
    text = texts()["combination"].format(names=" und ".join(names), total=euro(best.total_eur), own=euro(best.own_share_eur))
    return str(text)


def _name(found: Match, served: Served) -> str:
    return short_title(served.entries[found.programme.id])


def amount(found: Match, profile: Profile) -> str:
    """Return the highest grant in words, always "bis zu", with rate and period."""
    if found.most_eur is None or not found.most_eur:
        most = found.line.max_eur
        return say("Betrag nicht festgelegt") if most is None else say("bis zu {eur}", eur=euro(most)) + _period(found)
    known = {part.rate for part in shares(found.programme, found.line, profile)}
    rate = known.pop() if len(known) == 1 else None
    told = " " + say("({rate} % der Kosten)", rate=f"{float(100 * rate):.3g}".replace(".", ",")) if rate else ""
    return say("bis zu {eur}", eur=euro(found.most_eur)) + _period(found) + told


def _period(found: Match) -> str:
    period = found.line.period
    return f" {say(PERIODS[period])}" if period and period != "total" else ""


def when(found: Match) -> str:
    """Return when one can apply, in a few words."""
    if found.next_date:
        day = day_in_words(found.next_date)
        if found.next_kind == "last":
            return say("Frist {day}", day=day)
        return say("wieder ab {day}", day=day) if found.next_kind == "opens" else say("nächste Frist voraussichtlich {day}", day=day)
    time = [r for r in found.window.reasons if r.condition == "deadline" and r.answer is Answer.YES]
    return say("Antrag fortlaufend möglich") if time else say("Frist bitte auf der Programmseite prüfen")


def why(turn: Turn, entry: Entry, served: Served, today: date, assumed: Mapping[str, Any] | None = None) -> Reply:
    """Explain one programme's result for the profile; `assumed`: the profile as it would be."""
    profile = Profile.read(assumed or turn.memory.profile)
    found = judge(programme_of(served, entry), profile, today)
    title = short_title(entry)
    deciding = [r for r in found.reasons if r.answer is found.answer][:3]
    told = " ".join(dict.fromkeys(text for r in deciding for text in (r.text, r.change) if text))
    heads = {
        Answer.YES: say(
            "{title} passt nach Ihren Angaben: {amount}, {when}.", title=title, amount=amount(found, profile), when=when(found)
        ),
        Answer.UNKNOWN: f"{say('{title} ist noch offen.', title=title)} {told}",
        Answer.NO: f"{title}: {say('Zurzeit keine Runde.') if found.group == 'no_round' else say('Das passt nicht.')} {told}",
    }
    lines = [_if(assumed, turn.memory.profile), heads[found.answer], stand([entry], today)]
    memory = replace(turn.memory, topic=entry.id, asked="applicants", text=None, simple=None, misses=0)
    return Reply("answer", "\n".join(line for line in lines if line), memory, [entry.id], sources_of([entry]), _resume())


def _if(assumed: Mapping[str, Any] | None, told: Mapping[str, Any]) -> str | None:
    if not assumed:
        return None
    new = {key: value for key, value in assumed.items() if told.get(key) != value}
    return say("Angenommen ({told}):", told=in_words(new))


def programme_of(served: Served, entry: Entry) -> Any:
    """Return the programme of a funding entry."""
    return next(p for p in served.spoken_programmes if p.id == entry.id)


def _resume() -> list[Button]:
    return [Button(texts()["buttons"]["result"], "show_result"), Button(texts()["buttons"]["resume"], "resume_finder")]
