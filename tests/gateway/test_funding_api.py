"""The funding finder over HTTP: what it answers, what it refuses and with which field, and what stays out of ids."""

import base64
import json
import zlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.funding.ids import BadId, Chosen, pack, unpack
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from knowledge.funding.hints import hints
from knowledge.funding.profile import APPLICANTS, COST_TYPES, PHASES, THEMES, Profile
from tests.gateway.conftest import CLUB

DAY = "2026-11-22"
PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "applicant": st.sampled_from(sorted(APPLICANTS)),
        "place": st.sampled_from(
            ["Herrenberg", "08115021", "Landkreis Karlsruhe", "Karlsruhe", "Neuhausen", "Freiburg", "Erika Mustermann", "x"]
        ),
        "themes": st.lists(st.sampled_from(sorted(THEMES)), max_size=4),
        "phase": st.sampled_from(sorted(PHASES)),
        "costs": st.dictionaries(st.sampled_from(sorted(COST_TYPES)), st.integers(0, 10**9)),
        "council_decision": st.booleans(),
        "population": st.integers(0, 12_000_000),
        "own_funds_eur": st.integers(0, 10**9),
    },
)


def ask(funding, path="match", **body):
    return funding.session.post(f"{funding.url}/api/v1/funding/{path}", json={"as_of": DAY, "profile": CLUB} | body, timeout=30)


def refusal(response):
    body = response.json()
    assert response.status_code == 422 and set(body) == {"error", "field", "message"} and body["message"].endswith(".")
    return body["field"]


def test_all_served_programmes_are_answered_and_withdrawn_ones_are_not(funding):
    answer = ask(funding).json()
    found = {one["programme"]: (one["result"], one["group"]) for one in answer["results"]}
    assert found == {
        "beispiel-beratung": ("yes", "now"),
        "beispiel-sachkosten": ("no", "no_round"),
        "beispiel-gemeinde": ("no", "not"),
        "beispiel-bund": ("no", "not"),
    }
    assert answer["results"][0]["amount_eur"] == {"min": 0, "max": 4000} and answer["results"][0]["next_date"] == "2099-03-31"
    assert answer["next_question"] is None and answer["hints"] == []


def test_an_empty_profile_is_asked_the_question_that_helps_most(funding):
    answer = ask(funding, profile={}).json()
    assert answer["next_question"] in ("applicant", "themes", "phase", "costs", "place")
    assert all(one["result"] != "yes" for one in answer["results"])


def test_the_day_decides_about_rounds(funding):
    results = ask(funding, as_of="2025-03-31").json()["results"]
    assert {one["programme"]: one["group"] for one in results}["beispiel-sachkosten"] == "now"


