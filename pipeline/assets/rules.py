"""Blocking checks between tables: what must hold of a stage's rows before anybody builds on them.

A rule is a plain sentence and a function that answers with the sentences of what breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.lake.parquet import row_count
from pipeline.table import Table, frame_of, lazy

Tables = Mapping[str, Table]
Breaches = Callable[[Tables, Mapping[str, Table]], list[str]]


@dataclass(frozen=True)
class Rule:
    """A check of a table: its name, the sentence that must hold, and what finds the breaches."""

    name: str
    table: str
    says: str
    breaches: Breaches


def _outside(left: pl.DataFrame, right: pl.DataFrame, on: list[str]) -> int:
    return left.join(right.select(on).unique(), on=on, how="anti").height


def _count(n: int, sentence: str) -> list[str]:
    return [f"{n} {sentence}"] if n else []


def _balance(made: Tables, _: Mapping[str, Table]) -> list[str]:
    off = frame_of(made["ledger"]).filter(
        pl.col("N_READ") != pl.col("N_ACCEPTED") + pl.col("N_QUARANTINED")
    )
    return [
        f"{domain}: {read_} rows read, but {accepted} accepted and {held} quarantined"
        for domain, read_, accepted, held in off.select(
            "DOMAIN", "N_READ", "N_ACCEPTED", "N_QUARANTINED"
        ).rows()
    ]


def _handed_on(made: Tables, _: Mapping[str, Table]) -> list[str]:
    rows = {t[5:].upper(): row_count(table) for t, table in made.items() if t.startswith("sdtm_")}
    pairs = frame_of(made["ledger"]).select("DOMAIN", "N_ACCEPTED").rows()
    return [
        f"{domain}: {accepted} rows accepted, but {rows[domain]} handed on"
        for domain, accepted in pairs
        if domain in rows and rows[domain] != accepted
    ]


def _held_back(made: Tables, _: Mapping[str, Table]) -> list[str]:
    places = lazy(made["quarantine"]).select("DOMAIN", "ROW").unique().collect(engine="streaming")
    seen = places.group_by("DOMAIN").agg(pl.len().cast(pl.Int64).alias("ROW"))
    both = frame_of(made["ledger"]).join(seen, on="DOMAIN", how="full", coalesce=True)
    off = both.filter(pl.col("ROW").fill_null(0) != pl.col("N_QUARANTINED").fill_null(0))
    return [f"{d}: ledger and quarantine differ" for d in sorted(off["DOMAIN"].to_list())]


def _subjects_of_dm(made: Tables, given: Mapping[str, Table]) -> list[str]:
    dm = frame_of(given["sdtm_dm"]).select("USUBJID").unique()
    adsl = frame_of(made["adsl"])
    return [
        *_count(_outside(dm, adsl, ["USUBJID"]), "subjects of DM are not in adsl"),
        *_count(_outside(adsl, dm, ["USUBJID"]), "subjects of adsl are not in DM"),
    ]


def _doses_of_subjects(made: Tables, _: Mapping[str, Table]) -> list[str]:
    doses, treated = frame_of(made["doses"]), frame_of(made["adsl"]).filter(pl.col("SAFFL") == "Y")
    return [
        *_count(_outside(doses, treated, ["USUBJID"]), "doses of nobody treated"),
        *_count(_outside(treated, doses, ["USUBJID"]), "treated subjects without a dose"),
    ]


_EPISODE = ["USUBJID", "EPISEQ"]


def _episodes_of_subjects(made: Tables, given: Mapping[str, Table]) -> list[str]:
    n = _outside(frame_of(made["episodes"]), frame_of(given["adsl"]), ["USUBJID"])
    return _count(n, "episodes of nobody in adsl")


def _of_episodes(table: str) -> Rule:
    return Rule(
        f"{table}_belong_to_episodes",
        table,
        f"Every row of {table} belongs to an episode.",
        lambda made, _: _count(
            _outside(frame_of(made[table]), frame_of(made["episodes"]), _EPISODE),
            f"rows of {table} have no episode",
        ),
    )


def _with_evidence(made: Tables, _: Mapping[str, Table]) -> list[str]:
    graded = frame_of(made["grades"]).filter(
        (pl.col("BASIS") == "derived") & (pl.col("GRADE") >= 1)
    )
    n = _outside(graded, frame_of(made["evidence"]), [*_EPISODE, "SYSTEM", "BASIS"])
    return _count(n, "derived grades of 1 or more have no deciding row")


def _numerators(results: str) -> Breaches:
    def breaches(made: Tables, _: Mapping[str, Table]) -> list[str]:
        # A subject may have several episodes, so a mean number of them may pass 1.
        counted = frame_of(made[results]).filter(pl.col("RESULT") != "episodes_over_time")
        n = counted.filter(pl.col("EVENTS") > pl.col("N")).height
        return _count(n, "results have more events than subjects")

    return breaches


def _fractions(results: str) -> Breaches:
    def breaches(made: Tables, _: Mapping[str, Table]) -> list[str]:
        # A difference of two fractions lies between -1 and 1.
        fractions = frame_of(made[results]).filter(pl.col("UNIT") == "fraction")
        n = fractions.filter(pl.col("VALUE").abs() > 1).height
        return _count(n, "fractions lie beyond 1")

    return breaches


def _with_sets(results: str, sets: str) -> Breaches:
    def breaches(made: Tables, _: Mapping[str, Table]) -> list[str]:
        sizes = frame_of(made[sets]).group_by("SETID").agg(SIZE=pl.len().cast(pl.Int64))
        found: list[str] = []
        for count, cited in (("N", "SET_N"), ("EVENTS", "SET_EVENTS")):
            rows = frame_of(made[results]).filter(pl.col(count) > 0)
            known = rows.join(sizes, left_on=cited, right_on="SETID", how="left")
            lost = known.filter(pl.col("SIZE").is_null()).height
            other = known.filter(pl.col("SIZE") != pl.col(count)).height
            found += _count(lost, f"results do not name who is behind {count}")
            found += _count(other, f"results have another {count} than members in {cited}")
        return found

    return breaches


def _of_results(results: str, sets: str) -> list[Rule]:
    return [
        Rule(
            f"{results}_numerators_within_denominators", results,
            "No result has more events than subjects, but for the mean number of episodes.",
            _numerators(results),
        ),
        Rule(
            f"{results}_fractions_within_one", results,
            "No fraction lies beyond 1.", _fractions(results),
        ),
        Rule(
            f"{results}_name_their_subjects", sets,
            "Every N and EVENTS is the number of members of the set that it cites.",
            _with_sets(results, sets),
        ),
    ]  # fmt: skip


RULES: dict[str, list[Rule]] = {
    "ingest": [
        Rule(
            "read_is_accepted_plus_quarantined", "ledger",
            "Of every file, rows read are rows accepted plus rows quarantined.", _balance,
        ),
        Rule(
            "accepted_rows_are_handed_on", "ledger",
            "Every accepted row is in its domain's table.", _handed_on,
        ),
        Rule(
            "quarantine_agrees_with_ledger", "quarantine",
            "Every quarantined row is counted in the ledger, once.", _held_back,
        ),
    ],
    "subjects": [
        Rule(
            "adsl_holds_every_subject_of_dm", "adsl",
            "Every subject of DM is in adsl, and nobody else.", _subjects_of_dm,
        ),
        Rule(
            "doses_belong_to_treated_subjects", "doses",
            "Doses and the safety population agree.", _doses_of_subjects,
        ),
    ],
    "crs": [
        Rule(
            "episodes_belong_to_subjects", "episodes",
            "Every episode belongs to a subject of adsl.", _episodes_of_subjects,
        ),
        *(_of_episodes(t) for t in ("grades", "evidence", "accounts", "reconciliation")),
        Rule(
            "derived_grades_have_evidence", "evidence",
            "Every derived grade of 1 or more has the rows that decided it.", _with_evidence,
        ),
    ],
    "stats": _of_results("results", "sets"),
    "cohorts": _of_results("cohort_results", "cohort_sets"),
}  # fmt: skip
