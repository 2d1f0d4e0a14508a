import math

import polars as pl
import pytest

from pipeline.schemas.tables import TABLES
from pipeline.stats.analyses.reconciliation import best_fit
from pipeline.stats.study import derive_study_stats
from tests.stats.analyses.rows import one
from tests.stats.by_hand import Hand, study


def typed(table, rows):
    types = TABLES[table].create_empty().schema
    filled = [{k: row.get(k) for k in types} for row in rows]
    return TABLES[table].validate(pl.DataFrame(filled, schema=types, orient="row"))


def category(recorded, derived):
    if recorded is None or derived is None:
        return "not comparable"
    if derived == 0 < recorded:
        return "unsupported"
    if derived == recorded:
        return "agree"
    return "derived higher" if derived > recorded else "derived lower"


def made(pairs, others=None, candidates=(), **changes):
    """Results and sets of a study with one episode per (recorded, derived) pair of ASTCT grades."""
    hand = Hand()
    rows = []
    for i, (recorded, derived) in enumerate(pairs):
        who = f"U{i:02}"
        hand.subject(who).episode(who, 2, 4).grade(who, recorded)
        hand.grade(who, derived, BASIS="derived")
        for system, grades in (others or {}).items():
            hand.grade(who, grades[i], SYSTEM=system, BASIS="derived")
        rows.append({
            "STUDYID": "S1", "USUBJID": who, "EPISEQ": 1, "SYSTEM": "ASTCT2019",
            "GRADE_COLLECTED": recorded, "GRADE_DERIVED": derived,
            "CATEGORY": category(recorded, derived),
        })  # fmt: skip
    hand.subject("X")
    tables = hand.tables() | {"reconciliation": typed("reconciliation", rows)}
    tables["candidates"] = typed("candidates", candidates)
    made = derive_study_stats(tables, study(**changes))
    return made["results"].filter(pl.col("RESULT") == "reconciliation"), made["sets"]


def candidate(who, seq=1, system="ASTCT2019"):
    return {
        "STUDYID": "S1", "USUBJID": who, "CANDSEQ": seq, "SYSTEM": system, "ASTDY": 9, "AENDY": 9,
        "DOSESEQ": 1, "ONSET_D": 8, "GRADE": 1, "ACCOUNT": "fever",
    }  # fmt: skip


# recorded, derived
PAIRS = [(1, 1), (1, 1), (1, 2), (2, 2), (2, 1), (2, 0), (3, 3), (None, 1), (4, None)]


def test_cells_categories_and_exact_agreement():
    rows, sets = made(PAIRS)
    cells = rows.filter(VARIABLE="CROSSTAB").sort("GROUP", "LEVEL")
    assert cells.select("GROUP", "LEVEL", "VALUE").rows() == [
        ("1", "1", 2), ("1", "2", 1), ("2", "0", 1), ("2", "1", 1), ("2", "2", 1), ("3", "3", 1),
        ("4", "NA", 1), ("NA", "1", 1),
    ]  # fmt: skip
    assert set(cells["N"]) == {9}
    behind = sets.filter(SETID=one(cells, GROUP="2", LEVEL="0")["SET_EVENTS"])
    assert behind.select("USUBJID", "EPISEQ").rows() == [("U05", 1)]
    counts = {r["LEVEL"]: r["EVENTS"] for r in rows.filter(VARIABLE="CATEGORY").to_dicts()}
    assert counts == {
        "agree": 4, "derived higher": 1, "derived lower": 1, "unsupported": 1,
        "not comparable": 2, "unreported": 0,
    }  # fmt: skip
    agree = one(rows, VARIABLE="AGREEMENT")
    assert (agree["EVENTS"], agree["N"], agree["VALUE"]) == (4, 7, 4 / 7)
    assert agree["LOW"] < 4 / 7 < agree["HIGH"]
    assert "episode is the unit" in agree["POPULATION"]


def test_weighted_kappa_by_hand():
    rows, _ = made(PAIRS)
    # Squared distances seen: 1 + 1 + 4 = 6 of 7 pairs. By chance, recorded 1 1 1 2 2 2 3 against
    # derived 1 1 2 2 1 0 3: the 49 pairs sum to 3 x 7 + 3 x 8 + 23 = 68.
    row = one(rows, VARIABLE="KAPPA", LEVEL="quadratic")
    assert row["VALUE"] == pytest.approx(1 - (6 / 7) / (68 / 49))
    assert row["LOW"] < row["VALUE"] < row["HIGH"]
    # Plain distances: 1 + 1 + 2 = 4 of 7; by chance 3 x 5 + 3 x 6 + 11 = 44 of 49.
    linear = one(rows, VARIABLE="KAPPA", LEVEL="linear")
    assert linear["VALUE"] == pytest.approx(1 - (4 / 7) / (44 / 49))


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([(1, 1), (2, 2), (1, 2), (2, 1)], "kappa needs 5 episodes and there are 4"),
        ([(1, 1)] * 6, "a side has only one grade"),
        ([(1, 1), (1, 2)] * 3, "a side has only one grade"),
    ],
)
def test_kappa_that_is_not_estimable_says_why(pairs, reason):
    rows, _ = made(pairs)
    for weights in ("quadratic", "linear"):
        row = one(rows, VARIABLE="KAPPA", LEVEL=weights)
        assert (row["VALUE"], row["REASON"]) == (None, f"not estimable, because {reason}")


