"""From a turn to a reply: what the classifier believes, weighed against what the search finds (neither decides alone)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions import answers, browsing, explaining, finding, handoff, offering, switching, talk
from actions.cues import is_elsewhere, wants_another, wants_meaning, wants_money, wants_offer, wants_usual_language
from actions.funding import dialogue, starting
from actions.grammar import has_no_subject, leans
from actions.reply import Button, Reply, short_title, sources_of
from actions.turn import Turn
from knowledge.foreign import language_of
from knowledge.language import fold
from knowledge.library import Served
from knowledge.model import Entry
from knowledge.query import Query
from knowledge.search import Hit
from knowledge.speech import GERMAN, SIMPLE, say, speaking

NAMED, WELL_NAMED, SURELY_NAMED = 0.45, 0.6, 0.9  # an entry named this surely is meant; even though a need is described
LEANING = 0.5  # a wording this near is meant, even though the message could lean on the last topic
NEEDED, FEW = 0.6, 2  # belief that a need is described; content words of a message without a subject of its own
VERY_CERTAIN = 0.8  # belief in an intent that outweighs a near wording
CERTAIN = 0.4  # belief in an intent that counts without support
FOUND, WEAK, SURE = 0.3, 0.2, 0.36  # scores of the search: worth answering, next to nothing, nearly the same words
LONG = 10  # letters from which on a word of a title is a subject
ENOUGH = 3  # content words from which on nearness says all it can: of one or two, nearly every entry has both
SURE_SUBJECT, FAR_LESS = 0.6, 0.2  # scores at which a message that leans has a subject of its own all the same
NEAR_TOPIC = 0.4  # what nearness to the last question counts beside the words of this one
FAR_BETTER = 1.6  # how much more must match where another entry is named
EXPLAIN, TERM_SHARE = 0.3, 0.6  # belief that a word is asked; how near a term must be beside the best entry
ELSEWHERE = 0.3  # what another Land adds to the belief that a message is out of scope
MONEY = 0.45  # what a wish for money in plain words adds to the belief in a search for funding
CLOSE, UNSURE, FAR, LIKELY_NEED = 0.8, 0.5, 0.26, 0.12  # when "Meinten Sie …?" is asked instead of answering (see _unsure)
_COMMAND = re.compile(r"\s*/\w")  # what looks like a command to the machine is none, and no question either


def respond(turn: Turn, served: Served, today: date) -> Reply:
    """Answer one turn; always returns a reply with one outcome of the closed list."""
    with speaking(turn.memory.language):
        reply = _clicked(turn, served, today) if turn.clicked else _typed(turn, served, today)
    with speaking(reply.memory.language):
        whole = offering.noted(turn, explaining.explained(dialogue.with_profile(reply), served))
        return replace(whole, buttons=[replace(button, title=say(button.title)) for button in whole.buttons])


def _typed(turn: Turn, served: Served, today: date) -> Reply:
    if _COMMAND.match(turn.text):
        return talk.not_understood(turn, served)
    language = language_of(turn.written) if not turn.memory.finder.active else None
    if language:
        return talk.foreign(turn, language)
    if turn.memory.language == SIMPLE and wants_usual_language(turn.text):
        return switching.switch(turn, GERMAN, served, today)
    if offering.accepts(turn):
        return switching.switch(turn, SIMPLE, served, today)
    query = served.search.analyser.analyse(turn.text)
    hits = _without_terms(turn, query, served.search.rank(query, limit=14))
    hits = _named_first(hits) if turn.memory.topic or _asks_in_few_words(turn, query) else hits
    best = hits[0] if hits else None
    to_human = handoff.move(turn, served, named=best is not None and best.named >= NAMED)
    if to_human:
        return to_human
    turn = handoff.passed_by(turn)
    moved = _in_finder(turn, hits, served, today)
    if moved:
        return moved
    turn = starting.noting(turn.outside_finder())
    talking = _talk(turn, query, served, best, today)
    if talking:
        return talking
    topic = served.search.within(query, turn.memory.topic) if turn.memory.topic else None
    if topic and best and _asks_on(turn, query, topic, best):
        hits = _near_topic(query, hits, topic, served)
        topic, best = None, hits[0]
    if topic and _leans_on_topic(turn, query, best) and not _has_own_subject(query, topic, best):
        reply = answers.answer(turn, query, topic, served, today)
        return _with_successor(reply, served) if wants_another(turn.text) else reply
    if best and _lacks_subject(turn, query, best):
        return handoff.wish(turn, "request_human", served) if turn.intent == "ask_contact" else talk.which(turn, served)
    if best is None or turn.chance("find_funding", "find_offer") < CERTAIN and _nothing_known(query, best):
        return talk.not_understood(turn, served)
    return _found(turn, query, hits, served, today)


def _asks_in_few_words(turn: Turn, query: Query) -> bool:
    return len(query.content) <= ENOUGH and turn.intent.startswith("ask_") and turn.chance(turn.intent) >= VERY_CERTAIN


def _named_first(hits: list[Hit]) -> list[Hit]:
    """An entry that is named goes before one that only shares words, unless the message is nearly one of the latter's wordings."""
    first = next((hit for hit in hits if hit.named >= SURELY_NAMED and _near(hit) >= _near(hits[0])), None)
    if first is None:
        first = next((hit for hit in hits if hit.named >= NAMED), None)
        if first is None or hits[0].named >= NAMED or _near(hits[0]) >= LEANING or hits[0].score > FAR_BETTER * first.score:
            return hits
    return [first, *(hit for hit in hits if hit is not first)]


