"""AE: CRS as an investigator writes it down, its symptoms, organ toxicity, and their links."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import Ints, block, minutes, stack
from pipeline.simulate.patterns import ORGANS, PATTERNS
from pipeline.simulate.people import Trial
from pipeline.simulate.products import StudySpec

CRS = "Cytokine release syndrome"
OPEN = "NOT RECOVERED/NOT RESOLVED"
DONE = "RECOVERED/RESOLVED"
SEQUELAE = "RECOVERED/RESOLVED WITH SEQUELAE"


def crs_events(trial: Trial, course: pl.DataFrame) -> pl.DataFrame:
    """AE rows of CRS and what belongs to it; EPI is the row of the course, CRS marks its records.

    An episode is one record, one per change of grade (touching), or two with a gap below a day.
    """
    rng = trial.stream("crs events")
    rows = [_records(rng, course), _organs(course), _bleeding(course)]
    if trial.spec.symptoms:
        rows.append(_symptoms(course))
    return stack(rows)


def _records(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    signs = pl.col("SIGN0") > 0
    changes = (pl.col("STYLE") == 1) & signs & (pl.col("COLLECTED") > 1)
    split = pl.col("STYLE") == 2
    last = _outcome(rng, course)
    course = course.with_columns(pl.Series("OUTCOME", last))
    stepped, parted = course.filter(changes), course.filter(split)
    whole = course.filter(~changes & ~split)
    rising = stepped.filter(~pl.col("FATAL"))
    dying = stepped.filter("FATAL")
    one, top = pl.lit(1), pl.col("COLLECTED")
    return stack(
        [
            _record(whole, "ONSET", "END", top, None),
            _record(stepped, "ONSET", "SIGN0", one, OPEN),
            _record(rising, "SIGN0", "SIGN1", top, OPEN),
            _record(rising, "SIGN1", "END", one, None),
            _record(dying, "SIGN0", "END", top, None),
            _record(parted, "ONSET", "GAP0", top, DONE),
            _record(parted, "GAP1", "END", one, None),
        ]
    )


def _outcome(rng: np.random.Generator, course: pl.DataFrame) -> pl.Series:
    sequelae = rng.random(course.height) < 0.02
    seen, fatal = course["SEEN_END"].to_numpy(), course["FATAL"].to_numpy()
    ended = np.where(sequelae, SEQUELAE, DONE)
    return pl.Series(np.where(fatal, "FATAL", np.where(seen, ended, OPEN)))


def _record(
    course: pl.DataFrame, start: str, end: str, grade: pl.Expr, outcome: str | None
) -> pl.DataFrame:
    """One CRS record per episode; `outcome` None takes the outcome of the episode."""
    final = outcome is None
    out = course.select(
        "SUBJ",
        "EPI",
        CRS=pl.lit(True),
        TERM=pl.lit("CYTOKINE RELEASE SYNDROME"),
        GRADE=grade.cast(pl.Int64),
        OUT=pl.col("OUTCOME") if final else pl.lit(outcome),
        AESTDTC=pl.col(start),
        AEENDTC=pl.when(pl.lit(not final) | pl.col("SEEN_END") | pl.col("FATAL")).then(end),
        FATAL=pl.col("FATAL") & final,
        ADMIT=pl.col("SIGN0") > 0,
    )
    grade_text = out["GRADE"].cast(pl.String)
    serious = (out["GRADE"] >= 3) | out["ADMIT"] | out["FATAL"]
    return out.select(
        "SUBJ",
        "EPI",
        "CRS",
        AETERM="TERM",
        AEDECOD=pl.lit(CRS),
        AETOXGR=grade_text,
        AESER=pl.when(serious).then(pl.lit("Y")).otherwise(pl.lit("N")),
        AEREL=pl.lit("RELATED"),
        AEOUT="OUT",
        AESDTH=pl.when("FATAL").then(pl.lit("Y")).otherwise(pl.lit("N")),
        AESHOSP=pl.when("ADMIT").then(pl.lit("Y")).otherwise(pl.lit("N")),
        AEACN=pl.lit("DOSE NOT CHANGED"),
        AESTDTC="AESTDTC",
        AEENDTC="AEENDTC",
    )


def _beside(
    course: pl.DataFrame, term: Any, grade: Any, related: str, span: tuple[Ints, Ints]
) -> pl.DataFrame:
    """A timed event beside the CRS record, closed at the latest when follow-up ends."""
    start, end = span
    seen = end <= course["STOP"].to_numpy()
    name = (
        term if isinstance(term, pl.Series) else pl.Series([term] * course.height, dtype=pl.String)
    )
    return block(
        course["SUBJ"].to_numpy(),
        EPI=course["EPI"].to_numpy(),
        CRS=False,
        AETERM=name.str.to_uppercase(),
        AEDECOD=name,
        AETOXGR=grade,
        AESER="N",
        AEREL=related,
        AEOUT=np.where(seen, DONE, OPEN).astype(object),
        AESDTH="N",
        AESHOSP="N",
        AEACN="DOSE NOT CHANGED",
        AESTDTC=start,
        AEENDTC=pl.Series(end).set(pl.Series(~seen), None),
    )


def _organs(course: pl.DataFrame) -> pl.DataFrame:
    organ = np.array([p.organ for p in PATTERNS], dtype=object)[course["FORM"].to_numpy()]
    some = course.filter(pl.Series(organ != "none"))
    kind = [ORGANS[k] for k in organ[organ != "none"]]
    onset, length = some["ONSET"].to_numpy(), (some["END"] - some["ONSET"]).to_numpy()
    return _beside(
        some,
        pl.Series([term for term, _, _ in kind], dtype=pl.String),
        pl.Series([str(grade) for _, grade, _ in kind], dtype=pl.String),
        "RELATED",
        (onset + minutes(0.3 * length), onset + minutes(0.8 * length)),
    )


def _bleeding(course: pl.DataFrame) -> pl.DataFrame:
    """Hypotension that bleeding explains, coded as an event of its own that is not related."""
    some = course.filter("BLEEDING")
    span = some["ONSET"].to_numpy(), some["END"].to_numpy()
    return stack(
        [
            _beside(some, "Gastrointestinal haemorrhage", "3", "NOT RELATED", span),
            _beside(some, "Hypotension", "3", "NOT RELATED", span),
        ]
    )


def _symptoms(course: pl.DataFrame) -> pl.DataFrame:
    """Symptoms of CRS as events of their own, tied to it by AEGRPID and RELREC."""
    low = np.array([p.low_pressure for p in PATTERNS])[course["FORM"].to_numpy()]
    hypoxic = np.array([p.oxygen != "none" for p in PATTERNS])[course["FORM"].to_numpy()]
    other = course["BLEEDING"].to_numpy()
    parts = [
        (course.filter("FEVER"), "Pyrexia", "ONSET", "FEVER1"),
        (course.filter(pl.Series(low & ~other)), "Hypotension", "SIGN0", "SIGN1"),
        (course.filter(pl.Series(hypoxic)), "Hypoxia", "SIGN0", "SIGN1"),
    ]
    return stack(
        [
            _beside(some, term, "2", "RELATED", (some[start].to_numpy(), some[end].to_numpy()))
            for some, term, start, end in parts
        ]
    )


def related_records(ae: pl.DataFrame) -> pl.DataFrame:
    """RELREC: the symptoms that belong to a CRS record (same AEGRPID)."""
    linked = ae.filter(pl.col("AEGRPID").is_not_null())
    return linked.select(
        "STUDYID",
        "USUBJID",
        RDOMAIN=pl.lit("AE"),
        IDVAR=pl.lit("AESEQ"),
        IDVARVAL=pl.col("AESEQ").cast(pl.String),
        RELTYPE=pl.lit(None, dtype=pl.String),
        RELID="AEGRPID",
    )


def scale_of_records(spec: StudySpec, ae: pl.DataFrame, course: pl.DataFrame) -> pl.DataFrame:
    """SUPPAE: the scale of AETOXGR, and the ASTCT grade noted beside it."""
    astct = course.filter(pl.col("ASTCT") > 0).select("EPI", ASTCT=pl.col("ASTCT").cast(pl.String))
    crs = ae.filter(pl.col("CRS")).join(astct, on="EPI", how="left", maintain_order="left")
    scale = crs.with_columns(QNAM=pl.lit("AESCALE"), QVAL=pl.lit(spec.scale))
    grade = crs.with_columns(QNAM=pl.lit("ASTCTGR"), QVAL=pl.col("ASTCT"))
    label = pl.when(pl.col("QNAM") == "AESCALE").then(pl.lit("Grading Scale"))
    return pl.concat([scale, grade.filter(pl.col("QVAL").is_not_null())]).select(
        "STUDYID",
        "USUBJID",
        RDOMAIN=pl.lit("AE"),
        IDVAR=pl.lit("AESEQ"),
        IDVARVAL=pl.col("AESEQ").cast(pl.String),
        QNAM="QNAM",
        QLABEL=label.otherwise(pl.lit("ASTCT Grade")),
        QVAL="QVAL",
        QORIG=pl.lit("CRF"),
    )
