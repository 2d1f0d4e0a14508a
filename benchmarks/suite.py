"""The benchmark suite: how long things take here, and how well the engine finds a known truth.

    python -m benchmarks.suite [grading ingest truth study] [--rows N ...]

Figures go into docs/benchmarks.md. Times are of one machine; ratios to a plain DuckDB job over the
same data travel better.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.marked import write_marked
from pipeline.crs.crs import derive_crs
from pipeline.ingest.drop import ingest_drop
from pipeline.query import Table
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"
CLOCKS = ("ONSET_D", "ONSET_D_FIRST", "DOSESEQ", "DURATION_D", "ENDED")


def main(argv: list[str] | None = None) -> int:
    """Run the named parts, by default all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    options = parser.parse_args(argv)
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            text = PARTS[name](Path(folder), options.rows)
        write_marked(REPORT, name, text)
        print(text, flush=True)
    return 0


def grading(folder: Path, rows: list[int]) -> str:
    """Seconds and memory of the CRS stage by rows of vitals, beside one scan of the same file."""
    lines = [
        "| vitals rows | CRS stage, s | peak memory over start, MiB | plain scan, s | rows/s |"
    ]
    lines.append("|---:|---:|---:|---:|---:|")
    for n in rows:
        done = _apart("grading", folder, n)
        lines.append(
            f"| {done['rows']:,} | {done['seconds']:.1f} | {done['mib']:.0f} "
            f"| {done['scan']:.2f} | {done['rows'] / done['seconds']:,.0f} |"
        )
    return "\n".join(lines)


def grade_rows(folder: Path, n: int) -> dict[str, float]:
    """Grade about n rows of vitals: a simulated study, repeated under other subject names."""
    tables, study = _repeated(folder, n)
    before = _peak()
    seconds = _timed(lambda: derive_crs(tables, study))
    peak = _peak()
    path = tables["sdtm_vs"]
    query = (
        f"select VSTESTCD, count(*), min(VALUE), max(VSDTM) from read_parquet('{path}') group by 1"
    )
    scan = _timed(lambda: duckdb.connect().execute(query).fetchall())
    count = pl.scan_parquet(path).select(pl.len()).collect().item()
    return {"rows": count, "seconds": seconds, "mib": (peak - before) / 1024, "scan": scan}


def _repeated(folder: Path, n: int) -> tuple[dict[str, Table], object]:
    inbox = folder / f"inbox{n}"
    drop = simulate("clean", inbox, seed=5)[0]
    study = load_study(drop)
    tables = ingest_drop(drop, study)
    times = max(1, round(n / tables["sdtm_vs"].height))
    copies = pl.DataFrame({"COPY": [f"-{i:05d}" for i in range(times)]})
    paths: dict[str, Table] = {}
    for name, frame in tables.items():
        wide = frame
        if "USUBJID" in frame.columns:
            wide = frame.join(copies, how="cross").with_columns(pl.col("USUBJID") + pl.col("COPY"))
            wide = wide.drop("COPY")
        paths[name] = folder / f"{name}.parquet"
        wide.write_parquet(paths[name])
    for name, frame in derive_subjects(paths, study).items():
        paths[name] = folder / f"{name}.parquet"
        frame.write_parquet(paths[name])
    return paths, study


def ingest(folder: Path, rows: list[int]) -> str:
    """Seconds to read and validate a VS file, beside DuckDB just converting it to Parquet."""
    lines = [
        "| VS rows (CSV) | ingest, s | peak memory over start, MiB | conversion alone, s | ratio |"
    ]
    lines.append("|---:|---:|---:|---:|---:|")
    for n in [r for r in rows if r <= 1_000_000]:
        done = _apart("ingest", folder, n)
        lines.append(
            f"| {done['rows']:,} | {done['seconds']:.1f} | {done['mib']:.0f} "
            f"| {done['scan']:.1f} | {done['seconds'] / done['scan']:.1f} |"
        )
    return "\n".join(lines)


def ingest_rows(folder: Path, n: int) -> dict[str, float]:
    """Ingest a drop whose VS has about n rows."""
    drop = simulate("clean", folder / f"in{n}", seed=5)[0]
    vs = pl.read_csv(drop / "vs.csv", infer_schema_length=0)
    times = max(1, round(n / vs.height))
    seq = pl.int_range(1, pl.len() + 1).cast(pl.String).alias("VSSEQ")
    pl.concat([vs] * times).with_columns(seq).write_csv(drop / "vs.csv")
    study = load_study(drop)
    before = _peak()
    seconds = _timed(lambda: ingest_drop(drop, study))
    peak = _peak()
    copy = f"copy (from '{drop / 'vs.csv'}') to '{folder / 'vs.parquet'}'"
    return {
        "rows": vs.height * times,
        "seconds": seconds,
        "mib": (peak - before) / 1024,
        "scan": _timed(lambda: duckdb.connect().execute(copy)),
    }


