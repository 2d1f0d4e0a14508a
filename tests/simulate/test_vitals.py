import polars as pl

NORMAL = {"TEMP": (36, 37.4), "SYSBP": (98, 175), "OXYSAT": (94, 100)}


def _outside(study):
    """Readings outside CRS and outside fevers of another cause."""
    vs = study.tables["VS"].with_columns(pl.col("VSDTC").str.to_datetime("%Y-%m-%dT%H:%M"))
    other = (
        study.tables["AE"]
        .filter((pl.col("AEDECOD") == "Pyrexia") & (pl.col("AEREL") == "NOT RELATED"))
        .select(
            "SUBJ",
            A=pl.col("AESTDTC").str.to_datetime("%Y-%m-%dT%H:%M"),
            B=pl.col("AEENDTC").str.to_datetime("%Y-%m-%dT%H:%M"),
        )
    )
    vs = vs.join(other, on="SUBJ", how="left")
    ill = pl.col("VSDTC").is_between("A", "B").fill_null(value=False)
    return vs.filter(~pl.col("IN_CRS") & ~ill)


def test_outside_crs_and_other_fevers_all_readings_are_clearly_normal(drawn):
    for study in drawn:
        outside = _outside(study)
        for code, (low, high) in NORMAL.items():
            values = outside.filter(pl.col("VSTESTCD") == code)["VALUE"]
            assert values.is_between(low, high).all()


def test_another_fever_is_always_covered_by_an_event_not_related(drawn):
    hot = pl.col("VSTESTCD") == "TEMP"
    for study in drawn:
        fevers = study.tables["VS"].filter(hot & ~pl.col("IN_CRS") & (pl.col("VALUE") >= 38))
        assert fevers.height
        assert _outside(study).filter(hot & (pl.col("VALUE") >= 38)).is_empty()


def test_onset_has_a_reading_with_fever(drawn):
    for study in drawn:
        first = study.course.filter("FEVER").select(
            "SUBJ", T=pl.col("ONSET") % 1440, DAY=pl.col("ONSET") // 1440
        )
        vs = study.tables["VS"].filter((pl.col("VSTESTCD") == "TEMP") & pl.col("IN_CRS"))
        clock = pl.col("VSDTC").str.slice(11)
        vs = vs.select("SUBJ", "VALUE", T=clock.str.slice(0, 2).cast(pl.Int64) * 60
                       + clock.str.slice(3, 2).cast(pl.Int64))  # fmt: skip
        found = first.join(vs.filter(pl.col("VALUE") >= 38), on=["SUBJ", "T"], how="anti")
        assert found.is_empty()


def test_readings_come_every_few_hours_in_hospital_and_daily_at_home(drawn):
    study = drawn[0]
    temp = study.tables["VS"].filter(pl.col("VSTESTCD") == "TEMP")
    per_day = temp.group_by("SUBJ", pl.col("VSDTC").str.slice(0, 10)).len()["len"]
    assert per_day.max() >= 6
    assert per_day.min() == 1
