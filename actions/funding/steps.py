"""What the funding finder does next: ask, ask back, show the result, go back, begin anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.answers import stand
from actions.funding import results, telling, told
from actions.funding.finder import Finder
from actions.funding.told import Told
from actions.funding.wording import choices, in_words, places, setting, texts
from actions.reply import Button, Reply, short_title
from actions.talk import HUMAN_BUTTON
from actions.turn import Memory, Turn
from knowledge import gazetteer
from knowledge.funding.answer import Answer
from knowledge.funding.conditions import euro
from knowledge.funding.matcher import Match, match
from knowledge.funding.profile import COST_TYPES, Profile
from knowledge.funding.question import next_question
from knowledge.library import Served
from knowledge.speech import say

MOST_QUESTIONS = 5  # after so many a first result is shown
ASKED_SUM = "sum"  # what a sum is for was asked: a question of its own beside the one for the costs
BASIC = ("applicant", "place", "themes", "phase", "costs")


def after(turn: Turn, found: Told, served: Served, today: date, lead: str | None = None) -> Reply:
    """Go on after details: the result where enough is known, else the next question."""
    turn = replace(turn, memory=telling.remembered(turn.memory, found))
    known, finder = turn.memory.profile, turn.memory.finder
    if found.misspelt_place and "place" not in known:
        return near(turn.memory, found.misspelt_place)
    if finder.shown or all(key in known for key in BASIC) or len(finder.asked) >= MOST_QUESTIONS:
        return result(turn, served, today)
    return ask(turn, served, today, lead)


def restart(turn: Turn, served: Served, today: date) -> Reply:
    memory = replace(turn.memory, profile={}, finder=Finder())
    return ask(replace(turn, memory=memory), served, today, texts()["restarted"])


def ask(turn: Turn, served: Served, today: date, lead: str | None = None) -> Reply:
    memory = turn.memory
    if memory.finder.sum_eur and ASKED_SUM not in memory.finder.asked:
        finder = memory.finder.asking("costs")
        return form(replace(memory, finder=replace(finder, asked=(*finder.asked, ASKED_SUM))), "costs", lead)
    matches = match(served.spoken_programmes, Profile.read(memory.profile), today)
    key = next_question(matches, memory.finder.asked)
    if key is None or len(memory.finder.asked) >= MOST_QUESTIONS and not memory.finder.shown:
        return result(turn, served, today, matches)
    memory = replace(memory, finder=memory.finder.asking(key), misses=0)
    possible = sum(m.answer is not Answer.NO for m in matches)
    return form(memory, key, lead, texts()["progress"].format(open=possible) if memory.profile else None)


def form(memory: Memory, key: str, lead: str | None = None, progress: str | None = None) -> Reply:
    place = _place_again(memory)
    if place:
        return place
    understood = texts()["understood"].format(profile=in_words(memory.profile)) if memory.profile else None
    question = texts()["questions"][key]
    sum_eur = memory.finder.sum_eur if key == "costs" else None
    if sum_eur:
        question = texts()["sum"].format(eur=euro(sum_eur))
    lines = [lead, understood, *results.new_hints(memory), question, progress]
    return Reply("form", "\n".join(line for line in lines if line), memory, buttons=[*choices(key, sum_eur), *_always()])


def _place_again(memory: Memory) -> Reply | None:
    """Ask back where a name belongs to several places."""
    name = memory.profile.get("place")
    options = [p for p in gazetteer.named(str(name)) if not p.is_district] if name else []
    if len(options) < 2 or "place_again" in memory.finder.asked:
        return None
    asked = replace(memory.finder, asked=(*memory.finder.asked, "place_again"), open="place")
    text = texts()["which_place"].format(place=name)
    return Reply("form", text, replace(memory, finder=asked), buttons=[*places(options), *_always()])


def _always() -> list[Button]:
    return [Button(texts()["buttons"]["unknown"], "skip_question"), Button(texts()["buttons"]["result"], "show_result")]


def how_much(memory: Memory, cost_type: str) -> Reply:
    """Ask for the sum of costs whose type is known."""
    memory = replace(memory, finder=replace(memory.finder, active=True, open="costs", cost_type=cost_type), misses=0)
    question = texts()["how_much"].format(cost_type=say(COST_TYPES[cost_type]))
    return Reply("form", question, memory, buttons=_always())


def result(turn: Turn, served: Served, today: date, matches: list[Match] | None = None) -> Reply:
    memory, profile = turn.memory, Profile.read(turn.memory.profile)
    matches = match(served.spoken_programmes, profile, today) if matches is None else matches
    key = next_question(matches, memory.finder.asked)
    memory = replace(memory, finder=replace(memory.finder.asking(key), shown=True))
    reply = results.result(memory, profile, matches, served, today, key)
    again = Button(texts()["buttons"]["restart"], "restart_finder")
    named = [Button(short_title(served.entries[entry]), "choose_entry", {"entry": entry}) for entry in reply.entries[:3]]
    return replace(reply, buttons=[*(choices(key) if key else []), *named, again, HUMAN_BUTTON])


def supposed(turn: Turn, found: Told, served: Served, today: date) -> Reply | None:
    """Show what would come out with other details; they are not kept. None where nothing else was told."""
    if not found.values:
        return None
    memory = replace(turn.memory, profile=told.merged(turn.memory.profile, replace(found, replaces=True)))
    reply = result(replace(turn, memory=memory), served, today)
    return replace(reply, text=f"{texts()['supposed']}\n{reply.text}", memory=replace(reply.memory, profile=turn.memory.profile))


def again(turn: Turn, served: Served, today: date) -> Reply:
    """Put the open question again after an interruption."""
    key = turn.memory.finder.open
    return form(turn.memory, key) if key and not turn.memory.finder.shown else ask(turn, served, today)


def back(turn: Turn, served: Served, today: date) -> Reply:
    finder = turn.memory.finder
    if not finder.past:
        return form(turn.memory, finder.open or "applicant", texts()["no_back"])
    *earlier, profile = finder.past
    undone = next((key for key in reversed(finder.asked) if key in turn.memory.profile and key not in profile), finder.open or "applicant")
    if len(turn.memory.profile) > len(profile) + 1:  # many details in one message: only the answer to the last question goes
        profile = {key: value for key, value in turn.memory.profile.items() if key != undone}
    memory = replace(turn.memory, profile=profile, finder=replace(finder, past=tuple(earlier), open=undone))
    return form(memory, undone)


def export(turn: Turn, served: Served, today: date) -> Reply:
    reply = result(turn, served, today)
    entries = [served.entries[key] for key in reply.entries]
    lines = [texts()["export"], stand(entries, today) if entries else None]
    return replace(reply, text="\n".join(line for line in lines if line), buttons=())


def near(memory: Memory, name: str) -> Reply:
    text = texts()["near_place"].format(place=name)
    found = [setting(near, "place", near) for near in gazetteer.near(name)]
    return Reply("form", text, replace(memory, finder=replace(memory.finder, open="place")), buttons=[*found, *_always()])
