"""Defects of CM, PR and EX: text, units, stop rows, missing devices, flows, doses and clocks."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.dirt import Planting

#: how a drug or a device is typed: brand, salt, dose in the name, spelling, abbreviation, typo
_DRUG_TEXT: dict[str, tuple[str, ...]] = {
    "TOCILIZUMAB": ("Actemra", "RoActemra", "TOCILIZUMAB 8MG/KG IV", "toci", "Tociluzimab"),
    "NOREPINEPHRINE": ("levophed", "norepi gtt", "Noradrenaline", "NOREPINEPHRINE BITARTRATE"),
    "EPINEPHRINE": ("Adrenaline", "EPINEPHRINE HCL"),
    "PHENYLEPHRINE": ("Neo-Synephrine", "phenylephrine hcl"),
    "VASOPRESSIN": ("Vasostrict", "argipressin", "vasopressin 0.03 U/min"),
    "DEXAMETHASONE": ("DEXAMETHASONE SODIUM PHOSPHATE", "Decadron", "dexamethasone 10 mg iv"),
    "METHYLPREDNISOLONE": ("Solu-Medrol", "methylprednisolone succinate"),
    "PARACETAMOL": ("Tylenol", "acetaminophen 1 g", "Paracetamol"),
    "SODIUM CHLORIDE 0.9% BOLUS": ("Normal saline 1L bolus", "sodium chloride 0.9 %"),
}
_DEVICE_TEXT: dict[str, tuple[str, ...]] = {
    "NASAL CANNULA": ("NC", "Nasal Canula", "nasal cannula"),
    "HIGH FLOW NASAL CANNULA": ("HFNC", "High-flow nasal cannula"),
    "NON-REBREATHER MASK": ("NRB", "Non rebreather"),
    "SIMPLE FACE MASK": ("FACE MASK", "simple mask"),
    "VENTURI MASK": ("Venti-mask",),
    "BIPAP": ("BiPAP",),
    "MECHANICAL VENTILATION": ("Intubated, mechanically ventilated",),
}
_LOW_FLOW = (pl.col("PRTRT") == "NASAL CANNULA") & (pl.col("PRDOSE") <= 4)
_OF_CRS = pl.col("PRINDC") == "HYPOXIA"


def soil_drugs(p: Planting) -> None:
    """Plant everything that goes wrong in CM."""
    _dates(p)
    _stop_rows(p)
    _mixed_units(p)
    _doses_missing(p)
    _texts(p, "CM", "CMTRT", _DRUG_TEXT, 0.6)
    copies = p.repeat("CM", p.pick("CM", pl.lit(value=True), 0.005, at_least=1), number=False)
    p.record("duplicate_row", "CM", copies, "DUPLICATE_ROW", "a row twice")


def soil_support(p: Planting) -> None:
    """Plant everything that goes wrong in PR."""
    if not p.tables["PR"].height:
        return
    flow = p.pick("PR", _LOW_FLOW & _OF_CRS, 0.02)
    p.change("PR", flow, PRDOSE=pl.lit(None, dtype=pl.Float64))
    p.record("flow_missing", "PR", flow, None, "cannula without a flow")
    ids = p.pick("PR", _LOW_FLOW & _OF_CRS, 0.24 / p.factor)
    p.change("PR", ids, PRTRT=pl.lit("O2"))
    p.record("device_unnamed", "PR", ids, None, "oxygen with a flow, the device not named")
    blank = p.pick("PR", _LOW_FLOW & _OF_CRS, 0.01)
    p.change("PR", blank, PRTRT=pl.lit(None, dtype=pl.String))
    p.record(
        "device_missing", "PR", blank, "DEVICE_MISSING", "support without a device", affects="grade"
    )
    _texts(p, "PR", "PRTRT", _DEVICE_TEXT, 0.5)


def soil_exposure(p: Planting) -> None:
    """Doses of the product dated without a clock time."""
    whole = p.drawn.doses["AMOUNT"].max()
    given = (pl.col("EXTRT") == p.spec.extrt) & (pl.col("EXDOSE") == pl.lit(whole, pl.Float64))
    ids = p.pick("EX", given, 0.03)
    p.change("EX", ids, **{c: pl.col(c).str.slice(0, 10) for c in ("EXSTDTC", "EXENDTC")})
    p.record("dose_clock_missing", "EX", ids, None, "dose dated without time")


def _texts(
    p: Planting, domain: str, column: str, texts: dict[str, tuple[str, ...]], rate: float
) -> None:
    kind = "drug_text" if domain == "CM" else "device_text"
    stops = [i for d in p.planted if d.kind == "pressor_stop_row" for i in d.ids]
    for name, typed in texts.items():
        fits = (pl.col(column) == name) & ~pl.col("_ID").is_in(stops)
        ids = p.pick(domain, fits, rate / p.factor)
        which = p.rng.integers(0, len(typed), len(ids))
        for k, text in enumerate(typed):
            some = [i for i, w in zip(ids, which.tolist(), strict=True) if w == k]
            p.change(domain, some, **{column: pl.lit(text)})
            p.record(kind, domain, some, None, f"{name} typed as {text!r}")


def _dates(p: Planting) -> None:
    """Treatment of CRS: few; late signs rest on the time of tocilizumab and keep it."""
    late = p.drawn.course.filter("LATE")["EPI"].to_list()
    drugs = pl.col("CMTRT").is_in(["TOCILIZUMAB", "DEXAMETHASONE", "PARACETAMOL"])
    own = pl.col("EPI").is_not_null() & drugs & ~pl.col("EPI").is_in(late)
    ids = p.pick("CM", own, 0.05)
    p.change("CM", ids, **{c: pl.col(c).str.slice(0, 10) for c in ("CMSTDTC", "CMENDTC")})
    p.record("treatment_clock_missing", "CM", ids, None, "treatment of CRS dated without time")
    month = p.pick("CM", own & ~pl.col("_ID").is_in(ids), 0.01)
    p.change("CM", month, **{c: pl.col(c).str.slice(0, 7) for c in ("CMSTDTC", "CMENDTC")})
    p.record(
        "treatment_month",
        "CM",
        month,
        None,
        "treatment of CRS known by month only",
        affects="grade",
    )
    other = pl.col("CMCAT") == "ANTIBIOTIC"
    some = p.pick("CM", other, 0.5 / p.factor)
    never = pl.lit(None, dtype=pl.String)
    p.change("CM", some, CMSTDTC=pl.col("CMSTDTC").str.slice(0, 7), CMENDTC=never)
    p.record("other_drug_month", "CM", some, None, "antibiotic known by month, no end")


def _stop_rows(p: Planting) -> None:
    running = (pl.col("CMDOSFRM") == "INFUSION") & (pl.col("CMTRT") != "DOBUTAMINE")
    ids = p.pick("CM", running, 0.2)
    end = pl.col("CMENDTC")
    stops = p.repeat("CM", ids, number=True, CMDOSE=pl.lit(0.0), CMSTDTC=end, CMENDTC=end)
    p.record("pressor_stop_row", "CM", stops, "PRESSOR_STOP_ROW", "end of an infusion as dose 0")


def _mixed_units(p: Planting) -> None:
    """The same rates in other units; none of them crosses a limit by rounding."""
    weight = pl.DataFrame(
        {"SUBJ": np.arange(p.drawn.trial.people.n), "_KG": p.drawn.trial.people.weight}
    )
    p.tables["CM"] = p.tables["CM"].join(weight, on="SUBJ", how="left", maintain_order="left")
    for unit, dose in (
        ("mg/h", pl.col("CMDOSE") * 60 / 1000),
        ("ug/kg/min", pl.col("CMDOSE") / pl.col("_KG")),
        ("mcg/min", pl.col("CMDOSE")),
    ):
        ids = p.pick("CM", (pl.col("CMDOSU") == "ug/min") & (pl.col("CMDOSE") > 0), 0.12)
        p.change("CM", ids, CMDOSE=dose.round(4), CMDOSU=pl.lit(unit))
        p.record("mixed_units", "CM", ids, None, f"ug/min written in {unit}")
    p.tables["CM"] = p.tables["CM"].drop("_KG")


def _doses_missing(p: Planting) -> None:
    low = pl.col("CMDOSU").is_in(["ug/min", "mcg/min"]) & pl.col("CMDOSE").is_between(0.1, 14)
    ids = p.pick("CM", low, 0.02)
    p.change("CM", ids, CMDOSE=pl.lit(None, dtype=pl.Float64))
    p.record("pressor_dose_missing", "CM", ids, None, "infusion without a rate")
