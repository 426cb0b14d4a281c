"""The funding finder in the chat: one action over the profile. Any order, corrections, interruptions, going back, restart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers import stand
from actions.cues import sharpened, wants_money, wants_offer
from actions.funding import results, told
from actions.funding.finder import Finder
from actions.funding.told import Told
from actions.funding.wording import choices, in_words, places, setting, texts
from actions.funding.words import plain, says
from actions.reply import Button, Reply, short_title
from actions.turn import Memory, Turn
from knowledge import gazetteer
from knowledge.funding.answer import Answer
from knowledge.funding.conditions import euro
from knowledge.funding.matcher import Match, match
from knowledge.funding.profile import Profile, ProfileError
from knowledge.funding.question import next_question
from knowledge.library import Served
from knowledge.model import Entry

_SUM = re.compile(r"\d|€|euro|tausend|hundert", re.IGNORECASE)
LIKELY = 0.05  # belief in a search for money that plain words must meet
SPECIFIC = frozenset({"deadline", "how_to_apply", "contact", "own_share", "combination"})  # topics asked of a programme, not of all
OWN_ENTRY = "foerderbaukasten"  # the entry about the finder: a question near to it may be for the finder itself
SURE = 0.4  # belief in a wish for simple language that counts
ASKED_SUM = "sum"  # what a sum is for was asked: a question of its own beside the one for the costs
MOST_QUESTIONS = 5  # after so many a first result is shown
TRUTHS = ("council_decision", "participation")
BASIC = ("applicant", "place", "themes", "phase", "costs")
INTENTS = ("find_funding", "set_profile", "show_result", "restart_finder", "resume_finder", "skip_question")


def describes_plan(text: str) -> bool:
    """Whether a message tells who plans something, and what it costs or no more than that.

    >>> describes_plan("Wir sind ein Verein in Herrenberg und wollen für 15.000 € ein Begegnungscafé aufbauen")
    True
    """
    introduces = says("introduces", plain(text))
    if not introduces and not _SUM.search(text):  # most messages: nothing more is looked at
        return False
    found = told.read(text)
    if "applicant" not in found.values or wants_offer(text):
        return False
    return introduces or "costs" in found.values or found.sum_eur is not None


def starts(turn: Turn) -> bool:
    """Whether a message that names no programme speaks of oneself and looks for money."""
    text = plain(turn.text)
    if says("start", text) and not told.is_question(turn.text):
        return True
    if not wants_money(turn.text) or says("council", text) or SPECIFIC & set(sharpened({}, turn.text)):
        return False
    return "applicant" in told.read(turn.text, whole=True).values or turn.chance("find_funding") >= LIKELY and says("looks_for", text)


def begin(turn: Turn, served: Served, today: date) -> Reply:
    """Start the finder (or go on with it) with a message that describes a plan or asks for money."""
    found = told.read(turn.text, whole=True) if not turn.clicked else Told()
    lead = None if turn.memory.profile or found else texts()["begin"]
    return _after(turn, found, served, today, lead)


def move(turn: Turn, named: Entry | None, served: Served, today: date) -> Reply | None:
    """Return the reply to a message that belongs to the running finder; None for everything else. `named`: the programme it names."""
    finder, text = turn.memory.finder, plain(turn.text)
    if not finder.active:
        return None
    if says("restart", text):
        return _restart(turn, served, today)
    if says("back", text):
        return _back(turn, served, today)
    asked_why = _explained(turn, named, served, today)
    if asked_why:
        return asked_why
    if says("export", text) and finder.shown:
        return _export(turn, served, today)
    found = _told(turn)
    if says("result", text) and (named is None or found):
        return _result(replace(turn, memory=_remembered(turn.memory, found)), served, today)
    if found:
        return _after(turn, found, served, today)
    return _moved_on(turn, text, served, today)


def clicked(turn: Turn, served: Served, today: date) -> Reply:
    """Answer a button of the finder."""
    if turn.intent == "set_profile":
        return _after(turn, _set(turn), served, today)
    if turn.intent == "show_result":
        return _result(turn, served, today)
    if turn.intent == "restart_finder":
        return _restart(turn, served, today)
    if turn.intent == "skip_question":
        return _ask(turn, served, today)
    return _again(turn, served, today) if turn.intent == "resume_finder" else begin(turn, served, today)


def with_profile(reply: Reply) -> Reply:
    """Put the profile on a concluding answer once something is known (API.md), and the way back after an interruption."""
    profile, finder = reply.memory.profile, reply.memory.finder
    data = {**reply.data, "profile": Profile.read(profile).shown()} if profile or reply.outcome == "form" else reply.data
    way_back = Button(texts()["buttons"]["resume"], "resume_finder")
    interrupted = finder.active and finder.open and reply.outcome in ("answer", "list", "smalltalk")
    titles = {button.title for button in reply.buttons}
    buttons = [*reply.buttons, way_back] if interrupted and way_back.title not in titles else reply.buttons
    return replace(reply, data=data, buttons=buttons)


# ---------------------------------------------------------------- what was told


def _told(turn: Turn) -> Told:
    finder, text = turn.memory.finder, plain(turn.text)
    found = told.read(turn.text, finder.open)
    if finder.open in TRUTHS and finder.open not in found.values and len(text.split()) <= 6:
        if says("no", text):
            return replace(found, values={**found.values, finder.open: False})
        if says("yes", text):
            return replace(found, values={**found.values, finder.open: True})
    kind, eur = _sum_told(turn, found)
    return replace(found, values={**found.values, "costs": {kind: eur}}) if kind else found


def _sum_told(turn: Turn, found: Told) -> tuple[str | None, int | None]:
    """A sum and its cost type said in two messages: the type after the sum, or the only cost again with another sum."""
    finder, known = turn.memory.finder, told.by_type(turn.memory.profile.get("costs") or {})
    if "costs" not in found.values and finder.sum_eur:
        return next(told.cost_types(plain(turn.text)), None), finder.sum_eur
    return (next(iter(known)), found.sum_eur) if found.sum_eur and len(known) == 1 else (None, None)


def _set(turn: Turn) -> Told:
    key, value = str(next(iter(turn.values("key")), "")), str(next(iter(turn.values("value")), ""))
    if key.startswith("costs."):
        return Told({"costs": {key.removeprefix("costs."): int(value)}})
    if key in TRUTHS:
        return Told({key: value == "true"})
    if key in ("themes", "partners"):
        return Told({key: [value] if value else []})
    return Told({key: value})


def _remembered(memory: Memory, found: Told) -> Memory:
    """The memory after some details; impossible values are left out."""
    after = told.merged(memory.profile, found)
    try:
        Profile.read(after)
    except ProfileError:
        after = dict(memory.profile)
    finder = memory.finder.remembering(memory.profile) if after != dict(memory.profile) else memory.finder
    sum_eur = None if "costs" in after else found.sum_eur or finder.sum_eur
    return replace(memory, profile=after, finder=replace(finder, active=True, sum_eur=sum_eur), misses=0)


# ---------------------------------------------------------------- what comes next


def _after(turn: Turn, found: Told, served: Served, today: date, lead: str | None = None) -> Reply:
    """Go on after details: the result where enough is known, else the next question."""
    turn = replace(turn, memory=_remembered(turn.memory, found))
    known, finder = turn.memory.profile, turn.memory.finder
    if found.misspelt_place and "place" not in known:
        return _near(turn.memory, found.misspelt_place)
    if finder.shown or all(key in known for key in BASIC) or len(finder.asked) >= MOST_QUESTIONS:
        return _result(turn, served, today)
    return _ask(turn, served, today, lead)


def _restart(turn: Turn, served: Served, today: date) -> Reply:
    memory = replace(turn.memory, profile={}, finder=Finder())
    return _ask(replace(turn, memory=memory), served, today, texts()["restarted"])


def _ask(turn: Turn, served: Served, today: date, lead: str | None = None) -> Reply:
    memory = turn.memory
    if memory.finder.sum_eur and ASKED_SUM not in memory.finder.asked:
        finder = memory.finder.asking("costs")
        return _form(replace(memory, finder=replace(finder, asked=(*finder.asked, ASKED_SUM))), "costs", lead)
    matches = match(served.programmes, Profile.read(memory.profile), today)
    key = next_question(matches, memory.finder.asked)
    if key is None or len(memory.finder.asked) >= MOST_QUESTIONS and not memory.finder.shown:
        return _result(turn, served, today, matches)
    memory = replace(memory, finder=memory.finder.asking(key), misses=0)
    possible = sum(m.answer is not Answer.NO for m in matches)
    return _form(memory, key, lead, texts()["progress"].format(open=possible) if memory.profile else None)


def _form(memory: Memory, key: str, lead: str | None = None, progress: str | None = None) -> Reply:
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


def _result(turn: Turn, served: Served, today: date, matches: list[Match] | None = None) -> Reply:
    memory, profile = turn.memory, Profile.read(turn.memory.profile)
    matches = match(served.programmes, profile, today) if matches is None else matches
    key = next_question(matches, memory.finder.asked)
    memory = replace(memory, finder=replace(memory.finder.asking(key), shown=True))
    reply = results.result(memory, profile, matches, served, today, key)
    again = Button(texts()["buttons"]["restart"], "restart_finder")
    named = [Button(short_title(served.entries[entry]), "choose_entry", {"entry": entry}) for entry in reply.entries[:3]]
    return replace(reply, buttons=[*(choices(key) if key else []), *named, again])


def _again(turn: Turn, served: Served, today: date) -> Reply:
    """Put the open question again after an interruption."""
    key = turn.memory.finder.open
    return _form(turn.memory, key) if key and not turn.memory.finder.shown else _ask(turn, served, today)


def _back(turn: Turn, served: Served, today: date) -> Reply:
    finder = turn.memory.finder
    if not finder.past:
        return _form(turn.memory, finder.open or "applicant", texts()["no_back"])
    *earlier, profile = finder.past
    undone = next((key for key in reversed(finder.asked) if key in turn.memory.profile and key not in profile), finder.open or "applicant")
    memory = replace(turn.memory, profile=profile, finder=replace(finder, past=tuple(earlier), open=undone))
    return _form(memory, undone)


def _export(turn: Turn, served: Served, today: date) -> Reply:
    reply = _result(turn, served, today)
    entries = [served.entries[key] for key in reply.entries]
    lines = [texts()["export"], stand(entries, today) if entries else None]
    return replace(reply, text="\n".join(line for line in lines if line), buttons=())


def _explained(turn: Turn, named: Entry | None, served: Served, today: date) -> Reply | None:
    """Why a programme does (not) fit, or what would be if something changed."""
    text = plain(turn.text)
    topic = served.entries.get(turn.memory.topic or "")
    entry = named or (topic if topic and topic.area == "foerderung" else None)
    if entry is None or entry.area != "foerderung" or not turn.memory.profile:
        return None
    if says("why", text):
        return results.why(turn, entry, served, today)
    if says("what_if", text):
        found = told.read(turn.text, "partners" if says("is_partner", text) else None, whole=True)
        if found.values:
            return results.why(turn, entry, served, today, told.merged(turn.memory.profile, found))
    return None


def _moved_on(turn: Turn, text: str, served: Served, today: date) -> Reply | None:
    """Words that answer nothing but move the dialogue on."""
    finder = turn.memory.finder
    if says("summary", text):
        return _again(turn, served, today)
    if says("skip", plain(told.sentences(turn.text)[-1])):
        return _ask(turn, served, today)
    if turn.chance("simple_language") >= SURE and finder.open and not finder.shown:
        return _again(replace(turn, memory=replace(turn.memory, language="de-simple")), served, today)
    if told.is_question(turn.text):
        return None
    if says("resume", text):
        return _again(turn, served, today)
    if finder.open == "partners" and says("yes", text):
        return _form(turn.memory, "partners", texts()["which_partner"])
    if turn.intent in ("affirm", "deny") and finder.open and not finder.shown:
        return _again(turn, served, today)
    return _unknown_place(turn, served, today)


def _unknown_place(turn: Turn, served: Served, today: date) -> Reply | None:
    """A short answer that names none of our places: near spellings; where the place was asked, else a place outside."""
    name, asked = turn.text.strip(" .!,"), turn.memory.finder.open == "place"
    if not 0 < len(name.split()) <= (4 if asked else 2) or "place" in turn.memory.profile:
        return None
    if gazetteer.near(name):
        return _near(turn.memory, name)
    return _after(turn, Told({"place": name[:100]}), served, today) if asked else None


def _near(memory: Memory, name: str) -> Reply:
    text = texts()["near_place"].format(place=name)
    found = [setting(near, "place", near) for near in gazetteer.near(name)]
    return Reply("form", text, replace(memory, finder=replace(memory.finder, open="place")), buttons=[*found, *_always()])
