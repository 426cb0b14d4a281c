"""Answering a question from one or two entries: the answer first, then the date of what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions import fields, polarity, simple
from actions.choosing import Choice, choose, of_entry
from actions.cues import asks_whether_open, sharpened
from actions.deadlines import deadline
from actions.grammar import is_yes_no, questions
from actions.reply import Button, Reply, short_title, sources_of
from actions.turn import Memory, Turn
from knowledge import facts
from knowledge.dates import in_words
from knowledge.library import Served
from knowledge.model import Asked, Entry
from knowledge.openness import State, openness
from knowledge.query import Query
from knowledge.search import Hit
from knowledge.speech import GERMAN, SIMPLE, is_simple, say, speaking, spoken

USUAL, LONGEST = 520, 960
LIMIT, ROOM = 1_000, 90  # characters of an answer, all in all; what the note on a changed language takes of them
OLD_MONTHS = 18
NEAR_ENOUGH = 0.1  # a fact of the entry this near to the question is told
SURE_TOPIC = 0.6
FIELD_TOPICS = ("amount", "deadline", "own_share", "contact")
FACT_FIELDS = ("conditions", "amount_note", "region", "combination", "deadlines", "dates", "cost")
BEGINNINGS = {"ja": "Ja.", "nein": "Nein.", "offen": "Kommt darauf an.", "unbekannt": "Das steht nicht in meinen Quellen."}
TOPIC_TITLES = {
    "amount": "Wie viel Geld gibt es?",
    "applicants": "Wer kann das nutzen?",
    "deadline": "Welche Fristen gelten?",
    "conditions": "Was ist Voraussetzung?",
    "costs": "Was wird bezahlt?",
    "own_share": "Wie hoch ist der Eigenanteil?",
    "how_to_apply": "Wie geht der Antrag?",
    "contact": "An wen wende ich mich?",
    "combination": "Womit ist es kombinierbar?",
}
_OFFER_TOPICS = ("overview", "applicants", "costs", "deadline", "contact")


@dataclass(frozen=True)
class Part:
    """What is said to one question: the beginning (Ja, Nein …) or none, and the text."""

    beginning: str | None
    text: str


@dataclass(frozen=True)
class Meant:
    """One question of a message and what of the entry answers it: decided once, told in either language."""

    question: str
    hit: Hit
    choice: Choice
    polar: bool
    beliefs: dict[str, float]


def answer(turn: Turn, query: Query, hit: Hit, served: Served, today: date) -> Reply:
    """Answer a question about an entry; each of two questions in one message gets its own part. `query`: the message, analysed."""
    analyse = served.search.analyser.analyse
    asked = [(question, query if question == turn.text else analyse(question)) for question in questions(turn.text)[:3]]
    meant = [_meant(question, analysed, turn, hit, served) for question, analysed in asked]
    return _reply(turn.memory, [hit.entry], lambda: _together([_part(one, turn, served, today) for one in meant]), _topic(turn), today)


def about(memory: Memory, entry: Entry, topic: str, served: Served, today: date) -> Reply:
    """Answer what a button asks: one topic of one entry."""
    block = of_entry(entry, topic)

    def told() -> str:
        found = fields.answer(topic, entry, today, served.contacts) or (_block_text(entry, block) if block else None)
        return _nothing(entry, topic) if found is None else _from_short(found)

    return _reply(memory, [entry], told, topic, today)


def more(memory: Memory, entry: Entry, served: Served, today: date) -> Reply:
    """Tell the rest: summary and conditions of the entry answered about last."""

    def told() -> str:
        conditions = fields.answer("conditions", entry, today, served.contacts)
        summary = spoken(entry).summary if memory.asked != "overview" else None
        return "\n".join(part for part in (summary, conditions, spoken(entry).get("contradiction")) if part)

    return _reply(memory, [entry], told, "more", today)


def term(memory: Memory, entry: Entry, today: date) -> Reply:
    """Explain a term of the glossary."""
    return _reply(memory, [entry], lambda: f"{entry.title}: {spoken(entry).summary}", "overview", today)


def _topic(turn: Turn) -> str:
    return _likeliest(topics(turn))


def _likeliest(beliefs: dict[str, float]) -> str:
    return max(beliefs, key=lambda topic: beliefs[topic], default="overview")


def topics(turn: Turn) -> dict[str, float]:
    """Return the classifier's belief in each topic (ask_amount → amount)."""
    return {name.removeprefix("ask_"): chance for name, chance in turn.ranking.items() if name.startswith("ask_")}


