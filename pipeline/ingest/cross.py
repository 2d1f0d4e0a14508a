"""Remarks that need more than one row or more than one domain. None of them changes a row."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.dates import read_dates, stems
from pipeline.ingest.remarks import FILE, file_remark, remark
from pipeline.schemas.codelists import drugs_codelist
from pipeline.study import Study, extrt_map

Frames = dict[str, pl.DataFrame]

_CRS = r"(?i)cytokine release syndrome|cytokine storm|^\s*CRS\s*$"
# A UTC offset behind a clock time.
_OFFSET = r"T[0-9][^/]*?(Z|[+-]\d{2}(?::?\d{2})?)$"
_MAIN = {"DM": None, "RELREC": None, "DD": "DD", "FA": "FA", "VS": "VS", "LB": "LB"}


def cross_remarks(frames: Frames, study: Study) -> list[pl.DataFrame]:
    """All remarks over accepted rows, each with the reason that its rule states."""
    out: list[pl.DataFrame] = []
    for domain, frame in frames.items():
        if frame.is_empty():
            continue
        out += _untimed(domain, _occurred(domain, frame))
        out += _not_occurred(domain, frame)
        out += _same_but_seq(domain, frame)
        out += _after_cutoff(frame, study.data_cutoff)
        out += _after_death(domain, frame, frames["DM"])
    return [
        *out,
        *_products(frames["EX"], study),
        *_pre_dose(frames, study),
        *_time_zones(frames, study),
        _day_conflicts(frames["FA"]),
        _day_gaps(frames["FA"]),
        _same_time(frames["VS"]),
        _pressor_stops(frames["CM"], study),
    ]


def main_stem(domain: str) -> str | None:
    """Stem of the date that places a row: AEST, VS; none in DM and RELREC."""
    return _MAIN.get(domain, f"{domain}ST")


def trigger_rows(exposure: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Rows of EX that start clocks."""
    roles = {extrt: role for extrt, (_, role) in extrt_map(study).items()}
    extrt = pl.col("EXTRT").str.to_uppercase()
    return exposure.with_columns(
        ROLE=extrt.replace_strict(roles, default=None, return_dtype=pl.String)
    )


def _untimed(domain: str, frame: pl.DataFrame) -> list[pl.DataFrame]:
    stem = main_stem(domain)
    if stem is None:
        return []
    nowhere = pl.col(f"{stem}DTM").is_null() & pl.col(f"{stem}DY").is_null()
    return [remark("NO_TIME", f"{stem}DTC", frame.filter(nowhere))]


