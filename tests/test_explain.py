from __future__ import annotations

import pytest

from pipeline.explain import explain, span
from pipeline.lookup import NotThereError
from tests.assets.fakes import write_drop
from tests.assets.test_work import run_all

H, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0, DAY, "day 1"),  # a day of a study without times
        (0, 3 * DAY, "day 1 to day 3"),  # the end is exclusive
        (-DAY, DAY, "day -1 to day 1"),  # there is no day 0
        (-1, None, "day -1 23:59"),
        (2 * DAY, None, "day 3"),
        (DAY + 8 * H, 2 * DAY, "day 2 08:00 to day 3 00:00"),
    ],
)
def test_span(start, end, words):
    assert span(start, end) == words


def test_every_grade_comes_with_its_account_and_the_rows_behind_it(here):
    write_drop(here.inbox, "A")
    run_all(here)
    assert list(explain(here.store, "S-2")) == [
        "S-2: study A, CAR-T, axi, followed until study day None",
        "",
        "Episode 1: day 2 to no end (recovered), from AE:1",
        "  ASTCT2019  derived    grade 1",
        "      Grade 1: fever.",
        "      - fever: 38.6 C [VS:7 VSORRES] day 2",
    ]


def test_a_subject_without_an_episode(here):
    write_drop(here.inbox, "A")
    crs = here.stages.crs
    here.stages.crs = lambda *a: {k: v.clear() for k, v in crs(*a).items()}
    run_all(here)
    assert list(explain(here.store, "S-1"))[1] == "no CRS episode"


def test_a_stranger(here):
    with pytest.raises(NotThereError):
        list(explain(here.store, "S-9"))
