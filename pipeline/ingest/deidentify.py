"""The gate: a drop that carries direct identifiers is refused, with places and counts, no values.

Source: the identifiers of 45 CFR 164.514(b)(2)(i) that can stand in a study data set; event dates
are needed and stay inside, they are never shown. Ages over 89 are capped where DM is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

# By name: a column of these names with any value in it. Names that only look alike are spared.
_NAMES = {
    "a person's name": r"^(?:.*NAME|NAMES?|(?:PAT|PT|SUBJ|SUBJECT|INV|FIRST|LAST|SUR|F|L)NAM?)$",
    "initials": r"^(?:SUBJ|PAT|PT|SUBJECT_|PATIENT_)?INIT(?:IAL)?S?$",
    "a medical record number": (
        r"^(?:.*_)?(?:MRN|MEDREC.*|HOSPNO|CHARTNO|PATIENT_?ID|NHSNO|NHS_NUMBER)$"
    ),
    "a social security number": r"^(?:.*_)?(?:SSN|SOCSEC.*|SOCIAL_?SECURITY.*)$",
    "a telephone number": r"^.*(?:PHONE|MOBILE).*$|^(?:TEL|TELNO|FAX|FAXNO)$",
    "an e-mail address": r"^.*E_?MAIL.*$",
    "a postal address": r"^.*ADDR.*$|^(?:STREET|ZIP|ZIP_?CODE|POST_?CODE|POSTAL_?CODE)$",
}
_NOT_NAMES = (
    r"^(?:TEST|PARAM|VISIT|TRT|DRUG|MED|STUDY|SITE|ARM|DS|DOMAIN|CODELIST|UNIT|DEVICE|PRODUCT)"
    r"_?NAME$"
)

# Birth dates: a year alone is no identifier.
_BIRTH = r"^(?:BI?RTH_?DTC?|BIRTH_?DATE|DOB|DATE_?OF_?BIRTH)$"

# By value, in any column of text.
_VALUES = {
    "an e-mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    "a telephone number": (
        r"(?:^|[^\d-])(?:\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[ -]\d{3}-\d{4}|\d{3}\.\d{3}\.\d{4}"
        r"|\d{3} \d{3} \d{4})(?:$|[^\d-])"
        r"|\+\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}"
        r"|(?i:\b(?:tel|phone|fax|mobile)\b\.?:? ?\+?\d[\d ().-]{5,}\d)"
    ),
    "a social security number": r"(?:^|[^\d-])\d{3}-\d{2}-\d{4}(?:$|[^\d-])",
    "a medical record number": (
        r"(?i:\bMRN\b[^0-9A-Za-z]{0,3}(?:no\.?|number|is)?[^0-9A-Za-z]{0,3}\d{4,})"
        r"|(?i:\bmedical record (?:no\.?|number)[^0-9]{0,4}\d{4,})"
    ),
    "a birth date": r"(?i:\b(?:DOB|date of birth|born(?: on)?)\b[^0-9A-Za-z]{0,3}\d{1,4}[-/. ])",
    # A title with its name; "MS Contin" and "Dr. Reddy's" are medicines.
    "a person's name": r"\b(?:Mr\.?|Mrs\.?|Ms\.) \p{Lu}\p{Ll}+",
}
# Made of digits and hyphens by design: subject keys and dates are not read as numbers of a person.
_CODED = r"^(?:STUDYID|USUBJID|SUBJID|SITEID|IDVARVAL|RELID|.*SPID|.*REFID|.*GRPID|.*DTC)$"
_CODED_ONLY = ("an e-mail address",)


@dataclass(frozen=True)
class Identifier:
    """Where identifiers stand: the file, the column, how many rows, the first of them, and what.

    `at` is the place of the column in the file.
    """

    file: str
    column: str
    rule: str
    what: str
    rows: int
    first: int
    at: int

    def __str__(self) -> str:
        how = "a column of that name" if self.rule == "IDENTIFIER_COLUMN" else "text like that"
        return (
            f"{self.file}: column {self.column}, {self.rows} rows, first row {self.first}:"
            f" {self.rule}, {self.what} ({how})"
        )


def find_identifiers(file: str, raw: pl.DataFrame) -> list[Identifier]:
    """Every column of a file as read, whether it would be handed on or not."""
    named = [_by_name(file, raw.get_column(name), at) for at, name in enumerate(raw.columns)]
    texts = [name for name, kind in raw.schema.items() if kind == pl.String]
    if not texts:
        return [hit for hit in named if hit]
    named += _by_qualifier(file, raw)
    # One pass over the distinct values finds the columns that need a closer look: mostly none.
    suspect = raw.select(
        pl.col(name).unique().str.contains(_any_of(_patterns(name))).any() for name in texts
    ).row(0)
    columns = [raw.get_column(name) for name, hit in zip(texts, suspect, strict=True) if hit]
    return [hit for hit in named if hit] + [
        h for column in columns for h in _by_value(file, column, raw.get_column_index(column.name))
    ]


def _by_qualifier(file: str, raw: pl.DataFrame) -> list[Identifier]:
    """Qualifiers (SUPP--) whose QNAM is a name that no column may have."""
    if not {"QNAM", "QVAL"} <= set(raw.columns):
        return []
    filled = raw.select(
        pl.col("QNAM").cast(pl.String).str.to_uppercase(), "QVAL", AT=pl.int_range(1, pl.len() + 1)
    ).drop_nulls()
    found = [
        (_by_name(file, rows["QVAL"].alias(str(name)), raw.width), rows["AT"][0])
        for (name,), rows in sorted(filled.partition_by("QNAM", as_dict=True).items())
    ]
    return [replace(h, column=f"QVAL of {h.column}", first=first) for h, first in found if h]


def add_identifiers(
    before: list[Identifier], more: list[Identifier], rows: int
) -> list[Identifier]:
    """What stands in the first `rows` rows of a file and in the rows after them, in one list."""
    found = {_which(hit): hit for hit in before}
    for hit in more:
        known = found.get(_which(hit), replace(hit, rows=0, first=hit.first + rows))
        found[_which(hit)] = replace(known, rows=known.rows + hit.rows)
    return [found[key] for key in sorted(found)]


def _which(hit: Identifier) -> tuple[str, int, str, int]:
    return hit.rule, hit.at, hit.column, [*_VALUES, hit.what].index(hit.what)


def _patterns(name: str) -> dict[str, str]:
    coded = re.match(_CODED, name) is not None
    return {what: p for what, p in _VALUES.items() if not coded or what in _CODED_ONLY}


def _any_of(patterns: dict[str, str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns.values())


def _by_name(file: str, column: pl.Series, at: int) -> Identifier | None:
    name = column.name
    what = next((what for what, pattern in _NAMES.items() if re.match(pattern, name)), None)
    if what == "a person's name" and re.match(_NOT_NAMES, name):
        what = None
    filled = column.is_not_null()
    if re.match(_BIRTH, name):
        text = column.cast(pl.String).str.replace(r"\.0*$", "")
        filled, what = filled & (text.str.len_chars() > 4), "a birth date"
    if what is None or not filled.any():
        return None
    return _hit((file, name, at), "IDENTIFIER_COLUMN", what, filled)


def _by_value(file: str, column: pl.Series, at: int) -> list[Identifier]:
    out: list[Identifier] = []
    for what, pattern in _patterns(column.name).items():
        hits = column.str.contains(pattern).fill_null(value=False)
        if hits.any():
            out.append(_hit((file, column.name, at), "IDENTIFIER_VALUE", what, hits))
    return out


def _hit(place: tuple[str, str, int], rule: str, what: str, hits: pl.Series) -> Identifier:
    file, name, at = place
    # A header that is free text could be an identifier itself.
    column = name if len(name) <= 32 else name[:8] + "..."
    return Identifier(file, column, rule, what, int(hits.sum()), int(hits.arg_true()[0]) + 1, at)
