import polars as pl
import pytest


def episodes(case, *columns, **changes):
    return case.derive(**changes)["episodes"].select(columns).rows()


# Hours free between two timed records, and how many episodes they are.
@pytest.mark.parametrize(
    ("next_start", "n"), [("2024-01-05T20:00", 1), ("2024-01-06T07:59", 1), ("2024-01-06T08:00", 2)]
)
def test_timed_records_join_under_24_hours(case, next_start, n):
    case.crs().crs(next_start, "2024-01-08T08:00")
    assert len(episodes(case, "EPISEQ")) == n


# Free days = next ASTDY - AENDY - 1; one free day is 24 h and no longer under 24.
@pytest.mark.parametrize(
    ("next_start", "n"), [("2024-01-05", 1), ("2024-01-06", 1), ("2024-01-07", 2)]
)
def test_date_only_records_join_without_a_free_day(case, next_start, n):
    case.crs("2024-01-03", "2024-01-05").crs(next_start, "2024-01-09")
    assert len(episodes(case, "EPISEQ")) == n


@pytest.mark.parametrize(("gap", "n"), [(24, 2), (48, 1)])
def test_switch_merge_gap_h(case, gap, n):
    case.crs("2024-01-03", "2024-01-05").crs("2024-01-07", "2024-01-09")
    assert len(episodes(case, "EPISEQ", switches={"merge_gap_h": gap})) == n


def test_nested_records_are_one_episode_that_ends_with_the_outer(case):
    case.crs("2024-01-03", "2024-01-10", AETOXGR=1).crs("2024-01-04", "2024-01-05", AETOXGR=3)
    assert episodes(case, "EPISEQ", "DURATION_D", "MEMBERS") == [(1, 8, "AE:1 AE:2")]


# A dose between 12 free hours; during the first record; before both.
@pytest.mark.parametrize(
    ("dose", "n"),
    [
        ("2024-01-05T12:00", 2),
        ("2024-01-04T12:00", 1),
        ("2024-01-02T12:00", 1),
        ("2024-01-05T08:00", 2),
        ("2024-01-05T20:00", 2),
    ],
)
def test_dose_in_free_time_starts_a_new_episode(case, dose, n):
    case.dose().dose(dose).crs().crs("2024-01-05T20:00", "2024-01-07T08:00")
    assert len(episodes(case, "EPISEQ")) == n


@pytest.mark.parametrize(
    ("outcome", "n"), [("RECOVERED/RESOLVED", 2), ("NOT RECOVERED/NOT RESOLVED", 1)]
)
def test_dose_on_the_first_day_of_a_touching_record(case, outcome, n):
    case.dose("2024-01-01").dose("2024-01-06")
    case.crs("2024-01-03", "2024-01-05", AEOUT=outcome).crs("2024-01-06", "2024-01-07")
    assert len(episodes(case, "EPISEQ")) == n


@pytest.mark.parametrize(("value", "n"), [(True, 2), (False, 1)])
def test_switch_reindex_on_dose(case, value, n):
    case.dose().dose("2024-01-05T12:00").crs().crs("2024-01-05T20:00", "2024-01-07T08:00")
    assert len(episodes(case, "EPISEQ", switches={"reindex_on_dose": value})) == n


def test_dose_during_crs_is_flagged_and_does_not_split(case):
    case.dose().dose("2024-01-04T12:00").crs()
    assert episodes(case, "EPISEQ", "FLAGS") == [(1, "DOSE_DURING")]


@pytest.mark.parametrize(
    ("outcome", "dose", "n"),
    [
        ("RECOVERED/RESOLVED", "2024-01-08T10:00", 2),
        ("RECOVERED/RESOLVED", "2024-01-20T10:00", 1),
        ("NOT RECOVERED/NOT RESOLVED", "2024-01-08T10:00", 1),
        ("UNKNOWN", "2024-01-08T10:00", 2),
        (None, "2024-01-08T10:00", 2),
    ],
)
def test_record_without_an_end_reaches_across_a_dose_only_if_it_is_said_to_be_ongoing(
    case, outcome, dose, n
):
    case.dose().dose(dose).crs(end=None, AEOUT=outcome).crs("2024-01-09", "2024-01-10")
    assert len(episodes(case, "EPISEQ")) == n


