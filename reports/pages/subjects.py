"""subjects.html: one page per study; each subject's data is compressed and drawn on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from reports import wording
from reports.page import Page, assemble, packed, render
from reports.pages.subject_measures import SHOWN, guides, panels, support, without_value

Rows = dict[int, list[dict[str, Any]]]

# Study days have no 0; positions do, so that neighbours stay neighbours.
_POSITION = pl.when(pl.col("DY") > 0).then(pl.col("DY")).otherwise(pl.col("DY") + 1)


def render_subjects(
    meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]
) -> dict[str, bytes]:
    """The subject page of a study that publishes subject-level data, else nothing."""
    if not meta["publish"]["subject_level"]:
        return {}
    study = meta["study"]
    adsl = tables["adsl"].sort("SUBJIDX")
    parts = _parts(meta, tables)
    numbers = adsl["SUBJIDX"].to_list()
    who = {row["SUBJIDX"]: _who(row) for row in adsl.iter_rows(named=True)}
    subjects = {
        str(n): packed({"who": who[n], **{name: rows.get(n, []) for name, rows in parts.items()}})
        for n in numbers
    }
    pair = primary_pair(meta, tables["grades"])
    page = Page(
        path=f"studies/{study}/subjects.html",
        title=f"{study}: subjects",
        kind=meta["data_kind"],
        body=render(
            "subjects.html.j2", study=study, title=meta["title"], numbers=numbers,
            system=wording.system_basis(*pair),
        ),
        data={
            "subjects": subjects, "heat": _heat(tables, numbers, pair),
            "guides": guides(meta), "firstShown": list(SHOWN),
        },
        scripts=("timeline.js", "subjects.js"),
        styles=("subjects.css",),
    )  # fmt: skip
    return {page.path: assemble(page)}


def primary_pair(meta: Mapping[str, Any], grades: pl.DataFrame) -> tuple[str, str]:
    """Primary system and basis of a study; the basis follows study.yaml's rule where not stated."""
    system = meta["primary_system"]
    basis = meta["primary_basis"]
    if basis is None:
        basis = "collected" if meta["collected_scale"] == system else "derived"
    if basis == "collected" and meta["collected_scale"] == "unknown" and grades.height:
        found = grades.filter(pl.col("BASIS") == "collected")["SYSTEM"].unique().sort().to_list()
        system = found[0] if found else system
    return system, basis


def _who(row: Mapping[str, Any]) -> str:
    age = "" if row["AGE"] is None else f"{row['AGE']:.0f} years{' or over' * (row['AGE'] >= 89)}"
    sex = {"F": "female", "M": "male"}.get(row["SEX"] or "", "")
    safety = "treated" if row["SAFFL"] == "Y" else "no dose of a trigger product"
    followed = "" if row["FUPDY"] is None else f"followed to day {row['FUPDY']}"
    ended = wording.reason(row["FUPREAS"])
    if followed and ended:
        followed += f" ({ended})"
    parts = (wording.cohort(row["COHORT"]), row["PRODUCT"], age, sex, safety, followed)
    return ", ".join(p for p in parts if p)


def _by_subject(frame: pl.DataFrame, adsl: pl.DataFrame, order: list[str]) -> Rows:
    numbered = frame.join(adsl.select("USUBJID", "SUBJIDX"), on="USUBJID").sort("SUBJIDX", *order)
    out: Rows = {}
    for row in numbered.iter_rows(named=True):
        out.setdefault(row["SUBJIDX"], []).append(row)
    return out