def test_a_plan_adds_up_and_counts_closed_programmes_only_where_it_is_told_to(funding):
    [best, *_] = ask(funding, "plan").json()["plans"]
    assert (best["total_eur"], {item["programme"] for item in best["items"]}) == (4000, {"beispiel-beratung"})
    [best, *_] = ask(funding, "plan", assume_open=["beispiel-sachkosten"]).json()["plans"]
    assert best["total_eur"] == sum(item["eur"] for item in best["items"]) == 6000
    [best, *_] = ask(funding, "plan", only=["beispiel-sachkosten"]).json()["plans"]
    assert not best["total_eur"] and best["title"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"profile": None}, "profile"),
        ({"profile": []}, "profile"),
        ({"profile": {"farbe": "rot"}}, "profile.farbe"),
        ({"profile": {"applicant": "firma"}}, "profile.applicant"),
        ({"profile": {"applicant": 3}}, "profile.applicant"),
        ({"profile": {"place": ""}}, "profile.place"),
        ({"profile": {"place": "a\0b"}}, "profile.place"),
        ({"profile": {"place": "x" * 101}}, "profile.place"),
        ({"profile": {"themes": "alter"}}, "profile.themes"),
        ({"profile": {"themes": ["alter", "geld"]}}, "profile.themes[1]"),
        ({"profile": {"partners": ["verein"] * 51}}, "profile.partners"),
        ({"profile": {"costs": {"personal": -1}}}, "profile.costs.personal"),
        ({"profile": {"costs": {"personal": 10**12}}}, "profile.costs.personal"),
        ({"profile": {"costs": {"personal": "viel"}}}, "profile.costs.personal"),
        ({"profile": {"costs": {"konzept": {"gold": 1}}}}, "profile.costs.konzept.gold"),
        ({"profile": {"costs": {"personal": 1, "konzept": {"beratung": 1}}}}, "profile.costs"),
        ({"profile": {"costs": {f"posten{n}": 1 for n in range(1000)}}}, "profile.costs.posten0"),
        ({"profile": {"council_decision": "ja"}}, "profile.council_decision"),
        ({"profile": {"population": -5}}, "profile.population"),
        ({"as_of": "22.11.2026"}, "as_of"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "0001-01-01"}, "as_of"),
        ({"as_of": 20261122}, "as_of"),
        ({"datum": DAY}, "datum"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(funding, change, field):
    assert refusal(ask(funding, **change)) == field
    assert refusal(ask(funding, "plan", **change)) == field


@pytest.mark.parametrize("field", ["only", "assume_open"])
@pytest.mark.parametrize("value", [["gibt-es-nicht"], ["beispiel-zurueckgezogen"], "beispiel-bund", [1], ["beispiel-bund"] * 501])
def test_programmes_that_do_not_exist_are_refused_by_field(funding, field, value):
    assert refusal(ask(funding, "plan", **{field: value})) == field


@pytest.mark.parametrize("body", [b'{"profile": {"costs": {"personal": NaN}}}', b"null", b"[]", b"{", b'{"profile": {"place": "\\ud800"}}'])
def test_what_is_no_json_object_is_refused(funding, body):
    answer = funding.session.post(f"{funding.url}/api/v1/funding/match", data=body, timeout=30)
    assert answer.status_code == 422 and set(answer.json()) == {"error", "field", "message"}


def test_a_missing_profile_and_a_huge_body_are_refused(funding):
    send = funding.session.post
    assert refusal(send(f"{funding.url}/api/v1/funding/match", json={})) == "profile"
    assert send(f"{funding.url}/api/v1/funding/match", json={"profile": {"place": "x" * 70_000}}).status_code == 413


def test_null_counts_as_not_told(funding):
    assert ask(funding, profile={"applicant": None, "costs": None}).json() == ask(funding, profile={}).json()


def test_a_place_outside_is_never_a_yes_in_the_land_and_near_spellings_are_named(funding):
    answer = ask(funding, profile=CLUB | {"place": "Heerenberg"}).json()
    assert all(one["result"] == "no" for one in answer["results"] if one["programme"] != "beispiel-bund")
    assert "Meinten Sie Herrenberg?" in answer["hints"][0]


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"applicant": "verein", "council_decision": True}, "Wer stellt den Antrag?"),
        ({"applicant": "landkreis", "place": "Herrenberg"}, "eine Gemeinde, kein Landkreis"),
        ({"applicant": "landkreis", "place": "Stuttgart"}, "ein Stadtkreis, kein Landkreis"),
        ({"applicant": "gemeinde", "place": "Landkreis Karlsruhe"}, "ist ein Landkreis, keine Gemeinde"),
        ({"place": "Neuhausen"}, "gibt es mehrmals"),
        ({"place": "Berlin"}, "keine Gemeinde und kein Kreis"),
        ({"place": "Herrenberg", "population": 500}, "Gerechnet wird mit Ihrer Angabe: 500"),
        ({"phase": "idee", "already_started": True}, "schon begonnen"),
        ({"phase": "umsetzung", "costs": {"konzept": {"beratung": 1}}}, "werden nicht mehr gefördert"),
        ({"costs": {"personal": 5}, "own_funds_eur": 5}, "Eigenmittel"),
    ],
)
def test_what_does_not_go_together_gets_a_hint(profile, said):
    assert said in " ".join(hints(Profile.read(profile)))