def _meant(question: str, query: Query, turn: Turn, hit: Hit, served: Served) -> Meant:
    own = served.search.within(query, hit.entry.id) or hit
    polar = is_yes_no(question)
    beliefs = sharpened(topics(turn), question)
    choice = choose(own, question, beliefs, polar) if query.content else Choice(_likeliest(beliefs), 0.0)
    return Meant(question, own, choice, polar, beliefs)


def _part(meant: Meant, turn: Turn, served: Served, today: date) -> Part:
    question, own, choice, polar, beliefs = meant.question, meant.hit, meant.choice, meant.polar, meant.beliefs
    part = _unpromised(_written(question, own.entry, choice, polar, served, today), own.entry, question, choice, turn.memory) or _composed(
        question, own, choice, polar, served, today
    )
    if not polar:
        part = _with_field(part, own.entry, choice, beliefs, served, today)
    return _with_end(part, own.entry, choice.topic, today)


def _unpromised(part: Part | None, entry: Entry, question: str, choice: Choice, memory: Memory) -> Part | None:
    """Never a Ja to an applicant whom the entry does not list, named or known from the profile: a wrong yes costs a village its project."""
    if part is None or part.beginning != polarity.YES or choice.topic != "applicants" or entry.area != "foerderung":
        return part
    listed = polarity.of_lists(entry, question, "applicants")
    if listed == polarity.NO:
        return replace(part, beginning=polarity.DEPENDS)
    known = memory.profile.get("applicant")
    if listed is None and known and known not in entry.get("applicants", ()):
        return replace(part, beginning=polarity.NO)
    return part


def _with_field(part: Part, entry: Entry, choice: Choice, beliefs: dict[str, float], served: Served, today: date) -> Part:
    """Where the classifier is sure of a topic that the nearest wording is not about, the entry's field on it is told too."""
    likely = max(beliefs, key=lambda topic: beliefs[topic], default="")
    if choice.block is None or likely in (choice.topic, "") or beliefs[likely] < SURE_TOPIC or likely not in FIELD_TOPICS:
        return part
    told = fields.answer(likely, entry, today, served.contacts)
    return Part(part.beginning, _joined([told, part.text])) if told else part


def _with_end(part: Part, entry: Entry, topic: str, today: date) -> Part:
    """Nobody shall prepare an application for a programme that is over: every answer about it says so."""
    if entry.area != "foerderung" or topic == "deadline" or openness(entry, today).state is not State.CLOSED:
        return part
    return Part(part.beginning, _joined([part.text, deadline(entry, today)[1]]))


def _written(question: str, entry: Entry, choice: Choice, polar: bool, served: Served, today: date) -> Part | None:
    """Say what somebody wrote for such questions, or what the calendar says; None where nothing was written."""
    about_time = choice.topic == "deadline" or polar and asks_whether_open(question)
    if about_time and entry.area == "foerderung" and _asks_openness(choice, question, polar):
        beginning, text = deadline(entry, today)
        return Part(f"{beginning}." if polar else None, text)
    if choice.topic == "contact" and entry.get("contacts"):
        return Part(None, fields.answer("contact", entry, today, served.contacts) or spoken(entry).summary)
    if choice.block is None:
        return _summary_part(entry, polar) if entry.area in ("faq", "glossar") else None
    block = choice.block

    def told() -> str | None:
        return _block_text(entry, block) or fields.answer(choice.topic, entry, today, served.contacts)

    if choice.kind == "unbekannt":
        return Part(BEGINNINGS["unbekannt"], told() or _ask_there(entry))
    with speaking(GERMAN):
        original = told() or entry.summary
    return Part(_beginning(question, entry, choice, original) if polar else None, told() or spoken(entry).summary)


def _beginning(question: str, entry: Entry, choice: Choice, text: str) -> str:
    """The block's Ja or Nein; where none of its wordings asks for one, what lists and words decide."""
    written, told = BEGINNINGS.get(choice.kind), polarity.of_fact(question, text)
    if {written, told} == {polarity.YES, polarity.NO}:
        return polarity.DEPENDS
    return written or polarity.of_lists(entry, question, choice.topic) or told


