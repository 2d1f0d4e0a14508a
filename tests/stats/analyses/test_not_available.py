from pipeline.stats.analyses.not_available import add_not_available
from tests.stats.analyses.rows import population
from tests.stats.by_hand import Hand


def test_the_headline_statistics_are_there_without_a_value():
    pop, ard = population(Hand().subject("U1"))
    add_not_available(ard, pop.label, pop.treated, "not available, because of this")
    rows = ard.frames()[0]
    onset = rows.filter(RESULT="onset_cif").sort("TIME")
    assert onset["TIME"].to_list() == [7, 14, 28]
    assert rows.filter(RESULT="recovery_km").height == 2
    assert rows.filter(RESULT="grade_distribution").height == 4
    assert rows["VALUE"].is_null().all()
    assert set(rows["STATUS"]) == {"not_available"}
    assert set(rows["REASON"]) == {"not available, because of this"}
