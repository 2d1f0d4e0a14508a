from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipeline.stats.ard import NOBODY, Ard, Label, Row, sources
from pipeline.stats.plan import PLANVER
from pipeline.stats.roster import Roster

LABEL = Label("S", "test", "car_t", "ASTCT2019", "collected", "Y")
ROW = Row("r", "V", "proportion", "fraction", "x/n", "treated subjects", np.array([0, 1]))


def ard():
    who = pl.DataFrame({"STUDYID": ["S", "S"], "USUBJID": ["1", "2"]})
    return Ard(Roster(who, pl.DataFrame(schema={**who.schema, "EPISEQ": pl.Int64})))


def test_a_row_carries_its_sets_their_sizes_and_the_version_of_the_plan():
    a = ard()
    a.add(LABEL, ROW._replace(VALUE=0.5, LOW=0.1, HIGH=0.9, events=np.array([1])))
    results, sets = a.frames()
    row = results.row(0, named=True)
    assert (row["N"], row["EVENTS"], row["STATUS"], row["CONF"]) == (2, 1, "ok", 0.95)
    assert row["PLANVER"] == PLANVER
    assert sets.filter(SETID=row["SET_EVENTS"])["USUBJID"].to_list() == ["2"]
    roles = sources(results, sets).select("ROLE", "USUBJID").rows()
    assert roles == [("events", "2"), ("n", "1"), ("n", "2")]


def test_the_identifier_is_the_key_not_the_value():
    ids = []
    for value, time in ((0.5, 7.0), (0.6, 7.0), (0.5, 14.0)):
        a = ard()
        a.add(LABEL, ROW._replace(VALUE=value, TIME=time))
        ids.append(a.frames()[0]["RESULTID"].item())
    assert ids[0] == ids[1] != ids[2]


def test_a_value_that_is_not_estimable_is_null_with_a_reason():
    a = ard()
    a.add(LABEL, ROW._replace(REASON="not estimable, because there is no event", n=NOBODY))
    row = a.frames()[0].row(0, named=True)
    assert (row["VALUE"], row["STATUS"], row["SET_N"], row["CONF"]) == (
        None,
        "not_estimable",
        None,
        None,
    )


def test_no_value_and_no_reason_or_an_infinite_number_is_an_error():
    with pytest.raises(ValueError, match="no reason"):
        ard().add(LABEL, ROW)
    with pytest.raises(ValueError, match="infinite"):
        ard().add(LABEL, ROW._replace(VALUE=float("inf")))


def test_the_same_statistic_twice_is_an_error():
    a = ard()
    a.add(LABEL, ROW._replace(VALUE=0.5))
    a.add(LABEL, ROW._replace(VALUE=0.5))
    with pytest.raises(Exception, match="primary_key"):
        a.frames()


def test_pooled_studies_are_named():
    a = ard()
    a.add(replace(LABEL, STUDIES="A, B"), ROW._replace(VALUE=0.5))
    assert a.frames()[0]["POPULATION"].item() == "treated subjects; studies A, B"
