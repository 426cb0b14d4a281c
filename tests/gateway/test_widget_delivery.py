"""The widget as pages of other sites load it, the calls they may make, and the pages that say how."""

import doctest
import gzip
import html
import re

import pytest

from gateway import widget
from gateway.texts import all_texts

GUEST = "https://www.example.org"
MODULE = "export const words = ['Wörter'];\n" * 20


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Some files in place of the widget's own."""
    folder = tmp_path / "widget"
    (folder / "parts").mkdir(parents=True)
    for name in ("quartierslotse.js", "parts/log.js"):
        (folder / name).write_text(MODULE, encoding="utf-8")
    (folder / "README.md").write_text("nicht für alle", encoding="utf-8")
    (tmp_path / "secret.js").write_text("geheim", encoding="utf-8")
    monkeypatch.setattr(widget, "FOLDER", folder)
    return folder


@pytest.fixture
def guests(start):
    """A gateway that one other site may call."""
    return start(ALLOWED_ORIGINS=GUEST)


def fetch(gateway, name, **headers):
    return gateway.get(f"/widget/1/{name}", headers={"Accept-Encoding": "identity"} | headers)


@pytest.mark.parametrize("name", ["quartierslotse.js", "parts/log.js"])
def test_every_site_may_load_the_modules_and_keeps_them_for_five_minutes(gateway, folder, name):
    got = fetch(gateway, name, Origin="https://anyone.example")
    assert got.text == MODULE and got.headers["content-type"] == "text/javascript; charset=utf-8"
    assert got.headers["access-control-allow-origin"] == "*" and "set-cookie" not in got.headers
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    assert got.headers["cache-control"] == "public, max-age=300"


def test_what_is_sent_compressed_is_the_same_and_smaller(gateway, folder):
    packed = gateway.session.get(f"{gateway.url}/widget/1/quartierslotse.js", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=30)
    raw = packed.raw.read(decode_content=False)
    assert packed.headers["content-encoding"] == "gzip" and packed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(raw).decode() == MODULE and len(raw) < len(MODULE) / 4


