"""The folders of an inbox: which are study drops, and which are refused for their name alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.study import STUDY_ID


@dataclass(frozen=True)
class Drop:
    """A folder of the inbox; `problems` says why it is refused before anything is read."""

    study: str
    path: Path
    problems: tuple[str, ...] = ()


def drops(inbox: Path, known: Iterable[str] = ()) -> list[Drop]:
    """Drops of an inbox by name. Hidden folders and files beside the drops are passed over.

    Args:
        inbox: the folder; one that is not there holds no drops.
        known: studies that the lake has, whose names may not be taken in other letters.
    """
    if not inbox.is_dir():
        return []
    folders = sorted(p for p in inbox.iterdir() if p.is_dir() and not p.name.startswith("."))
    known = set(known)
    spellings = Counter(name.casefold() for name in known | {p.name for p in folders})
    return [Drop(p.name, p, _problems(p.name, spellings, known)) for p in folders]


def _problems(name: str, spellings: Counter[str], known: set[str]) -> tuple[str, ...]:
    if not STUDY_ID.fullmatch(name):
        return (
            f"folder name {name!r}: a study is named by 1 to 32 letters, digits, _ or -, "
            "the first a letter or digit",
        )
    if spellings[name.casefold()] > 1 and name not in known:
        return (f"folder name {name!r}: another study has this name in other capitals",)
    return ()