def _composed(question: str, hit: Hit, choice: Choice, polar: bool, served: Served, today: date) -> Part:
    """Compose from fields and facts: the field that was asked for, the facts nearest to the question."""
    entry = hit.entry
    near = [p.text for score, p in hit.passages if p.kind == "fact" and p.field in FACT_FIELDS and score >= NEAR_ENOUGH]

    def field() -> str | None:
        return None if choice.topic == "conditions" and near else fields.answer(choice.topic, entry, today, served.contacts)

    told = field()
    by_lists = polarity.of_lists(entry, question, choice.topic) if polar else None
    if told is None and not near:
        return Part(None, _nothing(entry, choice.topic))
    with speaking(GERMAN):
        beginning = (by_lists or polarity.of_fact(question, near[0] if near else field() or "")) if polar else None
    sentences = [_from_short(entry.simple.get(text, text) if is_simple() else text) for text in near[:2]]
    ordered = [told, *sentences] if by_lists or not polar and choice.topic != "conditions" else [*sentences, told]
    return Part(beginning, _joined(ordered))


def _asks_openness(choice: Choice, question: str, polar: bool) -> bool:
    """Whether the calendar answers: nothing was written for the question, or it asks whether one can apply now."""
    block = choice.block
    if polar and asks_whether_open(question):
        return True
    return block is None or not block.say or not polar and "deadlines" in block.facts


def _summary_part(entry: Entry, polar: bool) -> Part:
    """An FAQ's answer begins with its own Ja or Nein where its question asked for one."""
    summary = spoken(entry).summary
    head = summary.split(maxsplit=1)[0].strip(",.:") if summary else ""
    if not polar and head in ("Ja", "Nein"):
        return Part(f"{head}.", _from_short(summary[len(head) :].lstrip(",.: ")))
    return Part(None, summary)


def _block_text(entry: Entry, block: Asked) -> str:
    if block.say:
        return entry.simple.get(block.say, block.say) if is_simple() else block.say
    return _joined([_from_short(text) for text in facts.told(entry, block)[:4]])


def _joined(parts: Sequence[str | None]) -> str:
    """Join what stands side by side: in Einfache Sprache each part has its own line."""
    return ("\n" if is_simple() else " ").join(part for part in parts if part)


def _from_short(text: str) -> str:
    """Make a note or condition a sentence: a capital in front, a full stop behind."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":", "“")) else f"{text}."


def _together(parts: Sequence[Part]) -> str:
    """Join parts; the first part's Ja or Nein begins the text, later ones repeat nothing that was said."""
    said: list[str] = []
    for part in parts:
        text = part.text.strip()
        if any(text in earlier for earlier in said):
            continue
        begins = part.beginning and not text.lower().startswith(part.beginning.lower().rstrip("."))
        said.append(f"{part.beginning} {text}" if begins else text)
    return "\n".join(said)


def _nothing(entry: Entry, topic: str) -> str:
    asked = TOPIC_TITLES.get(topic)
    title = " " + say("(gefragt: {asked})", asked=say(asked)) if asked else ""
    return f"{say('Das steht nicht in meinen Quellen{asked}.', asked=title)} {_ask_there(entry)}"


def _ask_there(entry: Entry) -> str:
    provider = entry.get("provider")
    if provider:
        return say("Bitte fragen Sie dort nach: {provider}.", provider=str(provider).rstrip("."))
    return say("Die genannte Quelle hilft vielleicht weiter.")


def _reply(memory: Memory, entries: Sequence[Entry], told: Callable[[], str], topic: str, today: date) -> Reply:
    """Reply with what is told in the conversation's language; the other one is kept for whoever asks for it."""
    entry, shown, left = entries[0], {}, {}
    for language in (GERMAN, SIMPLE):
        with speaking(language):
            whole = told()
            shown[language], left[language] = _shown(whole, entries, topic, today)
    remembered = replace(memory, topic=entry.id, asked=topic, misses=0, text=shown[GERMAN], simple=shown[SIMPLE])
    language = SIMPLE if memory.language == SIMPLE else GERMAN
    return about_entries(shown[language], remembered, entries, next_steps(entry, topic, left[language]))


