import polars as pl

from tests.simulate.plain_files import read_domain


def test_crs_stands_in_fa_only(stress):
    folder, _ = stress["SIMDAY1"]
    terms = read_domain(folder, "ae")["AEDECOD"].str.to_uppercase()
    assert "CYTOKINE RELEASE SYNDROME" not in terms.to_list()
    fa = read_domain(folder, "fa")
    assert set(fa["FATESTCD"]) == {"TOXGR"}
    assert fa["FASTRESN"].is_between(0, 5).all()


def test_the_worst_daily_grade_is_the_collected_grade_of_the_truth(stress):
    folder, truth = stress["SIMDAY1"]
    worst = dict(
        read_domain(folder, "fa").group_by("USUBJID").agg(pl.col("FASTRESN").max()).iter_rows()
    )
    for subject, entry in truth["subjects"].items():
        if entry["treated"] and not entry["defects"]:
            expected = max((e["COLLECTED"] for e in entry["episodes"]), default=0)
            assert worst[subject] == expected


def test_days_with_crs_are_all_charted_and_later_days_are_missing_more_often(stress):
    folder, truth = stress["SIMDAY1"]
    fa = read_domain(folder, "fa")
    day = pl.col("FADTC").str.to_date()
    first = read_domain(folder, "ex").filter(pl.col("EPOCH") == "TREATMENT")
    first = first.select("USUBJID", D1=pl.col("EXSTDTC").str.slice(0, 10).str.to_date())
    fa = fa.join(first, on="USUBJID").with_columns(DAY=(day - pl.col("D1")).dt.total_days())
    clean = [s for s, e in truth["subjects"].items() if not e["defects"]]
    counts = fa.filter(pl.col("USUBJID").is_in(clean)).group_by("DAY").len()
    by_day = dict(counts.iter_rows())
    assert by_day[2] > by_day[9] > by_day[14]