def _asks_on(turn: Turn, query: Query, topic: Hit, best: Hit) -> bool:
    """Whether a message leans on an answer of the FAQ or a term: those answer one question only, the next one stands elsewhere."""
    narrow = topic.entry.area in ("faq", "glossar") and best.named < NAMED
    return narrow and bool(query.content) and leans(turn.text) and not _has_own_subject(query, topic, best)


def _near_topic(query: Query, hits: list[Hit], topic: Hit, served: Served) -> list[Hit]:
    """Order what a message may mean by its words and by how near an entry is to the last question."""
    about = {hit.entry.id: hit for hit in served.search.rank(served.search.analyser.analyse(topic.entry.title), limit=8)}
    near = (served.search.within(query, key) for key in about)
    found = {hit.entry.id: hit for hit in (topic, *(hit for hit in near if hit), *hits)}

    def fit(hit: Hit) -> float:
        return hit.score + (NEAR_TOPIC * about[hit.entry.id].score if hit.entry.id in about else 0.0)

    return sorted(found.values(), key=fit, reverse=True)


def _named_programme(hits: list[Hit]) -> Entry | None:
    named = [hit for hit in hits if hit.entry.area == "foerderung" and hit.named >= NAMED]
    return max(named, key=lambda hit: hit.named).entry if named else None


def _in_finder(turn: Turn, hits: list[Hit], served: Served, today: date) -> Reply | None:
    """What belongs to the funding finder: the running dialogue, or a message that describes a plan with its costs."""
    serious = turn.chance("emergency", *talk.HUMAN)
    if turn.memory.finder.active and serious < VERY_CERTAIN:
        return dialogue.move(turn, _named_programme(hits), served, today)
    if serious >= CERTAIN:
        return None
    others = [hit for hit in hits if hit.entry.id != starting.OWN_ENTRY]
    free = all(hit.named < NAMED for hit in others) and (not hits or hits[0] not in others or _near(hits[0]) < SURE)
    detail = _named_programme(hits) is None and starting.is_detail(turn, not turn.memory.topic)
    begins = detail or starting.describes_plan(turn.text) or free and starting.starts(turn.outside_finder())
    return dialogue.begin(turn, served, today) if begins else None


def _clicked(turn: Turn, served: Served, today: date) -> Reply:
    entry = served.entries.get(next(iter(turn.values("entry")), turn.memory.topic or ""))
    if turn.intent in talk.HUMAN:
        return handoff.wish(turn, turn.intent, served)
    if turn.intent in handoff.STEPS:
        return handoff.step(turn, turn.intent, served)
    turn = handoff.passed_by(turn)
    if turn.intent == "simple_language":
        return switching.clicked(turn, served, today)
    if turn.intent == "browse_area":
        return finding.area(turn, str(next(iter(turn.values("area")), "beratung")), served, today)
    if turn.intent in dialogue.INTENTS:
        return dialogue.clicked(turn, served, today)
    if turn.intent == "show_more" and entry:
        return answers.more(turn.memory, entry, served, today)
    if turn.intent in ("choose_entry", "explain_term") and entry:
        return answers.about(turn.memory, entry, "overview", served, today)
    if turn.intent.startswith("ask_") and entry:
        return answers.about(turn.memory, entry, turn.intent.removeprefix("ask_"), served, today)
    return talk.smalltalk(turn, "greet")


