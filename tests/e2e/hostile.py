"""A drop in which every text that can reach a page is an attack: on the page, on a spreadsheet, or
on the reader's eyes. Each text holds its own number, so that a test can say which one got through.
"""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

STUDY = "HOSTILE"
SCRIPT = "<script>window.hit=1</script>"
CLOSING = "</script><script>window.hit=1</script>"
IMAGE = '<img src=x onerror="window.hit=1">'
FORMULA = "=cmd|'/C calc'!A0"
TURNED = "abc\u202edef\u2066ghi"
CONTROL = "bell\x07esc\x1b"
LONG = "W" * 400
# What a reader must see in their place.
SEEN = {
    TURNED: "abc\u27e8U+202E\u27e9def\u27e8U+2066\u27e9ghi",
    CONTROL: "bell\u27e8U+0007\u27e9esc\u27e8U+001B\u27e9",
}
PRODUCT = f"{IMAGE}=2+5"
TITLE = f"{SCRIPT}\"'>{TURNED} {CONTROL}\0 {LONG}"
SYSTEM_TITLE = f"{IMAGE} own system"
CRITERION = f"=1+1 {SCRIPT} {TURNED}"
DRUG = f"@TOCILIZUMAB {IMAGE}"
DEVICE = f"+OXYGEN BY NASAL CANNULA {CLOSING}"

YAML = {
    "study": STUDY,
    "title": TITLE,
    "cohort": "car_t",
    "data_kind": "test",
    "products": {PRODUCT: ["CART"]},
    "schedule": [{"name": f"{CLOSING}&<b>one", "dose": 2, "unit": "10^6 cells/kg", "day": 1}],
    "collected_scale": "ASTCT2019",
    "scale_source": "stated",
    "indication": FORMULA,
    "line": "+1+1",
    "setting": f"@SUM(1) {TURNED}",
    "covariates": {f"{IMAGE}=arm": "DM.ARM"},
    "codelists": {"systems": "systems.csv", "criteria": "criteria.csv"},
    "publish": {"subject_level": True, "min_cell": 0},
}
SYSTEMS = [
    ["SYSTEM", "TITLE", "REQUIRES", "NEEDS_TEMPERATURE", "CITATION"],
    ["SITE1", SYSTEM_TITLE, "VS CM", "N", f"-1+1 {SCRIPT}"],
]
CRITERIA = [
    ["SYSTEM", "GRADE", "CRITERION", "LADDER", "MIN_LEVEL", "MAX_LEVEL", "MIN_HOURS", "WITHIN_H",
     "GATE", "UNLESS", "SWITCH", "WORDS", "CITATION"],
    ["SITE1", "1", CRITERION, "fever", "1", "1", "", "", "", "", "", CRITERION, FORMULA],
]  # fmt: skip
ARMS = (f"{CLOSING}A", f"{IMAGE}B")


def _subjects() -> list[str]:
    return [f"{STUDY}-{n}" for n in range(1, 13)]


def _dm() -> list[list[str]]:
    head = ["STUDYID", "DOMAIN", "USUBJID", "AGE", "AGEU", "SEX", "ARM", "ACTARM", "RFXSTDTC"]
    return [
        head,
        *(
            [STUDY, "DM", u, str(50 + i), "YEARS", "F", *[ARMS[i % 2]] * 2, "2024-03-01T10:00"]
            for i, u in enumerate(_subjects())
        ),
    ]


def _ex() -> list[list[str]]:
    head = ["STUDYID", "DOMAIN", "USUBJID", "EXSEQ", "EXTRT", "EXDOSE", "EXDOSU", "EXSTDTC"]
    dose = ["1", "CART", "2", "10^6 cells/kg", "2024-03-01T10:00"]
    return [head, *([STUDY, "EX", u, *dose] for u in _subjects())]


