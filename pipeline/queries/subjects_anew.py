"""Subjects as they would be under an answer: copies with one thing edited."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import EDIT
from pipeline.queries.known import Known
from pipeline.schemas.tables import TABLES

UNIT = "UNIT"
DAY = 86_400
_MARK = "\x1f"
"""No identifier of a study holds it, so a copy is never taken for a subject."""


def units_of(answers: pl.DataFrame) -> pl.DataFrame:
    """Each distinct edit once, with the name of the copy."""
    edits = answers.select(*EDIT).unique(maintain_order=True)
    return edits.with_columns(UNIT=pl.concat_str([pl.lit(_MARK), pl.int_range(pl.len())]))


def with_copies(known: Known, units: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """adsl, doses, episodes and grades of the study's pair, with the copies behind the subjects.

    Args:
        known: the study.
        units: edits with the names of their copies.
    """
    copied = units.filter(pl.col("HOW") != "join")
    joining = units.filter(pl.col("HOW") == "join")
    adsl = pl.concat(
        [known.treated, _subjects(known, copied), _joined(known, joining)], how="diagonal_relaxed"
    )
    first = pl.lit(1, pl.Int64)
    made = pl.concat([_episodes(known, copied), _added(known, units)], how="diagonal_relaxed")
    everyone = adsl.select("STUDYID", "USUBJID", DOSESEQ=first, EXSTDY=first)
    doses = pl.concat(
        [known.frame("doses").select("STUDYID", "USUBJID", "EXSTDY"), everyone.drop("DOSESEQ")]
    )
    episodes = pl.concat([known.episodes, made], how="diagonal_relaxed")
    graded = episodes.select("STUDYID", "USUBJID", "EPISEQ", "GRADE")
    return {
        "adsl": adsl,
        "doses": doses,
        "episodes": episodes.select(TABLES["episodes"].column_names()),
        "grades": graded,
    }


def _subjects(known: Known, units: pl.DataFrame) -> pl.DataFrame:
    """Copies of subjects, with what an answer says of the subject as a whole."""
    how, by, to = pl.col("HOW"), _earlier(), pl.col("DAYS")
    own = known.treated.join(units.select("USUBJID", "HOW", "DAYS", UNIT), on="USUBJID")
    moved = {
        name: pl.when(how == other).then(to).otherwise(later(pl.col(name), by))
        for name, other in (("FUPDY", "follow"), ("DTHDY", "die"), ("DSDY", "leave"))
    }
    own = own.with_columns(**moved, DTHS=pl.when(how != "die").then(pl.col("DTHS") + by * DAY))
    return own.with_columns(USUBJID=pl.col(UNIT)).drop("HOW", "DAYS", UNIT)


def _joined(known: Known, units: pl.DataFrame) -> pl.DataFrame:
    """Subjects that are not there yet, followed for as long as any."""
    return units.select(
        STUDYID=pl.lit(known.study.study),
        USUBJID=pl.col(UNIT),
        COHORT=pl.col("COHORT"),
        SAFFL=pl.lit("Y"),
        FUPDY=pl.lit(known.longest, pl.Int64),
    )


def _episodes(known: Known, units: pl.DataFrame) -> pl.DataFrame:
    """Episodes of the copies, with what an answer says of one of them."""
    edits = units.rename({n: f"_{n}" for n in ("GRADE", "ASTDY", "AENDY")})
    own = known.episodes.join(edits.drop("COHORT"), on="USUBJID")
    aimed, how, by = pl.col("EPI") == pl.col("EPISEQ"), pl.col("HOW"), _earlier()

    def where(*names: str) -> pl.Expr:
        return (aimed & how.is_in(list(names))).fill_null(value=False)

    graded, ended = where("grade", "fatal"), where("end")
    own = own.with_columns(
        GRADE=pl.when(graded).then("_GRADE").otherwise("GRADE"),
        ASTDY=pl.when(where("onset")).then("_ASTDY").otherwise(later(pl.col("ASTDY"), by)),
        AENDY=pl.when(ended).then("_AENDY").otherwise(later(pl.col("AENDY"), by)),
        CENSDY=pl.when(ended).then("SEENDY").otherwise(later(pl.col("CENSDY"), by)),
        FLAGS=pl.when(where("predose")).then(pl.lit("PRE_DOSE")).otherwise(_after(by)),
    )
    own = own.with_columns(
        ENDED=pl.when(ended).then(_yes(pl.col("AENDY"))).otherwise("ENDED"),
        END_REASON=pl.when(where("fatal"))
        .then(pl.lit("FATAL"))
        .when(ended)
        .then(pl.lit("NOT_RECOVERED"))
        .otherwise("END_REASON"),
        ONSET_D_FIRST=elapsed(pl.col("ASTDY")),
        USUBJID=pl.col(UNIT),
    )
    return own.filter(~where("drop")).select(known.episodes.columns)


def _added(known: Known, units: pl.DataFrame) -> pl.DataFrame:
    """Episodes that are not there yet."""
    units = units.filter(pl.col("HOW").is_in(["add", "join"]), pl.col("ASTDY").is_not_null())
    last = known.episodes["EPISEQ"].max() or 0
    return units.select(
        "ASTDY",
        "AENDY",
        "GRADE",
        STUDYID=pl.lit(known.study.study),
        USUBJID=pl.col(UNIT),
        EPISEQ=pl.lit(last, pl.Int64) + 1,
        ENDED=_yes(pl.col("AENDY")),
        END_REASON=pl.when(pl.col("AENDY").is_null())
        .then(pl.lit("NOT_RECOVERED"))
        .otherwise(pl.lit("RECOVERED")),
        ONSET_D_FIRST=elapsed(pl.col("ASTDY")),
        MEMBERS=pl.lit("AE:0"),
    )


def _earlier() -> pl.Expr:
    """Days by which the first dose was earlier, so that everything is later by as much."""
    return pl.when(pl.col("HOW") == "shift").then("DAYS").otherwise(0)


def _after(by: pl.Expr) -> pl.Expr:
    """Flags; what then lies after the first dose is not before it any more."""
    now_after = (by > 0) & (later(pl.col("ASTDY"), by) >= 1)
    return pl.when(~now_after).then("FLAGS")


def _yes(day: pl.Expr) -> pl.Expr:
    return pl.when(day.is_not_null()).then(pl.lit("Y"))


def elapsed(day: pl.Expr) -> pl.Expr:
    """Days elapsed from study day 1; there is no day 0."""
    return pl.when(day > 0).then(day - 1).otherwise(day)


def later(day: pl.Expr, by: pl.Expr) -> pl.Expr:
    """A study day so many days later."""
    moved = elapsed(day) + by
    return pl.when(moved >= 0).then(moved + 1).otherwise(moved)
