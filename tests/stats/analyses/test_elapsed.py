import polars as pl

from pipeline.stats.analyses.elapsed import elapsed_day


def test_there_is_no_day_0():
    days = pl.DataFrame({"DY": [-2, -1, 1, 2, None]})
    assert days.select(elapsed_day("DY")).to_series().to_list() == [-2, -1, 0, 1, None]
