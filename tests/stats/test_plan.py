from dataclasses import replace

from pipeline.stats.guards import Guards
from pipeline.stats.plan import PLAN, PLANVER, planver


def test_the_version_names_the_plan_and_its_parameters():
    assert planver(PLAN) == PLANVER
    assert PLANVER.startswith(PLAN.version + "+")


def test_any_change_of_a_parameter_or_guard_changes_the_version():
    assert planver(replace(PLAN, rmst_tau=15)) != PLANVER
    assert planver(replace(PLAN, guards=Guards(curve_n=11))) != PLANVER
    assert planver(replace(PLAN, trimmed=0.05)) != PLANVER
    assert planver(replace(PLAN, many_episodes=5)) != PLANVER
    assert planver(replace(PLAN, adverse_words="ADVERSE")) != PLANVER