def test_record_without_an_end_before_a_dose_does_not_hold_later_ones_together(case):
    case.dose().dose("2024-01-08T10:00").crs(end=None, AEOUT="UNKNOWN")
    case.crs("2024-01-09", "2024-01-10").crs("2024-01-20", "2024-01-21")
    assert len(episodes(case, "EPISEQ")) == 3


def test_onset_counts_calendar_days_and_hours_from_the_last_dose(case):
    case.dose().dose("2024-01-03T02:00").crs()
    assert episodes(case, "DOSESEQ", "ONSET_D", "ONSET_H", "ONSET_D_FIRST", "ONSET_H_FIRST") == [
        (2, 0, 6.0, 2, 46.0)
    ]


def test_onset_of_a_dated_record_belongs_to_the_dose_of_that_day(case):
    case.dose("2024-01-01").dose("2024-01-03").crs("2024-01-03", "2024-01-05")
    assert episodes(case, "DOSESEQ", "ONSET_D", "ONSET_H") == [(2, 0, None)]


def test_onset_before_the_first_dose_is_kept_and_flagged(case):
    case.dose().crs("2023-12-30T08:00", "2024-01-02T08:00")
    assert episodes(case, "DOSESEQ", "ONSET_D", "ONSET_D_FIRST", "ASTDY", "FLAGS") == [
        (None, None, -2, -2, "PRE_DOSE DOSE_DURING")
    ]


@pytest.mark.parametrize(
    ("outcome", "end", "ended", "reason"),
    [
        ("RECOVERED/RESOLVED", "2024-01-05", "Y", "RECOVERED"),
        ("RECOVERED/RESOLVED WITH SEQUELAE", "2024-01-05", "Y", "RECOVERED"),
        ("RECOVERED/RESOLVED", None, None, "RECOVERED_END_MISSING"),
        ("NOT RECOVERED/NOT RESOLVED", "2024-01-05", None, "NOT_RECOVERED"),
        ("RECOVERING/RESOLVING", "2024-01-05", None, "NOT_RECOVERED"),
        ("UNKNOWN", "2024-01-05", None, "OUTCOME_UNKNOWN"),
        (None, "2024-01-05", None, "OUTCOME_UNKNOWN"),
        ("FATAL", "2024-01-05", None, "FATAL"),
        (None, None, None, "ONGOING"),
    ],
)
def test_only_an_observed_end_is_an_end(case, outcome, end, ended, reason):
    case.crs("2024-01-03", end, AEOUT=outcome)
    rows = episodes(case, "ENDED", "END_REASON", "DURATION_D", "AENDY")
    assert rows == [(ended, reason, 3 if ended else None, 5 if ended else None)]


def test_daily_grade_0_after_the_last_day_shows_the_end(case):
    for day, grade in [("2024-01-03", 1), ("2024-01-04", 2), ("2024-01-05", 0)]:
        case.add(
            "fa",
            FAOBJ="CYTOKINE RELEASE SYNDROME",
            FATESTCD="TOXGR",
            FASTRESN=float(grade),
            FADTC=day,
        )
    assert episodes(case, "SOURCE", "ENDED", "END_REASON", "DURATION_D") == [
        ("FA", "Y", "DAILY_GRADE_0", 2)
    ]


def test_positive_on_the_last_charted_day_has_not_ended(case):
    for day, grade in [("2024-01-03", 1), ("2024-01-04", 2)]:
        case.add(
            "fa",
            FAOBJ="CYTOKINE RELEASE SYNDROME",
            FATESTCD="TOXGR",
            FASTRESN=float(grade),
            FADTC=day,
        )
    assert episodes(case, "ENDED", "END_REASON", "CENSDY") == [(None, "LAST_CHARTED", 4)]


