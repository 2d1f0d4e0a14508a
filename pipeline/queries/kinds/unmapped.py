"""Relevant terms and units that no codelist knows."""

from __future__ import annotations

import polars as pl

from pipeline.queries.asked import SEVERE, Asked, asked, ref
from pipeline.queries.beside import PLACED, episodes_beside
from pipeline.queries.known import Known

KIND = "UNMAPPED"
_TEXT = {
    "drugs": ("CM", ("CMDECOD", "CMTRT"), None),
    "dose_units": ("CM", ("CMDOSU",), None),
    "devices": ("PR", ("PRDECOD", "PRTRT"), None),
    "lab_tests": ("LB", ("LBTESTCD",), None),
    "lab_units": ("LB", ("LBSTRESU", "LBORRESU"), "LBTESTCD"),
    "vital_signs": ("VS", ("VSTESTCD",), None),
    "vital_units": ("VS", ("VSSTRESU", "VSORRESU"), "VSTESTCD"),
}
"""Domain, columns of the term (the first that is filled counts), and of a unit the test."""

_TERM = ["LIST", "TERM"]
_MET = {
    "LIST": pl.String, "TERM": pl.String, "USUBJID": pl.String, "ROW": pl.Int64,
    "COLUMN": pl.String, "DTM": pl.Datetime("us"), "DY": pl.Int64,
}  # fmt: skip


def ask_unmapped(known: Known) -> Asked:
    """One query per relevant term or unit; it is about all subjects who have it.

    Rule: a drug may be tocilizumab, given to all whose first episode it was begun in or a day
    beside. Where the headlines stand on derived grades, any term or unit may make those episodes
    severe.
    """
    terms = known.frame("unmapped").filter(pl.col("RELEVANT") == "Y").sort("LIST", "RANK")
    lists = terms["LIST"].unique().sort().to_list()
    found = pl.concat([pl.DataFrame(schema=_MET), *(_met(known, terms, name) for name in lists)])
    first = found.sort(*_TERM, "ROW").unique(_TERM, keep="first", maintain_order=True)
    rows = terms.join(
        first.select(*_TERM, "ROW", "COLUMN"), on=_TERM, how="left", maintain_order="left"
    ).with_columns(
        KIND=pl.lit(KIND), REF=ref(KIND, "LIST", "TERM"),
        QUESTION=pl.format(
            "No codelist of {} knows {} ({} rows): add it to the study's codelist, or correct it.",
            pl.col("LIST").str.replace("_", " "), "TERM", "N_ROWS",
        ),
    )  # fmt: skip
    first_of = known.episodes.group_by("USUBJID").agg(EPI=pl.col("EPISEQ").min())
    having = (
        episodes_beside(known, found)
        .join(first_of, on=["USUBJID", "EPI"], how="semi")
        .join(rows.select(*_TERM, "REF"), on=_TERM)
        .select("LIST", "REF", "USUBJID", "EPI")
        .unique()
        .sort("REF", "USUBJID")
    )
    drugs = having.filter(LIST="drugs").with_columns(HOW=pl.lit("toci"), ANSWER=pl.lit("toci"))
    severe = having.with_columns(HOW=pl.lit("grade"), GRADE=pl.lit(SEVERE), ANSWER=pl.lit("severe"))
    return asked(rows, [drugs, severe] if known.derived else [drugs])


def _met(known: Known, terms: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rows with the terms of a list."""
    domain, columns, test = _TEXT[name]
    wanted = terms.filter(LIST=name).select("LIST", "TERM", "ABOUT")
    text = pl.coalesce(columns).str.to_uppercase().str.replace_all(r"\s+", " ").str.strip_chars()
    if name == "dose_units":
        text = text.str.replace_all(" ", "")
    shape = pl.format("(TEXT OF {} CHARACTERS)", text.str.len_chars())
    rows = known.lazy(f"sdtm_{domain.lower()}").select(
        "USUBJID", "ROW", DTM=PLACED[domain][0], DY=PLACED[domain][1],
        PLAIN=text.fill_null("(NO UNIT)"), SHAPE=shape,
        TEST=pl.lit(None, pl.String) if test is None else pl.col(test),
    )  # fmt: skip
    known_terms = wanted["TERM"].implode()
    term = pl.when(pl.col("PLAIN").is_in(known_terms)).then("PLAIN").otherwise("SHAPE")
    met = rows.with_columns(TERM=term).join(wanted.lazy(), on="TERM")
    if test is not None:
        met = met.filter(pl.col("TEST").is_in(pl.col("ABOUT").str.split(" ")))
    return met.with_columns(COLUMN=pl.lit(columns[0])).select(*_MET).collect()
