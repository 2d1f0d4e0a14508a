import polars as pl

from pipeline.schemas.tables import TABLES
from pipeline.stats.study import derive_study_stats
from tests.stats.by_hand import Hand, study

# ASTCT, Lee and Penn grades of four episodes; Penn graded none of the last.
GRADES = [(1, 1, 1), (3, 2, 3), (3, 2, 3), (2, 2, None)]


def made():
    hand = Hand()
    for i, grades in enumerate(GRADES):
        who = f"U{i}"
        hand.subject(who).episode(who, 2, 4).grade(who, 5)
        for system, grade in zip(("ASTCT2019", "LEE2014", "PENN"), grades, strict=True):
            hand.grade(who, grade, SYSTEM=system, BASIS="derived")
    empty = TABLES["reconciliation"].create_empty()
    return derive_study_stats(hand.tables() | {"reconciliation": empty}, study())


def test_every_pair_of_systems_has_its_cells_and_only_those_with_an_episode():
    rows = made()["results"].filter(RESULT="crosstab").sort("VARIABLE", "GROUP", "LEVEL")
    assert rows.select("VARIABLE", "SYSTEM", "GROUPVAR", "GROUP", "LEVEL", "VALUE", "N").rows() == [
        ("ASTCT2019 x LEE2014", "ASTCT2019", "ASTCT2019", "1", "1", 1, 4),
        ("ASTCT2019 x LEE2014", "ASTCT2019", "ASTCT2019", "2", "2", 1, 4),
        ("ASTCT2019 x LEE2014", "ASTCT2019", "ASTCT2019", "3", "2", 2, 4),
        ("ASTCT2019 x PENN", "ASTCT2019", "ASTCT2019", "1", "1", 1, 3),
        ("ASTCT2019 x PENN", "ASTCT2019", "ASTCT2019", "3", "3", 2, 3),
        ("LEE2014 x PENN", "LEE2014", "LEE2014", "1", "1", 1, 3),
        ("LEE2014 x PENN", "LEE2014", "LEE2014", "2", "3", 2, 3),
    ]
    assert set(rows["BASIS"]) == {"derived"}


def test_the_episodes_of_a_cell_are_named():
    results, sets = (made()[k] for k in ("results", "sets"))
    cell = results.filter(RESULT="crosstab", VARIABLE="ASTCT2019 x LEE2014", GROUP="3", LEVEL="2")
    behind = sets.filter(pl.col("SETID") == cell["SET_EVENTS"].item())
    assert behind.select("USUBJID", "EPISEQ").rows() == [("U1", 1), ("U2", 1)]


def test_one_system_is_no_pair():
    hand = Hand().subject("U").episode("U", 2, 4).grade("U", 2, BASIS="derived")
    empty = TABLES["reconciliation"].create_empty()
    results = derive_study_stats(hand.tables() | {"reconciliation": empty}, study())["results"]
    assert results.filter(RESULT="crosstab").is_empty()
