import polars as pl

HOUR = 60


def test_signs_and_fever_lie_within_the_episode(drawn):
    for study in drawn:
        c = study.course
        signs = c.filter(pl.col("SIGN0") > 0)
        assert (signs["SIGN0"] > signs["ONSET"]).all()
        assert (signs["SIGN1"] >= signs["SIGN0"] + 8 * HOUR).all()
        assert (signs["SIGN1"] < signs["END"]).all()
        assert (c["FEVER1"] < c["END"]).all()
        assert (c["END"] >= c["ONSET"] + 3 * HOUR).all()


def test_signs_begin_in_fever_or_after_tocilizumab(drawn):
    for study in drawn:
        signs = study.course.filter((pl.col("SIGN0") > 0) & pl.col("FEVER"))
        late = signs.filter(pl.col("LATE"))
        assert (late["TOCI"] < late["SIGN0"]).all()
        other = signs.filter(~pl.col("LATE"))
        assert (other["SIGN0"] < other["FEVER1"]).all()


def test_a_gap_within_an_episode_is_free_of_signs_and_shorter_than_a_day(drawn):
    split = pl.concat([s.course for s in drawn]).filter(pl.col("STYLE") == 2)
    assert split.height
    gap = split["GAP1"] - split["GAP0"]
    assert gap.is_between(8 * HOUR, 20 * HOUR).all()
    assert (split["FEVER1"] < split["GAP0"]).all()
    assert (split["SIGN1"] < split["GAP0"]).all()
    assert (split["BACK1"] < split["END"]).all()


def test_episodes_of_a_subject_keep_a_calendar_day_apart_or_have_a_dose_between(drawn):
    for study in drawn:
        c = study.course.sort("SUBJ", "ONSET").with_columns(
            BEFORE=pl.col("END").shift().over("SUBJ"), LAST=pl.col("DOSE").shift().over("SUBJ")
        )
        pairs = c.filter(pl.col("BEFORE").is_not_null())
        free = pairs["ONSET"] // 1440 - pairs["BEFORE"] // 1440
        assert (free >= 1).all()
        assert (free.filter(pairs["LAST"] == pairs["DOSE"]) >= 3).all()
