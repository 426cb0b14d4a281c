"""The pages for accounts (administrators) and remarks (editors), and the forms for promises, warnings and blocks."""

import re

import pytest
import requests
import sqlalchemy as sa

from gateway.clockwork import now_ms
from gateway.pages import moments
from gateway.store import advisors, feedback
from gateway.tables import ADVISORS, FEEDBACK
from tests.gateway.test_desk_lead import Lead, audit, words
from tests.gateway.test_desk_pages import PASSWORD, Browser, calm  # noqa: F401
from tests.gateway.test_handoff import bot, queued, states  # noqa: F401

ACCOUNTS, REMARKS = "/desk/lead/accounts", "/desk/remarks"


@pytest.fixture
def admin(gateway):
    return Lead(gateway, role="admin")


def account(gateway, name):
    return gateway.services.database.read_now(lambda c: advisors.credentials(c, name))


def log_in(gateway, name, password=PASSWORD):
    body = {"name": name, "password": password}
    return requests.post(gateway.url + "/api/v1/desk/login", json=body, timeout=30).status_code


@pytest.mark.parametrize("role", ["advisor", "lead", "editor"])
def test_only_administrators_see_and_change_accounts(gateway, admin, role):
    other = Lead(gateway, role=role)
    assert other.get(ACCOUNTS).status_code == 403
    fields = {"account": admin.id, "name": "neu", "shown_name": "Neu", "role": "admin", "password": PASSWORD}
    for path in ("", "/change", "/password", "/disable", "/enable"):
        assert other.post(ACCOUNTS + path, fields).status_code == 403
    assert account(gateway, "neu") is None


