"""A citizen describes a plan in the chat; finder, planner, page and files answer over the public contract."""

from __future__ import annotations

import requests


def test_a_plan_becomes_a_result_with_programmes_plans_and_links(citizen):
    form = citizen.ask("Als Sportverein in Balingen möchten wir für 9.000 Euro einen offenen Mittagstisch einrichten")
    assert form["answer"]["outcome"] == "form"
    assert form["answer"]["data"]["profile"] == {
        "applicant": "verein",
        "place": "Balingen",
        "themes": ["begegnung"],
        "place_ags": "08417002",
    }
    titles = [button["title"] for button in form["buttons"]]
    told = citizen.press(form, titles.index("Sachkosten"))
    assert told["answer"]["data"]["profile"]["costs"] == {"sachkosten": 9000}
    result = citizen.ask("wir sind gerade am Konzept und die Nachbarschaft gestaltet mit")
    data = result["answer"]["data"]
    assert result["answer"]["outcome"] == "funding" and "Unverbindlich" in result["text"]
    assert len(data["results"]) == 67 and {r["group"] for r in data["results"]} <= {"now", "no_round", "open", "not"}
    assert set(result["answer"]["entries"]) <= {r["programme"] for r in data["results"] if r["result"] != "no" or r["group"] == "no_round"}
    assert sum(item["eur"] or 0 for item in data["plans"][0]["items"]) == data["plans"][0]["total_eur"] <= 9000
    for link in data["links"]:
        assert requests.get(link["url"], timeout=20).status_code == 200


def test_a_profile_corrected_by_hand_counts_in_the_next_turn(citizen):
    citizen.ask("Unser Förderverein in Horb sucht Zuschüsse")
    assert citizen.call("PATCH", "", json={"profile": {"place": "Nagold"}}).json()["profile"]["place"] == "Nagold"
    assert citizen.ask("Thema ist Pflege")["answer"]["data"]["profile"]["place"] == "Nagold"


def test_a_place_of_a_shared_name_stays_the_chosen_one_in_the_result(citizen):
    asked = citizen.ask("Unser Förderverein in Altheim sucht Zuschüsse für 2.000 Euro Sachkosten")
    chosen = citizen.press(asked, 1)["answer"]["data"]["profile"]
    result = citizen.ask("Ergebnis jetzt zeigen")["answer"]["data"]
    assert "place_ags" in chosen
    assert [result["profile"][key] for key in ("place", "place_ags")] == [chosen[key] for key in ("place", "place_ags")]
