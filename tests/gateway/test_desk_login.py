"""Who comes in at the desk, how long, and what nobody learns at its door."""

import contextlib
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import argon2
import httpx
import pytest
import requests
import sqlalchemy as sa
from fastapi import FastAPI

from gateway import journal
from gateway.app import _refused
from gateway.desk import passwords
from gateway.desk.attempts import Attempts
from gateway.desk.login import LogIns
from gateway.desk.session import Desk, Editor, Lead
from gateway.errors import Refused
from gateway.store import advisors, desk_sessions
from gateway.tables import ADVISORS, AUDIT, SESSIONS
from gateway.tokens import hashed, new_id
from knowledge import clock

PASSWORD = "Ein-langes-Kennwort-4711"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HASH = CHEAP.hash(PASSWORD)


class Browser:
    """A browser at the desk's door."""

    def __init__(self, gateway):
        self.gateway, self.http = gateway, requests.Session()

    def call(self, method, path, csrf=True, **options):
        headers = {"X-CSRF-Token": self.http.cookies.get("csrf", "") if csrf is True else csrf} if csrf else {}
        headers |= options.pop("headers", {})
        return self.http.request(method, f"{self.gateway.url}/api/v1/desk{path}", headers=headers, timeout=30, **options)

    def log_in(self, name, password=PASSWORD):
        return self.call("POST", "/login", json={"name": name, "password": password})

    def presence(self, state="available", **options):
        return self.call("PUT", "/presence", json={"state": state}, **options)


def set_cookies(response):
    lines = response.raw.headers.getlist("set-cookie")
    return {line.partition("=")[0]: [part.strip().lower() for part in line.split(";")[1:]] for line in lines}


def stored(gateway, name):
    return gateway.services.database.read_now(lambda c: c.execute(sa.select(ADVISORS).where(ADVISORS.c.name == name)).one())


def audit(gateway):
    return gateway.services.database.read_now(lambda c: c.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all())


def later(monkeypatch, **time):
    now = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def account(gateway):
    """Open accounts in the shared gateway."""

    def make(name=None, role="advisor", password_hash=HASH, gateway=gateway):
        name = name or f"anna-{new_id()[:8]}"
        return gateway.services.database.write_now(lambda c: advisors.create(c, name, password_hash, 0, role))

    return make


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Today's parameters take a tenth of a second, and these tests try many passwords."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture(autouse=True)
def free_door(gateway):
    """The failures of one test lock nobody out of the next."""
    yield
    gateway.services.log_ins = LogIns(gateway.services.database)


@pytest.fixture
def browser(gateway):
    return Browser(gateway)


@pytest.fixture
def advisor(account, browser):
    """An advisor who is logged in with `browser`."""
    advisor = account()
    assert browser.log_in(advisor.name).status_code == 204
    return advisor


