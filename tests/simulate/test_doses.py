import polars as pl


def test_doses_are_numbered_in_time_and_steps_follow_the_schedule(drawn):
    for study in drawn:
        doses = study.doses
        step = doses.with_columns(GAP=pl.col("TIME").diff().over("SUBJ"))
        assert (step["GAP"].drop_nulls() > 2 * 1440).all()
        first = doses.filter(pl.col("DOSE") == 1)["STEP"].unique().to_list()
        assert first == [study.spec.steps[0].name]


def test_a_dose_falls_on_a_day_of_crs_only_where_dosing_went_on_in_grade_1(drawn):
    for study in drawn:
        hit = study.course.join(study.doses, on="SUBJ", suffix="_D").filter(
            (pl.col("TIME") // 1440 >= pl.col("ONSET") // 1440)
            & (pl.col("TIME") // 1440 <= pl.col("END") // 1440)
            & (pl.col("DOSE_D") > pl.col("DOSE"))
        )
        assert (hit["ASTCT"] <= 1).all()
        assert (hit["STYLE"] == 0).all()


def test_onset_lies_after_its_own_dose_and_before_the_next(drawn):
    for study in drawn:
        course = study.course
        assert (course["ONSET"] > course["DOSETIME"]).all()
        later = course.join(study.doses, on="SUBJ", suffix="_D").filter(
            (pl.col("TIME") > pl.col("DOSETIME")) & (pl.col("TIME") <= pl.col("ONSET"))
        )
        assert later.is_empty()


def test_those_who_never_get_the_product_have_no_dose(drawn):
    cart = drawn[0]
    untreated = set((~cart.trial.people.treated).nonzero()[0].tolist())
    assert untreated
    assert not untreated & set(cart.doses["SUBJ"].to_list())


def test_few_get_a_second_infusion(drawn):
    again = (drawn[0].doses["DOSE"] == 2).sum()
    assert 0 < again < 0.1 * drawn[0].spec.n
