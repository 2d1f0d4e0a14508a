from __future__ import annotations

from pipeline.assets.status_page import AGAIN_S, renew_status
from pipeline.lake.store import State
from pipeline.lake.waiting import Waiting, note
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all

NOW = 900_000.0


def _page(here):
    return here.published.read("status.html")


def test_the_page_is_renewed_when_it_would_say_something_else(here):
    write_drop(here.inbox, "A")
    run_all(here)
    told = renew_status(here, "", NOW)
    assert _page(here) == b"A published "
    here.published.write("status.html", b"as it was")
    assert renew_status(here, told, NOW + 60) == told
    assert _page(here) == b"as it was"
    here.store.set_state(State("A", "failed", ("too little memory",)))
    assert renew_status(here, told, NOW + 60) != told
    assert _page(here) == b"A failed too little memory"


def test_a_drop_that_begins_to_wait_renews_it(here):
    write_drop(here.inbox, "A")
    run_all(here)
    told = renew_status(here, "", NOW)
    note(here.store.files, {"A": Waiting(1.0, "dm.csv changed", None, 1)})
    assert renew_status(here, told, NOW) != told


def test_after_a_quarter_of_an_hour_it_is_renewed_in_any_case(here):
    write_drop(here.inbox, "A")
    run_all(here)
    told = renew_status(here, "", NOW)
    here.published.write("status.html", b"as it was")
    renew_status(here, told, NOW + AGAIN_S)
    assert _page(here) == b"A published "
