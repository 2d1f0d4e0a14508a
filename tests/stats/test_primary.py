from pipeline.stats.primary import SystemCover, primary_cover


def cover(system, basis, car_t, bispecific):
    return SystemCover(system, basis, {}, {"car_t": car_t, "bispecific": bispecific})


def test_the_smaller_cohort_decides_then_the_total_then_collected():
    derived = cover("ASTCT2019", "derived", 50, 40)
    collected = cover("ASTCT2019", "collected", 90, 0)
    assert primary_cover([collected, derived], {"ASTCT2019"}) is derived
    wide = cover("ASTCT2019", "collected", 60, 40)
    assert primary_cover([derived, wide], {"ASTCT2019"}) is wide
    tie = cover("ASTCT2019", "collected", 50, 40)
    assert primary_cover([derived, tie], {"ASTCT2019"}) is tie


def test_only_a_primary_system_of_some_study_is_shown_first():
    lee, astct = cover("LEE2014", "derived", 99, 99), cover("ASTCT2019", "derived", 5, 5)
    assert primary_cover([lee, astct], {"ASTCT2019"}) is astct
    assert primary_cover([lee], {"PENN"}) is None