@pytest.mark.parametrize("profile", [{}, CLUB, {"applicant": "gemeinde", "council_decision": True, "place": "Herrenberg"}])
def test_what_goes_together_gets_none(profile):
    assert hints(Profile.read(profile)) == []


def test_an_id_holds_no_word_that_somebody_typed():
    for place, kept in [("Herrenberg", "08115021"), ("Erika Mustermann", "ausserhalb"), ("neuhausen, erika mustermann", "Neuhausen")]:
        plan_id = pack(Chosen(Question(Profile(place=place), date(2026, 11, 22)), 0))
        plain = zlib.decompress(base64.urlsafe_b64decode(plan_id + "=" * (-len(plan_id) % 4)), -15).decode()
        assert kept in plain and "ustermann" not in plain


@settings(max_examples=150, deadline=None)
@given(document=PROFILES, variant=st.integers(0, 3))
def test_an_id_leads_back_to_the_same_question(document, variant):
    asked = Question(Profile.read(document), date(2026, 11, 22), ("b", "a"), ("c",))
    plan_id = pack(Chosen(asked, variant))
    again = unpack(plan_id)
    assert pack(again) == plan_id and again.variant == variant and len(plan_id) < 600
    assert again.question.profile.location.places == asked.profile.location.places
    assert again.question.profile.costs == asked.profile.costs


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")))
def test_anything_else_is_no_id(text):
    with pytest.raises(BadId):
        unpack(text)


def forged(document):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(packer.compress(json.dumps(document).encode()) + packer.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "document",
    [
        [{"place": "Erika Mustermann"}, DAY, [], [], 0],
        [{"place": "neuhausen, erika"}, DAY, [], [], 0],
        [{"applicant": "firma"}, DAY, [], [], 0],
        [{}, "gestern", [], [], 0],
        [{}, DAY, [1], [], 0],
        [{}, DAY, [], [], 99],
        [{}, DAY, [], [], "0"],
        [{}, DAY],
        {"a": 1},
        [[[]] * 20_000],
    ],
)
def test_a_forged_id_is_no_id(document):
    with pytest.raises(BadId):
        unpack(forged(document))


@pytest.mark.parametrize(
    "name", ["x.pdf", "a" * 5000 + ".pdf", forged([{}, DAY, ["weg"], [], 0]) + ".csv", forged([{}, DAY, [], [], 9]) + ".ics", "x", "x.exe"]
)
def test_a_plan_that_does_not_exist_is_404(funding, name):
    answer = funding.get(f"/api/v1/funding/plan/{name}")
    assert answer.status_code == 404 and answer.json()["error"] == "not_found"


def test_the_same_profile_in_another_order_has_the_same_plan(funding):
    turned = dict(reversed(CLUB.items())) | {"costs": dict(reversed(CLUB["costs"].items()))}
    assert ask(funding, "plan", profile=turned).json() == ask(funding, "plan").json()


def test_the_funding_finder_has_a_rate_limit_per_address(start, served_programmes):
    gateway = start(RATE_MESSAGES="1")
    gateway.services.shelf._library = type("Library", (), {"current": lambda self: served_programmes})()
    answers = [ask(gateway) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429] and "Retry-After" in answers[-1].headers