def _occurred(domain: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of what was there; what was not has no date."""
    if f"{domain}OCCUR" not in frame.columns:
        return frame
    there = pl.col(f"{domain}OCCUR").fill_null("Y").is_in(["Y", "YES"])
    return frame.filter(there, pl.col(f"{domain}STAT").ne_missing(pl.lit("NOT DONE")))


def _not_occurred(domain: str, frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Prespecified conditions, drugs and procedures that were asked for and were not there."""
    occur, stat = f"{domain}OCCUR", f"{domain}STAT"
    if occur not in frame.columns:
        return []
    absent = frame.filter(~pl.col(occur).is_in(["Y", "YES"]))
    unasked = frame.filter(pl.col(stat) == "NOT DONE")
    return [
        remark("DID_NOT_OCCUR", occur, absent, pl.col(occur)),
        remark("DID_NOT_OCCUR", stat, unasked, pl.col(stat)),
    ]


def _same_but_seq(domain: str, frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows alike in all that is handed on but their number, where that may count twice."""
    if domain not in ("AE", "CE", "EX", "CM", "PR"):
        return []
    names = [name for name in frame.columns if name not in (FILE, "ROW", f"{domain}SEQ")]
    # Two courses of a drug in the same year are two courses; on the same day they may be one.
    placed = pl.col(f"{domain}STPRC").is_in(["time", "day"]) | pl.col(f"{domain}STDY").is_not_null()
    again = frame.filter(placed, ~pl.struct(names).is_first_distinct())
    return [remark("SAME_BUT_SEQ", f"{domain}SEQ", again, pl.col(f"{domain}SEQ"))]


def _after_cutoff(frame: pl.DataFrame, cutoff: str | None) -> list[pl.DataFrame]:
    end = None if cutoff is None else read_dates(pl.Series([cutoff], dtype=pl.String))["DTX"][0]
    if end is None:
        return []
    return [
        remark("AFTER_CUTOFF", f"{stem}DTC", frame.filter(pl.col(f"{stem}DTM") >= end))
        for stem in stems(frame.columns)
    ]


def _after_death(domain: str, frame: pl.DataFrame, subjects: pl.DataFrame) -> list[pl.DataFrame]:
    stem = main_stem(domain)
    if stem is None or domain in ("DD", "DS"):
        return []
    # A day's grace: the day of death itself is never after it, whatever the clock says.
    last = pl.col("DTHDTM").dt.truncate("1d").dt.offset_by("1d")
    deaths = subjects.select("USUBJID", LAST=pl.max_horizontal(last, "DTHDTX"))
    late = frame.join(deaths, on="USUBJID", how="left", maintain_order="left")
    return [
        remark("AFTER_DEATH", f"{stem}DTC", late.filter(pl.col(f"{stem}DTM") >= pl.col("LAST")))
    ]


def _products(exposure: pl.DataFrame, study: Study) -> list[pl.DataFrame]:
    rows = trigger_rows(exposure, study)
    out = [
        remark(
            "UNKNOWN_PRODUCT",
            "EXTRT",
            rows.filter(pl.col("ROLE").is_null()),
            pl.col("EXTRT"),
            "text",
        )
    ]
    if rows.height and not (rows["ROLE"] == "trigger").any():
        out.append(file_remark("NO_TRIGGER_DOSE", "EX", "EXTRT"))
    return out


def _pre_dose(frames: Frames, study: Study) -> list[pl.DataFrame]:
    doses = trigger_rows(frames["EX"], study).filter(pl.col("ROLE") == "trigger")
    first = doses.group_by("USUBJID").agg(DOSE=pl.col("EXSTDTM").min()).sort("USUBJID")
    out: list[pl.DataFrame] = []
    for domain in ("AE", "CE"):
        named = pl.any_horizontal(
            pl.col(f"{domain}{name}").str.contains(_CRS).fill_null(value=False)
            for name in ("TERM", "DECOD")
        )
        rows = frames[domain].filter(named)
        rows = rows.join(first, on="USUBJID", how="left", maintain_order="left")
        end, timed = pl.col(f"{domain}STDTX"), pl.col(f"{domain}STPRC") == "time"
        dated = (timed & (end < pl.col("DOSE"))) | (~timed & (end <= pl.col("DOSE")))
        early = pl.coalesce(dated, pl.col(f"{domain}STDY") < 1)
        out.append(remark("PRE_DOSE", f"{domain}STDTC", rows.filter(early)))
    return out


def _time_zones(frames: Frames, study: Study) -> list[pl.DataFrame]:
    """Clock times with another UTC offset than the first dose: hours between them are off by it."""
    doses = trigger_rows(frames["EX"], study).filter(ROLE="trigger", EXSTPRC="time")
    doses = doses.sort("USUBJID", "EXSTDTM", "ROW").unique(
        "USUBJID", keep="first", maintain_order=True
    )
    zones = doses.select("USUBJID", ZONE=_offset("EXSTDTC").fill_null(""))
    out: list[pl.DataFrame] = []
    for frame in frames.values():
        for name in (f"{stem}DTC" for stem in stems(frame.columns)):
            rows = frame.filter(pl.col(name).str.contains(_OFFSET))
            if rows.height:
                rows = rows.join(zones, on="USUBJID", how="left", maintain_order="left")
                other = rows.filter(_offset(name) != pl.col("ZONE"))
                out.append(remark("TIME_ZONE_DIFFERS", name, other, _offset(name)))
    return out


def _offset(name: str) -> pl.Expr:
    """UTC offset as +hhmm."""
    found = pl.col(name).str.extract(_OFFSET).str.replace("Z", "+0000").str.replace(":", "")
    return pl.when(found.str.len_chars() == 3).then(found + "00").otherwise(found)


def _day_conflicts(findings: pl.DataFrame) -> pl.DataFrame:
    """Different grades of one event on one day; two timed grades of a day are no conflict."""
    moment = pl.coalesce(pl.col("FADTM").cast(pl.String), pl.col("FADY").cast(pl.String))
    key = ["USUBJID", "FAOBJ", "_MOMENT"]
    graded = findings.filter(pl.col("FATESTCD") == "TOXGR", pl.col("FASTRESN").is_not_null())
    graded = graded.with_columns(_MOMENT=moment).filter(pl.col("_MOMENT").is_not_null())
    several = graded.filter(pl.col("FASTRESN").n_unique().over(key) > 1)
    return remark("DAY_GRADES_CONFLICT", "FASTRESN", several, pl.col("FASTRESN"))


def _day_gaps(findings: pl.DataFrame) -> pl.DataFrame:
    """First grade after a gap in a subject's daily grades, with the number of days skipped."""
    graded = findings.filter(pl.col("FATESTCD") == "TOXGR", pl.col("FADY").is_not_null())
    graded = graded.sort("USUBJID", "FAOBJ", "FADY", "ROW")
    skipped = (pl.col("FADY") - pl.col("FADY").shift(1) - 1).over("USUBJID", "FAOBJ")
    gaps = graded.with_columns(SKIPPED=skipped)
    # A series is daily where one day is its usual step; visits weeks apart have no gaps.
    usual = pl.col("SKIPPED").median().over("USUBJID", "FAOBJ") == 0
    gaps = gaps.filter(pl.col("SKIPPED") > 0, usual)
    return remark("DAY_GRADES_GAP", "FADY", gaps, pl.col("SKIPPED"))


def _pressor_stops(drugs: pl.DataFrame, study: Study) -> pl.DataFrame:
    """A vasopressor at dose 0 is the end of an infusion; drugs are known as grading knows them."""
    stopped = drugs.filter(pl.col("CMDOSE") == 0)
    names = stopped.select("CMTRT", "CMDECOD").unique()
    words = pl.concat_str(["CMDECOD", "CMTRT"], separator=" ", ignore_nulls=True)
    words = words.str.to_uppercase().str.replace_all(r"\s+", " ").str.strip_chars()
    kinds, rows = pl.lit(None, pl.String), drugs_codelist(study.codelists)
    # The first row of the codelist that fits wins.
    for name, pattern in reversed(rows.select("CLASS", "PATTERN").rows()):
        fits = words.str.contains(pattern, strict=False)
        kinds = pl.when(fits).then(pl.lit(name)).otherwise(kinds)
    pressors = names.filter(kinds.is_in(["vasopressor", "vasopressin"]))
    found = stopped.join(
        pressors, on=["CMTRT", "CMDECOD"], how="semi", nulls_equal=True, maintain_order="left"
    )
    return remark("PRESSOR_STOP_ROW", "CMDOSE", found, pl.col("CMDOSE"))


def _same_time(signs: pl.DataFrame) -> pl.DataFrame:
    key = ["USUBJID", "VSTESTCD", "VSDTM", "VSPOS"]
    timed = signs.filter(pl.col("VSPRC") == "time", pl.col("VALUE").is_not_null())
    several = timed.filter(pl.col("VALUE").n_unique().over(key) > 1)
    return remark("SAME_TIME_DIFFERENT_VALUE", "VALUE", several, pl.col("VALUE"))
