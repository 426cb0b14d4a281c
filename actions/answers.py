"""Answering a question from one or two entries: the answer first, then the date of what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
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
from knowledge.model import Entry
from knowledge.openness import State, openness
from knowledge.query import Query
from knowledge.search import Hit

USUAL, LONGEST = 520, 960
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


def answer(turn: Turn, query: Query, hit: Hit, served: Served, today: date) -> Reply:
    """Answer a question about an entry; each of two questions in one message gets its own part. `query`: the message, analysed."""
    analyse = served.search.analyser.analyse
    asked = [(question, query if question == turn.text else analyse(question)) for question in questions(turn.text)[:3]]
    parts = [_part(question, analysed, turn, hit, served, today) for question, analysed in asked]
    return _reply(turn.memory, [hit.entry], _together(parts), _topic(turn), today)


def about(memory: Memory, entry: Entry, topic: str, served: Served, today: date) -> Reply:
    """Answer what a button asks: one topic of one entry."""
    block = of_entry(entry, topic)
    told = fields.answer(topic, entry, today, served.contacts) or (_block_text(entry, block) if block else None)
    if told is None:
        return _reply(memory, [entry], _nothing(entry, topic), topic, today)
    return _reply(memory, [entry], _from_short(told), topic, today)


def more(memory: Memory, entry: Entry, served: Served, today: date) -> Reply:
    """Tell the rest: summary and conditions of the entry answered about last."""
    conditions = fields.answer("conditions", entry, today, served.contacts)
    told = [entry.summary if memory.asked != "overview" else None, conditions, entry.get("contradiction")]
    text = "\n".join(part for part in told if part)
    return _reply(memory, [entry], text, "more", today)


def term(memory: Memory, entry: Entry, today: date) -> Reply:
    """Explain a term of the glossary."""
    return _reply(memory, [entry], f"{entry.title}: {entry.summary}", "overview", today)


def _topic(turn: Turn) -> str:
    return _likeliest(topics(turn))


def _likeliest(beliefs: dict[str, float]) -> str:
    return max(beliefs, key=lambda topic: beliefs[topic], default="overview")


def topics(turn: Turn) -> dict[str, float]:
    """Return the classifier's belief in each topic (ask_amount → amount)."""
    return {name.removeprefix("ask_"): chance for name, chance in turn.ranking.items() if name.startswith("ask_")}


def _part(question: str, query: Query, turn: Turn, hit: Hit, served: Served, today: date) -> Part:
    own = served.search.within(query, hit.entry.id) or hit
    polar = is_yes_no(question)
    beliefs = sharpened(topics(turn), question)
    choice = choose(own, question, beliefs, polar) if query.content else Choice(_likeliest(beliefs), 0.0)
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
    return Part(part.beginning, f"{told} {part.text}") if told else part


def _with_end(part: Part, entry: Entry, topic: str, today: date) -> Part:
    """Nobody shall prepare an application for a programme that is over: every answer about it says so."""
    if entry.area != "foerderung" or topic == "deadline" or openness(entry, today).state is not State.CLOSED:
        return part
    return Part(part.beginning, f"{part.text} {deadline(entry, today)[1]}")


def _written(question: str, entry: Entry, choice: Choice, polar: bool, served: Served, today: date) -> Part | None:
    """Say what somebody wrote for such questions, or what the calendar says; None where nothing was written."""
    about_time = choice.topic == "deadline" or polar and asks_whether_open(question)
    if about_time and entry.area == "foerderung" and _asks_openness(choice, question, polar):
        beginning, text = deadline(entry, today)
        return Part(f"{beginning}." if polar else None, text)
    if choice.topic == "contact" and entry.get("contacts"):
        return Part(None, fields.answer("contact", entry, today, served.contacts) or entry.summary)
    if choice.block is None:
        return _summary_part(entry, polar) if entry.area in ("faq", "glossar") else None
    text = _block_text(entry, choice.block) or fields.answer(choice.topic, entry, today, served.contacts)
    if choice.kind == "unbekannt":
        return Part(BEGINNINGS["unbekannt"], text or _ask_there(entry))
    text = text or entry.summary
    return Part(_beginning(question, entry, choice, text) if polar else None, text)


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
    told = None if choice.topic == "conditions" and near else fields.answer(choice.topic, entry, today, served.contacts)
    by_lists = polarity.of_lists(entry, question, choice.topic) if polar else None
    if told is None and not near:
        return Part(None, _nothing(entry, choice.topic))
    beginning = (by_lists or polarity.of_fact(question, near[0] if near else told or "")) if polar else None
    sentences = [_from_short(text) for text in near[:2]]
    ordered = [told, *sentences] if by_lists or not polar and choice.topic != "conditions" else [*sentences, told]
    return Part(beginning, " ".join(text for text in ordered if text))


