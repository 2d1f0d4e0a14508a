"""Small stages and pages in place of the real ones, for tests of the machinery around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.assets.place import Place
from pipeline.lake.home import Home
from pipeline.plan import OUTPUTS, STAGES
from pipeline.schemas.sdtm import DOMAINS as SDTM
from pipeline.schemas.tables import TABLES

STUDY_YAML = """\
study: {study}
title: Made for a test
cohort: car_t
data_kind: test
products:
  axi: [AXI]
"""
CODE = {stage: f"code of {stage}" for stage in STAGES}


def empty(table: str) -> pl.DataFrame:
    if table.startswith("sdtm_"):
        return SDTM[table.removeprefix("sdtm_").upper()].create_empty()
    return TABLES[table.removeprefix("cohort_")].create_empty()


def of(table: str, **columns: list) -> pl.DataFrame:
    """A frame of a contract table with these columns, the others null."""
    schema = empty(table).schema
    height = len(next(iter(columns.values())))
    data = {name: columns.get(name, [None] * height) for name in schema}
    return pl.DataFrame(data, schema=schema)


@dataclass
class FakeStages:
    """Each subject of dm.csv (one identifier per line) is treated and has one episode."""

    calls: list[str] = field(default_factory=list)
    fail: dict[str, Exception] = field(default_factory=dict)
    spoil: set[str] = field(default_factory=set)

    def _called(self, stage: str, study: str) -> None:
        self.calls.append(f"{study} {stage}")
        if stage in self.fail:
            raise self.fail[stage]

    def ingest(self, drop: Path, study, spill: Path) -> dict[str, pl.DataFrame]:
        self._called("ingest", study.study)
        subjects = sorted((drop / "dm.csv").read_text().split())
        n = len(subjects)
        made = {t: empty(t) for t in OUTPUTS["ingest"]}
        made["sdtm_dm"] = of(
            "sdtm_dm", STUDYID=[study.study] * n, USUBJID=subjects, ROW=list(range(1, n + 1))
        )
        accepted = n + 1 if "ingest" in self.spoil else n
        made["ledger"] = of(
            "ledger", STUDYID=[study.study], DOMAIN=["DM"], N_READ=[n], N_ACCEPTED=[accepted],
            N_QUARANTINED=[0], SHA256=["x"], FORMAT=["csv"],
        )  # fmt: skip
        return made

    def subjects(self, tables: Mapping, study) -> dict[str, pl.DataFrame]:
        self._called("subjects", study.study)
        who = pl.read_parquet(tables["sdtm_dm"])["USUBJID"].to_list()
        n = len(who)
        adsl = of(
            "adsl", STUDYID=[study.study] * n, USUBJID=who, SUBJIDX=list(range(1, n + 1)),
            COHORT=["car_t"] * n, PRODUCT=["axi"] * n, DYSHIFT=[0] * n, NDOSES=[1] * n,
            SAFFL=["Y"] * n,
        )  # fmt: skip
        doses = of(
            "doses", STUDYID=[study.study] * n, USUBJID=who, DOSESEQ=[1] * n,
            PRODUCT=["axi"] * n, EXSTDY=[1] * n, SRCSEQ=["1"] * n,
        )  # fmt: skip
        return {"adsl": adsl, "doses": doses, "covariates": empty("covariates")}

    def crs(self, tables: Mapping, study) -> dict[str, pl.DataFrame]:
        self._called("crs", study.study)
        made = {t: empty(t) for t in OUTPUTS["crs"]}
        who = pl.read_parquet(tables["adsl"])["USUBJID"].to_list()
        n = len(who)
        made["episodes"] = of(
            "episodes", STUDYID=[study.study] * n, USUBJID=who, EPISEQ=[1] * n, ASTDY=[2] * n,
            START=[86400] * n, END_REASON=["recovered"] * n, SOURCE=["AE"] * n,
            MEMBERS=["AE:1"] * n,
        )  # fmt: skip
        made["grades"] = of(
            "grades", STUDYID=[study.study] * n, USUBJID=who, EPISEQ=[1] * n,
            SYSTEM=["ASTCT2019"] * n, BASIS=["derived"] * n, GRADE=[1] * n,
        )  # fmt: skip
        evidence = of(
            "evidence", STUDYID=[study.study] * n, USUBJID=who, EPISEQ=[1] * n,
            SYSTEM=["ASTCT2019"] * n, BASIS=["derived"] * n, CRITERION=["fever"] * n,
            LADDER=["fever"] * n, SRCDOM=["VS"] * n, SRCSEQ=[7] * n, SRCVAR=["VSORRES"] * n,
            VALUE=["38.6 C"] * n, START=[86400] * n,
        )  # fmt: skip
        made["evidence"] = evidence.clear() if "crs" in self.spoil else evidence
        made["accounts"] = of(
            "accounts", STUDYID=[study.study] * n, USUBJID=who, EPISEQ=[1] * n,
            SYSTEM=["ASTCT2019"] * n, BASIS=["derived"] * n, ACCOUNT=["Grade 1: fever."] * n,
        )  # fmt: skip
        return made

    def stats(self, tables: Mapping, study) -> dict[str, pl.DataFrame]:
        self._called("stats", study.study)
        who = pl.read_parquet(tables["adsl"])["USUBJID"].to_list()
        results, sets = results_of(study.study, who)
        return {"adtte": empty("adtte"), "results": results, "sets": sets}

    def queries(self, tables: Mapping, study) -> dict[str, pl.DataFrame]:
        self._called("queries", study.study)
        return {"queries": empty("queries")}

    def cohorts(self, studies: Sequence) -> dict[str, pl.DataFrame]:
        self._called("cohorts", "+".join(study.study for study, _ in studies))
        adsl = [pl.read_parquet(tables["adsl"]) for _, tables in studies]
        who = pl.concat([*adsl, empty("adsl")], how="diagonal_relaxed")["STUDYID", "USUBJID"]
        results, sets = results_of("ALL", who["USUBJID"].to_list())
        sets = sets.with_columns(who.sort("STUDYID", "USUBJID"))
        return {"cohort_results": results, "cohort_sets": sets}


def results_of(study: str, who: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    n = len(who)
    results = of(
        "results", RESULTID=[f"r-{study}"], STUDYID=[study], DATA_KIND=["test"],
        RESULT=["grade_distribution"], POPULATION=["treated"], VARIABLE=["CRS"],
        STAT=["proportion"], VALUE=[1.0], UNIT=["fraction"], N=[n], EVENTS=[n], METHOD=["count"],
        STATUS=["ok"], PLANVER=["1"], SET_N=[f"s-{study}"], SET_EVENTS=[f"s-{study}"],
    )  # fmt: skip
    sets = of(
        "sets", SETID=[f"s-{study}"] * n, STUDYID=[study] * n, USUBJID=sorted(who), EPISEQ=[0] * n
    )
    return results, sets


class FakePages:
    def study(self, view) -> dict[str, bytes]:
        n = pl.read_parquet(view.tables["adsl"]).height
        folder = f"studies/{view.study.study}"
        return {
            f"{folder}/index.html": f"{n} subjects".encode(),
            f"{folder}/subjects.html": b"subjects",
        }

    def cohorts(self, views, tables, missing) -> dict[str, bytes]:
        return {"cohorts/index.html": _said(views, missing)}

    def index(self, views, missing) -> dict[str, bytes]:
        return {"index.html": _said(views, missing), "quality/index.html": b"q"}

    def status(self, rows) -> bytes:
        return "\n".join(f"{r.study} {r.state} {r.why}" for r in rows).encode()


def _said(views, missing) -> bytes:
    ready = " ".join(v.study.study for v in views)
    return f"ready: {ready}; missing: {[(m.study, m.state) for m in missing]}".encode()


def write_drop(inbox: Path, study: str, subjects: str = "S-1 S-2") -> Path:
    drop = inbox / study
    drop.mkdir(parents=True, exist_ok=True)
    (drop / "study.yaml").write_text(STUDY_YAML.format(study=study))
    (drop / "dm.csv").write_text(subjects)
    return drop


def place(tmp_path: Path, stages: FakeStages | None = None, **code: str) -> Place:
    (tmp_path / "inbox").mkdir(exist_ok=True)
    return Place(
        Home(tmp_path / "home"),
        tmp_path / "inbox",
        stages or FakeStages(),
        FakePages(),
        {**CODE, **code},
    )