def test_openapi_shows_the_routes_with_their_models(gateway):
    described = gateway.get("/openapi.json").json()
    match = described["paths"]["/api/v1/funding/match"]["post"]
    body = match["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["profile"]["properties"]["applicant"]["enum"] == list(APPLICANTS)
    assert match["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/MatchAnswer")
    assert "/api/v1/funding/plan" in described["paths"]


def test_the_programmes_are_read_once_per_version(funding):
    service = funding.services.funding
    assert isinstance(service.catalogue(), Catalogue) and service.catalogue() is service.catalogue()


# ---------------------------------------------------------------- conversations


def correct(citizen, **profile):
    return citizen.call("PATCH", json={"profile": profile})


def test_the_profile_is_corrected_by_hand_and_reaches_the_bot(funding, citizen, rasa):
    answer = correct(citizen, applicant="verein", place="Herrenberg", costs={"personal": 5})
    assert answer.json()["profile"] == {"applicant": "verein", "place": "Herrenberg", "costs": {"personal": 5}, "place_ags": "08115021"}
    answer = correct(citizen, applicant=None, costs={"beratung": 7}, place_ags="08115021")
    assert answer.json()["profile"] == {"place": "Herrenberg", "costs": {"beratung": 7}, "place_ags": "08115021"}
    citizen.say()
    assert rasa.received[-1]["metadata"]["state"]["profile"] == {"place": "Herrenberg", "costs": {"beratung": 7}}


def test_language_and_profile_can_be_changed_together(citizen):
    answer = citizen.call("PATCH", json={"language": "de-simple", "profile": {"phase": "idee"}}).json()
    assert (answer["language"], answer["profile"]) == ("de-simple", {"phase": "idee"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"profile": {"applicant": "firma"}}, "profile.applicant"),
        ({"profile": {"costs": {"personal": -1}}}, "profile.costs.personal"),
        ({"profile": {"x": 1}}, "profile.x"),
        ({"profile": []}, "profile"),
        ({"profile": None}, "profile"),
        ({}, "language"),
    ],
)
def test_a_wrong_correction_is_refused_and_changes_nothing(citizen, body, field):
    correct(citizen, phase="idee")
    assert refusal(citizen.call("PATCH", json=body)) == field
    assert correct(citizen).json()["profile"] == {"phase": "idee"}


def test_a_correction_during_a_turn_is_not_overwritten_by_its_answer(citizen, rasa, make_custom, make_items, wait_until):
    late = make_custom(state={"v": 1, "knowledge": 12, "profile": {"phase": "konzept"}})
    rasa.always(make_items(late), delay=0.5)
    citizen.send(wait=None, text="Wir sind beim Konzept")
    wait_until(lambda: rasa.received)
    correct(citizen, phase="umsetzung")
    assert wait_until(lambda: citizen.events(after=2))[0]["from"] == "bot"
    assert correct(citizen).json()["profile"] == {"phase": "umsetzung"}


def told(make_custom, make_items, profile):
    answer = {"outcome": "funding", "entries": ["beispiel-beratung"], "sources": [], "data": {"profile": profile}}
    return make_items(make_custom("Das passt.", answer=answer, buttons=[]))


def test_a_result_in_the_chat_is_filled_in_with_programmes_plans_and_links(funding, citizen, rasa, make_custom, make_items):
    rasa.always(told(make_custom, make_items, CLUB))
    data = citizen.say()["answer"]["data"]
    assert {one["programme"] for one in data["results"]} == {
        "beispiel-beratung",
        "beispiel-sachkosten",
        "beispiel-gemeinde",
        "beispiel-bund",
    }
    assert data["plans"][0]["total_eur"] == 4000 and data["profile"] == CLUB | {"place_ags": "08115021"}
    page, pdf, table, calendar = [link["url"] for link in data["links"]]
    assert page.startswith(f"{funding.url}/foerderbaukasten?applicant=verein&place=Herrenberg")
    assert [funding.session.get(url).status_code for url in (page, pdf, table, calendar)] == [200] * 4
    transcript = citizen.call("GET", "/transcript").text
    assert "Das passt." in transcript and "beispiel-bund" not in transcript


def test_a_result_that_cannot_be_filled_in_goes_out_as_it_came(funding, citizen, rasa, make_custom, make_items):
    rasa.always(told(make_custom, make_items, {"applicant": "firma"}))
    event = citizen.say()
    assert event["text"] == "Das passt." and "results" not in event["answer"]["data"]
