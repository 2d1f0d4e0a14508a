"""Which studies of two cohorts treat the same disease in the same line, so that they compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.study import Study

_KEYS = ("indication", "line")


class SharedSetting(NamedTuple):
    """Indication and line of each study to compare; studies left out; why there is none."""

    settings: dict[str, str]
    left_out: tuple[str, ...]
    problem: str | None


def shared_setting(
    studies: Mapping[str, Study], first: Sequence[str], second: Sequence[str]
) -> SharedSetting:
    """Restrict two cohorts to the indications and lines that both have (positivity).

    Rule: every study must say its indication and line in study.yaml; they are compared without
    case and surplus blanks.

    Args:
        studies: each study's own description by its name.
        first: studies of the first cohort.
        second: studies of the second cohort.
    """
    names = sorted({*first, *second})
    missing = [
        f"study.yaml of {name} gives no {' and no '.join(gaps)}"
        for name in names
        if (gaps := [k for k in _KEYS if not _plain(getattr(studies[name], k))])
    ]
    if missing:
        return SharedSetting({}, (), "; ".join(missing))
    setting = {name: ", ".join(_plain(getattr(studies[name], k)) for k in _KEYS) for name in names}
    plain = {name: words.casefold() for name, words in setting.items()}
    both = {plain[s] for s in first} & {plain[s] for s in second}
    if not both:
        return SharedSetting({}, (), "no indication and line is shared by both cohorts")
    # Spelt as the first study by name spells it.
    spelt = {plain[name]: setting[name] for name in reversed(names)}
    kept = {name: spelt[words] for name, words in plain.items() if words in both}
    return SharedSetting(kept, tuple(n for n in names if n not in kept), None)


def _plain(words: str | None) -> str:
    return " ".join((words or "").split())
