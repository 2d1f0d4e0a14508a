import pytest

from pipeline.stats.shared_setting import shared_setting
from tests.stats.by_hand import study


def studies(**settings):
    made = {}
    for name, given in settings.items():
        indication, line = given or (None, None)
        made[name] = study(name, indication=indication, line=line)
    return made


def test_studies_of_a_shared_setting_are_kept_and_the_others_named():
    given = studies(A1=("LBCL", "3L+"), A2=("ALL", "2L+"), B1=("LBCL", "3L+"), B2=("MM", "4L+"))
    found = shared_setting(given, ["A2", "A1"], ["B1", "B2"])
    assert found == ({"A1": "LBCL, 3L+", "B1": "LBCL, 3L+"}, ("A2", "B2"), None)


def test_case_and_blanks_do_not_separate_and_the_first_spelling_is_shown():
    given = studies(A1=("Large  B-cell lymphoma", "3L+"), B1=("large B-cell Lymphoma ", "3l+"))
    found = shared_setting(given, ["A1"], ["B1"])
    assert set(found.settings.values()) == {"Large B-cell lymphoma, 3L+"}


def test_several_settings_may_be_shared():
    given = studies(A1=("LBCL", "3L+"), A2=("MM", "4L+"), B1=("MM", "4L+"), B2=("LBCL", "3L+"))
    assert len(set(shared_setting(given, ["A1", "A2"], ["B1", "B2"]).settings.values())) == 2


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (("LBCL", "2L"), "no indication and line is shared by both cohorts"),
        (("MM", "3L+"), "no indication and line is shared by both cohorts"),
        (("LBCL", None), "study.yaml of B1 gives no line"),
        ((" ", "3L+"), "study.yaml of B1 gives no indication"),
        (None, "study.yaml of B1 gives no indication and no line"),
    ],
)
def test_what_is_missing_is_named(second, problem):
    given = studies(A1=("LBCL", "3L+"), B1=second)
    assert shared_setting(given, ["A1"], ["B1"]) == ({}, (), problem)
