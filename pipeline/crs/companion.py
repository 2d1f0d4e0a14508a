"""The grading rules in words, written from the criteria tables, ladders and switches themselves.

`python -m pipeline.crs.companion` writes docs/grading.md; a test fails where the two differ.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.crs.systems import read_criteria, read_systems
from pipeline.schemas.tables.findings import LADDERS
from pipeline.switches import Switches

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "grading.md"

HEAD = """# How crsight grades CRS

Written from the criteria tables in `pipeline/crs/systems/`, the ladders and the switches by
`python -m pipeline.crs.companion`. Do not edit: a test compares.

## From data to a grade
1. Vital signs, infusions, oxygen, drugs, stays and events become **ladders**: from one moment to
   another a sign or a support stood at a level, by one source row. A ladder knows no system.
2. A reading holds to the first later reading that contradicts it, at most `vital_hold_h`; without
   a clock time it holds for its day.
3. A sign is **attributed elsewhere** only where an adverse event for that very sign (fever,
   hypotension, hypoxia) is recorded as not related and covers it. Oxygen that stood before the
   first dose counts where it is raised; ventilation to protect the airway, for a procedure or for
   sleep apnoea does not count; premedication and prophylaxis are no treatment.
4. Collected CRS records that belong together are one **episode**. Two belong together when less
   than `merge_gap_h` lies between them; a dose in that time starts a new one.
5. A system is a table of criteria. The grade of a moment is the highest whose criterion holds; the
   grade of the episode is the highest of its moments; 0 if none holds; none, with a reason, where
   the study lacks a domain that the system needs.
6. **fever_gate** (ASTCT): fever opens it and carries `fever_carry_h`; once there was fever,
   antipyretic, anticytokine or steroid treatment keeps it open to the end of the episode.
7. The grade that the study collected is kept beside the derived one and never replaced.

## Ladders
| ladder | levels |
|---|---|
"""


def companion() -> str:
    """The text of docs/grading.md."""
    ladders = "".join(f"| {name} | {levels} |\n" for name, levels in LADDERS.items())
    return HEAD + ladders + _systems() + _switches()


def _systems() -> str:
    criteria = read_criteria(Switches().model_dump())
    parts = ["\n## Systems\nUnder the default switches.\n"]
    for system in read_systems().iter_rows(named=True):
        needs = ", ".join(system["REQUIRES"].split(" "))
        parts.append(f"\n### {system['TITLE']} (`{system['SYSTEM']}`)\n{system['CITATION']}.")
        parts.append(
            f" Needs {needs}.\n\n| grade | criterion | holds when | source |\n|---|---|---|---|\n"
        )
        rows = criteria.filter(pl.col("SYSTEM") == system["SYSTEM"]).sort("GRADE", "ROWNO")
        parts.extend(
            f"| {r['GRADE']} | {r['WORDS']} | {_condition(r)} | {r['CITATION']} |\n"
            for r in rows.iter_rows(named=True)
        )
    return "".join(parts)


def _condition(row: dict[str, object]) -> str:
    low, high = row["MIN_LEVEL"], row["MAX_LEVEL"]
    level = f"{low}" if low == high else f"{low} to {high}"
    parts = [f"{row['LADDER']} at {level}"]
    if row["MIN_HOURS"]:
        parts.append(f"for {row['MIN_HOURS']:g} h or longer")
    if row["WITHIN_H"]:
        parts.append(f"within {row['WITHIN_H']} h of the episode")
    if row["GATE"]:
        parts.append(f"while {row['GATE']} is open")
    if row["UNLESS"]:
        parts.append(f"unless {row['UNLESS']}")
    return ", ".join(parts)


def _switches() -> str:
    rows = "".join(
        f"| `{name}` | {field.default} | {field.description or ''} |\n"
        for name, field in Switches.model_fields.items()
    )
    return (
        "\n## Switches\nSet under `switches` in study.yaml; reports name those that differ.\n\n"
        "| switch | default | meaning |\n|---|---|---|\n" + rows
    )


if __name__ == "__main__":
    DOCUMENT.write_text(companion(), encoding="utf-8")