def _talk(turn: Turn, query: Query, served: Served, best: Hit | None, today: date) -> Reply | None:
    score = best.score if best else 0.0
    near = _weighed(query, best) if best else 0.0
    named = best is not None and best.named >= NAMED
    if turn.chance("emergency") >= CERTAIN and not named and near < SURE:
        return talk.emergency(turn)
    human = turn.chance(*talk.HUMAN)
    if human >= VERY_CERTAIN or human >= CERTAIN and near < SURE:
        kind = max(talk.HUMAN, key=lambda kind: turn.ranking.get(kind, 0.0))
        return handoff.wish(turn, kind, served, best.entry if best and best.named >= WELL_NAMED else None)
    strange = turn.chance("out_of_scope") + (ELSEWHERE if is_elsewhere(turn.text) else 0.0)
    strange -= turn.chance("find_funding") if wants_money(turn.text) else 0.0
    if (best is None or best.named < WELL_NAMED) and (strange >= VERY_CERTAIN or strange >= CERTAIN and near < SURE):
        return dialogue.begin(turn, served, today) if starting.is_detail(turn, alone=True) else talk.out_of_scope(turn, served)
    if turn.intent == "simple_language" and turn.chance("simple_language") >= CERTAIN:
        return _small(turn, served, today)
    small = turn.chance(*talk.SMALLTALK) if turn.intent in talk.SMALLTALK else 0.0
    misread = best is not None and best.named < WELL_NAMED and small >= VERY_CERTAIN  # „Tschüss“ is no „Zuschuss“ with typing errors
    if small and (not named or misread) and (small >= CERTAIN or score < FOUND):
        return _small(turn, served, today)
    area = _browsed(turn, named, near)
    if area:
        return finding.area(turn, area, served, today)
    if turn.chance("nonsense") >= CERTAIN and score < FOUND:
        return talk.not_understood(turn, served)
    return None


def _browsed(turn: Turn, named: bool, near: float) -> str | None:
    """The area of which somebody wants to see what there is: its name alone, or other words that the classifier knows."""
    area = browsing.area(turn.text)
    if area is None:
        return None
    believed = turn.chance("browse_area") >= CERTAIN and not named and near < SURE
    return area if believed or browsing.names_nothing_else(turn.text, area) else None


def _small(turn: Turn, served: Served, today: date) -> Reply:
    if turn.intent == "other_language":
        return talk.foreign(turn, "en")
    if turn.intent == "simple_language":
        return switching.switch(turn, SIMPLE, served, today)
    if turn.intent == "repeat_answer":
        return switching.repeat(turn, served, today)
    return talk.smalltalk(turn, turn.intent)


def _nothing_known(query: Query, best: Hit) -> bool:
    return best.score < WEAK or query.known < 0.34 and best.named < NAMED and best.score < FOUND


def _leans_on_topic(turn: Turn, query: Query, best: Hit | None) -> bool:
    """A message without a subject of its own ("und bis wann?", "gibt es das auch für Kirchen?") is about the last topic."""
    if best is None or not leans(turn.text):
        return bool(leans(turn.text) and query.words)
    return best.named < NAMED and (len(query.content) <= FEW or _near(best) < LEANING)


def _with_successor(reply: Reply, served: Served) -> Reply:
    """Where something else instead was asked and the answer names it, that is the new topic."""
    names = served.search.analyser.analyse(reply.memory.text or reply.text).names
    numbers = sorted((n for n, strength in names.items() if strength >= SURELY_NAMED), key=lambda n: -names[n])
    others = [e for e in (served.search.entries[n] for n in numbers) if e.area == "foerderung" and e.id not in reply.entries]
    if not others:
        return reply
    entries = [others[0], *(served.entries[key] for key in reply.entries)]
    memory = replace(reply.memory, topic=others[0].id)
    return replace(reply, entries=[e.id for e in entries][:2], sources=sources_of(entries), memory=memory)


