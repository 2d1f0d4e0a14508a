from __future__ import annotations

import re

import polars as pl
import pytest

from reports.pages.cohorts import WARNING, render_cohorts
from tests.reports.ard import results
from tests.reports.conftest import body_of, data_of, text_of
from tests.reports.courses import Sets, bispecific, car_t, frame, meta
from tests.reports.figures.test_by_study import RATES
from tests.reports.study_tables import tables


def _page(*groups, metas=None, missing=(), publish=None, subjects=True, published=None) -> str:
    """One study per group of (name, kind, courses)."""
    sets, rows, people, own = Sets(), [], [], []
    for name, kind, courses in groups:
        rows += results(name, kind, dict(enumerate(courses, 1)), sets, products=True)
        people.append(tables(name, courses)["adsl"].select("STUDYID", "USUBJID", "SUBJIDX"))
        own.append(meta(name, data_kind=kind, **({"publish": publish} if publish else {})))
    made = render_cohorts(
        metas or own, frame("results", rows).with_columns(STUDYID=pl.lit("ALL")), sets.frame(),
        missing, pl.concat(people) if subjects and people else None, published=published,
    )  # fmt: skip
    return made["cohorts/index.html"].decode()


BOTH = (("CAR", "real", car_t()), ("BSP", "real", bispecific()))


def test_both_cohorts_stand_in_one_figure_of_each_kind():
    figures = data_of(_page(*BOTH))["figures"]
    assert sorted(name.split("-")[1] for name in figures) == [
        "grades", "onset", "recovery", "studies",
    ]  # fmt: skip
    for name in ("onset", "recovery"):
        (figure,) = [f for n, f in figures.items() if f"-{name}-" in n]
        lines = {t.get("name") for t in figure["data"] if t["mode"] == "lines"}
        assert {"CAR-T", "Bispecific"} <= lines


def test_bars_of_products_follow_those_of_cohorts():
    (bars,) = [f for n, f in data_of(_page(*BOTH))["figures"].items() if "-grades-" in n]
    names = [y.split("<br>")[0] for y in bars["data"][0]["y"]]
    assert names == ["CAR-T", "Bispecific", "CAR-T: axi", "Bispecific: tec"]


def test_the_warning_is_always_in_sight():
    page = _page(*BOTH)
    notices = page.index('<aside class="notices"')
    assert WARNING in page[notices : page.index("<main")]


def test_the_warning_begins_as_every_comparison_does():
    assert WARNING.startswith("Non-randomised")


def test_the_contents_name_the_chapters_of_each_kind():
    page = _page(*BOTH)
    toc = re.findall(r'<li><a href="#([^"]+)">', page)
    assert toc[0] == "real"
    assert {"real-grades", "real-studies", "real-onset", "real-differences"} <= set(toc)
    assert toc[-1] == "missing"
    assert all(page.count(f'id="{anchor}"') == 1 for anchor in toc)


def test_systems_that_are_not_shown_at_first_are_packed():
    sets, rows = Sets(), []
    for basis in ("collected", "derived"):
        for name, kind, courses in BOTH:
            people = dict(enumerate(courses, 1))
            rows += results(name, kind, people, sets, basis=basis, primary=basis == "collected")
    frame_ = frame("results", rows).with_columns(STUDYID=pl.lit("ALL"))
    metas = [meta(name, data_kind=kind) for name, kind, _ in BOTH]
    made = render_cohorts(metas, frame_, sets.frame(), [])["cohorts/index.html"].decode()
    assert list(data_of(made)["packs"]) == ["real-block-astct2019-derived"]
    assert not [n for n in data_of(made)["figures"] if "derived" in n]


def test_published_rates_stand_beside_ours_of_the_same_system():
    rates = RATES.vstack(RATES.with_columns(STUDY=pl.lit("other"), SYSTEM=pl.lit("LEE2014")))
    text = text_of(_page(*BOTH, published=rates))
    assert "axi-cel, ZUMA-1, LBCL 108 94.0%" in text
    assert "axi-cel, other" not in text


def test_one_cohort_only_says_so():
    text = text_of(_page(BOTH[0]))
    assert "One cohort only: CAR-T. No bispecific study of this kind of data is ready" in text


def test_nothing_to_compare_says_so():
    assert "there is nothing to compare" in text_of(_page())


def test_kinds_of_data_never_share_a_section():
    page = _page(BOTH[0], ("SIM", "simulated", bispecific()))
    assert '<section id="real">' in page
    assert '<section id="simulated" data-stamp="SIMULATED">' in page
    figures = data_of(page)["figures"]
    for name, figure in figures.items():
        notes = [a["text"] for a in figure["layout"].get("annotations", [])]
        assert notes == (["<b>SIMULATED</b>"] if name.startswith("simulated-") else [])
    assert data_of(page)["stamp"] is None  # the page as a whole holds real data


def test_a_page_without_real_data_is_stamped_as_a_whole():
    assert data_of(_page(("SIM", "simulated", car_t())))["stamp"] == "SIMULATED"


def test_studies_left_out_are_named_with_the_reason():
    out = [{"study": "BROKEN", "state": "refused", "why": "study.yaml is missing"}]
    metas = [meta("CAR", data_kind="real"), meta("APART", pool=False)]
    text = text_of(_page(BOTH[0], metas=metas, missing=out))
    assert "BROKEN refused study.yaml is missing" in text
    assert "APART ready pool: false in its study.yaml" in text


def test_the_strictest_min_cell_of_a_kind_counts():
    page = _page(*BOTH, publish={"subject_level": False, "min_cell": 5})
    assert "&lt;5" in body_of(page)
    assert data_of(page)["sets"] == {}


def test_without_subjects_no_number_opens_a_list():
    assert 'class="n"' not in _page(*BOTH, subjects=False)


def test_members_of_both_studies_are_told_apart():
    sets = data_of(_page(*BOTH))["sets"]
    assert {study for members in sets.values() for study in members} == {"CAR", "BSP"}


@pytest.mark.parametrize("word", ["P =", "p-value", "significant"])
def test_there_is_no_test_between_cohorts(word):
    assert word not in text_of(_page(*BOTH))


def test_the_same_input_gives_the_same_bytes():
    assert _page(*BOTH) == _page(*BOTH)


def test_the_page_begins_with_what_it_holds_and_where_the_differences_are():
    text = text_of(_page(*BOTH, ("SIM", "simulated", bispecific())))
    graded = "ASTCT 2019, as recorded by the study"
    assert (
        f"Real data : 2 studies; {graded}: CAR-T 24 treated, Bispecific 20 treated. Differences ."
        in text
    )
    assert f"Simulated data : 1 study; {graded}: Bispecific 20 treated. Nothing to comp" in text
    assert "Real data : " not in text_of(_page(*BOTH))
