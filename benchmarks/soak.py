"""The heavy counts: random courses against the oracle, and the properties at ten times the tests.

    python -m benchmarks.soak [--minutes M] [--state var/soak.json]

Seeded and resumable: what is done stands in a small JSON file and counts only for the code and
the seed that it was done with. The figures go into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.marked import write_marked
from pipeline.lake.fingerprint import stage_code
from tests.oracle import compare
from tests.oracle.courses import random_courses
from tests.oracle.oracle import SYSTEMS
from tests.oracle.properties import PROPERTIES

ROOT = Path(__file__).resolve().parents[1]
SEED = 20260101
CHUNK = 500  # pairs of a property in one call
State = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Run what is left, write the figures; 1 if anything was read differently or did not hold."""
    options = _options().parse_args(argv)
    deadline = time.monotonic() + options.minutes * 60
    state = load(options.state, options.seed)
    while time.monotonic() < deadline and step(state, options):
        save(options.state, state)
    write_marked(options.report, "random courses", figures(state))
    print(f"Figures: {options.report}")
    for example in state["examples"]:
        print(f"\n{example}")
    return 0 if clean(state) else 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--state", type=Path, default=ROOT / "var" / "soak.json")
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "reliability.md")
    parser.add_argument("--courses", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--pairs", type=int, default=2_000, help="pairs per property")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long")
    return parser


# ---- state


def load(path: Path, seed: int) -> State:
    """What was done before, unless by other code or from another seed."""
    fresh: State = {
        "code": _code(),
        "seed": seed,
        "courses": {"done": 0, "episodes": 0, "different": 0, "seconds": 0.0},
        "properties": {name: {"done": 0, "failed": 0, "seconds": 0.0} for name in PROPERTIES},
        "examples": [],
    }
    if not path.is_file():
        return fresh
    old: State = json.loads(path.read_text(encoding="utf-8"))
    if (old["code"], old["seed"]) == (fresh["code"], seed):
        return old
    print("Other code or seed than before: starting over.")
    return fresh


def save(path: Path, state: State) -> None:
    """Write aside and rename, so that a stop at any moment leaves a whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(state, indent=1), encoding="utf-8")
    aside.replace(path)


def _code() -> str:
    stages = stage_code()
    total = hashlib.sha256((stages["subjects"] + stages["crs"]).encode())
    for path in sorted((ROOT / "tests" / "oracle").glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def clean(state: State) -> bool:
    """Nothing was read differently and every property held."""
    failed = sum(p["failed"] for p in state["properties"].values())
    return state["courses"]["different"] == 0 and failed == 0


# ---- work


def step(state: State, options: argparse.Namespace) -> bool:
    """Do the next batch; False where nothing is left. Properties go first, they are quicker."""
    for name, done in state["properties"].items():
        if done["done"] < options.pairs:
            _property(state, name, min(CHUNK, options.pairs - done["done"]))
            return True
    left = options.courses - state["courses"]["done"]
    if left <= 0:
        return False
    _courses(state, min(options.batch, left))
    return True


def _property(state: State, name: str, pairs: int) -> None:
    done = state["properties"][name]
    begun = time.monotonic()
    # A seed of its own for every chunk, wherever the work was stopped in between.
    found = PROPERTIES[name](state["seed"] + 1_000_000 + done["done"], pairs)
    done["seconds"] += time.monotonic() - begun
    done["done"] += pairs
    done["failed"] += len(found)
    _remember(state, found[:1])
    print(f"{name}: {done['done']} pairs, {done['failed']} not so", flush=True)


def _courses(state: State, n: int) -> None:
    done = state["courses"]
    begun = time.monotonic()
    courses = random_courses(state["seed"] + done["done"], n)
    read = compare.read_both(courses)
    found = [d for d in read if d.by_oracle != d.by_engine]
    done["seconds"] += time.monotonic() - begun
    done["done"] += n
    done["episodes"] += sum(len(d.by_oracle) for d in read)
    done["different"] += len(found)
    _remember(state, [str(compare.smallest(d)) for d in found[:1]])
    print(f"courses: {done['done']}, {done['different']} read differently", flush=True)


def _remember(state: State, examples: list[str]) -> None:
    state["examples"] = [*state["examples"], *examples][:10]


# ---- figures


def figures(state: State) -> str:
    """What was measured, as Markdown."""
    courses = state["courses"]
    lines = [
        f"Seed {state['seed']}, code {state['code']}. `python -m benchmarks.soak` makes them anew.",
        "",
        "| proof | count | not so | seconds |",
        "|---|---:|---:|---:|",
        f"| random courses read by engine and oracle alike ({courses['episodes']:,} episodes,"
        f" {len(SYSTEMS)} systems each) | {courses['done']:,} | {courses['different']:,}"
        f" | {courses['seconds']:.0f} |",
    ]
    lines += [
        f"| {name} | {p['done']:,} | {p['failed']:,} | {p['seconds']:.0f} |"
        for name, p in state["properties"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
