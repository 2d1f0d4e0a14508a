"""What a drop and a stage's code are, as hashes: the two things that make a result stale."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUCCESS = "_SUCCESS"

# Sources that a stage's result depends on, besides the locked packages.
_COMMON = (
    "pipeline/schemas",
    "pipeline/study.py",
    "pipeline/switches.py",
    "pipeline/query.py",
    "pipeline/table.py",
    "pipeline/lake/parquet.py",
    "pipeline/plan.py",
    "pipeline/assets/breaches.py",
    "pipeline/assets/checks.py",
    "pipeline/assets/rules.py",
)
SOURCES: dict[str, tuple[str, ...]] = {
    **{s: (f"pipeline/{s}", f"sql/{s}") for s in ("ingest", "subjects", "crs", "stats")},
    # Headlines are counted again with the statistics' own functions.
    "queries": ("pipeline/queries", "pipeline/stats", "sql/stats"),
    "reports": ("reports", "pipeline/assets/pages.py"),
}


def drop_files(drop: Path) -> Iterator[Path]:
    """Files of a drop that count, sorted: neither hidden ones nor the mark of completeness."""
    for path in sorted(drop.rglob("*")):
        parts = path.relative_to(drop).parts
        if path.is_file() and parts != (SUCCESS,) and not any(p.startswith(".") for p in parts):
            yield path


def drop_fingerprint(drop: Path) -> dict[str, str]:
    """Name and hash of every file of a drop. Names, sizes and times do not matter, bytes do."""
    return {path.relative_to(drop).as_posix(): sha256_of(path) for path in drop_files(drop)}


def drop_signature(drop: Path) -> str:
    """Names, sizes and times of a drop's files: cheap, for whether it stands still."""
    lines = [
        f"{path.relative_to(drop).as_posix()} {stat.st_size} {stat.st_mtime_ns}"
        for path in drop_files(drop)
        for stat in [path.stat()]
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@functools.cache
def stage_code() -> dict[str, str]:
    """Hash of each stage's sources, SQL, codelists and locked packages, as of this process's start.

    Cached: a process that runs on keeps the modules that it has loaded, whatever the disk says.
    """
    lock = _lock()
    return {stage: _code(sources(stage), lock) for stage in SOURCES}


def sources(stage: str) -> list[Path]:
    """Every file that a stage's result depends on."""
    # SQL beside the stages' folders holds macros that all of them may use.
    shared = sorted((ROOT / "sql").glob("*.sql"))
    own = [path for name in (*SOURCES[stage], *_COMMON) for path in _tree(ROOT / name)]
    return [*shared, *own]


def _code(files: Iterable[Path], lock: str) -> str:
    total = hashlib.sha256(lock.encode())
    for path in files:
        total.update(f"{path.relative_to(ROOT).as_posix()} {sha256_of(path)}\n".encode())
    return total.hexdigest()


def _tree(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc" and p.name[0] != "."
    )


def packages() -> dict[str, str]:
    """Installed versions of the packages that crsight needs itself."""
    names = {_name(line) for line in _needed() if "extra ==" not in line}
    return {name: metadata.version(name) for name in sorted(names)}


def _needed() -> list[str]:
    project = ROOT / "pyproject.toml"
    if project.is_file():  # sources beside their project file, installed or not
        return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    return metadata.requires("crsight") or []


def _lock() -> str:
    """The lock file beside the sources; where crsight is installed, what is installed with it."""
    lock = ROOT / "requirements.lock"
    if lock.is_file():
        return lock.read_text(encoding="utf-8")
    return "\n".join(f"{name}=={version}" for name, version in packages().items())


def _name(requirement: str) -> str:
    kept = (c if c.isalnum() or c in "-_." else " " for c in requirement)
    return "".join(kept).split()[0]


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
