"""Pages in Einfache Sprache: a link switches, the language stays, the facts are the same, no German is left that has a simple form."""

import asyncio
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from gateway.channels import chat_commands
from gateway.clockwork import now_ms
from gateway.pages import desk_funding
from gateway.store import chats
from gateway.tables import CHATS
from gateway.texts import read, text
from gateway.tokens import hashed
from knowledge import speech
from tests.gateway.conftest import CLUB, Citizen
from tests.gateway.test_funding_page import CLUB as QUERY
from tests.gateway.test_simple_texts import SIMPLE, german_in, leaves

MARK = text("service.simple_mark")
TEXT_PAGES = ("datenschutz", "impressum", "barrierefreiheit", "leichte-sprache", "gebaerdensprache")
STATES = {
    "form": "",
    "nothing told": "applicant=",
    "result": QUERY,
    "without a round": f"{QUERY}&ohne_runde=1",
    "refused": "applicant=privatperson&place=Ulm&already_started=ja&council_decision=nein",
    "a council": "applicant=gemeinde&place=Herrenberg&themes=begegnung&phase=umsetzung&costs.personal=30000&own_funds_eur=100",
    "a council without a round": "applicant=gemeinde&place=Herrenberg&themes=begegnung&phase=umsetzung&costs.personal=30000"
    "&council_decision=ja&ohne_runde=1",
    "errors": "costs.personal=-5&costs.idee.beratung=abc&population=viele&phase=bald&own_funds_eur=99999999999999",
    "both costs": "costs.personal=5&costs.idee.personal=5",
    "misspelt": "place=Heerenberg&applicant=landkreis",
    "shared name": "place=Neuhausen&applicant=verein",
}
STATE = pytest.mark.parametrize("query", STATES.values(), ids=STATES)
GERMAN_ONLY = {german for german, simple in speech.sentences().items() if german != simple}  # sentences and words of the code
FIGURE = re.compile(r"\d[\d.]* €|\d+ %|\d{1,2}\. \w+ \d{4}|\(\d+\)")


def simply(path):
    return f"{path}{'&' if '?' in path else '?'}sprache=einfach"


def page_of(query):
    return f"/foerderbaukasten{'?' if query else ''}{query}"


def shown(page):
    """Return what the main part of a page shows and says, piece by piece."""
    main = page.text.split("<main", 1)[1].split("</main>")[0]
    pieces = [*re.sub(r"<[^>]*>", "\n\n", main.split(">", 1)[1]).split("\n\n"), *re.findall(r'aria-label="([^"]*)"', main)]
    return [" ".join(unescape(piece).split()) for piece in pieces if piece.strip()]


def switch(page):
    """Return the switch: title, address, and whether it is the present one."""
    links = re.search(r'<ul class="languages">.*?</ul>', page.text, re.DOTALL)[0]
    return [
        (title, unescape(url), "aria-current" in rest)
        for url, rest, title in re.findall(r'<a class="button" href="([^"]*)"([^>]*)>([^<]*)</a>', links)
    ]


@pytest.mark.parametrize("path", ["/foerderbaukasten", *(f"/{name}" for name in TEXT_PAGES), "/gibtesnicht"])
def test_a_link_switches_to_einfache_sprache_and_back(gateway, path):
    german = gateway.get(path)
    assert switch(german) == [("Übliche Sprache", path, True), ("Einfache Sprache", f"{path}?sprache=einfach", False)]
    simple = gateway.get(switch(german)[1][1])
    assert simple.status_code == german.status_code and switch(simple) == [
        ("Übliche Sprache", path, False),
        ("Einfache Sprache", f"{path}?sprache=einfach", True),
    ]
    assert MARK in shown(simple) and MARK not in german.text and "set-cookie" not in simple.headers


@pytest.mark.parametrize("path", ["/foerderbaukasten", *(f"/{name}" for name in TEXT_PAGES), "/gibtesnicht"])
def test_a_page_in_einfache_sprache_shows_no_german_that_has_a_simple_form(gateway, path):
    assert german_in(shown(gateway.get(simply(path)))) == set()
    assert german_in(shown(gateway.get(path))) or path == "/impressum"


@pytest.mark.parametrize("path", ["/datenschutz", "/foerderbaukasten"])
def test_the_links_below_a_page_keep_its_language(gateway, path):
    links = re.findall(r'href="(/[^"]*)"', gateway.get(simply(path)).text.split("<footer")[1])
    assert {link for link in links if "sprache" not in link} == {"/", "/einbinden"}
    assert "sprache=" not in gateway.get(path).text.split("<footer")[1]


@pytest.mark.parametrize("value", ["", "de", "EINFACH", "%00", "einfach%20"])
def test_any_other_language_is_german(gateway, value):
    assert MARK not in gateway.get(f"/datenschutz?sprache={value}").text


