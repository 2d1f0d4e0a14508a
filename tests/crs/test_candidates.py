import pytest

D3 = "2024-01-03T"


def listed(case, *columns, **changes):
    made = case.dose().derive(**changes)
    assert made["episodes"].is_empty() == (not case.rows["ae"])
    return made["candidates"].filter(SYSTEM="ASTCT2019").select(columns).rows()


@pytest.fixture
def signs(case):
    """Fever and low-flow oxygen on day 3, nothing recorded as CRS."""
    return case.temp(38.6).temp(36.8, D3 + "20:00").oxygen("NASAL CANNULA", 2)


def test_signs_without_a_record_are_listed_with_their_grade(signs):
    signs.add("ae", USUBJID="T-9", AEDECOD="Nausea", AESTDTC="2024-01-03")
    signs.rows["ae"].clear()
    assert listed(signs, "CANDSEQ", "ASTDY", "ONSET_D", "GRADE", "ACCOUNT") == [
        (
            1, 3, 2, 2,
            "Grade 2 from study day 3, 48 h after dose 1: low-flow oxygen "
            "(nasal cannula 2 L/min, PR 1), with fever (38.6 C, VS 1).",
        )
    ]  # fmt: skip


def test_signs_within_a_day_of_a_record_are_not(signs):
    assert listed(signs.crs("2024-01-04T12:00", "2024-01-05"), "CANDSEQ") == []


def test_signs_without_fever_are_not(case):
    assert listed(case.temp(37.0).oxygen("NASAL CANNULA", 2), "CANDSEQ") == []


@pytest.mark.parametrize(("day", "n"), [(15, 1), (16, 0)])
def test_fever_more_than_14_days_after_cells_is_not(case, day, n):
    case.temp(38.6, f"2024-01-{day}T08:00").oxygen("NASAL CANNULA", 2)
    assert len([1 for (d,) in listed(case, "ASTDY") if d == day]) == n


def test_fever_before_the_first_dose_is_not(case):
    case.temp(38.6, "2023-12-30T08:00").temp(36.5, "2023-12-30T12:00").oxygen("NASAL CANNULA", 2)
    assert listed(case, "CANDSEQ") == []


@pytest.mark.parametrize(("gap", "n"), [(24, 2), (48, 1)])
def test_switch_resolution_gap_h(case, gap, n):
    case.temp(38.6).temp(36.8, D3 + "10:00").temp(38.4, "2024-01-04T16:00").temp(
        36.8, "2024-01-04T20:00"
    )
    case.oxygen("ROOM AIR")
    assert len(listed(case, "CANDSEQ", switches={"resolution_gap_h": gap})) == n
