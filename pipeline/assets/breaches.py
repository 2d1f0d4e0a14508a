"""What finds the rows that break a rule of `rules.py`; each function is listed under its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.lake.parquet import row_count
from pipeline.table import Table, frame_of, lazy

Tables = Mapping[str, Table]
PLACES = 5
_EPISODE = ["USUBJID", "EPISEQ"]
# Columns that say where a row is; a study's name would be the same in all of them.
_WHERE = (
    "DOMAIN", "USUBJID", "DOSESEQ", "EPISEQ", "SYSTEM", "BASIS", "CRITERION", "RESULTID", "RESULT",
    "STAT", "SETID", "ROW",
)  # fmt: skip


@dataclass(frozen=True)
class Breach:
    """What breaks a rule: in words, how many rows do, and where the first of them are."""

    says: str
    rows: int = 1
    places: tuple[Mapping[str, object], ...] = ()


Breaches = Callable[[Tables, Mapping[str, Table]], list[Breach]]


def places_of(
    rows: pl.DataFrame, key: tuple[str, ...] = _WHERE
) -> tuple[Mapping[str, object], ...]:
    """Where the first few rows of a frame are."""
    return tuple(rows.select(c for c in key if c in rows.columns).head(PLACES).to_dicts())


def _found(rows: pl.DataFrame, sentence: str) -> list[Breach]:
    return [Breach(f"{rows.height} {sentence}", rows.height, places_of(rows))] if len(rows) else []


def _outside(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return left.join(right.select(on).unique(), on=on, how="anti", maintain_order="left")


def _balance(made: Tables, _: Tables) -> list[Breach]:
    off = frame_of(made["ledger"]).filter(
        pl.col("N_READ") != pl.col("N_ACCEPTED") + pl.col("N_QUARANTINED")
    )
    return [
        Breach(
            f"{domain}: {read_} rows read, but {accepted} accepted and {held} quarantined",
            places=({"DOMAIN": domain},),
        )
        for domain, read_, accepted, held in off.select(
            "DOMAIN", "N_READ", "N_ACCEPTED", "N_QUARANTINED"
        ).rows()
    ]


def _handed_on(made: Tables, _: Tables) -> list[Breach]:
    rows = {t[5:].upper(): row_count(table) for t, table in made.items() if t.startswith("sdtm_")}
    pairs = frame_of(made["ledger"]).select("DOMAIN", "N_ACCEPTED").rows()
    return [
        Breach(
            f"{domain}: {accepted} rows accepted, but {rows[domain]} handed on",
            abs(int(accepted) - rows[domain]),
            ({"DOMAIN": domain},),
        )
        for domain, accepted in pairs
        if domain in rows and rows[domain] != accepted
    ]


def _held_back(made: Tables, _: Tables) -> list[Breach]:
    places = lazy(made["quarantine"]).select("DOMAIN", "ROW").unique().collect(engine="streaming")
    seen = places.group_by("DOMAIN").agg(pl.len().cast(pl.Int64).alias("ROW"))
    both = frame_of(made["ledger"]).join(seen, on="DOMAIN", how="full", coalesce=True)
    off = both.filter(pl.col("ROW").fill_null(0) != pl.col("N_QUARANTINED").fill_null(0))
    return [
        Breach(f"{domain}: ledger and quarantine differ", places=({"DOMAIN": domain},))
        for domain in sorted(off["DOMAIN"].to_list())
    ]


def _subjects_of_dm(made: Tables, given: Tables) -> list[Breach]:
    dm = frame_of(given["sdtm_dm"]).select("USUBJID").unique(maintain_order=True)
    adsl = frame_of(made["adsl"])
    return [
        *_found(_outside(dm, adsl, ["USUBJID"]), "subjects of DM are not in adsl"),
        *_found(_outside(adsl, dm, ["USUBJID"]), "subjects of adsl are not in DM"),
    ]


def _doses_of_subjects(made: Tables, _: Tables) -> list[Breach]:
    doses, treated = frame_of(made["doses"]), frame_of(made["adsl"]).filter(pl.col("SAFFL") == "Y")
    return [
        *_found(_outside(doses, treated, ["USUBJID"]), "doses of nobody treated"),
        *_found(_outside(treated, doses, ["USUBJID"]), "treated subjects without a dose"),
    ]


def _episodes_of_subjects(made: Tables, given: Tables) -> list[Breach]:
    lost = _outside(frame_of(made["episodes"]), frame_of(given["adsl"]), ["USUBJID"])
    return _found(lost, "episodes of nobody in adsl")


def _of_episodes(table: str) -> Breaches:
    return lambda made, _: _found(
        _outside(frame_of(made[table]), frame_of(made["episodes"]), _EPISODE),
        f"rows of {table} have no episode",
    )


def _with_evidence(made: Tables, _: Tables) -> list[Breach]:
    graded = frame_of(made["grades"]).filter(
        (pl.col("BASIS") == "derived") & (pl.col("GRADE") >= 1)
    )
    lost = _outside(graded, frame_of(made["evidence"]), [*_EPISODE, "SYSTEM", "BASIS"])
    return _found(lost, "derived grades of 1 or more have no deciding row")


def _numerators(results: str) -> Breaches:
    def breaches(made: Tables, _: Tables) -> list[Breach]:
        # A subject may have several episodes, so a mean number of them may pass 1.
        counted = frame_of(made[results]).filter(pl.col("RESULT") != "episodes_over_time")
        more = counted.filter(pl.col("EVENTS") > pl.col("N"))
        return _found(more, "results have more events than subjects")

    return breaches


def _fractions(results: str) -> Breaches:
    def breaches(made: Tables, _: Tables) -> list[Breach]:
        # A difference of two fractions lies between -1 and 1.
        fractions = frame_of(made[results]).filter(pl.col("UNIT") == "fraction")
        return _found(fractions.filter(pl.col("VALUE").abs() > 1), "fractions lie beyond 1")

    return breaches


def _with_sets(results: str, sets: str) -> Breaches:
    def breaches(made: Tables, _: Tables) -> list[Breach]:
        sizes = frame_of(made[sets]).group_by("SETID").agg(SIZE=pl.len().cast(pl.Int64))
        found: list[Breach] = []
        for count, cited in (("N", "SET_N"), ("EVENTS", "SET_EVENTS")):
            rows = frame_of(made[results]).filter(pl.col(count) > 0)
            known = rows.join(
                sizes, left_on=cited, right_on="SETID", how="left", maintain_order="left"
            )
            lost = known.filter(pl.col("SIZE").is_null())
            other = known.filter(pl.col("SIZE") != pl.col(count))
            found += _found(lost, f"results do not name who is behind {count}")
            found += _found(other, f"results have another {count} than members in {cited}")
        return found

    return breaches


def _of_results(results: str, sets: str) -> dict[str, Breaches]:
    return {
        f"{results}_numerators_within_denominators": _numerators(results),
        f"{results}_fractions_within_one": _fractions(results),
        f"{results}_name_their_subjects": _with_sets(results, sets),
    }


def _of_headlines(made: Tables, given: Tables) -> list[Breach]:
    moved = frame_of(made["queries"]).drop_nulls("HEADLINE")
    known = frame_of(given["results"]).select("RESULTID", NOW="VALUE")
    other = moved.join(known, on="RESULTID", how="left", maintain_order="left").filter(
        pl.col("NOW").ne_missing(pl.col("VALUE"))
    )
    lost = _outside(moved, known, ["RESULTID"])
    return [
        *_found(lost, "queries name a headline that results do not have"),
        *_found(other, "queries start from another value than results have"),
    ]


def _asked_about(made: Tables, given: Tables) -> list[Breach]:
    held = frame_of(given["quarantine"]).filter(pl.col("RULE") != "DUPLICATE_ROW")
    rows = held.select("DOMAIN", "ROW").unique().height
    kinds = ["QUARANTINED", "SUBJECT_NOT_IN_DM"]
    asked = int(frame_of(made["queries"]).filter(pl.col("KIND").is_in(kinds))["N_ROWS"].sum())
    if rows == asked:
        return []
    return [Breach(f"{rows} rows were held back, but queries stand for {asked}", abs(rows - asked))]


BREACHES: dict[str, Breaches] = {
    "read_is_accepted_plus_quarantined": _balance,
    "accepted_rows_are_handed_on": _handed_on,
    "quarantine_agrees_with_ledger": _held_back,
    "adsl_holds_every_subject_of_dm": _subjects_of_dm,
    "doses_belong_to_treated_subjects": _doses_of_subjects,
    "episodes_belong_to_subjects": _episodes_of_subjects,
    **{
        f"{table}_belong_to_episodes": _of_episodes(table)
        for table in ("grades", "evidence", "accounts", "reconciliation")
    },
    "derived_grades_have_evidence": _with_evidence,
    **_of_results("results", "sets"),
    "queries_start_from_results": _of_headlines,
    "queries_lose_no_held_back_row": _asked_about,
    **_of_results("cohort_results", "cohort_sets"),
}