def _asks_openness(choice: Choice, question: str, polar: bool) -> bool:
    """Whether the calendar answers: nothing was written for the question, or it asks whether one can apply now."""
    block = choice.block
    if polar and asks_whether_open(question):
        return True
    return block is None or not block.say or not polar and "deadlines" in block.facts


def _summary_part(entry: Entry, polar: bool) -> Part:
    """An FAQ's answer begins with its own Ja or Nein where its question asked for one."""
    head = entry.summary.split(maxsplit=1)[0].strip(",.:") if entry.summary else ""
    if not polar and head in ("Ja", "Nein"):
        return Part(f"{head}.", _from_short(entry.summary[len(head) :].lstrip(",.: ")))
    return Part(None, entry.summary)


def _block_text(entry: Entry, block: object) -> str:
    say = getattr(block, "say", None)
    told = facts.texts(entry, block)  # type: ignore[arg-type]
    if say:
        return str(say)
    return " ".join(_from_short(text) for text in told[:4])


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
    head = f"Das steht nicht in meinen Quellen{f' (gefragt: {asked})' if asked else ''}."
    return f"{head} {_ask_there(entry)}"


def _ask_there(entry: Entry) -> str:
    provider = entry.get("provider")
    return f"Bitte fragen Sie dort nach: {str(provider).rstrip(chr(46))}." if provider else "Die genannte Quelle hilft vielleicht weiter."


def _reply(memory: Memory, entries: Sequence[Entry], text: str, topic: str, today: date) -> Reply:
    entry = entries[0]
    shown = simple.shorten(text) if memory.language == "de-simple" else shorten(text, USUAL if topic != "more" else LONGEST)
    shown = _with_most(shown, entry) if topic == "overview" else shown
    left = len(text) > len(shown) + 20 or topic == "overview"
    remembered = replace(memory, topic=entry.id, asked=topic, misses=0, text=text[:1500])
    return Reply(
        "answer",
        f"{shown}\n{stand(entries, today)}",
        remembered,
        [e.id for e in entries],
        sources_of(entries),
        _next_steps(entry, topic, left),
        {"links": [{"title": short_title(entry), "url": entry.url}] if entry.url else []},
    )


def _with_most(text: str, entry: Entry) -> str:
    """Who asks what a programme is wants to know how much it is about."""
    most = entry.get("amount_max_eur")
    if entry.area != "foerderung" or not most or f"{most:,}".replace(",", ".") in text:
        return text
    return f"{text}\nBetrag: höchstens {fields.euro(most)}."


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
        return "Quelle: Glossar der Redaktion."
    about_entry = "" if entry.area == "faq" else f"{short_title(entry)}, "
    if entry.as_of is None:
        return f"({about_entry or 'Allgemeine Auskunft, '}Stand unbekannt)"
    warning = " – bitte vor Verwendung prüfen" if is_old(entry.as_of, today) else ""
    return f"({about_entry}Stand: {in_words(entry.as_of)}{warning})"


def is_old(as_of: str, today: date) -> bool:
    """Tell whether a date (YYYY, YYYY-MM or YYYY-MM-DD) lies more than 18 months back."""
    year, month = int(as_of[:4]), int(as_of[5:7] or 12) if len(as_of) > 4 else 12
    return (today.year * 12 + today.month) - (year * 12 + month) > OLD_MONTHS


def _next_steps(entry: Entry, topic: str, left: bool) -> list[Button]:
    if entry.area in ("faq", "glossar"):
        return [Button("Mehr", "show_more", {"entry": entry.id})] if left and entry.area == "faq" else []
    wanted = TOPIC_TITLES if entry.area == "foerderung" else {t: TOPIC_TITLES.get(t, "Worum geht es?") for t in _OFFER_TOPICS}
    ask = [Button(title, f"ask_{key}", {"entry": entry.id}) for key, title in wanted.items() if key != topic and _has(entry, key)]
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
