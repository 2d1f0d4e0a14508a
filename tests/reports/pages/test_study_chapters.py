from __future__ import annotations

import re

import polars as pl
import pytest

from tests.reports.ard import results
from tests.reports.ard_more import more_results
from tests.reports.conftest import body_of, data_of, packs_of, page_of, text_of
from tests.reports.courses import Course, Sets, bispecific, car_t, frame, meta
from tests.reports.study_tables import tables

CHAPTERS = {
    "courses": "Course of each subject", "states": "States by day",
    "by-grade": "Recovery by maximum grade", "days": "Days with CRS and recurrence",
    "signs": "Signs and symptoms", "beside": "Beside CRS", "risk": "Risk factors",
    "labs": "Laboratory values",
}  # fmt: skip


def _two_bases() -> str:
    courses = car_t()
    sets, people = Sets(), dict(enumerate(courses, 1))
    rows = results("TST", "test", people, sets) + more_results("TST", "test", people, sets)
    rows += results("TST", "test", people, sets, basis="derived", primary=False)
    rows += more_results("TST", "test", people, sets, BASIS="derived", PRIMARY=None)
    own = {"results": frame("results", rows), "sets": sets.frame()}
    return page_of(meta(), tables("TST", courses) | own)


@pytest.mark.parametrize(("anchor", "title"), CHAPTERS.items())
def test_each_chapter_has_its_section_and_its_place_in_the_contents(study_page, anchor, title):
    assert f'<a href="#{anchor}">{title}</a>' in study_page
    assert re.search(rf'<section id="{anchor}"[^>]*><h2>{title}', study_page)


@pytest.mark.parametrize(
    "title",
    ["State of all treated", "Course of each treated", "CRS by what was known", "C-reactive"],
)
def test_a_figure_names_system_and_says_what_it_shows(study_page, title):
    figures = re.findall(r"<figure.*?</figure>", study_page, re.S)
    (figure,) = [f for f in figures if f"<h3>{title}" in f]
    heading = re.search(r"<h3>(.*?)</h3>", figure)[1]
    assert "ASTCT 2019, as recorded by the study" in heading
    assert re.search(r"N\s=\s\d+|\d+ treated subjects", heading)
    assert re.search(r"first dose|onset", re.search(r"<figcaption>(.*?)</", figure, re.S)[1])


def test_events_beside_crs_never_enter_its_grade(study_page):
    assert "None of these events enters the CRS grade" in text_of(study_page)


def test_dose_tables_stand_together(bispecific_page):
    text = text_of(bispecific_page)
    assert text.index("By dose") < text.index("Within hours of the dose")
    assert "What came after each dose" in text


def test_blocks_that_are_not_open_are_packed_with_their_figures():
    page = _two_bases()
    (name,) = [n for n in packs_of(page) if n.startswith("block-")]
    pack = packs_of(page)[name]
    assert 'data-pack="block-astct2019-derived"' in page
    assert "Maximum grade" in pack["html"]
    assert all("derived" in n for n in pack["figures"])
    assert not any("derived" in n for n in data_of(page)["figures"])


def test_numbers_in_packs_have_their_sets_on_the_page():
    page = _two_bases()
    sets = data_of(page)["sets"]
    html = "".join(p.get("html", "") for p in packs_of(page).values())
    buttons = re.findall(r'data-set="(\w+)"[^>]*>([\d ]+)</button>', html)
    assert len(buttons) > 50
    for key, number in buttons:
        assert len(" ".join(sets[key].values()).split()) == int(number)


def test_no_identifier_and_no_date_in_packs():
    packs = str(packs_of(_two_bases()))
    assert "SECRET" not in packs
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", packs)


def test_laboratory_figures_are_packed_and_picked_by_test_and_clock(study_page):
    (pack,) = [p for n, p in packs_of(study_page).items() if n.startswith("labs-")]
    assert sorted(n.split(".")[1:] for n in pack["figures"]) == [
        ["CRP", "first_dose"], ["CRP", "onset"],
    ]  # fmt: skip
    assert '<option value="CRP">C-reactive protein (mg/L)</option>' in study_page


class TestClosed:
    """A study that does not publish subject-level data."""

    page = page_of(meta(publish={"subject_level": False, "min_cell": 0}), tables("TST", car_t()))

    def test_courses_are_not_drawn(self):
        assert "Course of each" not in body_of(self.page)
        assert "courses-figure" not in data_of(self.page)["figures"]

    def test_no_set_is_cited_in_any_figure(self):
        assert '"s0"' not in str(data_of(self.page)["figures"]) + str(packs_of(self.page))


class TestSuppressed:
    """Small counts are not printed, and what rests on them is withheld whole."""

    publish = {"subject_level": False, "min_cell": 5}  # noqa: RUF012
    page = page_of(meta(publish=publish), tables("TST", car_t()))

    @pytest.mark.parametrize("anchor", ["states", "by-grade"])
    def test_courses_over_time_are_withheld_with_a_sentence(self, anchor):
        section = re.search(rf'<section id="{anchor}".*?</section>', self.page, re.S)[0]
        assert "Withheld to protect small groups." in section
        assert "<table" not in section

    def test_laboratory_values_are_not_split_by_a_grade_that_is_withheld(self):
        (pack,) = [p for n, p in packs_of(self.page).items() if n.startswith("labs-")]
        names = {t.get("name") for f in pack["figures"].values() for t in f["data"]}
        assert names == {None, "All"}

    def test_packs_hold_no_small_count(self):
        assert not re.search(r"\b[1-4] (?:of|seen in it)\b", str(packs_of(self.page)))


def test_nobody_with_crs_is_said_in_sentences():
    nobody = [Course("car_t", "axi", None, None, None)] * 12
    text = text_of(page_of(meta(), tables("TST", nobody)))
    assert "No treated subject had a recorded episode, so there is no course to draw." in text


def test_results_of_before_have_a_sentence_in_place_of_each_new_table():
    frames = tables("TST", car_t())
    old = pl.col("RESULT").is_in(["grade_distribution", "subjects", "onset_cif"])
    text = text_of(page_of(meta(), frames | {"results": frames["results"].filter(old)}))
    assert "There is nobody whose states could be shown." in text
    assert "No covariate from before the first dose is recorded in this study." in text
    assert "No sign or symptom within an episode of CRS is recorded or found." in text


def test_two_cohorts_have_their_own_figures_and_headings():
    cohorts = {"A": "car_t", "B": "bispecific"}
    page = page_of(meta(cohort=cohorts), tables("TST", [*car_t(), *bispecific()]))
    names = data_of(page)["figures"]
    assert "states-figure-car_t-astct2019-collected" in names
    assert "states-figure-bispecific-astct2019-collected" in names