def test_an_account_is_opened_changed_locked_and_unlocked(gateway, admin):
    name = f"Änne-{now_ms()}"
    admin.saves(ACCOUNTS, {"name": name, "shown_name": "Änne Maier", "role": "advisor", "password": PASSWORD})
    made = account(gateway, name).advisor
    assert log_in(gateway, name) == 204
    admin.saves(f"{ACCOUNTS}/change", {"account": made.id, "shown_name": "Anne Maier", "role": "lead"})
    assert (account(gateway, name).advisor.shown_name, account(gateway, name).advisor.role) == ("Anne Maier", "lead")
    admin.saves(f"{ACCOUNTS}/disable", {"account": made.id})
    assert log_in(gateway, name) == 401
    admin.saves(f"{ACCOUNTS}/enable", {"account": made.id})
    assert log_in(gateway, name) == 204
    admin.saves(f"{ACCOUNTS}/password", {"account": made.id, "password": PASSWORD + "!"})
    assert (log_in(gateway, name), log_in(gateway, name, PASSWORD + "!")) == (401, 204)
    done = ["account_created", "account_changed", "account_disabled", "account_enabled", "password_set"]
    assert [action for action in audit(gateway, admin) if action in done] == done


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "sichtbare Zeichen"),
        ({"name": "x" * 65}, "sichtbare Zeichen"),
        ({"role": "chef"}, "nicht erlaubt"),
        ({"password": "kurz"}, "zu kurz"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_kept(gateway, admin, fields, said):
    name = f"w-{now_ms()}"
    answer = admin.post(ACCOUNTS, {"name": name, "shown_name": "W", "role": "advisor", "password": PASSWORD} | fields)
    assert answer.status_code == 422 and said in words(answer) and PASSWORD not in answer.text
    assert account(gateway, name) is None


def test_a_name_is_taken_once(gateway, admin):
    name = f"zwei-{now_ms()}"
    fields = {"name": name, "shown_name": "", "role": "advisor", "password": PASSWORD}
    admin.saves(ACCOUNTS, fields)
    answer = admin.post(ACCOUNTS, fields | {"name": name.upper()})
    assert answer.status_code == 422 and "gibt es schon" in words(answer)


def test_nobody_locks_out_or_degrades_themselves(gateway, admin):
    assert admin.post(f"{ACCOUNTS}/disable", {"account": admin.id}).status_code == 422
    assert admin.post(f"{ACCOUNTS}/change", {"account": admin.id, "shown_name": "A", "role": "advisor"}).status_code == 422
    assert admin.get(ACCOUNTS).status_code == 200


def test_names_of_accounts_stay_text(gateway, admin):
    evil = f'"><script>alert({now_ms()})</script>'
    admin.saves(ACCOUNTS, {"name": f"evil-{now_ms()}", "shown_name": evil, "role": "advisor", "password": PASSWORD})
    assert evil not in admin.get(ACCOUNTS).text
    gateway.services.database.write_now(lambda c: c.execute(sa.delete(ADVISORS).where(ADVISORS.c.shown_name == evil)))


def remarked(gateway, rating="outdated", **more):
    """A citizen's remark about the bot's newest message."""
    citizen = gateway.citizen()
    event = citizen.say()
    answer = citizen.call("POST", "/feedback", json={"seq": event["seq"], "rating": rating} | more)
    return citizen, event, answer


def test_what_is_out_of_date_is_kept_with_entry_version_and_sentence(gateway, rasa):
    citizen, event, answer = remarked(gateway, sentence="Antwort", comment="Seit Mai gilt etwas anderes")
    assert answer.status_code == 204
    row = gateway.services.database.read_now(lambda c: c.execute(sa.select(FEEDBACK).where(FEEDBACK.c.conversation == citizen.id)).one())
    assert (row.rating, row.sentence, row.comment) == ("outdated", "Antwort", "Seit Mai gilt etwas anderes")
    assert [row.entry] == (event["answer"]["entries"] or [None])[:1]


def said_about(citizen, seq):
    """What is kept about a message: rating, sentence, comment."""
    wanted = sa.select(FEEDBACK).where(FEEDBACK.c.conversation == citizen.id, FEEDBACK.c.seq == seq)
    rows = citizen.gateway.services.database.read_now(lambda c: c.execute(wanted).all())
    return sorted((row.rating, row.sentence or "", row.comment) for row in rows)


def test_a_later_thumb_leaves_the_report_and_replaces_only_the_earlier_thumb(gateway, rasa):
    citizen, event, _ = remarked(gateway, sentence="Antwort", comment="Seit Mai gilt etwas anderes")
    for rating in ("up", "down"):
        assert citizen.call("POST", "/feedback", json={"seq": event["seq"], "rating": rating}).status_code == 204
    assert said_about(citizen, event["seq"]) == [("down", "", ""), ("outdated", "Antwort", "Seit Mai gilt etwas anderes")]
    listed = gateway.services.database.read_now(feedback.for_editors)
    assert [row.rating for row in listed if row.conversation == citizen.id] == ["outdated"]


def test_reports_of_two_sentences_stand_side_by_side_and_the_same_one_counts_once(gateway, rasa):
    citizen, event, _ = remarked(gateway, sentence="Antwort")
    for comment in ("erst", "dann"):
        body = {"seq": event["seq"], "rating": "outdated", "sentence": event["text"], "comment": comment}
        assert citizen.call("POST", "/feedback", json=body).status_code == 204
    assert said_about(citizen, event["seq"]) == [("outdated", "Antwort", ""), ("outdated", event["text"], "dann")]


def test_a_message_has_at_most_ten_reports(gateway, rasa):
    citizen, event, _ = remarked(gateway, rating="up")
    for length in range(1, 9):
        for start in (0, 1):
            body = {"seq": event["seq"], "rating": "outdated", "sentence": event["text"][start:][:length]}
            assert citizen.call("POST", "/feedback", json=body).status_code == 204
    assert [rating for rating, *_ in said_about(citizen, event["seq"])] == [*["outdated"] * 10, "up"]


def test_a_sentence_that_nobody_said_is_refused(gateway):
    _, _, answer = remarked(gateway, sentence="Das stand nie da")
    assert (answer.status_code, answer.json()["field"]) == (422, "sentence")


def test_editors_see_remarks_and_settle_them(gateway):
    citizen, event, _ = remarked(gateway, comment="Das <b>stimmt</b> nicht mehr")
    editor = Browser(gateway, role="editor")
    page = editor.get(REMARKS)
    assert page.status_code == 200 and "Das &lt;b&gt;stimmt&lt;/b&gt; nicht mehr" in page.text
    remark = next(row.id for row in gateway.services.database.read_now(feedback.for_editors) if row.conversation == citizen.id)
    assert f'value="{remark}"' in page.text
    assert editor.post(f"{REMARKS}/settle", remark=remark).status_code == 303
    assert "stimmt&lt;/b&gt; nicht mehr" not in editor.get(REMARKS).text
    assert editor.post(f"{REMARKS}/settle", remark=remark).status_code == 303
    assert said_about(citizen, event["seq"]) == []


def test_advisors_do_not_see_the_remarks(gateway):
    advisor = Browser(gateway)
    assert advisor.get(REMARKS).status_code == 403
    assert advisor.post(f"{REMARKS}/settle", conversation="x", seq="1").status_code == 403


def test_a_thumb_down_without_a_word_is_no_work_for_editors(gateway):
    citizen, _, _ = remarked(gateway, rating="down")
    rows = gateway.services.database.read_now(feedback.for_editors)
    assert citizen.id not in {row.conversation for row in rows}


def test_promise_warning_and_block_by_form(gateway, citizen, bot):  # noqa: F811
    advisor = Browser(gateway)
    queued(citizen, bot)
    advisor.claim(citizen)
    assert "Antwort folgt bis" in advisor.page(citizen).text
    assert advisor.on(citizen, "promise", until="gestern").status_code == 422
    assert advisor.on(citizen, "promise", until="2020-01-01T10:00").status_code == 422
    assert advisor.on(citizen, "promise", until=moments.local_input(now_ms() + 3_600_000)).status_code == 303
    assert "antwortet Ihnen bis" in citizen.events()[-1]["text"]
    assert "Antwort zugesagt bis" in words(advisor.get("/desk"))
    assert advisor.on(citizen, "block").status_code == 409
    assert advisor.on(citizen, "warn").status_code == 303 and "sachlichen Ton" in citizen.events()[-1]["text"]
    assert advisor.on(citizen, "block").status_code == 303 and states(citizen)[-1] == "closed"
    body = {"name": "Erna", "phone": "0711 123456", "when": ""}
    assert citizen.call("POST", "/callback", json=body).status_code == 409
    lead = Browser(gateway, role="lead")
    past = re.search(r'/desk/history/(\w+)"', lead.get("/desk/history").text).group(1)
    assert "Gesperrt bis" in lead.get(f"/desk/history/{past}").text
    assert advisor.post(f"/desk/history/{past}/lift").status_code == 403
    assert lead.post(f"/desk/history/{past}/lift").status_code == 303
    assert citizen.call("POST", "/callback", json=body).status_code == 204


def test_a_citizen_who_is_writing_is_no_silent_one(gateway, citizen, bot):  # noqa: F811
    advisor = Browser(gateway)
    queued(citizen, bot)
    assert citizen.call("POST", "/typing").status_code == 204
    advisor.claim(citizen)
    assert citizen.call("POST", "/typing").status_code == 204
    assert requests.post(f"{gateway.url}/api/v1/conversations/{citizen.id}/typing", timeout=30).status_code == 401
