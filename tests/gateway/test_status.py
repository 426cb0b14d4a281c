"""Health, metrics, search: what operations and other programs ask."""

import json


def test_ready_names_every_component(gateway):
    models = gateway.settings.data_dir / "models"
    models.mkdir(exist_ok=True)
    (models / "language_model.json").unlink(missing_ok=True)
    answer = gateway.get("/health/ready")
    assert answer.status_code == 503
    (models / "language_model.json").write_text(json.dumps({"model": "de_core_news_sm", "version": "3.4.0"}))
    answer = gateway.get("/health/ready")
    components = answer.json()["components"]
    assert answer.status_code == 200 and set(components) == {
        "database",
        "knowledge",
        "rasa",
        "actions",
        "language_model",
    }
    assert components["knowledge"]["version"] == 12 and components["rasa"]["model_file"] == "m.tar.gz"
    assert components["language_model"] == {"ok": True, "model": "de_core_news_sm", "version": "3.4.0"}


def test_without_rasa_the_gateway_lives_but_is_not_ready(start):
    alone = start(RASA_PORT="1", ACTIONS_PORT="1")
    assert alone.get("/health/live").status_code == 200
    components = alone.get("/health/ready").json()["components"]
    assert not components["rasa"]["ok"] and not components["actions"]["ok"] and components["database"]["ok"]


def test_metrics_count_turns_by_outcome_and_routes_by_pattern(citizen, gateway):
    citizen.say()
    text = gateway.get("/metrics").text
    assert 'gateway_turns_total{outcome="answer"}' in text
    assert 'route="/api/v1/conversations/{id}/messages"' in text and citizen.id not in text


def test_metrics_and_docs_can_be_switched_off(start):
    closed = start(METRICS="off", DOCS="off")
    assert [closed.get(path).status_code for path in ("/metrics", "/docs", "/openapi.json")] == [404] * 3


def test_the_contract_is_published(gateway):
    described = gateway.get("/openapi.json").json()
    paths = described["paths"]
    assert {"/api/v1/conversations", "/api/v1/conversations/{id}/messages", "/api/v1/entries"} <= set(paths)
    schema = paths["/api/v1/conversations/{id}/messages"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["additionalProperties"] is False and "client_id" in schema["required"]


def test_search_and_one_entry(gateway):
    [found] = gateway.get("/api/v1/entries?q=Quartier&area=foerderung&limit=3").json()["entries"]
    assert found["id"] == "quartiersimpulse" and found["score"] == 1.5
    assert gateway.get("/api/v1/entries?area=foerderung").json()["entries"][0]["title"] == "Quartiersimpulse"
    assert gateway.get("/api/v1/entries/quartiersimpulse").json()["sources"]
    assert gateway.get("/api/v1/entries/gibtesnicht").status_code == 404
    for query, field in (("area=x", "area"), ("limit=0", "limit"), ("limit=x", "limit"), ("q=" + "x" * 600, "q")):
        refused = gateway.get(f"/api/v1/entries?{query}")
        assert (refused.status_code, refused.json()["field"]) == (422, field)