def test_the_chat_has_a_switch_of_its_own(gateway):
    page = gateway.get("/?sprache=einfach")
    assert "languages" not in page.text and text("chat.intro") in shown(page)


def test_the_switch_of_an_error_page_never_leaves_the_site(gateway):
    page = gateway.get("//example.org/%22%3E%3Cb%3E")
    assert page.status_code == 404 and [urlsplit(url).netloc for _, url, _ in switch(page)] == ["", ""] and "<b>" not in page.text


def test_the_privacy_page_says_the_same_times_in_both_languages(gateway):
    german, simple = (
        re.findall(r"\d+ Tage", " ".join(shown(gateway.get(path)))) for path in ("/datenschutz", "/datenschutz?sprache=einfach")
    )
    assert german == simple and len(simple) == 6
    assert len(read("de-simple")["pages"]["datenschutz"]["facts"]) == len(read("de")["pages"]["datenschutz"]["facts"])
    assert SIMPLE["chat.erase"] in gateway.get("/datenschutz?sprache=einfach").text


def test_the_operators_simple_text_stands_in_the_place_of_the_other(start):
    gateway = start()
    texts = gateway.settings.data_dir / "texts"
    texts.mkdir()
    (texts / "datenschutz.md").write_text("Verantwortlich ist das Amt.", encoding="utf-8")
    page = shown(gateway.get("/datenschutz?sprache=einfach"))
    assert "Verantwortlich ist das Amt." in page and SIMPLE["pages.german_only"] in page
    (texts / "datenschutz.einfach.md").write_text("Das Amt ist zuständig.", encoding="utf-8")
    page = shown(gateway.get("/datenschutz?sprache=einfach"))
    assert "Das Amt ist zuständig." in page and SIMPLE["pages.german_only"] not in page
    assert "Verantwortlich ist das Amt." in shown(gateway.get("/datenschutz"))


@STATE
def test_the_funding_finder_shows_no_german_that_has_a_simple_form(funding, query):
    german, simple = funding.get(page_of(query)), funding.get(simply(page_of(query)))
    assert german_in(shown(simple)) == set() and german_in(shown(german))
    assert not GERMAN_ONLY & set(shown(simple))
    assert simple.status_code == german.status_code and MARK in shown(simple)


def test_what_an_entry_says_is_told_in_its_simple_form(funding, served_programmes, monkeypatch):
    german, simple = "Der Gemeinderat muss zugestimmt haben.", "Der Gemeinderat muss ja gesagt haben."
    entries = served_programmes.knowledge.entries
    spoken = {key: replace(entry, simple={german: simple}) for key, entry in entries.items()}
    served = replace(served_programmes, knowledge=replace(served_programmes.knowledge, entries=spoken))
    monkeypatch.setattr(funding.services.shelf, "_library", SimpleNamespace(current=lambda: served))
    query = page_of(STATES["a council"])
    assert german in shown(funding.get(query)) and simple not in shown(funding.get(query))
    assert simple in shown(funding.get(simply(query))) and german not in shown(funding.get(simply(query)))


@STATE
def test_the_funding_finder_says_as_much_with_the_same_amounts_dates_and_numbers(funding, query):
    german, simple = funding.get(page_of(query)), funding.get(simply(page_of(query)))
    assert sorted(set(FIGURE.findall("\n".join(shown(german))))) == sorted(set(FIGURE.findall("\n".join(shown(simple)))))
    assert [german.text.count(tag) for tag in ("<li", "<tr", "<dt", "<article")] == [
        simple.text.count(tag) for tag in ("<li", "<tr", "<dt", "<article")
    ]


@STATE
def test_every_link_of_the_funding_finder_keeps_the_language(funding, query):
    page = funding.get(simply(page_of(query)))
    (_, german, _), _ = switch(page)
    ours = [unescape(link) for link in re.findall(r'href="(/(?:foerderbaukasten|api)[^"]*)"', page.text)]
    assert {link for link in ours if "sprache=einfach" not in link} == {german}
    assert '<input type="hidden" name="sprache" value="einfach">' in page.text
    (_, simple) = (url for _, url, _ in switch(funding.get(page_of(query))))
    assert [unescape(link) for link in re.findall(r'href="([^"]*sprache=[^"]*)"', funding.get(page_of(query)).text)] == [simple]


def test_the_way_from_the_form_to_the_shorter_address_keeps_the_language(funding):
    page = funding.get("/foerderbaukasten?sprache=einfach&applicant=verein&place=%20herrenberg&phase=&costs.beratung=6.500")
    assert urlsplit(page.url).query == "applicant=verein&place=Herrenberg&costs.beratung=6500&sprache=einfach"
    assert MARK in shown(page)


