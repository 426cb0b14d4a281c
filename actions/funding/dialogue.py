"""The funding finder in the chat: one action over the profile. Any order, corrections, interruptions, going back, restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions import switching, talk
from actions.funding import results, starting, steps, telling, told
from actions.funding.moves import wants
from actions.funding.told import Told
from actions.funding.wording import texts
from actions.funding.words import plain, says
from actions.reply import Button, Reply
from actions.turn import Turn
from knowledge import gazetteer
from knowledge.funding.profile import Profile
from knowledge.library import Served
from knowledge.model import Entry
from knowledge.speech import SIMPLE

INTENTS = ("find_funding", "set_profile", "show_result", "restart_finder", "resume_finder", "skip_question")
SURE = 0.4  # belief in a wish for simple language that counts


def begin(turn: Turn, served: Served, today: date) -> Reply:
    """Start the finder (or go on with it) with a message that describes a plan or asks for money."""
    found = told.read(turn.text, whole=True) if not turn.clicked else Told()
    lead = None if turn.memory.profile or found and not starting.is_detail(turn, alone=True) else texts()["begin"]
    return steps.after(turn, found, served, today, lead)


def move(turn: Turn, named: Entry | None, served: Served, today: date) -> Reply | None:
    """Return the reply to a message that belongs to the running finder; None for everything else. `named`: the programme it names."""
    finder, text = turn.memory.finder, plain(turn.text)
    if not finder.active:
        return None
    if wants(turn, "restart"):
        return steps.restart(turn, served, today)
    if wants(turn, "back"):
        return steps.back(turn, served, today)
    asked_why = _explained(turn, named, served, today)
    if asked_why:
        return asked_why
    if wants(turn, "export") and finder.shown:
        return steps.export(turn, served, today)
    found = telling.told_in(turn)
    cost_type = _cost_type_alone(turn, found)
    if cost_type:
        return steps.how_much(turn.memory, cost_type)
    if wants(turn, "result") and (named is None or found):
        return steps.result(replace(turn, memory=telling.remembered(turn.memory, found)), served, today)
    if found and not (named and set(found.values) <= {"themes"} and told.is_question(turn.text)):
        return steps.after(turn, found, served, today)
    return _moved_on(turn, text, served, today)


def clicked(turn: Turn, served: Served, today: date) -> Reply:
    """Answer a button of the finder."""
    if turn.intent == "set_profile":
        return steps.after(turn, telling.set_by(turn), served, today)
    if turn.intent == "show_result":
        return steps.result(turn, served, today)
    if turn.intent == "restart_finder":
        return steps.restart(turn, served, today)
    if turn.intent == "skip_question":
        return steps.ask(turn, served, today)
    return steps.again(turn, served, today) if turn.intent == "resume_finder" else begin(turn, served, today)


def with_profile(reply: Reply) -> Reply:
    """Put the profile on a concluding answer once something is known (API.md), and the way back after an interruption."""
    profile, finder = reply.memory.profile, reply.memory.finder
    data = {**reply.data, "profile": Profile.read(profile).shown()} if profile or reply.outcome == "form" else reply.data
    way_back = Button(texts()["buttons"]["resume"], "resume_finder")
    interrupted = finder.active and finder.open and reply.outcome in ("answer", "list", "smalltalk")
    titles = {button.title for button in reply.buttons}
    buttons = [*reply.buttons, way_back] if interrupted and way_back.title not in titles else reply.buttons
    return replace(reply, data=data, buttons=buttons)


def _cost_type_alone(turn: Turn, found: Told) -> str | None:
    """What is to be paid, where the costs were asked and no sum is told: the sum is asked next."""
    has_sum = turn.memory.profile.get("costs") or turn.memory.finder.sum_eur or found.sum_eur or "costs" in found.values
    if turn.memory.finder.open != "costs" or has_sum or told.is_question(turn.text):
        return None
    return next(told.cost_types(plain(turn.text)), None)


def _explained(turn: Turn, named: Entry | None, served: Served, today: date) -> Reply | None:
    """Why a programme does (not) fit, or what would be if something changed."""
    text = plain(turn.text)
    topic = served.entries.get(turn.memory.topic or "")
    entry = named or (topic if topic and topic.area == "foerderung" else None)
    if not turn.memory.profile:
        return None
    if entry is None or entry.area != "foerderung":
        return steps.supposed(turn, told.read(turn.text, whole=True), served, today) if wants(turn, "what_if") else None
    if wants(turn, "why"):
        return results.why(turn, entry, served, today)
    if wants(turn, "what_if"):
        found = told.read(turn.text, "partners" if says("is_partner", text) else None, whole=True)
        if found.values:
            return results.why(turn, entry, served, today, told.merged(turn.memory.profile, found))
    return None


def _moved_on(turn: Turn, text: str, served: Served, today: date) -> Reply | None:
    """Words that answer nothing but move the dialogue on."""
    finder = turn.memory.finder
    if wants(turn, "summary"):
        return steps.again(turn, served, today)
    if wants(turn, "skip", told.sentences(turn.text)[-1]):
        return steps.ask(turn, served, today)
    if turn.chance("simple_language") >= SURE and finder.open and not finder.shown:
        return switching.switch(turn, SIMPLE, served, today)
    if wants(turn, "resume") and (not told.is_question(turn.text) or turn.chance("resume_finder") >= SURE):
        return steps.again(turn, served, today)
    if told.is_question(turn.text):
        return None
    if finder.open == "partners" and says("yes", text):
        return steps.form(turn.memory, "partners", texts()["which_partner"])
    if turn.intent in ("affirm", "deny") and finder.open and not finder.shown:
        return steps.again(turn, served, today)
    return _unknown_place(turn, served, today) or _not_understood(turn)


def _not_understood(turn: Turn) -> Reply | None:
    """Something told that nothing was read from: say so and ask again, rather than answer what was not asked."""
    finder = turn.memory.finder
    elsewhere = turn.chance(*talk.SMALLTALK, *talk.HUMAN, "find_offer", "explain_term", "show_more", "browse_area")
    if finder.shown or not finder.open or elsewhere >= SURE:
        return None
    return steps.form(turn.memory, finder.open, texts()["not_read"])


def _unknown_place(turn: Turn, served: Served, today: date) -> Reply | None:
    """A short answer that names none of our places: near spellings; where the place was asked, else a place outside."""
    name, asked = turn.text.strip(" .!,"), turn.memory.finder.open == "place"
    if not 0 < len(name.split()) <= (4 if asked else 3) or "place" in turn.memory.profile or says("no_name", plain(name)):
        return None
    if gazetteer.near(name):
        return steps.near(turn.memory, name)
    like_a_name = name[:1].isupper() or len(name.split()) == 1 or says("name_begins", plain(name))
    return steps.after(turn, Told({"place": name[:100]}), served, today) if asked and like_a_name else None
