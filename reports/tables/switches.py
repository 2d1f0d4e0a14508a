"""Tables of the switches: one row where a study differs from a default, and every default once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from reports import wording
from reports.tables.html import Cell, Column, code, empty, table

STUDY_YAML = "study.yaml"
NONE = "Every study uses every default."
NO_STUDY = "No study is on this page."
_NOTHING = object()

Meta = Mapping[str, Any]
Facts = Mapping[str, Any]


class Change(NamedTuple):
    """Where a study differs: the switch, its value there, and the default."""

    name: str
    value: str
    default: str


def changed(meta: Meta, facts: Facts) -> list[Change]:
    """Where a study differs from the defaults, then the lists that it extends.

    Args:
        meta: study.yaml of the study.
        facts: `defaults` (switch to default); a switch without a default counts as different.
    """
    defaults = facts.get("defaults") or {}
    switches = [
        Change(name, words(value), words(defaults[name]) if name in defaults else "not stated")
        for name, value in sorted(meta["switches"].items())
        if defaults.get(name, _NOTHING) != value
    ]
    lists = [
        Change(
            f"codelist {name}",
            f"{wording.plural(len(rows), 'row')} of its own",
            "crsight's list alone",
        )
        for name, rows in sorted(meta["codelists"].items())
        if rows
    ]
    return switches + lists


def words(value: Any) -> str:
    """A value of a switch as it is printed.

    >>> words(True), words(24.0), words(None), words({"AXILLA": 0.5}), words(["PENN"])
    ('yes', '24', 'none', 'AXILLA: 0.5', 'PENN')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {words(v)}" for k, v in sorted(value.items())) or "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(words, value)) or "none"
    return "none" if value is None else str(value)


def table_differences(metas: Sequence[Meta], facts: Facts) -> Markup:
    """A row for each difference: study, switch, its value, the default, and who decided it.

    Args:
        metas: study.yaml of each study.
        facts: `defaults`, `switch_words` (switch to meaning), `inputs` (study to file to hash).
    """
    if not metas:
        return empty(NO_STUDY)
    meanings, inputs = facts.get("switch_words") or {}, facts.get("inputs") or {}
    rows = [
        [m["study"], code(c.name), meanings.get(c.name, _meaning(c.name)), Markup("<b>{}</b>")
         .format(c.value), c.default, _decided(inputs.get(m["study"], {}))]
        for m in metas
        for c in changed(m, facts)
    ]  # fmt: skip
    if not rows:
        return empty(NONE)
    columns = [
        Column("Study"), Column("Switch"), Column("Meaning", "words"), Column("This study"),
        Column("Default"), Column("Decided by"),
    ]  # fmt: skip
    alike = sum(not changed(m, facts) for m in metas)
    said = f"{wording.plural(alike, 'other study uses', 'other studies use')} every default."
    made = table("switch-differences", columns, rows, label="Where studies differ", filtered=True)
    return made + (Markup('<p class="note">{}</p>').format(said) if alike else Markup(""))


def table_defaults(metas: Sequence[Meta], facts: Facts) -> Markup:
    """Every switch with its meaning, its default, and how many studies differ.

    Args:
        metas: study.yaml of each study.
        facts: `defaults` and `switch_words`.
    """
    defaults, meanings = facts.get("defaults") or {}, facts.get("switch_words") or {}
    if not defaults:
        return empty("The defaults were not handed to this page.")
    differ = Counter(c.name for m in metas for c in changed(m, facts))
    rows = [
        [code(name), meanings.get(name, ""), words(defaults[name]),
         Cell(str(differ[name] or "none"), differ[name])]
        for name in sorted(defaults)
    ]  # fmt: skip
    columns = [
        Column("Switch"), Column("Meaning", "words"), Column("Default"),
        Column("Studies that differ", "num"),
    ]  # fmt: skip
    return table("switch-defaults", columns, rows, label="Switches and defaults", filtered=True)


def _meaning(name: str) -> str:
    return "extends our list of this name" if name.startswith("codelist ") else ""


def _decided(files: Mapping[str, str]) -> Markup:
    """The file that says so, by its hash: nothing else can set a switch."""
    digest = files.get(STUDY_YAML, "")
    if not digest:
        return Markup.escape(STUDY_YAML)
    return Markup("{} <code title='SHA-256 {}'>{}</code>").format(STUDY_YAML, digest, digest[:12])
