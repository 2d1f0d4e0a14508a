"""Blocking checks as plain sentences: what must hold before anybody builds on a table or page.

The sentences load with Dagster's definitions; what finds the rows that break them, in
`breaches.py` and `checks.py`, loads with the first step.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.plan import MADE


class Rule(NamedTuple):
    """A check of a table: its name, the table, and the sentence that must hold."""

    name: str
    table: str
    says: str


def schema_rule(table: str) -> Rule:
    """The check of a table by its own contract."""
    return Rule(
        f"{table}_schema",
        table,
        f"{table} has the columns, types, key and order of its contract, and every row keeps its "
        "rules.",
    )


def rules(stage: str) -> list[Rule]:
    """Checks of a stage's tables, the schemas first."""
    return [*(schema_rule(table) for table in MADE[stage]), *RULES.get(stage, [])]


def _of_episodes(table: str) -> Rule:
    return Rule(
        f"{table}_belong_to_episodes", table, f"Every row of {table} belongs to an episode."
    )


def _of_results(results: str, sets: str) -> list[Rule]:
    return [
        Rule(
            f"{results}_numerators_within_denominators", results,
            "No result has more events than subjects, but for the mean number of episodes.",
        ),
        Rule(f"{results}_fractions_within_one", results, "No fraction lies beyond 1."),
        Rule(
            f"{results}_name_their_subjects", sets,
            "Every N and EVENTS is the number of members of the set that it cites.",
        ),
    ]  # fmt: skip


RULES: dict[str, list[Rule]] = {
    "ingest": [
        Rule(
            "read_is_accepted_plus_quarantined", "ledger",
            "Of every file, rows read are rows accepted plus rows quarantined.",
        ),
        Rule(
            "accepted_rows_are_handed_on", "ledger",
            "Every accepted row is in its domain's table.",
        ),
        Rule(
            "quarantine_agrees_with_ledger", "quarantine",
            "Every quarantined row is counted in the ledger, once.",
        ),
    ],
    "subjects": [
        Rule(
            "adsl_holds_every_subject_of_dm", "adsl",
            "Every subject of DM is in adsl, and nobody else.",
        ),
        Rule(
            "doses_belong_to_treated_subjects", "doses",
            "Doses and the safety population agree.",
        ),
    ],
    "crs": [
        Rule(
            "episodes_belong_to_subjects", "episodes",
            "Every episode belongs to a subject of adsl.",
        ),
        *(_of_episodes(t) for t in ("grades", "evidence", "accounts", "reconciliation")),
        Rule(
            "derived_grades_have_evidence", "evidence",
            "Every derived grade of 1 or more has the rows that decided it.",
        ),
    ],
    "stats": _of_results("results", "sets"),
    "queries": [
        Rule(
            "queries_start_from_results", "queries",
            "Every headline that a query could move is a row of results, with the same value.",
        ),
        Rule(
            "queries_lose_no_held_back_row", "queries",
            "Every quarantined row but exact repeats is behind one query.",
        ),
    ],
    "cohorts": _of_results("cohort_results", "cohort_sets"),
}  # fmt: skip

PAGE_RULES = {
    "filled": "All pages are there and none is empty.",
    "in_their_place": "Every page lies in its own folder.",
    "self_contained": "No page asks the network for anything.",
}


def page_rules(asset: str) -> list[Rule]:
    """Checks of an asset that is pages."""
    return [Rule(f"{asset}_{rule}", asset, says) for rule, says in PAGE_RULES.items()]
