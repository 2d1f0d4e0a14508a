from __future__ import annotations

from reports.figures.curve import Frame
from reports.figures.risk_forest import figure_risk_forest
from reports.tables.risk_factors import levels
from tests.reports.ard_more import block_of
from tests.reports.courses import car_t
from tests.reports.figures.drawn import drawn

FRAME = Frame("Title", "Words", stamp="TEST")


def test_each_level_but_the_reference_has_a_mark_in_both_panels():
    block, _ = block_of(car_t())
    figure = drawn(figure_risk_forest(levels(block.of("risk_factors")), FRAME))
    assert figure is not None
    marks = [t for t in figure.data if t.mode == "markers"]
    assert [list(t.x) for t in marks] == [[10.0], [10.0]]
    assert figure.layout.xaxis.range == (-41.6, 41.6)  # limits of 30 points


def test_without_a_difference_there_is_no_figure():
    block, _ = block_of(car_t())
    bare = [x._replace(differences={}) for x in levels(block.of("risk_factors"))]
    assert drawn(figure_risk_forest(bare, FRAME)) is None
