"""Defects of AE: partial dates, open ends, no clock, repeats, wrong subjects and grades."""

from __future__ import annotations

import polars as pl

from pipeline.simulate.dirt import Planting

_EVERYDAY = pl.col("EPI").is_null() & pl.col("_DATE").fill_null(value=False)
_CRS = pl.col("CRS")


def soil_events(p: Planting) -> None:
    """Plant everything that goes wrong in AE."""
    _unreported(p)
    _grade_disagrees(p)
    _clock_missing(p)
    _open_ends(p)
    _partial_starts(p)
    _wrong_values(p)
    _terms(p)
    _repeats(p)


def _episode_ids(p: Planting, episodes: list[int]) -> list[int]:
    return p.tables["AE"].filter(_CRS & pl.col("EPI").is_in(episodes))["_ID"].to_list()


def _unreported(p: Planting) -> None:
    """CRS that nobody wrote down: its records are missing, the signs are in the vitals."""
    mild = p.drawn.course.filter((pl.col("COLLECTED") <= 2) & ~pl.col("FATAL") & pl.col("FEVER"))
    where = _CRS & pl.col("EPI").is_in(mild["EPI"].to_list())
    episodes = p.pick("AE", where, 0.006, by="EPI")
    hit = pl.col("EPI").is_in(episodes)
    gone = p.tables["AE"].filter(hit)
    ids = gone["_ID"].to_list()
    p.record("crs_unreported", "AE", ids, None, "the CRS record is missing; see unreported")
    p.drop("AE", ids)
    p.truth = p.truth.with_columns(UNREPORTED=hit)
    lost = gone.select("USUBJID", IDVARVAL=pl.col("AESEQ").cast(pl.String))
    for name in ("SUPPAE", "RELREC"):
        if name in p.tables:
            p.tables[name] = p.tables[name].join(
                lost, on=["USUBJID", "IDVARVAL"], how="anti", maintain_order="left"
            )


def _grade_disagrees(p: Planting) -> None:
    """The investigator's grade is one off; the truth file's COLLECTED is what stands in AE."""
    single = _CRS & (pl.len().over("EPI", "CRS") == 1) & (pl.col("AESDTH") == "N")
    ids = p.pick("AE", single, 0.04, at_least=1)
    grade = pl.col("AETOXGR").cast(pl.Int64)
    other = pl.when(grade == 1).then(2).when(pl.col("EPI") % 2 == 0).then(grade - 1)
    p.change("AE", ids, AETOXGR=other.otherwise(pl.min_horizontal(grade + 1, 4)))
    now = p.tables["AE"].filter(pl.col("_ID").is_in(ids)).select("EPI", grade.alias("_NOW"))
    p.truth = (
        p.truth.join(now, on="EPI", how="left", maintain_order="left")
        .with_columns(COLLECTED=pl.coalesce("_NOW", "COLLECTED"))
        .drop("_NOW")
    )
    p.record("grade_disagrees", "AE", ids, None, "AETOXGR is one off the grade by the findings")


def _clock_missing(p: Planting) -> None:
    """Four in ten CRS events are dated only; all records of one episode alike."""
    timed = min(0.4, 0.4 * p.factor)  # the stress profile keeps some clocks
    episodes = p.pick("AE", _CRS, timed / p.factor, by="EPI")
    ids = _episode_ids(p, episodes)
    day = {c: pl.col(c).str.slice(0, 10) for c in ("AESTDTC", "AEENDTC")}
    p.change("AE", ids, **day)
    p.record("crs_clock_missing", "AE", ids, None, "start and end of CRS are dates without time")


def _open_ends(p: Planting) -> None:
    """The end was never filled in, the outcome unknown."""
    last = pl.col("AESTDTC") == pl.col("AESTDTC").max().over("EPI", "CRS")
    closed = _CRS & last & pl.col("AEENDTC").is_not_null() & (pl.col("AESDTH") == "N")
    ids = p.pick("AE", closed, 0.04)
    p.change("AE", ids, AEENDTC=pl.lit(None, dtype=pl.String), AEOUT=pl.lit("UNKNOWN"))
    p.record(
        "crs_end_open", "AE", ids, None, "end of CRS left open, outcome unknown", affects="timing"
    )
    other = p.pick("AE", _EVERYDAY & pl.col("AEENDTC").is_not_null(), 0.10)
    p.change("AE", other, AEENDTC=pl.lit(None, dtype=pl.String), AEOUT=pl.lit("UNKNOWN"))
    p.record("ae_end_open", "AE", other, None, "end of another event left open")


