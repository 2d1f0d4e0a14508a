"""The SDTM tables of one simulated study, without defects, as a drop has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate import labs, vitals
from pipeline.simulate.blocks import DAY
from pipeline.simulate.daily import daily_grades
from pipeline.simulate.doses import give_doses
from pipeline.simulate.events import OPEN, crs_events, related_records, scale_of_records
from pipeline.simulate.exposure import demographics, exposure
from pipeline.simulate.followup import FollowUp, death_details, disposition, follow
from pipeline.simulate.medications import medications
from pipeline.simulate.people import CUTOFF, Trial, draw_people, medical_history
from pipeline.simulate.products import StudySpec
from pipeline.simulate.support import hospital, procedures, stays
from pipeline.simulate.toxicity import add_icans, infections, other_events
from pipeline.simulate.truth import episode_truth, grade_course

#: internal columns, never written
INTERNAL = ("SUBJ", "EPI", "CRS", "IN_CRS", "_DATE", "_ID", "VALUE")
_START = {
    "EX": "EXSTDTC", "AE": "AESTDTC", "VS": "VSDTC", "LB": "LBDTC", "CM": "CMSTDTC",
    "PR": "PRSTDTC", "HO": "HOSTDTC", "DS": "DSSTDTC", "MH": "MHSTDTC", "DD": "DDDTC",
    "FA": "FADTC",
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """One study as drawn: its people, their follow-up, the true course, and the tables."""

    trial: Trial
    follow_up: FollowUp
    doses: pl.DataFrame
    course: pl.DataFrame
    truth: pl.DataFrame
    tables: dict[str, pl.DataFrame]

    @property
    def spec(self) -> StudySpec:
        """What the study imitates."""
        return self.trial.spec


def draw_study(spec: StudySpec, seed: int) -> Drawn:
    """Draw a study without any defect."""
    trial = Trial(spec, draw_people(spec, seed, spec.n), seed)
    doses, episodes = give_doses(trial)
    follow_up, doses, course = follow(trial, doses, episodes)
    course = course.with_row_index("EPI").with_columns(pl.col("EPI").cast(pl.Int64))
    course = add_icans(trial, grade_course(spec, course))
    raw = _domains(trial, doses, course, follow_up)
    tables = {name: _finish(name, frame, trial, follow_up) for name, frame in raw.items()}
    tables["AE"] = _ae_columns(spec, tables["AE"])
    tables["VS"] = _vs_columns(spec, tables["VS"])
    tables["LB"] = _lb_columns(spec, tables["LB"])
    if spec.symptoms:
        tables["RELREC"] = related_records(tables["AE"])
    if spec.supp:
        tables["SUPPAE"] = scale_of_records(spec, tables["AE"], course)
    return Drawn(trial, follow_up, doses, course, episode_truth(course, daily=spec.daily), tables)


def _domains(
    trial: Trial, doses: pl.DataFrame, course: pl.DataFrame, follow_up: FollowUp
) -> dict[str, pl.DataFrame]:
    """All domains, times still in minutes from 00:00 of study day 1."""
    ill = infections(trial, course, follow_up)
    stay = stays(trial, doses, course, follow_up)
    events = [crs_events(trial, course), other_events(trial, course, ill, follow_up)]
    if trial.spec.daily:
        charted = {"FA": daily_grades(trial, course, follow_up)}
        events[0] = events[0].filter(~pl.col("CRS"))
    else:
        charted = {}
    return {
        **charted,
        "DM": demographics(trial, doses, follow_up),
        "EX": exposure(trial, doses),
        "AE": pl.concat(events, how="diagonal_relaxed"),
        "VS": vitals.vitals(trial, stay, course, ill, follow_up),
        "LB": labs.labs(trial, course, follow_up),
        "CM": medications(trial, doses, course, ill),
        "PR": procedures(trial, course),
        "HO": hospital(stay, course),
        "DS": disposition(trial.people, follow_up),
        "MH": medical_history(trial),
        "DD": death_details(follow_up),
    }


def _finish(name: str, frame: pl.DataFrame, trial: Trial, follow_up: FollowUp) -> pl.DataFrame:
    """Cut at the end of follow-up, sort, number, and turn minutes into ISO 8601 text."""
    start = _START.get(name)
    if start is not None:
        if name != "DS":
            frame = frame.filter(pl.col(start) < pl.Series(follow_up.end)[frame["SUBJ"]])
        rest = [c for c in ("CMTRT", "PRTRT", "AETERM", "EXTRT", "HOTERM") if c in frame.columns]
        frame = _ends(name, frame, pl.Series(follow_up.end)[frame["SUBJ"]])
        frame = frame.sort("SUBJ", start, *rest, maintain_order=True)
    names = pl.Series("USUBJID", trial.people.usubjid[frame["SUBJ"].to_numpy()], dtype=pl.String)
    key = [pl.lit(trial.spec.study).alias("STUDYID"), pl.lit(name).alias("DOMAIN"), names]
    if start is not None:
        key.append(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("SUBJ").alias(f"{name}SEQ"))
    first_day = CUTOFF - follow_up.lag[frame["SUBJ"].to_numpy()]
    texts = [_iso(frame, c, first_day) for c in frame.columns if c.endswith("DTC")]
    return frame.select(*key, pl.all()).with_columns(texts)


def _ends(name: str, frame: pl.DataFrame, stop: pl.Series) -> pl.DataFrame:
    """What goes on beyond the end of follow-up has no end there; support is charted until then."""
    end = f"{name}ENDTC"
    if end not in frame.columns:
        return frame
    after = frame[end] > stop
    if name == "PR":
        return frame.with_columns(pl.min_horizontal(pl.col(end), stop - 1).alias(end))
    frame = frame.with_columns(pl.when(~after).then(end).alias(end))
    if name != "AE":
        return frame
    return frame.with_columns(
        AEOUT=pl.when(after.fill_null(value=False)).then(pl.lit(OPEN)).otherwise("AEOUT")
    )


def _iso(frame: pl.DataFrame, column: str, first_day: np.ndarray) -> pl.Series:
    moment = (frame[column] + pl.Series(first_day) * DAY).cast(pl.Int64) * 60_000_000
    moment = moment.cast(pl.Datetime("us"))
    dates = frame["_DATE"].fill_null(value=False) if "_DATE" in frame.columns else None
    full = moment.dt.strftime("%Y-%m-%dT%H:%M")
    if column in ("RFENDTC", "RFPENDTC", "DTHDTC"):
        return moment.dt.strftime("%Y-%m-%d").alias(column)
    if dates is None:
        return full.alias(column)
    return full.zip_with(~dates, moment.dt.strftime("%Y-%m-%d")).alias(column)


def _ae_columns(spec: StudySpec, ae: pl.DataFrame) -> pl.DataFrame:
    """Mark the CRS records, and group symptoms with them where the study does so."""
    ae = ae.with_columns(pl.col("CRS").fill_null(value=False))
    group = pl.when(pl.col("EPI").is_not_null()).then(pl.format("CRS-{}", "EPI"))
    return ae.with_columns(AEGRPID=group if spec.symptoms else pl.lit(None, dtype=pl.String))


def _vs_columns(spec: StudySpec, vs: pl.DataFrame) -> pl.DataFrame:
    """Names and units; temperatures in Fahrenheit where the study keeps them so."""
    code = pl.col("VSTESTCD")
    name = code.replace_strict({k: v for k, (v, _) in vitals.TESTS.items()}, return_dtype=pl.String)
    unit = code.replace_strict({k: u for k, (_, u) in vitals.TESTS.items()}, return_dtype=pl.String)
    hot = code == "TEMP"
    fahrenheit = (pl.col("VALUE") * 9 / 5 + 32).round(1)
    kept = hot & pl.lit(spec.temperature != "C")
    result = pl.when(kept).then(fahrenheit).otherwise("VALUE")
    standard = hot & pl.lit(spec.temperature == "F_ALL")
    return vs.with_columns(
        VSTEST=name,
        VSLOC=pl.lit(None, dtype=pl.String),
        VSORRES=_number_text(result),
        VSORRESU=pl.when(kept).then(pl.lit("F")).otherwise(unit),
        VSSTRESN=pl.when(standard).then(fahrenheit).otherwise("VALUE"),
        VSSTRESU=pl.when(standard).then(pl.lit("F")).otherwise(unit),
    )


def _lb_columns(spec: StudySpec, lb: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("LBTESTCD")

    def look_up(at: int, kind: type[pl.DataType]) -> pl.Expr:
        return code.replace_strict({k: v[at] for k, v in labs.TESTS.items()}, return_dtype=kind)

    inflamed = (code == "CRP") & pl.lit(spec.crp_unit == "mg/dL")
    unit = pl.when(inflamed).then(pl.lit("mg/dL")).otherwise(look_up(1, pl.String))
    scale = pl.when(inflamed).then(0.1).otherwise(1.0)
    return lb.with_columns(
        LBTEST=look_up(0, pl.String),
        LBORRES=_number_text(pl.col("VALUE")),
        LBORRESU=unit,
        LBSTRESN=pl.col("VALUE"),
        LBSTRESU=unit,
        LBSTNRLO=look_up(2, pl.Float64),
        LBSTNRHI=look_up(3, pl.Float64) * scale,
    )


def _number_text(value: pl.Expr) -> pl.Expr:
    """As written on a form: whole numbers without a decimal point."""
    return value.round(2).cast(pl.String).str.replace(r"\.0$", "")