def test_a_known_file_is_not_sent_again_until_it_changes(gateway, folder):
    first = fetch(gateway, "quartierslotse.js")
    again = fetch(gateway, "quartierslotse.js", **{"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert again.status_code == 304 and again.content == b"" and again.headers["access-control-allow-origin"] == "*"
    packed = fetch(gateway, "quartierslotse.js", **{"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert packed.status_code == 200 and packed.headers["etag"] != first.headers["etag"]
    (folder / "quartierslotse.js").write_text("export {};", encoding="utf-8")
    new = fetch(gateway, "quartierslotse.js", **{"If-None-Match": first.headers["etag"]})
    assert new.status_code == 200 and new.text == "export {};"


@pytest.mark.parametrize(
    "name", ["", "fehlt.js", "README.md", "parts", "..%2fsecret.js", "parts/..%2f..%2fsecret.js", "a%00.js", "texts.fr.json"]
)
def test_nothing_else_is_delivered(gateway, folder, name):
    got = fetch(gateway, name)
    assert got.status_code == 404 and got.json()["error"] == "not_found"


def test_there_are_no_texts_in_other_languages(gateway):
    assert fetch(gateway, "texts.fr.json").status_code == 404


def test_a_head_request_tells_the_same_without_the_file(gateway, folder):
    got = gateway.session.head(f"{gateway.url}/widget/1/quartierslotse.js", headers={"Accept-Encoding": "identity"}, timeout=30)
    assert got.status_code == 200 and got.content == b"" and got.headers["content-length"] == str(len(MODULE.encode()))


@pytest.mark.parametrize("language", ["de", "de-simple"])
def test_the_texts_are_those_the_widget_shows_and_no_others(gateway, language):
    got = fetch(gateway, f"texts.{language}.json")
    texts, whole = got.json(), all_texts(language)
    assert got.headers["content-type"] == "application/json" and got.headers["access-control-allow-origin"] == "*"
    assert texts["chat"] == whole["chat"] and texts["speakers"] == whole["speakers"]
    assert set(texts) == {"service", "speakers", "bot", "chat", "errors", "pages"} and list(texts["service"]) == ["name"]


def test_the_widgets_modules_are_delivered_and_use_only_texts_that_are_delivered_too(gateway):
    modules = sorted(widget.FOLDER.rglob("*.js"))
    assert modules
    texts = fetch(gateway, "texts.de.json").json()
    for module in modules:
        assert fetch(gateway, module.relative_to(widget.FOLDER).as_posix()).status_code == 200
        for part, name in re.findall(r"\btexts\.([a-z]+)\.(\w+)", module.read_text(encoding="utf-8")):
            assert name in texts.get(part, {}), (module.name, part, name)


CALLS = [
    ("POST", "", "content-type"),
    ("POST", "/x/messages", "authorization,content-type"),
    ("GET", "/x/events", "authorization"),
    ("GET", "/x/stream", "authorization,last-event-id"),
    ("PATCH", "/x", "authorization,content-type"),
    ("GET", "/x/transcript", "authorization"),
    ("POST", "/x/feedback", "authorization,content-type"),
    ("POST", "/x/callback", "authorization,content-type"),
    ("POST", "/x/typing", "authorization"),
    ("DELETE", "/x", "authorization"),
]


@pytest.mark.parametrize(("method", "path", "headers"), CALLS)
def test_a_named_site_is_told_that_it_may_make_every_call_of_the_widget(guests, method, path, headers):
    asked = {"Origin": GUEST, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    told = guests.call("OPTIONS", path, headers=asked)
    assert told.status_code == 200 and told.headers["access-control-allow-origin"] == GUEST
    assert method in told.headers["access-control-allow-methods"]
    assert set(headers.split(",")) <= {one.strip().lower() for one in told.headers["access-control-allow-headers"].split(",")}
    stranger = guests.call("OPTIONS", path, headers=asked | {"Origin": "https://evil.example"})
    assert stranger.status_code == 400 and "access-control-allow-origin" not in stranger.headers


def test_a_named_site_reads_answers_streams_and_refusals(guests):
    citizen, origin = guests.citizen(), {"Origin": GUEST}
    readable = [
        citizen.call("GET", "/events", headers=origin),
        citizen.call("PATCH", json={"language": "de-simple"}, headers=origin),
        guests.call("GET", "/nirgends/events", "falsch", headers=origin),
        citizen.call("DELETE", headers=origin),
    ]
    assert [one.status_code for one in readable] == [200, 200, 401, 204]
    assert {one.headers["access-control-allow-origin"] for one in readable} == {GUEST}


def test_a_named_site_reads_the_stream(guests):
    citizen = guests.citizen()
    with citizen.call("GET", "/stream", headers={"Origin": GUEST, "Last-Event-ID": "0"}, stream=True) as stream:
        assert stream.headers["access-control-allow-origin"] == GUEST
        assert next(line for line in stream.iter_lines() if line.startswith(b"id:")) == b"id: 1"


def test_every_site_may_read_the_status(gateway, guests):
    for one in (gateway, guests):
        told = one.get("/api/v1/status", headers={"Origin": "https://anyone.example"})
        assert told.json()["bot"] == "on" and told.headers["access-control-allow-origin"] == "*"


def code(page, place):
    """Return what an editor copies from the page."""
    return html.unescape(re.search(rf'<pre class="copy" id="{place}"><code>(.*?)</code></pre>', page, re.S)[1])


def test_the_page_for_editors_gives_two_lines_and_a_policy_with_the_public_address(start):
    page = start(PUBLIC_URL="https://chat.example.de").get("/einbinden").text
    script, element = code(page, "zeilen").split("\n")
    assert script == '<script type="module" src="https://chat.example.de/widget/1/quartierslotse.js"></script>'
    assert element.startswith('<quartierslotse-chat><a href="https://chat.example.de/">') and 'href="tel:115"' in element
    assert code(page, "csp").split("\n") == ["script-src https://chat.example.de;", "connect-src https://chat.example.de;"]
    assert "ALLOWED_ORIGINS=" in page and "https://chat.example.de/datenschutz" in page
    assert "7 Tage nach der letzten Nachricht" in page and 'href="/einbinden/test"' in page


def test_every_property_that_editors_are_told_of_is_one_of_the_widget(gateway):
    scripts = "".join(module.read_text(encoding="utf-8") for module in widget.FOLDER.rglob("*.js"))
    named = re.findall(r"^  (--[\w-]+): ", code(gateway.get("/einbinden").text, "stil"), re.M)
    assert named and [one for one in named if f"var({one}" not in scripts] == []


def test_the_test_page_has_the_widget_with_a_fallback_and_no_inline_script(gateway):
    page = gateway.get("/einbinden/test").text
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/widget/1/quartierslotse.js">']
    assert re.search(r'<quartierslotse-chat><a href="/">.*href="tel:115".*</quartierslotse-chat>', page, re.S)


@pytest.mark.parametrize("path", ["/einbinden", "/einbinden/test", "/leichte-sprache", "/gebaerdensprache", "/barrierefreiheit"])
def test_the_pages_around_the_widget_are_linked_and_strict(gateway, path):
    page = gateway.get(path)
    assert page.status_code == 200 and page.text.count("<h1>") == 1 and "set-cookie" not in page.headers
    assert "default-src 'none'; script-src 'self'" in page.headers["content-security-policy"]
    assert not re.search(r"\son\w+=|style=|<script(?![^>]*src=)", page.text)
    assert f'href="{path.removesuffix("/test")}"' in gateway.get("/impressum").text


def test_the_accessibility_statement_is_an_honest_draft_until_the_operator_has_one(start):
    gateway = start()
    page = gateway.get("/barrierefreiheit").text
    for said in (
        "teilweise mit § 10 Absatz 1 L-BGG",
        "Unvereinbarkeit mit § 10 Absatz 1 L-BGG",
        "unverhältnismäßige Belastung",
        "nicht im Anwendungsbereich",
        "Barrierefreie Alternativen",
        "zuletzt überarbeitet",
        "Rückmeldung und Kontaktangaben",
        "Selbstbewertung",
        "axe-core",
        "NVDA",
        "Gebärdensprache fehlen",
        "Schlichtungsstelle",
    ):
        assert said in page, said
    assert page.count('class="placeholder"') == 5 and gateway.url in page
    texts = gateway.settings.data_dir / "texts"
    texts.mkdir()
    (texts / "barrierefreiheit.md").write_text("# Erklärung\n\nGeprüft.", encoding="utf-8")
    page = gateway.get("/barrierefreiheit").text
    assert "<p>Geprüft.</p>" in page and "placeholder" not in page and "Entwurf" not in page


@pytest.mark.parametrize(
    ("path", "missing"), [("/leichte-sprache", "Den Text gibt es noch nicht"), ("/gebaerdensprache", "Es gibt sie noch nicht")]
)
def test_a_prepared_place_says_what_is_missing_and_from_whom(gateway, path, missing):
    page = gateway.get(path).text
    assert missing in page and f"„{path[1:]}.md“" in page and 'href="tel:115"' in page


def test_the_privacy_page_says_what_the_widget_keeps_on_the_device(gateway):
    page = gateway.get("/datenschutz").text
    assert "Bevor Sie ihn öffnen, speichert er nichts" in page and "Auf diesem Gerät merken" in page


def test_the_examples_in_the_module_hold():
    assert doctest.testmod(widget).failed == 0


def test_no_place_of_a_text_is_left_unfilled(gateway):
    for path in ("/einbinden", "/datenschutz", "/barrierefreiheit", "/leichte-sprache", "/gebaerdensprache"):
        assert not re.search(r"\{\w+\}", gateway.get(path).text), path