def _has_own_subject(query: Query, topic: Hit, best: Hit | None) -> bool:
    """A new subject in words that only seem to lean: a long word of another title, or another entry nearly sure the topic not at all."""
    if best is None:
        return False
    if any(len(word) >= LONG and word in fold(best.entry.title) and word not in fold(topic.entry.title) for word in query.content):
        return True
    return len(query.content) >= FEW and best.score >= SURE_SUBJECT and topic.score < FAR_LESS * best.score


def _lacks_subject(turn: Turn, query: Query, best: Hit) -> bool:
    """A follow-up without anything before it: nothing is named, and hardly a word of its own."""
    if turn.memory.topic or not turn.intent.startswith("ask_") or best.named >= NAMED:
        return False
    return has_no_subject(query.content) or len(query.content) <= 1 and leans(turn.text) and _near(best) < LEANING


def _near(hit: Hit) -> float:
    return max((score for score, passage in hit.passages if passage.kind != "fact"), default=0.0)


def _weighed(query: Query, hit: Hit) -> float:
    """How near a wording is, as far as a message of so few words can tell."""
    return _near(hit) * min(len(query.content) / ENOUGH, 1.0)


def _found(turn: Turn, query: Query, hits: list[Hit], served: Served, today: date) -> Reply:
    best = hits[0]
    asking = sum(chance for name, chance in turn.ranking.items() if name.startswith("ask_")) + turn.chance("explain_term")
    funding, offer = turn.chance("find_funding"), turn.chance("find_offer")
    if wants_money(turn.text) and best.named < NAMED:
        funding += MONEY * (1 - min(_weighed(query, best) / SURE, 1.0)) + (MONEY / 2 if offer > asking else 0.0)
    if wants_offer(turn.text) and not wants_money(turn.text):
        funding, offer = min(funding, offer), max(funding, offer)
    if max(funding, offer) > asking and best.named < (SURELY_NAMED if max(funding, offer) >= NEEDED else NAMED):
        return dialogue.begin(turn, served, today) if funding >= offer else finding.offers(turn, served, today)
    if best.score < FOUND and turn.chance("out_of_scope") > 0.3:
        return talk.out_of_scope(turn, served)
    if best.entry.area == "glossar":
        return answers.term(turn.memory, best.entry, today)
    if _unsure(hits):
        return finding.offers(turn, served, today) if offer >= LIKELY_NEED else _clarify(turn, hits[:3])
    return answers.answer(turn, query, best, served, today)


def _without_terms(turn: Turn, query: Query, hits: list[Hit]) -> list[Hit]:
    """Glossary terms are everyday words here: they count only where a word's meaning is asked, or nothing but the word.

    Where the word is also the name of a programme or an offer, that entry is meant.
    """
    named = max((hit.named for hit in hits if hit.entry.area not in ("glossar", "faq")), default=0.0)
    terms = [hit for hit in hits if hit.entry.area == "glossar" and not (named and named >= 0.9 * hit.named)]
    others = [hit for hit in hits if hit.entry.area != "glossar"]
    if turn.chance("explain_term") >= EXPLAIN:
        near = [hit for hit in terms if hits.index(hit) < 6 and hit.score >= TERM_SHARE * hits[0].score]
        return near + others
    meant = [hit for hit in terms if hit.named >= NAMED] if wants_meaning(turn.text) else []
    if meant and len(query.content) <= FEW + 1:
        return meant + others
    return hits if len(query.content) <= 1 and terms else others


def _unsure(hits: list[Hit]) -> bool:
    """Two plausible readings: no wording is near, nothing is named for sure, and the next entry is about as good."""
    best = hits[0]
    if len(hits) < 2 or best.named >= NAMED or best.score >= UNSURE or _near(best) >= FAR:
        return False
    return hits[1].score > CLOSE * best.score


def _clarify(turn: Turn, hits: list[Hit]) -> Reply:
    buttons = [Button(short_title(hit.entry), "choose_entry", {"entry": hit.entry.id}) for hit in hits]
    text = say("Meinten Sie eines davon?") + "\n" + "\n".join(f"• {button.title}" for button in buttons)
    ids = [hit.entry.id for hit in hits]
    return Reply("clarify", text, replace(turn.memory, entries=tuple(ids), text=None, simple=None, misses=0), ids, buttons=buttons)