def test_perfect_agreement_has_no_limits_of_kappa():
    row = one(made([(1, 1), (2, 2), (3, 3)] * 2)[0], VARIABLE="KAPPA", LEVEL="quadratic")
    assert (row["VALUE"], row["LOW"], row["HIGH"], row["STATUS"]) == (1.0, None, None, "ok")
    assert row["REASON"] == "limits not estimable, because all episodes agree"


def test_unreported_counts_subjects_once_whatever_the_systems():
    listed = [candidate("U01"), candidate("U01", system="PENN"), candidate("X"), candidate("X", 2)]
    row = one(made(PAIRS, candidates=listed)[0], VARIABLE="CATEGORY", LEVEL="unreported")
    assert (row["EVENTS"], row["N"], row["UNIT"]) == (2, 10, "subjects")


# Ten episodes of each grade: the derived grade of the stated scale, and of another.
RECORDED = [1, 2] * 10
OFF = [1, 2] * 6 + [2, 1] * 4


def scale(stated, other, recorded=RECORDED):
    rows, _ = made(list(zip(recorded, stated, strict=True)), {"PENN": other})
    return rows, rows.filter(VARIABLE="WRONG_SCALE_SUSPECTED").row(0, named=True)


def test_another_scale_that_fits_better_is_named():
    rows, flag = scale(OFF, RECORDED)
    assert (flag["VALUE"], flag["LEVEL"], flag["N"]) == (1.0, "PENN", 20)
    fit = rows.filter(VARIABLE="SCALE_FIT", STAT="proportion").sort("GROUP")
    assert fit.select("GROUP", "VALUE", "N").rows() == [("ASTCT2019", 0.6, 20), ("PENN", 1.0, 20)]
    kappa = rows.filter(VARIABLE="SCALE_FIT", STAT="weighted_kappa").sort("GROUP")
    assert kappa["VALUE"].to_list() == pytest.approx([0.2, 1.0])


@pytest.mark.parametrize(("stated", "other"), [(RECORDED, OFF), (OFF, OFF)])
def test_a_stated_scale_that_fits_as_well_is_not_suspected(stated, other):
    flag = scale(stated, other)[1]
    assert (flag["VALUE"], flag["LEVEL"], flag["STATUS"]) == (0.0, None, "ok")


def test_only_episodes_that_every_system_graded_are_compared():
    rows, flag = scale(OFF, [None, *RECORDED[1:]])
    assert set(rows.filter(VARIABLE="SCALE_FIT")["N"]) == {19}
    assert flag["REASON"] == (
        "not estimable, because it needs 20 comparable episodes and there are 19"
    )


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ([None] * 20, "no episode has a derived grade of the stated scale"),
        ([1] * 20, "kappa with the stated scale is not estimable"),
    ],
)
def test_nothing_is_suspected_where_the_stated_scale_cannot_be_judged(stated, reason):
    flag = scale(stated, RECORDED)[1]
    assert (flag["VALUE"], flag["REASON"]) == (None, f"not estimable, because {reason}")


@pytest.mark.parametrize(
    ("fits", "named"),
    [
        ({"A": (0.5, 0.6), "B": (0.6, 0.65)}, "B"),  # both limits just reached
        ({"A": (0.5, 0.6), "B": (0.59, 0.9)}, None),  # kappa too close
        ({"A": (0.5, 0.6), "B": (0.9, 0.64)}, None),  # agreement too close
        ({"A": (0.5, 0.6), "B": (0.8, 0.7), "C": (0.9, 0.7)}, "C"),  # the best of two
        ({"A": (0.5, 0.6), "C": (0.8, 0.7), "B": (0.8, 0.7)}, "B"),  # a tie, by name
        ({"A": (0.5, 0.6), "B": (math.nan, 0.9)}, None),
    ],
)
def test_limits_of_the_suspicion(fits, named):
    assert best_fit("A", fits) == named


def test_a_scale_that_is_not_stated_is_not_reconciled_but_candidates_are_counted():
    hand = Hand().subject("U1").subject("U2").episode("U1", 2, 4)
    hand.grade("U1", 2, BASIS="derived")
    tables = hand.tables() | {
        "reconciliation": typed("reconciliation", []),
        "candidates": typed("candidates", [candidate("U2")]),
    }
    results = derive_study_stats(tables, study(collected_scale="unknown"))["results"]
    rows = results.filter(RESULT="reconciliation")
    assert rows.select("VARIABLE", "STATUS", "VALUE").sort("VARIABLE").rows() == [
        ("AGREEMENT", "not_available", None), ("CATEGORY", "ok", 1.0),
    ]  # fmt: skip


def test_a_study_without_an_episode():
    rows, _ = made([])
    assert rows.filter(VARIABLE="CROSSTAB").is_empty()
    agree = one(rows, VARIABLE="AGREEMENT")
    assert agree["REASON"] == "not estimable, because there are no comparable episodes"
    flag = one(rows, VARIABLE="WRONG_SCALE_SUSPECTED")
    assert "no episode has a derived grade" in flag["REASON"]