def truth(folder: Path, _rows: list[int]) -> str:
    """Recall, precision and exact grades against the simulator's truth."""
    lines = [
        "| profile | true episodes | found | recall | precision | ASTCT2019 equal | LEE2014 equal "
        "| differences in unspoilt subjects |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for profile in ("clean", "demo", "stress"):
        simulate(profile, folder / profile, seed=20260101)
        lines.append(_truth_row(profile, folder / profile))
    return "\n".join(lines)


def _truth_row(profile: str, inbox: Path) -> str:
    pairs = pl.concat([_pairs(d, inbox) for d in sorted(inbox.iterdir()) if d.is_dir()])
    true, found = pairs["TRUE"].sum(), pairs["FOUND"].sum()
    both = pairs.filter("TRUE", "FOUND")
    odd = pairs.filter("UNSPOILT", ~pl.col("SAME")).height
    equal = [f"{both[s].mean():.3f}" for s in ("ASTCT2019", "LEE2014")]
    return (
        f"| {profile} | {true} | {found} | {both.height / true:.3f} | {both.height / found:.3f} "
        f"| {equal[0]} | {equal[1]} | {odd} |"
    )


def _pairs(drop: Path, inbox: Path) -> pl.DataFrame:
    """True and found episodes of a study, matched by subject and day of onset."""
    study = load_study(drop)
    tables: dict[str, Table] = dict(ingest_drop(drop, study))
    tables |= derive_subjects(tables, study)
    made = derive_crs(tables, study)
    grades = made["grades"].filter(
        pl.col("BASIS") == "derived", pl.col("SYSTEM").is_in(["ASTCT2019", "LEE2014"])
    )
    wide = grades.pivot("SYSTEM", index=["USUBJID", "EPISEQ"], values="GRADE")
    ours = made["episodes"].join(wide, on=["USUBJID", "EPISEQ"], how="left")
    subjects = json.loads((inbox / f"{drop.name}_truth.json").read_text())["subjects"]
    rows = [
        {
            "USUBJID": u,
            "UNSPOILT": not s["defects"],
            **{k: e[k] for k in (*CLOCKS, "ASTCT2019", "LEE2014")},
        }
        for u, s in subjects.items()
        for e in s["episodes"]
    ]
    true = pl.DataFrame(rows, infer_schema_length=None)
    columns = [*CLOCKS[2:], "ASTCT2019", "LEE2014"]
    joined = true.join(
        ours.select("USUBJID", *CLOCKS, "ASTCT2019", "LEE2014"),
        on=["USUBJID", "ONSET_D_FIRST"], how="full", suffix="_OURS",
    )  # fmt: skip
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_OURS")) for c in columns)
    return joined.select(
        TRUE=pl.col("USUBJID").is_not_null(),
        FOUND=pl.col("USUBJID_OURS").is_not_null(),
        UNSPOILT=pl.col("UNSPOILT").fill_null(value=False),
        ASTCT2019=pl.col("ASTCT2019").eq_missing(pl.col("ASTCT2019_OURS")),
        LEE2014=pl.col("LEE2014").eq_missing(pl.col("LEE2014_OURS")),
        SAME=same,
    )


def study(folder: Path, _rows: list[int]) -> str:
    """One study of about 110 subjects by `crsight run`: first run, then one with nothing new."""
    drop = simulate("demo", folder / "all", seed=1)[0]
    inbox = folder / "inbox"
    inbox.mkdir()
    drop.rename(inbox / drop.name)
    run = ["-m", "pipeline.cli", "run", "--inbox", str(inbox), "--home", str(folder / "home")]
    imports = ["-c", "import dagster, polars, duckdb, lifelines, plotly, dataframely"]
    lines = ["| what | s |", "|---|---:|"]
    for what, words in (
        ("interpreter and imports alone", imports),
        ("first run, all stages and pages", run),
        ("second run, nothing changed", run),
    ):
        seconds = _timed(
            lambda w=words: subprocess.run(
                [sys.executable, *w], cwd=ROOT, check=True, capture_output=True
            )
        )
        lines.append(f"| {what} | {seconds:.1f} |")
    return "\n".join(lines)


def _apart(part: str, folder: Path, n: int) -> dict[str, float]:
    """A measurement in a process of its own, so that peaks do not add up."""
    code = (
        "import json, sys, pathlib, benchmarks.suite as s;"
        f"print(json.dumps(s.{'grade_rows' if part == 'grading' else 'ingest_rows'}"
        f"(pathlib.Path({str(folder)!r}), {n})))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(out.stdout.splitlines()[-1])


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


PARTS: dict[str, Callable[[Path, list[int]], str]] = {
    "study": study,
    "truth": truth,
    "ingest": ingest,
    "grading": grading,
}

if __name__ == "__main__":
    sys.exit(main())
