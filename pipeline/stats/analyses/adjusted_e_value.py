"""RESULT adjusted, rows on unmeasured confounding: risk ratio, its E-value and tipping points."""

from __future__ import annotations

import math

from pipeline.stats.analyses.difference import NON_RANDOMISED
from pipeline.stats.ard import Ard, Label, Row
from pipeline.stats.e_value import e_value, e_value_of_limits, tipping_point
from pipeline.stats.guards import because
from pipeline.stats.plan import PLAN
from pipeline.stats.step_curve import NE

E_VALUE = "E-value: risk ratio of an unmeasured confounder with cohort and with CRS"
TIPPING = "risk ratio of a yes-or-no confounder with CRS at which there would be no difference"
NO_CONFOUNDER = "no single yes-or-no confounder of these prevalences could explain it"


def add_e_values(ard: Ard, label: Label, ratio: Row) -> None:
    """The risk ratio, and what an unmeasured confounder would have to be to explain it away.

    Args:
        ard: the result table.
        label: the difference's columns.
        ratio: the row of the risk ratio, NaN where the second cohort has no event.
    """
    if math.isnan(ratio.VALUE):
        ratio = ratio._replace(LOW=NE, HIGH=NE, REASON=because("the second cohort has no event"))
    ard.add(label, ratio)
    how = ratio.METHOD.removeprefix(f"{NON_RANDOMISED}; ")
    bare = ratio._replace(LOW=NE, HIGH=NE, REASON=None)
    row = bare._replace(STAT="e_value", METHOD=f"{NON_RANDOMISED}; {E_VALUE}; {how}")
    _add(ard, label, row, e_value(ratio.VALUE), "a risk ratio of 0 has none")
    words = f"{NON_RANDOMISED}; of the limit nearer to 1; {E_VALUE}; {how}"
    row = row._replace(STAT="e_value_limit", METHOD=words)
    limit = e_value_of_limits(ratio.LOW, ratio.HIGH)
    _add(ard, label, row, limit, "the risk ratio has no limits")
    for common, rare in PLAN.confounder_prevalences:
        row = bare._replace(
            STAT="tipping_ratio", LEVEL=f"prevalence {common:.0%} and {rare:.0%}",
            METHOD=f"{NON_RANDOMISED}; {TIPPING}, commoner in the cohort of the higher risk; {how}",
        )  # fmt: skip
        point = tipping_point(ratio.VALUE, common, rare)
        _add(ard, label, row, point, NO_CONFOUNDER)


def _add(ard: Ard, label: Label, row: Row, value: float, absent: str) -> None:
    if math.isnan(value):
        absent = "there is no risk ratio" if math.isnan(row.VALUE) else absent
        ard.add(label, row._replace(VALUE=NE, REASON=because(absent)))
    else:
        ard.add(label, row._replace(VALUE=value))