def _ae() -> list[list[str]]:
    """Ten with CRS; a second event whose term is an attack; one row that ends before it starts."""
    head = ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", "AEDECOD", "AETOXGR", "AEREL",
            "AEOUT", "AESTDTC", "AEENDTC"]  # fmt: skip
    rows = [
        [STUDY, "AE", u, "1", f"-2+3 {TURNED} {SCRIPT}", "Cytokine release syndrome",
         str(1 + i % 4), "RELATED", "RECOVERED/RESOLVED", f"2024-03-0{2 + i % 3}T08:00",
         f"2024-03-0{6 + i % 3}T08:00"]
        for i, u in enumerate(_subjects()[:10])
    ]  # fmt: skip
    ids = [STUDY, "AE", _subjects()[0]]
    rows.append([*ids, "2", f"{FORMULA} {IMAGE}", f"Cytokine {SCRIPT} storm-like", "3", "RELATED",
                 "UNKNOWN", "2024-03-04", "2024-03-05"])  # fmt: skip
    rows.append([*ids, "3", SCRIPT, f"{IMAGE} headache", "1", CLOSING, "UNKNOWN", "2024-03-09",
                 "2024-03-04"])  # fmt: skip
    return [head, *rows]


def _cm() -> list[list[str]]:
    head = ["STUDYID", "DOMAIN", "USUBJID", "CMSEQ", "CMTRT", "CMDECOD", "CMINDC", "CMDOSE",
            "CMDOSU", "CMSTDTC", "CMENDTC"]  # fmt: skip
    day = ["2024-03-03T10:00", "2024-03-03T11:00"]
    texts = (DRUG, f"{FORMULA} {CLOSING}", f"\t=1+1 {IMAGE}", f"{TURNED} {CONTROL}", LONG)
    return [
        head,
        *(
            [STUDY, "CM", u, str(n), text, "", f"CRS: {SCRIPT}", "8", IMAGE, *day]
            for u in _subjects()[:4]
            for n, text in enumerate(texts, 1)
        ),
    ]  # fmt: skip


def _pr() -> list[list[str]]:
    head = ["STUDYID", "DOMAIN", "USUBJID", "PRSEQ", "PRTRT", "PRDOSE", "PRDOSU", "PRINDC",
            "PRSTDTC", "PRENDTC"]  # fmt: skip
    rest = ["2", "L/min", f"HYPOXIA {SCRIPT}", "2024-03-03T10:00", "2024-03-04T10:00"]
    return [head, *([STUDY, "PR", u, "1", DEVICE, *rest] for u in _subjects()[:3])]


def _vs() -> list[list[str]]:
    head = ["STUDYID", "DOMAIN", "USUBJID", "VSSEQ", "VSTESTCD", "VSTEST", "VSORRES", "VSORRESU",
            "VSSTRESN", "VSSTRESU", "VSDTC"]  # fmt: skip
    rows = [
        [STUDY, "VS", u, "1", "TEMP", f"Temperature {IMAGE}", "39", "C", "39", "C",
         f"2024-03-0{2 + i % 3}T08:30"]
        for i, u in enumerate(_subjects()[:10])
    ]  # fmt: skip
    return [head, *rows]


def _lb() -> list[list[str]]:
    """A listed test, and one whose name and unit nobody knows."""
    head = ["STUDYID", "DOMAIN", "USUBJID", "LBSEQ", "LBTESTCD", "LBTEST", "LBORRES", "LBORRESU",
            "LBSTNRHI", "LBDTC"]  # fmt: skip
    own = f"{IMAGE}{TURNED}"
    rows = [
        [STUDY, "LB", u, str(1 + d), *test, f"2024-03-0{1 + d}T07:00"]
        for u in _subjects()
        for d, test in enumerate(
            (("CRP", own, "12", "mg/L", "5"), ("CRP", own, "90", "mg/L", "5"),
             ("XSS", own, SCRIPT, FORMULA, ""), ("XSS", own, "3", IMAGE, ""))
        )
    ]  # fmt: skip
    return [head, *rows]


def write_hostile(inbox: Path) -> Path:
    """Write the drop."""
    drop = inbox / STUDY
    drop.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(YAML, allow_unicode=False, sort_keys=False)
    (drop / "study.yaml").write_text(text, encoding="utf-8")
    tables = {
        "systems": SYSTEMS, "criteria": CRITERIA, "dm": _dm(), "ex": _ex(), "ae": _ae(),
        "cm": _cm(), "pr": _pr(), "vs": _vs(), "lb": _lb(),
    }  # fmt: skip
    for name, rows in tables.items():
        with (drop / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return drop