def _parts(meta: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> dict[str, Rows]:
    adsl = tables["adsl"]
    keys = ["USUBJID", "EPISEQ", "SYSTEM", "BASIS"]
    graded = tables["grades"].join(
        tables["accounts"].select(*keys, "ACCOUNT", "HIGHER", "LOWER"), on=keys, how="left"
    )
    pair = primary_pair(meta, tables["grades"])
    primary = tables["grades"].filter((pl.col("SYSTEM") == pair[0]) & (pl.col("BASIS") == pair[1]))
    episodes = tables["episodes"].join(
        primary.select("USUBJID", "EPISEQ", "GRADE"), on=["USUBJID", "EPISEQ"], how="left"
    )
    found = {
        "doses": (_by_subject(tables["doses"], adsl, ["DOSESEQ"]), _dose),
        "episodes": (_by_subject(episodes, adsl, ["EPISEQ"]), _episode),
        "accounts": (_by_subject(graded, adsl, ["EPISEQ", "SYSTEM", "BASIS"]), _account),
        "evidence": (
            _by_subject(
                tables["evidence"], adsl, ["EPISEQ", "SYSTEM", "CRITERION", "START", "SRCSEQ"]
            ),
            _evidence,
        ),
        "interventions": (
            _by_subject(
                tables["interventions"], adsl, ["START", "CLASS", "DRUG", "EPISEQ", "INTENT"]
            ),
            _intervention,
        ),
    }
    parts = {
        name: {n: [make(r) for r in rows] for n, rows in by.items()}
        for name, (by, make) in found.items()
    }
    measures = {
        "panels": panels(tables), "without": without_value(tables), "support": support(tables),
    }  # fmt: skip
    return parts | measures | {"days": _days(tables, pair)}


def _dose(row: dict[str, Any]) -> dict[str, Any]:
    level = f" {row['DOSELVL']}" if row["DOSELVL"] else ""
    amount = "" if row["EXDOSE"] is None else f", {row['EXDOSE']:g} {row['EXDOSU'] or ''}".rstrip()
    words = f"Dose {row['DOSESEQ']}{level}: {row['PRODUCT']}{amount}, day {row['EXSTDY']}"
    return {"day": row["EXSTDY"], "words": words}


def _episode(row: dict[str, Any]) -> dict[str, Any]:
    grade = "grade not available" if row["GRADE"] is None else f"grade {row['GRADE']}"
    end = f"to day {row['AENDY']}" if row["ENDED"] else "not seen to end"
    return {
        "day": row["ASTDY"],
        "end": row["AENDY"] if row["ENDED"] else None,
        "seen": row["CENSDY"] or row["AENDY"],
        "ended": bool(row["ENDED"]),
        "grade": row["GRADE"],
        "words": f"Episode {row['EPISEQ']}: {grade}, from day {row['ASTDY']} {end}. "
        f"{wording.sentence(wording.reason(row['END_REASON']))}",
    }


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "episode": row["EPISEQ"],
        "system": wording.system_basis(row["SYSTEM"], row["BASIS"]),
        "grade": row["GRADE"],
        "account": wording.told(
            " ".join(filter(None, (row["ACCOUNT"], row["HIGHER"], row["LOWER"])))
        ),
    }


def _evidence(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "episode": row["EPISEQ"],
        "system": wording.system_basis(row["SYSTEM"], row["BASIS"]),
        "criterion": row["CRITERION"],
        "source": f"{row['SRCDOM']}:{row['SRCSEQ']} {row['SRCVAR']}",
        "value": wording.without_dates(row["VALUE"]),
        "start": row["START"],
        "end": row["END"],
    }


def _intervention(row: dict[str, Any]) -> dict[str, Any]:
    drug = wording.without_dates(row["DRUG"])
    rows = wording.plural(row["N_DOSES"], "source row")
    unknown = row["INTENT"] == "unknown" and row["EPISEQ"]
    return {
        "episode": row["EPISEQ"],
        "kind": row["CLASS"],
        "drug": drug,
        "n": row["N_DOSES"],
        "start": row["START"],
        "end": row["END"],
        "intent": "given during CRS, purpose not stated" if unknown else row["INTENT"],
        "words": f"{row['CLASS']}: {drug}, {rows}, {row['INTENT']}",
    }


def _cells(days: pl.DataFrame) -> pl.DataFrame:
    """Days of each subject and pair as a string: a grade, o observed without one, . unobserved."""
    sign = (
        pl.when(pl.col("GRADE").is_not_null())
        .then(pl.col("GRADE").cast(pl.String))
        .when(pl.col("OBSERVED") == "Y")
        .then(pl.lit("o"))
        .otherwise(pl.lit("."))
    )
    return (
        days.with_columns(PLACE=_POSITION, SIGN=sign)
        .sort("SUBJIDX", "SYSTEM", "BASIS", "PLACE")
        .with_columns(
            GAP=(pl.col("PLACE").diff().over("SUBJIDX", "SYSTEM", "BASIS") - 1).fill_null(0)
        )
        .with_columns(CELL=pl.lit(".").repeat_by(pl.col("GAP")).list.join("") + pl.col("SIGN"))
        .group_by("SUBJIDX", "SYSTEM", "BASIS", maintain_order=True)
        .agg(pl.col("PLACE").min().alias("FROM"), pl.col("CELL").str.join("").alias("CELLS"))
    )


def _numbered_days(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return tables["grade_days"].join(tables["adsl"].select("USUBJID", "SUBJIDX"), on="USUBJID")


def _days(tables: Mapping[str, pl.DataFrame], pair: tuple[str, str]) -> Rows:
    cells = _cells(_numbered_days(tables)).filter(pl.col("CELLS").str.contains("[0-5]"))
    first = (pl.col("SYSTEM") == pair[0]) & (pl.col("BASIS") == pair[1])
    out: Rows = {}
    for row in cells.sort("SUBJIDX", ~first, "SYSTEM", "BASIS").iter_rows(named=True):
        label = f"{wording.system(row['SYSTEM'])}, {row['BASIS']}"
        entry = {"label": label, "start": row["FROM"], "cells": row["CELLS"]}
        out.setdefault(row["SUBJIDX"], []).append(entry)
    return out


def _heat(
    tables: Mapping[str, pl.DataFrame], numbers: list[int], pair: tuple[str, str]
) -> list[list[Any]]:
    days = _numbered_days(tables).filter(
        (pl.col("SYSTEM") == pair[0]) & (pl.col("BASIS") == pair[1])
    )
    found = {row[0]: [row[0], row[3], row[4]] for row in _cells(days).iter_rows()}
    return [found.get(n, [n, 1, "."]) for n in numbers]