def _partial_starts(p: Planting) -> None:
    year = p.pick("AE", _EVERYDAY, 0.0125, at_least=1)
    p.change("AE", year, AESTDTC=pl.col("AESTDTC").str.slice(0, 4))
    p.record("ae_start_year", "AE", year, None, "start of an event known by year only")
    month = p.pick("AE", _EVERYDAY & ~pl.col("_ID").is_in(year), 0.0125, at_least=1)
    p.change("AE", month, AESTDTC=pl.col("AESTDTC").str.slice(0, 7))
    p.record("ae_start_month", "AE", month, None, "start of an event known by month only")
    crs = p.pick("AE", _CRS, 0.006)
    p.change("AE", crs, AESTDTC=pl.col("AESTDTC").str.slice(0, 7))
    p.record(
        "crs_start_month", "AE", crs, None, "start of CRS known by month only", affects="timing"
    )


def _wrong_values(p: Planting) -> None:
    whole = _EVERYDAY & (pl.col("AESTDTC").str.len_chars() == 10)
    ids = p.pick("AE", whole, 1 / 1200, at_least=1)
    wrong = pl.format("{}-9{}", pl.lit(p.spec.study), pl.col("USUBJID").str.slice(-4))
    p.change("AE", ids, USUBJID=wrong)
    p.record("wrong_subject", "AE", ids, "SUBJECT_NOT_IN_DM", "a row under a subject not in DM")
    used = pl.col("_ID").is_in(ids)
    bad = p.pick("AE", whole & ~used, 0.003)
    p.change("AE", bad, AETOXGR=pl.lit("MILD"))
    p.record("grade_text", "AE", bad, "GRADE_INVALID", "a grade written in words")
    used |= pl.col("_ID").is_in(bad)
    before = p.pick("AE", whole & ~used & pl.col("AEENDTC").is_not_null(), 0.003)
    start = pl.col("AESTDTC").str.to_date("%Y-%m-%d", strict=False)
    p.change("AE", before, AEENDTC=(start - pl.duration(days=9)).cast(pl.String))
    p.record("end_before_start", "AE", before, "END_BEFORE_START", "an end before the start")
    used |= pl.col("_ID").is_in(before)
    never = p.pick("AE", whole & ~used, 0.002)
    p.change("AE", never, AESTDTC=pl.col("AESTDTC").str.slice(0, 5) + "02-30")
    p.record("date_impossible", "AE", never, "DATE_IMPOSSIBLE", "a start on the 30th of February")


def _terms(p: Planting) -> None:
    """Reported terms as they are typed; the preferred term stays, sometimes in capitals."""
    for text, rate in (("CRS", 0.2), ("Cytokine release synd.", 0.1), ("CRS gr1-2", 0.05)):
        ids = p.pick("AE", _CRS & (pl.col("AETERM").str.len_chars() > 24), rate / p.factor)
        p.change("AE", ids, AETERM=pl.lit(text))
        p.record("term_text", "AE", ids, None, f"reported term typed as {text!r}")
    ids = p.pick("AE", _CRS, 0.1 / p.factor)
    p.change("AE", ids, AEDECOD=pl.col("AEDECOD").str.to_uppercase())
    p.record("term_capitals", "AE", ids, None, "preferred term in capitals")


def _repeats(p: Planting) -> None:
    clean = ~pl.col("_ID").is_in([i for d in p.planted if d.rule for i in d.ids])
    copies = p.repeat("AE", p.pick("AE", clean, 0.005, at_least=1), number=False)
    p.record("duplicate_row", "AE", copies, "DUPLICATE_ROW", "a row twice")


def soil_daily(p: Planting) -> None:
    """One daily grade stands under a neighbour, who then has two grades on that day."""
    if "FA" not in p.tables:
        return
    charted = p.tables["FA"]
    ids = p.pick("FA", pl.col("FASTRESN") > 0, 1 / 1200, at_least=1)[:1]
    row = charted.filter(pl.col("_ID").is_in(ids))
    same_day = charted.join(row.select("FADTC"), on="FADTC", how="semi").sort("_ID")
    mine = pl.col("USUBJID").is_in(row["USUBJID"].to_list())
    other = same_day.filter((pl.col("FASTRESN") == 0) & ~mine)
    if other.is_empty():
        return
    note = "a daily grade under a neighbour"
    p.record("daily_wrong_subject", "FA", ids, "DAY_GRADES_CONFLICT", note, affects="grade")
    neighbour = pl.col("USUBJID") == other["USUBJID"][0]
    free = charted.filter(neighbour).select(pl.col("FASEQ").max() + 1).item()
    p.change("FA", ids, USUBJID=pl.lit(other["USUBJID"][0]), FASEQ=pl.lit(free))
    p.touch(int(other["SUBJ"][0]))