def test_the_switch_leads_to_the_same_result_and_holds_no_word_that_somebody_typed(funding):
    page = funding.get(simply(page_of(f"{QUERY}&ohne_runde=1&variante=2")))
    (_, german, _), _ = switch(page)
    assert set(german.split("?")[1].split("&")) == {*QUERY.split("&"), "ohne_runde=1", "variante=2"}
    typed = funding.get("/foerderbaukasten?place=Erika+Mustermann&applicant=verein&costs.personal=Mustermann")
    assert not [url for _, url, _ in switch(typed) if "ustermann" in url]


def test_an_amount_that_is_too_large_is_refused_in_simple_words(funding):
    page = funding.get("/foerderbaukasten?own_funds_eur=99999999999999&sprache=einfach")
    assert page.status_code == 422 and "Mehr als 1.000.000.000 Euro gehen hier nicht." in shown(page)


def test_a_plan_that_is_no_more_is_refused_in_simple_words(funding):
    assert funding.get("/api/v1/funding/plan/x.pdf?sprache=einfach").json()["message"] == SIMPLE["errors.no_such_plan"]
    assert funding.get("/api/v1/funding/plan/x.pdf").json()["message"] == text("errors.no_such_plan")


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"own_funds_eur": 10**12}, "Mehr als 1.000.000.000 Euro gehen hier nicht."),
        ({"costs": {"personal": -1}}, "Die Zahl darf nicht kleiner als null sein."),
        ({"place": "x" * 101}, "Der Name vom Ort ist zu lang. Erlaubt sind höchstens 100 Zeichen."),
        (
            {"costs": {"personal": 1, "idee": {"personal": 1}}},
            "Schreiben Sie die Kosten entweder für jede Art von Kosten oder für jede Phase. Bitte nicht beides.",
        ),
    ],
)
def test_a_wrong_profile_is_refused_in_the_language_of_its_conversation(gateway, profile, said):
    german, simple = (
        gateway.citizen(language).call("PATCH", json={"profile": profile}).json()["message"] for language in ("de", "de-simple")
    )
    assert simple == said != german and german[0].isupper()


@pytest.mark.parametrize(("language", "simple"), [("de", False), ("de-simple", True)])
def test_the_links_of_a_conversation_lead_to_pages_in_its_language(funding, rasa, make_custom, make_items, language, simple):
    citizen = Citizen(funding, language)
    assert citizen.greeting[0]["answer"]["data"]["links"][0]["url"].endswith("?sprache=einfach") is simple
    answer = {"outcome": "funding", "entries": ["beispiel-beratung"], "sources": [], "data": {"profile": CLUB}}
    rasa.always(make_items(make_custom("Das passt.", answer=answer, buttons=[], state={"v": 1, "knowledge": 12, "language": language})))
    page, *files = [link["url"] for link in citizen.say()["answer"]["data"]["links"]]
    assert len(files) == 3 and {url.endswith("sprache=einfach") for url in (page, *files)} == {simple}
    assert (MARK in funding.session.get(page).text) is simple
    named = [funding.session.get(url).headers["content-disposition"] for url in files]
    assert all(("einfache-sprache" in name) is simple for name in named)


@pytest.mark.parametrize(("language", "simple"), [("de", False), ("de-simple", True)])
def test_the_plan_that_an_advisor_sends_leads_to_the_citizens_language(funding, language, simple):
    found = asyncio.run(desk_funding.told(funding.services.funding, CLUB, "https://x.example", language))
    assert found["url"].endswith("&sprache=einfach") is simple and found["url"] in desk_funding.as_message(found)


@pytest.mark.parametrize("language", ["de", "de-simple"])
def test_the_way_from_a_messenger_to_the_web_is_asked_in_the_language_of_the_conversation(gateway, language):
    citizen, secret = gateway.citizen(language), f"secret-{language}"

    def link(connection):
        chats.begin(connection, "telegram", secret, citizen.id)
        linked = {"link_hash": hashed(secret), "link_until": now_ms() + 60_000}
        connection.execute(sa.update(CHATS).where(CHATS.c.conversation == citizen.id).values(linked))

    gateway.services.database.write_now(link)
    page = gateway.get(f"/weiter/{secret}")
    assert page.status_code == 200 and text("handover.intro", language) in shown(page)


@pytest.mark.parametrize(
    ("language", "address"), [("de", "https://x.example/datenschutz"), ("de-simple", "https://x.example/datenschutz?sprache=einfach")]
)
def test_a_messenger_names_the_privacy_page_in_its_language(language, address):
    said = chat_commands.answer(None, SimpleNamespace(language=language), "datenschutz", "https://x.example")
    assert said.endswith(address)


def test_every_page_that_people_read_was_looked_at():
    pages = {key.split(".")[1] for key in leaves(read("de")) if key.startswith("pages.") and key.endswith(".title") and key.count(".") == 2}
    assert pages - {"docs", "error"} == set(TEXT_PAGES)
