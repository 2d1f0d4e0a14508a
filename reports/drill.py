"""Who is behind a number: subject sets that travel with the page, and the buttons that open them.

Subjects are named by their running number (SUBJIDX), never by an identifier. A study that does not
publish subject-level data gives no sets, and its numbers are not buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from markupsafe import Markup, escape

# Put in by %, which escapes as format does in half of the time: a page has thousands.
_BUTTON = Markup('<button class="n" data-set="%s" data-label="%s">%s</button>')


class Drill:
    """The sets that a page cites: short keys in order of first use, members written compactly."""

    def __init__(self, sets: pl.DataFrame, subjects: pl.DataFrame, allowed: Iterable[str]) -> None:
        """Keep the sets whose members all belong to studies that allow it.

        Args:
            sets: The sets table.
            subjects: STUDYID, USUBJID, SUBJIDX.
            allowed: Studies that publish subject-level data.
        """
        open_studies = sorted(allowed)
        numbers = subjects.select("STUDYID", "USUBJID", "SUBJIDX")
        joined = sets.join(numbers, on=["STUDYID", "USUBJID"], how="left")
        closed = joined.filter(
            ~pl.col("STUDYID").is_in(open_studies) | pl.col("SUBJIDX").is_null()
        ).select("SETID")
        self._members: dict[str, dict[str, str]] = {}
        self._sizes: dict[str, int] = {}
        for row in _written(joined.join(closed, on="SETID", how="anti")).iter_rows(named=True):
            self._members.setdefault(row["SETID"], {})[row["STUDYID"]] = row["MEMBERS"]
            self._sizes[row["SETID"]] = self._sizes.get(row["SETID"], 0) + row["SIZE"]
        self._keys: dict[str, str] = {}

    def key(self, setid: str | None, count: int | None = None) -> str | None:
        """Short key of a set, or null if it is not open or does not have `count` members."""
        if setid is None or setid not in self._members:
            return None
        if count is not None and self._sizes[setid] != count:
            return None
        return self._keys.setdefault(setid, f"s{len(self._keys)}")

    @classmethod
    def closed(cls) -> Drill:
        """Sets of nobody: no number is a button."""
        schema = {"SETID": pl.String, "STUDYID": pl.String, "USUBJID": pl.String}
        empty = pl.DataFrame(schema=schema | {"EPISEQ": pl.Int64, "SUBJIDX": pl.Int64})
        return cls(empty.drop("SUBJIDX"), empty.drop("SETID", "EPISEQ"), [])

    def button(self, text: str, setid: str | None, label: str, count: int | None = None) -> Markup:
        """The number as a button that lists who is behind it, or as text where that is not open."""
        key = self.key(setid, count)
        if key is None:
            return escape(text)
        return _BUTTON % (key, label, text)

    def payload(self) -> dict[str, Any]:
        """The cited sets for the page's data: key -> study -> members."""
        return {short: self._members[setid] for setid, short in self._keys.items()}


def _written(members: pl.DataFrame) -> pl.DataFrame:
    part = (
        pl.when(pl.col("EPISEQ") > 0)
        .then(pl.format("{}.{}", "SUBJIDX", "EPISEQ"))
        .otherwise(pl.col("SUBJIDX").cast(pl.String))
    )
    return (
        members.sort("SETID", "STUDYID", "SUBJIDX", "EPISEQ")
        .group_by("SETID", "STUDYID", maintain_order=True)
        .agg(part.str.join(" ").alias("MEMBERS"), pl.len().alias("SIZE"))
    )


def people(adsl: pl.DataFrame, episodes: pl.DataFrame, grades: pl.DataFrame) -> dict[str, Any]:
    """What the list says about a subject's episodes: onset day, grade, outcome.

    Args:
        adsl: Subjects of one study.
        episodes: Its episodes.
        grades: Grades of one system and basis.
    """
    facts = (
        episodes.join(adsl.select("USUBJID", "SUBJIDX"), on="USUBJID")
        .join(grades.select("USUBJID", "EPISEQ", "GRADE"), on=["USUBJID", "EPISEQ"], how="left")
        .sort("SUBJIDX", "EPISEQ")
        .select("SUBJIDX", "EPISEQ", "ASTDY", "GRADE", pl.col("ENDED").is_not_null().alias("ENDED"))
    )
    out: dict[str, Any] = {str(n): {"e": {}} for n in adsl["SUBJIDX"].sort().to_list()}
    for row in facts.iter_rows(named=True):
        grade = "not available" if row["GRADE"] is None else str(row["GRADE"])
        words = "ended" if row["ENDED"] else "not seen to end"
        out[str(row["SUBJIDX"])]["e"][str(row["EPISEQ"])] = [f"day {row['ASTDY']}", grade, words]
    return out


EPISODE_FACTS = ("Onset", "Grade", "Outcome")


def allowed_studies(metas: Iterable[Mapping[str, Any]]) -> list[str]:
    """Studies that publish subject-level data."""
    return [m["study"] for m in metas if m["publish"]["subject_level"]]
