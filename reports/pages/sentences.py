"""The headline facts of a study in words, each number taken from a result row."""

from __future__ import annotations

import polars as pl

from reports import disclosure, wording
from reports.select import Block, Row, first, only
from reports.tables.grades import arm_name

WITH_CRS = "subjects with CRS"


def sentences(block: Block, counted: Block, recorded: Block | None = None) -> list[str]:
    """What a board wants to hear first, under the primary system.

    Args:
        block: The primary system and basis.
        counted: The block that subjects are counted in: the same, or another where nothing is
            available in that.
        recorded: The block of what was recorded, which may count other subjects than a derived one.
    """
    if block.missing is not None and counted.without_crs:
        said = [w for arm in counted.arms for w in _arm(counted, arm)]
        return [*said, f"So there is nothing to grade under {wording.system(block.system)}."]
    if block.missing is not None:
        reason = wording.why(block.missing)
        return [
            f"The primary system, {block.name}, is not available in this study, because {reason}. "
            "Nothing falls back to another system silently; choose one below."
        ]
    said: list[str] = []
    for arm in block.arms:
        who = f"{arm_name(arm)}: " if len(block.arms) > 1 else ""
        first_said, *more = _arm(block, arm)
        own = [first_said, _otherwise(block, recorded, arm), *more]
        said += [who + words for words in own if words]
    said.append(_system(block))
    return said


def _otherwise(block: Block, recorded: Block | None, arm: str | None) -> str:
    """How many had CRS as recorded, where another number stands above."""
    if recorded is None or recorded is block:
        return ""
    here, there = (
        first(only(b.arm(arm), RESULT="subjects", VARIABLE="with_crs", STAT="n"))
        for b in (block, recorded)
    )
    if here is None or there is None or {here["STATUS"], there["STATUS"]} != {"ok"}:
        return ""
    if here["EVENTS"] == there["EVENTS"]:
        return ""
    said = f"As recorded by the study {there['EVENTS']} of {there['N']} had CRS"
    more = there["EVENTS"] - here["EVENTS"]
    if more < 0:
        return f"{said}."
    ungraded = first(only(block.arm(arm), RESULT="subjects", VARIABLE="ungraded", STAT="n"))
    without = "no sign of CRS was found"
    if ungraded is not None and ungraded["EVENTS"] != 0:  # or withheld
        without = "no sign of CRS was found, or nothing can be graded,"
    return (
        f"{said}; in the recorded episodes of {more} of them {without} under "
        f"{wording.system(block.system)}."
    )


def _system(block: Block) -> str:
    if block.basis == "collected":
        scale = (
            "on a scale that the study does not name" if block.system == "ANY" else "as recorded"
        )
        return (
            f"Grades on this page are {wording.system(block.system)}, {scale}, unless chosen "
            "otherwise."
        )
    return (
        f"Grades on this page are {wording.system(block.system)}, derived from findings within the "
        "recorded episodes, unless chosen otherwise."
    )


def _arm(block: Block, arm: str | None) -> list[str]:
    rows = block.arm(arm)
    worst = only(rows, RESULT="grade_distribution", GROUPVAR=None)
    crs, severe = (first(worst, LEVEL=level) for level in (">=1", ">=3"))
    if crs is not None and crs["N"] == 0:
        return ["No subject was treated, so nothing was counted."]
    if crs is not None and crs["EVENTS"] == 0 and crs["STATUS"] == "ok":
        return [
            f"No CRS: none of {crs['N']} treated subjects had {_an_episode(rows)} "
            f"(95% CI for the share {wording.interval(crs)})."
        ]
    counts = only(rows, RESULT="subjects")
    return [
        _share(crs, "treated subjects had CRS"),
        _share(severe, "had grade 3 or higher"),
        _fatal(first(worst, LEVEL="5")),
        _onset(first(only(rows, RESULT="onset_time", VARIABLE="ONSET_D_FIRST"), STAT="median")),
        _ended(
            first(counts, VARIABLE="not_ended"), first(counts, VARIABLE="subjects_with_recurrence")
        ),
        _toci(first(only(rows, RESULT="interventions", LEVEL="tocilizumab"), DENOM=WITH_CRS)),
    ]


def _an_episode(rows: pl.DataFrame) -> str:
    """A grade derived within recorded episodes may be 0 in all of them."""
    recorded = rows["BASIS"].to_list()[:1] == ["collected"]
    return "a recorded episode" if recorded else "an episode with a sign of CRS in it"


def _share(row: Row | None, words: str) -> str:
    if row is None:
        return ""
    if row["STATUS"] == "ok":
        return f"{row['EVENTS']} of {row['N']} {words} ({wording.percent(row['VALUE'])})."
    if row["STATUS"] == "suppressed":
        if row["REASON"] == disclosure.WITHHELD:
            return f"How many {words} is withheld to protect small groups."
        bound = row["REASON"].replace("<", "Fewer than ").replace(">", "More than ")
        return f"{bound} {words}; exact small counts are not printed."
    return f"How many {words} is not known: {wording.why(row['REASON'])}."


def _fatal(row: Row | None) -> str:
    if row is None or row["STATUS"] != "ok":
        return ""
    if not row["EVENTS"]:
        return "No subject died of CRS."
    return f"{wording.plural(row['EVENTS'], 'subject')} died of CRS (grade 5)."


def _onset(row: Row | None) -> str:
    if row is None or row["STATUS"] != "ok":
        return ""
    when = "on the day of the first dose" if row["VALUE"] == 0 else (
        f"{wording.number(row['VALUE'])} days after the first dose"
    )  # fmt: skip
    return f"Half of those with CRS had its onset {when} or earlier."


def _ended(not_ended: Row | None, again: Row | None) -> str:
    parts: list[str] = []
    if not_ended is not None and not_ended["EVENTS"] is not None:
        n = not_ended["EVENTS"]
        parts.append(
            "every episode was seen to end"
            if n == 0
            else f"{wording.plural(n, 'subject')} had an episode that was not seen to end"
        )
    if again is not None and again["EVENTS"] is not None:
        n = again["EVENTS"]
        parts.append(f"{wording.plural(n, 'subject') if n else 'no subject'} had more than one")
    return wording.sentence("; ".join(parts))


def _toci(row: Row | None) -> str:
    if row is None or row["STATUS"] != "ok" or not row["N"]:
        return ""
    return (
        f"{row['EVENTS']} of {row['N']} subjects with CRS got tocilizumab during it "
        f"({wording.percent(row['VALUE'])})."
    )