@contextlib.contextmanager
def listening():
    """Collect the log; begins after a gateway's start, which sets the handlers."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(journal._Lines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_a_log_in_sets_a_cookie_for_the_session_and_one_that_the_page_can_read(account, browser):
    answer = browser.log_in(account().name)
    assert answer.status_code == 204 and answer.content == b""
    cookies = set_cookies(answer)
    assert set(cookies) == {"session", "csrf"}
    assert "httponly" in cookies["session"] and "httponly" not in cookies["csrf"]
    for flags in cookies.values():
        assert {"samesite=strict", "path=/"} <= set(flags)
        assert not any(flag.startswith(("secure", "expires", "max-age", "domain")) for flag in flags)


def test_behind_https_the_cookies_are_sent_encrypted_only(start, account):
    gateway = start(PUBLIC_URL="https://chat.example.de")
    account("anna", gateway=gateway)
    assert all("secure" in flags for flags in set_cookies(Browser(gateway).log_in("anna")).values())


def test_the_session_has_256_bits_and_only_its_hash_is_stored(advisor, browser, gateway):
    token = browser.http.cookies["session"]
    assert len(token) >= 43
    rows = gateway.services.database.read_now(lambda c: c.execute(sa.select(SESSIONS).where(SESSIONS.c.advisor == advisor.id)).all())
    assert [row.token_hash for row in rows] == [hashed(token)] and token not in str(rows)


def test_the_name_may_be_typed_in_any_case(account, browser):
    assert browser.log_in(f"  {account('Änne.Müller').name.upper()} ").status_code == 204


def test_nobody_learns_whether_a_name_exists(account, browser, gateway):
    disabled, without = account(), account(password_hash=None)
    gateway.services.database.write_now(lambda c: advisors.disable(c, disabled.id, 0))
    tries = [(account().name, PASSWORD + "x"), ("gibt-es-nicht", PASSWORD), (disabled.name, PASSWORD), (without.name, PASSWORD), ("", "")]
    answers = [browser.log_in(*one) for one in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.text for answer in answers} == {answers[0].text} and "Name oder Kennwort ist falsch." in answers[0].text
    assert not any(set_cookies(answer) for answer in answers)


def test_an_unknown_name_costs_the_dummy_hash(account, browser, monkeypatch):
    checked = []
    monkeypatch.setattr(passwords, "_fits", lambda stored, password: bool(checked.append(stored)))
    for name in ("gibt-es-nicht", account(password_hash=None).name, account().name):
        browser.log_in(name)
    assert checked == [passwords.dummy(), passwords.dummy(), HASH]


async def test_the_dummy_hash_costs_what_a_real_one_costs_and_fits_nothing():
    assert not passwords.HASHER.check_needs_rehash(passwords.dummy())
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        passwords.HASHER.verify(passwords.dummy(), "")
    assert not await passwords.fits(None, PASSWORD) and not await passwords.fits("kein Hash", PASSWORD)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": "anna"}, 422, "password"),
        ({"password": PASSWORD}, 422, "name"),
        ({"name": 1, "password": PASSWORD}, 422, "name"),
        ({"name": "anna", "password": None}, 422, "password"),
        ({"name": "anna", "password": PASSWORD, "role": "admin"}, 422, "role"),
        ({"name": "anna", "password": "a\0" * 12}, 422, "password"),
        ({"name": "anna", "password": "a" * 2001}, 413, "password"),
        ([], 422, None),
    ],
)
def test_a_body_of_another_form_is_refused_with_its_field(browser, body, status, field):
    refused = browser.call("POST", "/login", json=body)
    assert (refused.status_code, refused.json()["field"]) == (status, field)
    assert PASSWORD not in refused.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_no_form_of_another_site_can_log_a_browser_in(account, browser, kind):
    body = f'{{"name": "{account().name}", "password": "{PASSWORD}"}}'
    refused = browser.call("POST", "/login", data=body.encode(), headers={"Content-Type": kind} if kind else {})
    assert refused.status_code == 422 and not set_cookies(refused)


@pytest.mark.parametrize("how", ["nothing", "wrong header", "not ASCII", "cookie only", "header only", "another's"])
def test_a_writing_request_without_the_secret_of_its_session_is_refused(advisor, account, browser, gateway, how):
    own, other = browser.http.cookies["csrf"], Browser(gateway)
    other.log_in(account().name)
    foreign = other.http.cookies["csrf"]
    header, cookie = {
        "nothing": (None, None),
        "wrong header": ("falsch", own),
        "not ASCII": ("\xe4", own),
        "cookie only": (None, own),
        "header only": (own, None),
        "another's": (foreign, foreign),
    }[how]
    browser.http.cookies.set("csrf", cookie, domain=browser.http.cookies.list_domains()[0], path="/")
    for refused in (browser.presence(csrf=header), browser.call("POST", "/logout", csrf=header)):
        assert refused.status_code == 403 and refused.json()["error"] == "forbidden", refused.text
        assert "laden Sie die Seite neu" in refused.json()["message"]
    assert stored(gateway, advisor.name).presence == "away"


def test_without_a_session_the_desk_is_closed(browser):
    for method, path in (("PUT", "/presence"), ("POST", "/logout")):
        refused = browser.call(method, path, json={"state": "available"})
        assert refused.status_code == 401 and "melden Sie sich an" in refused.json()["message"]
    browser.http.cookies.set("session", "erfunden")
    assert browser.presence().status_code == 401


def test_presence_is_kept(advisor, browser, gateway):
    assert browser.presence("available").status_code == 204
    assert stored(gateway, advisor.name).presence == "available"
    assert browser.presence("away").status_code == 204
    assert stored(gateway, advisor.name).presence == "away"
    refused = browser.presence("lunch")
    assert (refused.status_code, refused.json()["field"]) == (422, "state")


def test_logging_out_ends_the_session_and_whoever_did_it_is_away(advisor, browser, gateway):
    browser.presence("available")
    kept = dict(browser.http.cookies)
    gone = browser.call("POST", "/logout")
    assert gone.status_code == 204 and not browser.http.cookies
    assert all("max-age=0" in flags for flags in set_cookies(gone).values()) and set(set_cookies(gone)) == {"session", "csrf"}
    assert stored(gateway, advisor.name).presence == "away"
    browser.http.cookies.update(kept)
    assert browser.presence().status_code == 401


def test_a_session_lasts_twelve_hours(advisor, browser, monkeypatch):
    with monkeypatch.context() as patch:
        later(patch, hours=11, minutes=59)
        assert browser.presence().status_code == 204
    later(monkeypatch, hours=12, seconds=1)
    assert browser.presence().status_code == 401


def test_whose_session_has_expired_is_away_from_the_next_log_in_on(advisor, account, browser, gateway, monkeypatch):
    browser.presence("available")
    later(monkeypatch, hours=12, seconds=1)
    assert Browser(gateway).log_in(account().name).status_code == 204
    assert stored(gateway, advisor.name).presence == "away"
    left = gateway.services.database.read_now(lambda c: c.execute(sa.select(SESSIONS).where(SESSIONS.c.advisor == advisor.id)).all())
    assert left == []


def test_whoever_has_another_session_stays_available(advisor, browser, gateway, monkeypatch):
    browser.presence("available")
    with monkeypatch.context() as patch:
        later(patch, hours=11)
        second = Browser(gateway)
        second.log_in(advisor.name)
    later(monkeypatch, hours=13)
    gateway.services.database.write_now(lambda c: desk_sessions.drop_expired(c, int(clock.now().timestamp() * 1000)))
    assert stored(gateway, advisor.name).presence == "available"
    assert browser.presence().status_code == 401 and second.presence().status_code == 204


def test_a_disabled_account_is_out_at_once(advisor, browser, gateway):
    browser.presence("available")
    gateway.services.database.write_now(lambda c: advisors.disable(c, advisor.id, 1))
    assert browser.presence().status_code == 401
    assert stored(gateway, advisor.name).presence == "away"
    assert browser.log_in(advisor.name).status_code == 401


def test_a_new_password_ends_the_sessions_of_the_old_one(advisor, browser, gateway):
    gateway.services.database.write_now(lambda c: advisors.set_password(c, advisor.id, passwords.hashed("Ein-neues-Kennwort")))
    assert browser.presence().status_code == 401
    assert browser.log_in(advisor.name).status_code == 401
    assert browser.log_in(advisor.name, "Ein-neues-Kennwort").status_code == 204


def test_a_password_changed_while_it_was_checked_opens_nothing(account, gateway):
    advisor = account()
    checked = advisors.Credentials(advisor, "das alte", False)
    assert not gateway.services.database.write_now(lambda c: desk_sessions.open(c, checked, new_id(), "x", 1, 2))


def test_logging_in_again_replaces_the_session_of_this_browser(advisor, browser, gateway):
    old = dict(browser.http.cookies)
    assert browser.log_in(advisor.name).status_code == 204
    assert browser.presence().status_code == 204
    stale = Browser(gateway)
    stale.http.cookies.update(old)
    assert stale.presence().status_code == 401


def test_a_hash_of_older_parameters_is_renewed_at_the_next_log_in(advisor, browser, gateway, monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", argon2.PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert stored(gateway, advisor.name).password_hash == HASH
    assert browser.log_in(advisor.name).status_code == 204
    renewed = stored(gateway, advisor.name).password_hash
    assert renewed != HASH and not passwords.HASHER.check_needs_rehash(renewed)
    assert browser.presence().status_code == 204 and browser.log_in(advisor.name).status_code == 204
    assert stored(gateway, advisor.name).password_hash == renewed


def test_an_advisors_page_is_noted_as_alive_at_most_every_ten_seconds(advisor, browser, gateway, monkeypatch):
    first = stored(gateway, advisor.name).seen_at
    assert first is not None
    for seconds, moved in ((5, False), (6, True)):
        later(monkeypatch, seconds=seconds)
        browser.call("PUT", "/presence", json={})
        assert (stored(gateway, advisor.name).seen_at > first) == moved


async def test_roles_open_the_doors_they_are_for(gateway, account):
    app = FastAPI()
    app.state.services = gateway.services
    app.add_exception_handler(Refused, _refused)

    @app.get("/api/desk")
    async def desk(who: Desk) -> str:
        return who.name

    @app.get("/api/lead")
    async def lead(who: Lead) -> str:
        return who.name

    @app.get("/api/editor")
    async def editor(who: Editor) -> str:
        return who.name

    async def statuses(cookies):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk", cookies=cookies) as client:
            return [(await client.get(f"/api/{door}")).status_code for door in ("desk", "lead", "editor")]

    expected = {"advisor": [200, 403, 403], "editor": [200, 403, 200], "lead": [200, 200, 200], "admin": [200, 200, 200]}
    for role, opened in expected.items():
        browser = Browser(gateway)
        browser.log_in(account(role=role).name)
        assert await statuses({"session": browser.http.cookies["session"]}) == opened
    assert await statuses({}) == [401] * 3


def test_five_failures_lock_a_name_and_nobody_else(account, browser):
    advisor, other = account(), account()
    assert [browser.log_in(advisor.name, "falsch").status_code for _ in range(5)] == [401] * 5
    locked = browser.log_in(advisor.name.upper())
    assert locked.status_code == 429 and 890 <= int(locked.headers["Retry-After"]) <= 900
    assert "gesperrt" in locked.json()["message"]
    assert browser.log_in(other.name).status_code == 204


def test_a_success_forgets_the_failures_of_its_name(account, browser):
    name = account().name
    for _ in range(3):
        assert [browser.log_in(name, "falsch").status_code for _ in range(4)] == [401] * 4
        assert browser.log_in(name).status_code == 204


def test_twenty_failures_lock_an_address(account, browser):
    assert [browser.log_in(f"niemand-{n}", "falsch").status_code for n in range(20)] == [401] * 20
    assert browser.log_in(account().name).status_code == 429


def test_guesses_sent_at_once_do_not_slip_past_the_limit(account, gateway):
    name = account().name
    with ThreadPoolExecutor(12) as many:
        statuses = list(many.map(lambda _: Browser(gateway).log_in(name, "falsch").status_code, range(12)))
    assert sorted(statuses) == [401] * 5 + [429] * 7


def test_many_can_log_in_at_once(account, gateway):
    names = [account().name for _ in range(30)]
    with ThreadPoolExecutor(30) as many:
        assert list(many.map(lambda name: Browser(gateway).log_in(name).status_code, names)) == [204] * 30


def test_a_quarter_of_an_hour_slides_and_keeps_no_key_in_clear():
    now = [0.0]
    attempts = Attempts(2, lambda: now[0])
    for now[0] in (0.0, 100.0):
        attempts.require_free("mein Kennwort im falschen Feld")
        attempts.add("mein Kennwort im falschen Feld")
    with pytest.raises(Refused) as refused:
        attempts.require_free("mein Kennwort im falschen Feld")
    assert refused.value.headers["Retry-After"] == "800"
    assert "Kennwort" not in str(vars(attempts))
    now[0] = 900.0
    attempts.require_free("mein Kennwort im falschen Feld")


def test_old_keys_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("gateway.desk.attempts.KEYS_BEFORE_CLEANING", 3)
    now = [0.0]
    attempts = Attempts(2, lambda: now[0])
    for key in "abc":
        attempts.add(key)
    now[0] = 1000.0
    attempts.add("d")
    assert len(attempts._failed) == 1


def test_the_audit_names_the_account_that_came_in_and_none_that_did_not(account, browser, gateway):
    advisor, before = account(), len(audit(gateway))
    browser.log_in(advisor.name, "falsch")
    browser.log_in("gibt-es-nicht")
    browser.log_in(advisor.name)
    browser.presence("available")
    browser.call("POST", "/logout")
    written = [(row.action, row.subject, row.actor) for row in audit(gateway)[before:]]
    assert written == [
        ("login_failed", "", None),
        ("login_failed", "", None),
        ("login", "", advisor.id),
        ("presence_available", "", advisor.id),
        ("logout", "", advisor.id),
    ]


def test_a_password_is_in_no_log_and_no_file(start, account, monkeypatch):
    gateway = start(LOG_LEVEL="DEBUG")
    account("anna", gateway=gateway, password_hash=passwords.hashed(PASSWORD))
    browser, wrong = Browser(gateway), "Falsches-Kennwort-0815"
    with listening() as log:
        browser.log_in("anna")
        for name, password in (("anna", wrong), (wrong, "x"), (PASSWORD, "x")):
            assert Browser(gateway).log_in(name, password).status_code == 401
        monkeypatch.setattr(passwords, "fits", _broken)
        assert Browser(gateway).log_in("anna").status_code == 500
    assert "request_failed" in log.getvalue()
    contents = {file.name: file.read_bytes() for file in gateway.settings.data_dir.rglob("*") if file.is_file()}
    assert any(b"$argon2id$" in content for content in contents.values())
    for secret in (PASSWORD, wrong, browser.http.cookies["session"]):
        assert secret not in log.getvalue()
        assert not [name for name, content in contents.items() if secret.encode() in content]


async def _broken(_stored, password):
    raise RuntimeError(password)
