"""The page of the funding finder: a form that is a link, a result in four groups, a plan. Without JavaScript."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.funding import address, money_words
from gateway.funding.question import ordered
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, Profile

CLUB = "applicant=verein&place=Herrenberg&themes=begegnung&phase=konzept&costs.sachkosten=3200&costs.beratung=6500"


def visit(funding, query="", **options):
    return funding.get(f"/foerderbaukasten{'?' if query else ''}{query}", **options)


def words(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_the_form_stands_alone_until_something_is_told(funding):
    page = visit(funding)
    assert page.status_code == 200 and 'id="ergebnis"' not in page.text
    assert page.text.count("<h1>") == 1 and "Ergebnis zeigen" in page.text and "set-cookie" not in page.headers
    for name in (
        "applicant",
        "place",
        "themes",
        "phase",
        "partners",
        "costs.personal",
        "costs.idee.personal",
        "own_funds_eur",
        "population",
    ):
        assert f'name="{name}"' in page.text


def test_programmes_stand_in_four_groups_with_their_number(funding):
    said = words(visit(funding, CLUB))
    for title in ("Jetzt beantragbar (1)", "Passt, zurzeit keine Runde (1)", "Noch offen (0)", "Passt nicht (2)"):
        assert title in said
    assert "bis zu 4.000 €" in said and "bis 31. März 2099" in said and "Stelle A, Stand: Januar 2026" in said
    assert "Die letzte bekannte Frist war der 31. März 2025" in said and "Übliche Monate: März" in said
    assert "Als Verein können Sie hier nicht selbst Antrag stellen." in said and "Partner einer antragstellenden Kommune" in said


def test_the_plan_shows_sums_duties_and_its_files(funding):
    page = visit(funding, CLUB)
    said = words(page)
    assert "Finanzierungsplan" in said and "Gesamtkosten 9.700 €" in said and "Förderung bis zu 4.000 €" in said
    assert "nicht verbindlich" in said and "kein Rechtsanspruch" in said and "nichts beginnen, bestellen oder unterschreiben" in said
    files = re.findall(r'href="(/api/v1/funding/plan/[^"]+\.(?:pdf|csv|ics))"', page.text)
    assert len(files) == 3 and all(funding.get(file).status_code == 200 for file in files)


def test_the_plan_without_an_open_round_is_one_click_away_and_says_so(funding):
    page = visit(funding, CLUB)
    link = unescape(re.search(r'href="([^"]*ohne_runde=1)#plan"', page.text)[1])
    said = words(funding.get(link))
    assert "auch ohne offene Runde" in said and "Förderung bis zu 6.000 €" in said and "Nur Programme mit offener Runde zeigen" in said


def test_what_was_understood_and_the_next_question_are_shown(funding):
    said = words(visit(funding, "applicant=verein&themes=begegnung"))
    assert "Antrag Verein" in said and "Themen Begegnung" in said and "Am meisten hilft jetzt:" in said


def test_empty_fields_and_own_spellings_lead_to_a_short_address(funding):
    page = visit(funding, "applicant=verein&place=%20herrenberg&phase=&costs.beratung=6.500+%E2%82%AC&costs.sachkosten=&utm=x")
    assert parse_qsl(urlsplit(page.url).query) == [("applicant", "verein"), ("place", "Herrenberg"), ("costs.beratung", "6500")]
    page = visit(funding, "applicant=&place=")
    assert urlsplit(page.url).query == "applicant=" and "Sie haben noch nichts angegeben" in words(page)


def test_the_form_holds_what_was_told(funding):
    page = visit(funding, CLUB + "&council_decision=nein&partners=niemand").text
    assert '<option value="verein" selected>' in page and 'value="Herrenberg"' in page and 'value="6500"' in page
    assert re.search(r'name="themes" value="begegnung" checked', page) and re.search(r'name="council_decision" value="nein" checked', page)
    assert re.search(r'name="partners" value="niemand" checked', page)


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("costs.personal=-5", "costs.personal", "darf nicht negativ sein"),
        ("costs.personal=abc", "costs.personal", "kein Betrag"),
        ("costs.personal=99999999999999", "costs.personal", "mehr als 1.000.000.000 Euro"),
        ("costs.personal=" + "9" * 100, "costs.personal", "kein Betrag"),
        ("costs.idee.beratung=1.5", "costs.idee.beratung", "kein Betrag"),
        ("costs.personal=5&costs.idee.personal=5", "costs.personal", "nicht beides"),
        ("population=viele", "population", "keine Zahl"),
        ("own_funds_eur=-1", "own_funds_eur", "darf nicht negativ sein"),
    ],
)
def test_a_wrong_amount_is_said_at_its_field_and_in_the_summary(funding, query, field, said):
    page = visit(funding, query)
    assert page.status_code == 422 and said in words(page).replace("Mehr", "mehr") and "Bitte prüfen Sie Ihre Angaben" in page.text
    assert f'id="{field}-error"' in page.text and f'href="#{field}"' in page.text and 'aria-invalid="true"' in page.text
    assert re.search(rf'<input id="{re.escape(field)}"[^>]*aria-describedby="[^"]*{re.escape(field)}-error"', page.text)


@pytest.mark.parametrize("query", ["applicant=firma", "themes=geld", "phase=bald", "partners=firma", "council_decision=vielleicht"])
def test_a_choice_that_does_not_exist_is_said(funding, query):
    page = visit(funding, query)
    assert page.status_code == 422 and "Diese Auswahl gibt es nicht" in page.text


def test_a_misspelt_place_is_asked_back_and_counts_as_outside(funding):
    page = visit(funding, CLUB.replace("Herrenberg", "Heerenberg"))
    assert page.status_code == 200 and "keine Gemeinde und kein Kreis" in words(page) and 'id="place-error"' in page.text
    link = unescape(re.search(r'Meinten Sie:\s*<a href="([^"]+)">Herrenberg</a>', page.text)[1])
    assert "Jetzt beantragbar (1)" in words(funding.get(link))


def test_a_shared_name_offers_each_place(funding):
    page = visit(funding, "place=Neuhausen")
    assert "Welcher Ort ist gemeint?" in words(page) and "08327038" in page.text


def test_links_on_the_page_hold_no_word_that_somebody_typed(funding):
    page = visit(funding, "place=Erika+Mustermann&applicant=verein&themes=begegnung")
    links = re.findall(r'href="([^"]+)"', page.text)
    assert not any("ustermann" in link for link in links)
    again = [unescape(link) for link in links if "place=ausserhalb" in link]
    assert again and "außerhalb von Baden-Württemberg" in words(funding.get(again[0]))


@pytest.mark.parametrize(
    "query",
    [
        *("%00", "a=%ff%fe", "place=%00", "place[]=x", "=&=&=", "place=%3Cscript%3Ealert(1)%3C/script%3E"),
        *("themes=" + "x" * 5000, "&".join(f"themes=t{n}" for n in range(500)), "variante=99&" + CLUB, "ohne_runde=x&" + CLUB),
    ],
)
def test_a_strange_address_is_never_an_error_of_ours(funding, query):
    page = visit(funding, query)
    assert page.status_code in (200, 422) and "<script>alert" not in page.text


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "applicant": st.sampled_from(sorted(APPLICANTS)),
            "place": st.sampled_from(
                ["Herrenberg", "Landkreis Karlsruhe", "Karlsruhe", "Neuhausen", "Freiburg", "08115", "08115021", "Heilbronn"]
            ),
            "phase": st.sampled_from(sorted(PHASES)),
            "partners": st.lists(st.sampled_from(sorted(APPLICANTS)), max_size=3, unique=True),
            "costs": st.dictionaries(st.sampled_from(sorted(COST_TYPES)), st.integers(0, 10**9), min_size=1),
            "already_started": st.booleans(),
        },
    )
)
def test_a_profile_and_its_address_are_the_same(document):
    profile = Profile.read(document)
    again = address.read(address.pairs(profile))
    assert not again.errors and address.pairs(again.profile) == address.pairs(profile)
    assert again.profile.location.places == profile.location.places
    assert again.profile.as_dict() | {"place": None} == ordered(profile).as_dict() | {"place": None}


@pytest.mark.parametrize(
    ("written", "eur"),
    [
        *(("15.000", 15000), ("15 Tsd", 15000), ("15000", 15000), ("15.000,50 €", 15000), ("15 000 Euro", 15000)),
        *(("1,2 Mio", 1_200_000), ("0", 0), ("20k", 20000), ("fünfzehntausend", 15000)),
    ],
)
def test_amounts_are_read_as_germans_write_them(written, eur):
    assert money_words.euros(written) == eur


@pytest.mark.parametrize("written", ["abc", "1.5", "15000.50", "10 bis 20", "5 €, 6 €", "-5", "− 5", "", "NaN", "1e5", "∞"])
def test_what_is_no_amount_is_never_guessed(written):
    with pytest.raises(money_words.BadAmount):
        money_words.euros(written)


def test_without_knowledge_the_page_says_so(funding, monkeypatch):
    monkeypatch.setattr(funding.services.shelf, "_library", None)
    page = visit(funding, CLUB)
    assert page.status_code == 503 and "<h1>" in page.text
    assert visit(funding).status_code == 200


def test_the_footer_of_every_page_leads_to_the_funding_finder(funding):
    assert 'href="/foerderbaukasten"' in funding.get("/impressum").text
