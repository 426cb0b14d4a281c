"""The served copy: atomic, versioned, renewed in running processes."""

import os
import time

import pytest

from knowledge.files import read_knowledge
from knowledge.library import Library
from knowledge.model import Knowledge
from knowledge.store import NotLoadedError, Store

URLS = ["sqlite", "postgresql"]


@pytest.fixture(scope="module")
def knowledge():
    whole = read_knowledge()
    some = dict(list(whole.entries.items())[:12])
    return Knowledge(some, whole.contacts[:3])


@pytest.fixture(params=URLS)
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'knowledge.db'}"
    if not os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("TEST_DATABASE_URL with a PostgreSQL server is not set")
    return os.environ["TEST_DATABASE_URL"]


def test_what_is_loaded_is_read_again(url, knowledge):
    store = Store(url)
    version = store.load(knowledge)
    read = store.read()
    assert read.version == version
    assert read.entries == dict(knowledge.entries)
    assert read.contacts == knowledge.contacts


def test_each_load_counts_up_and_replaces(url, knowledge):
    store = Store(url)
    first = store.load(knowledge)
    only = dict(list(knowledge.entries.items())[:1])
    assert store.load(Knowledge(only)) == first + 1
    assert list(store.read().entries) == list(only)


def test_a_failing_load_leaves_the_old_knowledge_in_service(url, knowledge):
    store = Store(url)
    version = store.load(knowledge)
    twice = Knowledge(knowledge.entries, (*knowledge.contacts, knowledge.contacts[0]))
    with pytest.raises(Exception, match="(?i)unique"):
        store.load(twice)
    assert store.version() == version
    assert len(store.read().entries) == len(knowledge.entries)


def test_before_the_first_load_nothing_is_served(tmp_path):
    with pytest.raises(NotLoadedError):
        Store(f"sqlite:///{tmp_path / 'empty.db'}").read()


def test_a_withdrawn_entry_is_out_of_all_answers_until_restored(url, knowledge):
    store = Store(url)
    store.load(knowledge)
    key = next(iter(knowledge.entries))
    store.withdraw(key)
    assert key not in store.read().served()
    store.load(knowledge)
    assert key not in store.read().served()
    store.restore(key)
    assert key in store.read().served()


def test_a_running_library_takes_up_a_new_version(url, knowledge):
    store = Store(url)
    version = store.load(knowledge)
    library = Library(url, look_every_s=0)
    assert library.current().version == version
    store.load(knowledge)
    end = time.monotonic() + 20
    while library.current().version == version and time.monotonic() < end:
        time.sleep(0.01)
    assert library.current().version == version + 1
