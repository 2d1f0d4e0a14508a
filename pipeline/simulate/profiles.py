"""Profiles of simulated studies: demo, clean, stress, scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.simulate.products import BISPECIFIC, CART, DEMO, StudySpec
from pipeline.simulate.soil import soil
from pipeline.simulate.tables import draw_study
from pipeline.simulate.truth import truth_document
from pipeline.simulate.write import write_study, write_truth

#: changes whenever the same seed gives other files
VERSION = 3
#: how many times the measured rate of each defect is planted
_FACTOR = {"demo": 1.0, "clean": 0.0, "stress": 4.0, "scale": 0.0}
PROFILES = tuple(_FACTOR)


def simulate(
    profile: str,
    out: Path,
    seed: int,
    subjects: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write the study drops of a profile below `out`, each with its truth file beside it.

    Args:
        profile: demo, clean (demo without defects), stress (more defects, competing events) or
            scale (many subjects).
        out: folder of drops; made where missing.
        seed: same seed, same bytes.
        subjects: total number of subjects, shared out as the profile's own.
        progress: told one line per study.

    Returns:
        The study folders written.

    Raises:
        ValueError: unknown profile.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r}: must be one of {', '.join(PROFILES)}")
    specs = studies_of(profile, subjects)
    folders: list[Path] = []
    for spec in specs:
        folders.append(_one(profile, spec, out, seed))
        if progress is not None:
            progress(f"{spec.study}: {spec.n} subjects, {spec.title}")
    return folders


def studies_of(profile: str, subjects: int | None = None) -> list[StudySpec]:
    """The studies of a profile, with their numbers of subjects."""
    specs = {"demo": DEMO, "clean": DEMO, "stress": _stress(), "scale": _scale()}[profile]
    total = sum(s.n for s in specs)
    share = 1.0 if subjects is None else subjects / total
    return [replace(s, n=max(1, round(s.n * share))) for s in specs]


def _stress() -> tuple[StudySpec, ...]:
    competing = replace(
        CART[2],
        study="SIMCOMP1",
        min_cell=5,
        title="Simulated study of CAR-T C with many early deaths and withdrawals",
        early_death=0.10,
        early_stop=0.11,
    )
    charted = replace(
        CART[2],
        study="SIMDAY1",
        title="Simulated study of CAR-T C with CRS charted as daily grades",
        daily=True,
        format="parquet",
    )
    return (*DEMO, competing, charted)


def _scale() -> tuple[StudySpec, ...]:
    return tuple(replace(s, n=5000, format="parquet") for s in (CART[1], BISPECIFIC[0]))


def _one(profile: str, spec: StudySpec, out: Path, seed: int) -> Path:
    drawn = draw_study(spec, seed)
    tables, truth, account = soil(drawn, _FACTOR[profile])
    folder = write_study(spec, tables, out)
    head = {"study": spec.study, "profile": profile, "seed": seed, "version": VERSION}
    document = truth_document(drawn.trial, drawn.follow_up, truth, account, head)
    write_truth(document, spec.study, out)
    return folder
