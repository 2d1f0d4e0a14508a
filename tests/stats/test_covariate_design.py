import numpy as np
import polars as pl
import pytest

from pipeline.stats.covariate_design import make_design

SUBJECTS = pl.DataFrame(
    {
        "SUBJ": [1, 2, 4, 5, 7, 8],
        "STUDYID": ["A1", "A1", "A2", "B1", "B1", "B1"],
        "ARM": [1, 1, 1, 0, 0, 0],
    }
)
SCHEMA = {
    "SUBJ": pl.Int64, "COVARIATE": pl.String, "KIND": pl.String, "VALUE": pl.Float64,
    "LEVEL": pl.String,
}  # fmt: skip
WHO = (1, 2, 4, 5, 7, 8)
AGES = [("AGE", who, age) for who, age in zip(WHO, (50, 60, 70, 40, 50, 60), strict=True)]
SEXES = [("SEX", who, sex) for who, sex in zip(WHO, "FMFMMF", strict=True)]


def design(*rows):
    made = [
        (who, name, "number", float(v), None)
        if isinstance(v, int | float)
        else (who, name, "category", None, v)
        for name, who, v in rows
    ]
    return make_design(SUBJECTS, pl.DataFrame(made, schema=SCHEMA, orient="row"))


def values(found, name, level=None):
    (column,) = (c for c in found.columns if (c.covariate, c.level) == (name, level))
    return column.values.tolist(), column.modelled


def test_a_number_is_a_column_and_a_category_one_per_level_but_the_commonest():
    found = design(*AGES, *SEXES)
    assert values(found, "AGE") == ([50, 60, 70, 40, 50, 60], True)
    # three of each: the first by name is the commonest
    assert values(found, "SEX", "F") == ([1, 0, 1, 0, 0, 1], False)
    assert values(found, "SEX", "M") == ([0, 1, 0, 1, 1, 0], True)
    assert found.matrix.tolist()[0] == [50, 0]
    assert found.parameters == 2
    assert (found.who.tolist(), found.arm.tolist()) == ([1, 2, 4, 5, 7, 8], [1, 1, 1, 0, 0, 0])
    assert (found.used, found.left_out, found.incomplete) == (("AGE", "SEX"), (), 0)
    assert (found.studies(1), found.studies(0)) == (["A1", "A2"], ["B1"])


def test_a_subject_without_a_value_is_left_out_and_counted():
    # 1 has no age, 8 is of unknown sex
    found = design(*AGES[1:], *SEXES[:5], ("SEX", 8, "U"))
    assert found.who.tolist() == [2, 4, 5, 7]
    assert found.incomplete == 2
    assert values(found, "AGE")[0] == [60, 70, 40, 50]


def test_another_covariate_must_be_known_in_every_study():
    extra = [("ECOG", who, "1") for who in (1, 5)] + [("ECOG", 2, "0")]
    found = design(*AGES, *SEXES, *extra)
    assert found.left_out == ("ECOG (none in A2)",)
    assert found.who.size == 6
    found = design(*AGES, *SEXES, *extra, ("ECOG", 4, "0"))
    assert found.used == ("AGE", "SEX", "ECOG")
    assert found.who.tolist() == [1, 2, 4, 5]


def test_what_does_not_vary_or_is_of_two_kinds_is_left_out_with_why():
    mixed = [("X", 1, 1), ("X", 2, 2), ("X", 4, "a"), ("X", 5, "b")]
    alike = [("HLH", who, "N") for who in WHO]
    found = design(*AGES, *SEXES, *mixed, *alike)
    assert found.left_out == (
        "X (a number in some studies and a category in others)",
        "HLH (alike for all)",
    )
    assert found.used == ("AGE", "SEX")


@pytest.mark.parametrize("missing", ["AGE", "SEX"])
def test_age_and_sex_are_indispensable(missing):
    found = design(*(r for r in (*AGES, *SEXES) if not (r[0] == missing and r[1] == 4)))
    assert found.problem == f"there is no {missing} in A2"


def test_nobody_with_a_covariate():
    found = design()
    assert found.problem == "there is no AGE in A1, A2, B1; there is no SEX in A1, A2, B1"
    assert found.columns == ()


def test_order_of_rows_changes_nothing():
    one, two = design(*AGES, *SEXES), design(*SEXES[::-1], *AGES[::-1])
    assert np.array_equal(one.matrix, two.matrix)
    assert [c.level for c in one.columns] == [c.level for c in two.columns]


def test_a_category_with_a_level_that_one_arm_hardly_has_is_left_out_and_named():
    flags = [("HLH", who, "Y" if who in (5, 7) else "N") for who in WHO]
    made = [
        (who, name, "number", float(v), None)
        if isinstance(v, int | float)
        else (who, name, "category", None, v)
        for name, who, v in (*AGES, *SEXES, *flags)
    ]
    covariates = pl.DataFrame(made, schema=SCHEMA, orient="row")
    found = make_design(SUBJECTS, covariates, 1)
    assert found.used == ("AGE", "SEX")
    assert found.left_out == ("HLH (a level with fewer than 1 in one cohort)",)
    assert make_design(SUBJECTS, covariates, 0).used == ("AGE", "SEX", "HLH")


def test_a_rare_category_does_not_cost_the_subjects_who_lack_it():
    flags = [("HLH", who, "Y" if who == 5 else "N") for who in (1, 2, 4, 5)]
    made = [(who, "AGE", "number", float(v), None) for _, who, v in AGES]
    made += [(who, name, "category", None, v) for name, who, v in (*SEXES, *flags)]
    found = make_design(SUBJECTS, pl.DataFrame(made, schema=SCHEMA, orient="row"), 2)
    assert (found.used, found.incomplete) == (("AGE", "SEX"), 0)