def about_entries(text: str, memory: Memory, entries: Sequence[Entry], buttons: Sequence[Button]) -> Reply:
    """Return a text about entries as an answer with their sources and the first one's page."""
    entry = entries[0]
    links = [{"title": short_title(entry), "url": entry.url}] if entry.url else []
    return Reply("answer", text, memory, [e.id for e in entries], sources_of(entries), buttons, {"links": links})


def _shown(text: str, entries: Sequence[Entry], topic: str, today: date) -> tuple[str, bool]:
    """Return what of a text is shown, dated, and whether something is left to tell."""
    dated = stand(entries, today)
    most = USUAL if topic != "more" else LONGEST
    shown = simple.fitted(text, LIMIT - ROOM - len(dated)) if is_simple() else shorten(text, most)
    shown = _with_most(shown, entries[0]) if topic == "overview" else shown
    return f"{shown}\n{dated}", topic == "overview" or len(text) > len(shown) + 20


def _with_most(text: str, entry: Entry) -> str:
    """Who asks what a programme is wants to know how much it is about."""
    most = entry.get("amount_max_eur")
    if entry.area != "foerderung" or not most or f"{most:,}".replace(",", ".") in text:
        return text
    return f"{text}\n{say('Betrag: höchstens {eur}.', eur=fields.euro(most))}"


def shorten(text: str, most: int = USUAL) -> str:
    """Cut a text at the end of a sentence or list item so that it has about `most` characters; a figure is never cut."""
    if len(text) <= most + 120:
        return text
    ends = [i + 1 for i in range(len(text) - 1) if text[i] in ".!?" and text[i + 1] in " \n" and not text[i - 1].isdigit()]
    ends += [i for i, c in enumerate(text) if c == "\n"]
    fitting = [end for end in ends if end <= most + 120]
    return text[: max(fitting)].rstrip() if fitting else text[:most].rsplit(" ", 1)[0] + " …"


def stand(entries: Sequence[Entry], today: date) -> str:
    """Return the line that dates an answer: Stand, or that it is unknown; old facts carry a warning."""
    entry = entries[0]
    if entry.area == "glossar":
        return say("Quelle: Glossar der Redaktion.")
    about_entry = "" if entry.area == "faq" else f"{short_title(entry)}, "
    if entry.as_of is None:
        return f"({about_entry or say('Allgemeine Auskunft') + ', '}{say('Stand unbekannt')})"
    warning = " – " + say("bitte vor Verwendung prüfen") if is_old(entry.as_of, today) else ""
    return f"({about_entry}{say('Stand: {day}', day=in_words(entry.as_of))}{warning})"


def is_old(as_of: str, today: date) -> bool:
    """Tell whether a date (YYYY, YYYY-MM or YYYY-MM-DD) lies more than 18 months back."""
    year, month = int(as_of[:4]), int(as_of[5:7] or 12) if len(as_of) > 4 else 12
    return (today.year * 12 + today.month) - (year * 12 + month) > OLD_MONTHS


def next_steps(entry: Entry, topic: str, left: bool) -> list[Button]:
    """Return the buttons below an answer: the rest of it, and what else the entry tells."""
    if entry.area in ("faq", "glossar"):
        return [Button("Mehr", "show_more", {"entry": entry.id})] if left and entry.area == "faq" else []
    wanted = TOPIC_TITLES if entry.area == "foerderung" else {t: TOPIC_TITLES.get(t, "Worum geht es?") for t in _OFFER_TOPICS}
    ask = [Button(say(title), f"ask_{key}", {"entry": entry.id}) for key, title in wanted.items() if key != topic and _has(entry, key)]
    more_button = [Button("Mehr", "show_more", {"entry": entry.id})] if left and topic != "more" else []
    return more_button + ask[:3]


def _has(entry: Entry, topic: str) -> bool:
    keys = {
        "amount": ("amount_note", "amount_max_eur", "funding_rate_max_pct"),
        "applicants": ("applicants", "audience"),
        "deadline": ("deadlines", "status", "dates"),
        "conditions": ("conditions",),
        "costs": ("cost_types", "cost"),
        "own_share": ("own_share_min_pct", "funding_rate_max_pct"),
        "contact": ("contact", "provider"),
        "combination": ("combination",),
        "overview": ("summary",),
    }
    return any(entry.get(key) and entry.get(key) != "unknown" for key in keys.get(topic, ()))
