"""Daily grades laid out as rows of subjects and columns of days, on two clocks, in two orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from reports.tables.courses import LONGEST, SHORTEST, episode_spans, of_pair, position

MANY = 300
"""With more treated subjects than this only those with CRS are drawn, and no more than this."""
CLOCKS = {"first_dose": "First dose", "onset": "Onset of the first CRS"}
ORDERS = {"grade": "Highest grade first", "onset": "Earliest onset first"}
NOT_KNOWN, NO_INFORMATION = 6, 7
CHARTED_AFTER_DOSE = 30
"""Days after the last dose on which grade_days goes on; later ones belong to episodes alone."""
CODES = (
    "No CRS", "Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5",
    "CRS, grade of the day not known", "No information that day",
)  # fmt: skip
MOST = 0.95
BEFORE_ONSET = 3
EARLIEST = -13


class Heat(NamedTuple):
    """Subjects and their days under one grading system and basis; positions are study days + no 0.

    Attributes:
        subjects: SUBJIDX, GRADE (highest), ON (first onset), OFF (end of the last episode),
            EPISODES, DEATH, CHARTED (last position with a cell).
        cells: SUBJIDX, P, CODE (index into CODES).
        treated: Number of treated subjects.
    """

    subjects: pl.DataFrame
    cells: pl.DataFrame
    treated: int

    @property
    def ill(self) -> pl.DataFrame:
        """Days with CRS, known grade or not."""
        return self.cells.filter(pl.col("CODE").is_between(1, NOT_KNOWN))


class Laid(NamedTuple):
    """One clock and order: what a figure draws.

    Attributes:
        subjects: As in Heat, from the top row to the bottom one; DEATH and CHARTED on this clock.
        codes: A row per subject, a code or null per position from `first` to `last`.
        first: First position.
        last: Last position.
        clock: first_dose or onset.
        beyond: Number of subjects with days with CRS before or after the axis.
    """

    subjects: pl.DataFrame
    codes: list[list[int | None]]
    first: int
    last: int
    clock: str
    beyond: int


def heat(tables: Mapping[str, pl.DataFrame], pair: tuple[str, str], arm: str | None = None) -> Heat:
    """Days of the treated subjects of an arm; null: of all arms.

    Args:
        tables: adsl, doses, episodes, grades, grade_days of one study.
        pair: System and basis.
        arm: Code of a cohort.
    """
    treated = tables["adsl"].filter(pl.col("SAFFL") == "Y")
    if arm is not None:
        treated = treated.filter(pl.col("COHORT") == arm)
    who = treated.select("USUBJID", "SUBJIDX")
    spans = episode_spans(tables["episodes"]).join(who, on="USUBJID")
    days = (
        tables["grade_days"]
        .filter(of_pair(pair))
        .join(_charted(tables["doses"], treated), on="USUBJID")
    )
    cells = _cells(days, spans)
    graded = tables["grades"].filter(of_pair(pair)).join(who, on="USUBJID")
    facts = (
        spans.group_by("SUBJIDX").agg(pl.col("ON").min(), pl.col("OFF").max(), EPISODES=pl.len()),
        graded.group_by("SUBJIDX").agg(pl.col("GRADE").max()),
        cells.group_by("SUBJIDX").agg(CHARTED=pl.col("P").max()),
    )
    subjects = treated.select("SUBJIDX", DEATH=position("DTHDY"))
    for fact in facts:
        subjects = subjects.join(fact, on="SUBJIDX", how="left")
    return Heat(subjects.sort("SUBJIDX"), cells, treated.height)


def lay(found: Heat, clock: str, order: str) -> Laid:
    """Rows in the asked order on the asked clock."""
    chosen = drawn(found, clock, order)
    since = pl.col("ON") if clock == "onset" else pl.lit(0)
    chosen = chosen.with_columns(SINCE=since).with_columns(
        pl.col("DEATH", "CHARTED") - pl.col("SINCE")
    )
    ill = found.ill.join(chosen, on="SUBJIDX").with_columns(X=pl.col("P") - pl.col("SINCE"))
    first, last = _reach(ill, clock)
    codes = _matrix(chosen, found.cells, first, last)
    beyond = ill.filter(~pl.col("X").is_between(first, last))["SUBJIDX"].n_unique()
    return Laid(chosen, codes, first, last, clock, beyond)


def drawn(found: Heat, clock: str, order: str) -> pl.DataFrame:
    """Subjects that are drawn, in the asked order; on the clock of onset those with CRS alone."""
    chosen = found.subjects
    if clock == "onset" or found.treated > MANY:
        chosen = chosen.filter(pl.col("ON").is_not_null())
    return _ordered(chosen, order).head(MANY)


def _charted(doses: pl.DataFrame, treated: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, SUBJIDX, UNTIL: the last position that is charted whether there is CRS or not."""
    last = doses.group_by("USUBJID").agg(DOSED=position("EXSTDY").max())
    until = pl.min_horizontal(pl.col("DOSED") + CHARTED_AFTER_DOSE, position("FUPDY"))
    return treated.join(last, on="USUBJID", how="left").select("USUBJID", "SUBJIDX", UNTIL=until)