@pytest.mark.parametrize(
    ("end", "outcome", "expected"),
    [
        # An end without an outcome is no recovery, but nobody was ill after it either.
        ("2024-01-05T08:00", None, (None, "OUTCOME_UNKNOWN", 5)),
        ("2024-01-05T08:00", "UNKNOWN", (None, "OUTCOME_UNKNOWN", 5)),
        ("2024-01-05T08:00", "NOT RECOVERED/NOT RESOLVED", (None, "NOT_RECOVERED", 5)),
        # Without an end the last sign is the last that is known: fever at 20:00 counts for 12 h.
        (None, "UNKNOWN", (None, "OUTCOME_UNKNOWN", 4)),
        # Said to go on: seen as long as the subject was.
        (None, "NOT RECOVERED/NOT RESOLVED", (None, "NOT_RECOVERED", 61)),
        (None, None, (None, "ONGOING", 61)),
    ],
)
def test_how_far_an_episode_that_did_not_end_was_seen(case, end, outcome, expected):
    case.temp(39.0, "2024-01-03T20:00").crs("2024-01-03T08:00", end, AEOUT=outcome)
    assert episodes(case, "ENDED", "END_REASON", "CENSDY") == [expected]


def test_without_signs_an_unknown_outcome_is_seen_on_its_first_day_only(case):
    case.crs("2024-01-03T08:00", None, AEOUT="UNKNOWN")
    assert episodes(case, "ENDED", "CENSDY") == [(None, 3)]


def test_study_days_alone_place_everything(case):
    case.add("ex", EXTRT="CART", EXSTDY=1)
    case.add(
        "ae", AEDECOD="Cytokine release syndrome", AESTDY=3, AEENDY=5, AEOUT="RECOVERED/RESOLVED"
    )
    case.add("ds", DSDECOD="COMPLETED", DSCAT="DISPOSITION EVENT", DSSTDY=28)
    assert episodes(case, "ASTDTM", "ASTDY", "AENDY", "ONSET_D", "ONSET_H", "DURATION_D") == [
        (None, 3, 5, 2, None, 3)
    ]


def test_partial_start_is_put_no_earlier_than_the_first_dose(case):
    case.dose("2024-01-10T10:00").crs("2024-01", "2024-01-14")
    assert episodes(case, "ASTDY", "ONSET_D", "FLAGS") == [(1, 0, "START_PARTIAL")]


def test_record_without_a_start_is_not_lost(case):
    case.crs(None, "2024-01-05")
    assert episodes(case, "ASTDY", "FLAGS") == [(1, "START_MISSING")]


@pytest.mark.parametrize(("start", "flags"), [("2024-01-15", None), ("2024-01-16", "LATE_ONSET")])
def test_onset_more_than_14_days_after_cells_is_flagged(case, start, flags):
    case.crs(start, "2024-01-18")
    assert episodes(case, "FLAGS") == [(flags,)]


def test_shift_of_all_times_changes_nothing_but_the_dates(case):
    def shifted(years):
        c = type(case)()
        c.dose(f"20{24 + years}-03-01T10:00").crs(
            f"20{24 + years}-03-03T08:00", f"20{24 + years}-03-05T09:00"
        )
        c.add("ds", DSDECOD="ONGOING", DSCAT="DISPOSITION EVENT", DSSTDTC=f"20{24 + years}-04-01")
        return c.derive()["episodes"].drop("ASTDTM", "AENDTM")

    assert shifted(0).equals(shifted(1))


def test_row_order_changes_nothing(case):
    a = (
        case.dose()
        .crs("2024-01-03", "2024-01-04", AESEQ=1)
        .crs("2024-01-05", "2024-01-06", AESEQ=2)
    )
    forward = a.derive()
    a.rows["ae"].reverse()
    for name, table in a.derive().items():
        assert table.equals(forward[name]), name


def test_subject_without_a_dose_has_no_episode(case):
    case.add("dm", USUBJID="T-2", AGE=50.0, ARM="A").add("dm", AGE=50.0, ARM="A")
    case.add("ae", USUBJID="T-2", AEDECOD="Cytokine release syndrome", AESTDTC="2024-01-03")
    made = case.dose().derive()
    assert made["episodes"].is_empty()
    assert made["adsl"].select("USUBJID", "SAFFL").rows() == [("T-1", "Y"), ("T-2", None)]
    assert made["adsl"].filter(pl.col("USUBJID") == "T-2")["TRTSDY"].to_list() == [None]
