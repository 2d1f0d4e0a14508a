r"""The language of `covariates` in study.yaml: where a covariate is read from.

| rule | is |
|---|---|
| `DM.RACE` | that variable of DM or SUPPDM: a number where all values are one, else a category |
| `VS.WEIGHT`, `LB.LDH` | the last value of the test before the first dose, in our unit |
| `MH: diabetes \| gout` | Y where one of the terms is in the history before the first dose |
| `CM: rituximab` | Y where one of the terms is a medication begun before the first dose |

Terms match whole words of the coded and the reported term, without case. A number may be followed
by `>= 65`: tables split it there instead of at its median.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DEMOGRAPHIC = ("ACTARM", "AGE", "ARM", "COUNTRY", "RACE", "SEX")
"""Variables of DM that every study hands on; of others those that a study names."""

_NEVER = re.compile(r"(STUDY|USUBJ|SUBJ|INV)ID|DOMAIN|ROW|INVNAM|DTH.*|.*(DTC|DTM|DTX|DT|DY|PRC)")
"""Keys, names, dates and death cannot be covariates."""

WORDS = "write DM.VARIABLE, VS.TESTCD, LB.TESTCD, MH: term | term, or CM: term | term"

_VALUE = re.compile(r"(DM|VS|LB)\.([A-Za-z][A-Za-z0-9]{0,7})\s*(?:>=\s*(\S+))?")
_TERMS = re.compile(r"(MH|CM)\s*:(.*)", re.DOTALL)


class Rule(NamedTuple):
    """A rule taken apart: the variable or test and where to split it, or the terms."""

    domain: str
    name: str | None = None
    terms: tuple[str, ...] = ()
    cut: float | None = None


def read_rule(text: str) -> Rule:
    """Take a rule apart.

    >>> read_rule("LB.LDH >= 250")
    Rule(domain='LB', name='LDH', terms=(), cut=250.0)
    >>> read_rule("MH: Diabetes mellitus | hypertension").terms
    ('DIABETES MELLITUS', 'HYPERTENSION')

    Raises:
        ValueError: it is not one of ours.
    """
    text = text.strip()
    listed = _TERMS.fullmatch(text)
    if listed:
        terms = tuple(" ".join(t.split()).upper() for t in listed[2].split("|"))
        if not all(terms):
            raise ValueError(f"{text!r} has an empty term; {WORDS}")
        return Rule(listed[1], terms=terms)
    valued = _VALUE.fullmatch(text)
    if not valued:
        raise ValueError(f"{text!r} is no rule; {WORDS}")
    domain, name, cut = valued[1], valued[2].upper(), valued[3]
    if domain == "DM" and _NEVER.fullmatch(name):
        raise ValueError(f"{text!r}: a date, a key or a name is no covariate")
    return Rule(domain, name, cut=None if cut is None else _number(text, cut))


def _number(text: str, cut: str) -> float:
    try:
        return float(cut)
    except ValueError:
        raise ValueError(f"{text!r}: {cut!r} is not a number") from None