def _cells(days: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """A day of an episode without a grade is a day with CRS; of any other one nothing is known.

    An episode of unknown end is drawn as far as it was seen, though its days run on in the table.
    """
    ill = (
        spans.select("SUBJIDX", P=pl.int_ranges("ON", pl.col("OFF") + 1))
        .explode("P")
        .drop_nulls("P")
        .unique()
        .with_columns(ILL=pl.lit(value=True))
    )
    charted = days.select("SUBJIDX", "GRADE", "REASON", "UNTIL", P=position("DY"))
    ungraded = pl.col("REASON").is_in(["MAX_ONLY", "NOT_RECORDED"])
    code = (
        pl.when(pl.col("GRADE").is_not_null())
        .then(pl.col("GRADE").cast(pl.Int64))
        .when(pl.col("ILL").fill_null(value=False) | ungraded)
        .then(NOT_KNOWN)
        .when(pl.col("P") <= pl.col("UNTIL"))
        .then(NO_INFORMATION)
    )
    joined = charted.join(ill, on=["SUBJIDX", "P"], how="full", coalesce=True)
    return joined.select("SUBJIDX", "P", CODE=code).drop_nulls("CODE").sort("SUBJIDX", "P")


def _ordered(subjects: pl.DataFrame, order: str) -> pl.DataFrame:
    """Those without CRS come last; CRS whose grade is not known stands after that of grade 1."""
    ill = pl.col("ON").is_not_null()
    rank = pl.when(ill).then(pl.col("GRADE").fill_null(0)).otherwise(-1)
    length = pl.col("OFF") - pl.col("ON")
    if order == "grade":
        by, down = [rank, "ON", length], [True, False, True]
    else:
        by, down = [pl.col("ON"), rank, length], [False, True, True]
    return subjects.sort(*by, "SUBJIDX", descending=[*down, False], nulls_last=True)


def _reach(ill: pl.DataFrame, clock: str) -> tuple[int, int]:
    """First and last position of the axis: of `MOST` of those with CRS all days, within bounds.

    One late episode would press everybody else's days together.
    """
    start, lasts = ill["X"].min(), ill.group_by("SUBJIDX").agg(pl.col("X").max())["X"]
    end = lasts.quantile(MOST, interpolation="higher")
    latest = 1 if end is None else int(end)
    if clock == "onset":
        return -BEFORE_ONSET, min(max(14, latest), SHORTEST)
    earliest = min(start, 1) if isinstance(start, int) else 1
    return max(earliest, EARLIEST), min(max(SHORTEST, latest), LONGEST)


def _matrix(
    subjects: pl.DataFrame, cells: pl.DataFrame, first: int, last: int
) -> list[list[int | None]]:
    """A code or null for each subject and position."""
    grid = (
        subjects.select("SUBJIDX", "SINCE")
        .with_row_index("ROW")
        .join(pl.DataFrame({"X": pl.int_range(first, last + 1, eager=True)}), how="cross")
        .with_columns(P=pl.col("X") + pl.col("SINCE"))
        .join(cells, on=["SUBJIDX", "P"], how="left")
        .sort("ROW", "X")
    )
    return grid.group_by("ROW", maintain_order=True).agg("CODE")["CODE"].to_list()
