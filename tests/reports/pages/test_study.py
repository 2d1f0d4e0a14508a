from __future__ import annotations

import base64
import re
import zlib

import polars as pl
import pytest

from reports.pages.study import render_study
from tests.reports.ard import results
from tests.reports.asked import queries_of
from tests.reports.conftest import body_of, data_of, page_of, text_of
from tests.reports.courses import Course, Sets, bispecific, car_t, frame, meta, usubjid
from tests.reports.study_tables import tables

CLOSED = {"subject_level": False, "min_cell": 0}


def test_the_paths_are_those_of_the_contract():
    made = render_study(meta(), tables("TST", car_t()))
    assert set(made) == {"studies/TST/index.html", "studies/TST/subjects.html"}


def test_the_same_input_gives_the_same_bytes():
    assert render_study(meta(), tables("TST", car_t())) == render_study(
        meta(), tables("TST", car_t())
    )


def test_headline_facts_stand_in_words(study_page):
    text = text_of(study_page)
    assert "20 of 24 treated subjects had CRS (83.3%)." in text
    assert "6 of 24 had grade 3 or higher (25.0%)." in text
    assert "2 subjects died of CRS (grade 5)." in text
    assert "12 of 20 subjects with CRS got tocilizumab during it (60.0%)." in text


@pytest.mark.parametrize("title", ["Maximum CRS grade", "Cumulative incidence", "Recovery from"])
def test_each_figure_names_system_basis_denominator_and_says_what_it_shows(study_page, title):
    figures = re.findall(r"<figure.*?</figure>", study_page, re.S)
    (figure,) = [f for f in figures if f"<h3>{title}" in f]
    heading = re.search(r"<h3>(.*?)</h3>", figure)[1]
    assert "ASTCT 2019, as recorded by the study" in heading
    assert re.search(r"N\s=\s\d+", heading)
    caption = re.search(r"<figcaption>(.*?)</figcaption>", figure, re.S)[1]
    assert re.search(r"first dose|onset", caption)
    assert "95%" in caption


def test_title_and_words_and_stamp_travel_with_the_download(study_page):
    for figure in data_of(study_page)["figures"].values():
        meta_ = figure["layout"]["meta"]
        assert meta_["title"]
        assert meta_["words"]
        assert any(a["text"] == "<b>TEST</b>" for a in figure["layout"]["annotations"])


def test_real_data_have_no_stamp_anywhere():
    page = page_of(meta(data_kind="real"), tables("TST", car_t(), kind="real"))
    assert not re.search(r"TEST DATA|SIMULATED DATA", body_of(page))
    for figure in data_of(page)["figures"].values():
        assert not figure["layout"].get("annotations")


def test_no_identifier_and_no_date_on_any_page():
    for page in render_study(meta(), tables("TST", car_t())).values():
        text = page.decode()
        packed = data_of(text).get("subjects", {}).values()
        inflated = [zlib.decompress(base64.b64decode(s)).decode() for s in packed]
        for shown in (body_of(text), str(data_of(text)), *inflated):
            assert "SECRET" not in shown
            assert not re.search(r"\b20\d\d-\d\d-\d\d\b", shown)


def test_a_study_page_of_150_subjects_stays_below_3_mb():
    made = render_study(meta(), tables("TST", car_t(150)))
    assert max(map(len, made.values())) < 3_000_000


def test_bispecific_has_a_table_by_dose(bispecific_page):
    assert "<h2>By dose" in bispecific_page
    assert "SUD1" in text_of(bispecific_page)


def test_car_t_has_none(study_page):
    assert "<h2>By dose" not in study_page


def test_every_count_that_can_be_clicked_has_as_many_members(study_page):
    sets = data_of(study_page)["sets"]
    buttons = re.findall(r'data-set="(\w+)"[^>]*>([\d ]+)</button>', study_page)
    assert len(buttons) > 50
    for key, number in buttons:
        members = " ".join(sets[key].values()).split()
        assert len(members) == int(number)


class TestClosed:
    """A study that does not publish subject-level data."""

    page = page_of(meta(publish=CLOSED), tables("TST", car_t()))

    def test_there_is_no_subject_page(self):
        assert list(render_study(meta(publish=CLOSED), tables("TST", car_t()))) == [
            "studies/TST/index.html"
        ]

    def test_no_set_travels_and_no_number_is_a_button(self):
        assert data_of(self.page)["sets"] == {}
        assert "people" not in data_of(self.page)
        assert 'class="n"' not in self.page

    def test_episodes_are_not_listed(self):
        assert "does not publish subject-level data" in text_of(self.page)
        assert "#1" not in text_of(self.page)
        assert "Recorded as grade" not in self.page


class TestSuppressed:
    """Small counts are not printed, in no form."""

    publish = {"subject_level": False, "min_cell": 5}  # noqa: RUF012
    page = page_of(meta(publish=publish), tables("TST", car_t()))

    def test_small_counts_print_as_below_k(self):
        assert "&lt;5" in self.page

    def test_no_small_count_stands_before_a_denominator_or_percent(self):
        assert not re.search(r"(?<![\d.])[1-4] (?:/ \d|\(\d+\.\d%\))", text_of(self.page))

    def test_no_figure_holds_a_small_count(self):
        figures = str(data_of(self.page)["figures"])
        assert not re.search(r"\b[1-4] of \d+\b", figures)


class TestStates:
    """What stands in place of figures."""

    def test_no_crs_at_all(self):
        nobody = [Course("car_t", "axi", None, None, None)] * 12
        text = text_of(page_of(meta(), tables("TST", nobody)))
        assert "No CRS: none of 12 treated subjects had a recorded episode" in text
        assert "No curve is drawn: there is no event." in text
        assert "No CRS episode was recorded." in text

    def test_five_subjects(self):
        text = text_of(page_of(meta(), tables("TST", car_t(5))))
        assert "No curve is drawn: a curve needs 10 subjects and there are 5." in text

    def test_nobody_treated(self):
        text = text_of(page_of(meta(), tables("TST", [])))
        assert "No subject of this study was treated" in text

    def test_primary_system_not_available(self):
        frames = tables("TST", car_t())
        reason = "not available, because no vital signs were delivered"
        rows = frames["results"].with_columns(
            STATUS=pl.lit("not_available"), REASON=pl.lit(reason), VALUE=None
        )
        text = text_of(page_of(meta(), frames | {"results": rows}))
        assert "because no vital signs were delivered. Nothing falls back" in text
        assert "No vital signs were delivered." in text

    def test_everything_suppressed(self):
        publish = {"subject_level": False, "min_cell": 30}
        text = text_of(page_of(meta(publish=publish), tables("TST", car_t())))
        assert "withheld to protect small groups" in text.lower()
        assert "<30" in text.replace("&lt;", "<")

    def test_two_cohorts_in_one_study(self):
        cohorts = {"A": "car_t", "B": "bispecific"}
        page = page_of(meta(cohort=cohorts), tables("TST", [*car_t(), *bispecific()]))
        text = text_of(page)
        assert "CAR-T: 20 of 24 treated subjects had CRS" in text
        assert "Bispecific: 10 of 20 treated subjects had CRS" in text


def test_open_queries_stand_in_the_top_box_with_the_largest_move_and_the_way_there():
    frames = tables("TST", car_t())
    page = page_of(meta(), frames | {"queries": queries_of("TST", frames)})
    assert '<a href="../../quality/index.html#queries">3</a>' in page
    moves = "2 could each move the share of treated subjects with CRS of grade 3 or higher by up to"
    assert f"Open queries 3 {moves} 4.2 points" in text_of(page)


def test_a_study_without_the_table_of_queries_says_nothing_of_them(study_page):
    assert "Open queries" not in study_page


HOSTILE = '</script><script>alert("x")</script>'


class TestHostile:
    """Text from the data is shown as text."""

    frames = tables("TST", car_t())
    frames["accounts"] = frames["accounts"].with_columns(ACCOUNT=pl.lit(HOSTILE))
    frames["evidence"] = frames["evidence"].with_columns(VALUE=pl.lit(HOSTILE))
    frames["interventions"] = frames["interventions"].with_columns(DRUG=pl.lit(HOSTILE))
    frames["grades"] = frames["grades"].with_columns(
        REASON=pl.when(pl.col("REASON").is_not_null()).then(pl.lit(HOSTILE))
    )
    frames["results"] = frames["results"].with_columns(
        REASON=pl.when(pl.col("LEVEL") == "landmark").then(pl.lit(HOSTILE)).otherwise("REASON")
    )
    pages = render_study(
        meta(title=HOSTILE, indication=HOSTILE, products={HOSTILE: {"role": "trigger"}}), frames
    )

    def test_it_never_becomes_a_script(self):
        for page in self.pages.values():
            assert b"<script>alert" not in page
            assert b'alert("x")' not in page.split(b"<script")[0]

    def test_it_is_there_as_text(self):
        page = self.pages["studies/TST/index.html"].decode()
        assert "&lt;/script&gt;&lt;script&gt;alert(&#34;x&#34;)" in page


def _without_primary(courses: list[Course], **publish: object) -> str:
    """A page whose primary system has nothing to grade beside what was recorded."""
    sets, people = Sets(), dict(enumerate(courses, 1))
    recorded = frame("results", results("TST", "test", people, sets, primary=False))
    reason = "not available, because the study has no CRS record to grade"
    derived = frame("results", results("TST", "test", people, sets, basis="derived")).with_columns(
        STATUS=pl.lit("not_available"), REASON=pl.lit(reason), VALUE=None
    )
    own = {"results": pl.concat([recorded, derived]), "sets": sets.frame()}
    about = meta(primary_basis="derived", **publish)
    return page_of(about, tables("TST", courses) | own)


class TestNothingToGrade:
    """The primary system is not available, because no CRS was recorded."""

    page = _without_primary([Course("car_t", "axi", None, None, None)] * 12, publish=CLOSED)
    text = text_of(page)

    def test_that_there_was_no_crs_is_said_with_its_interval(self):
        assert "No CRS: none of 12 treated subjects had a recorded episode (95% CI" in self.text
        assert "So there is nothing to grade under ASTCT 2019." in self.text
        assert "no CRS record to grade" not in self.text

    def test_the_top_box_counts_none_and_has_no_onset(self):
        assert "Any CRS 0 (0.0%)" in self.text
        assert "Median onset No CRS so no onset and no recovery" in self.text

    def test_the_flow_has_its_rows_and_says_why_they_hold(self):
        flow = self.page[self.page.index('<section id="flow"') :].split("</section>")[0]
        assert "No CRS was recorded, so these counts hold under every grading system." in flow
        treated = re.search(r"Treated: at least.*?<td[^>]*>(.*?)</td>", flow, re.S)
        assert treated[1] == "12"

    def test_a_closed_study_says_that_there_is_no_episode_to_list(self):
        assert self.text.count("No CRS episode was recorded.") == 2


CANDIDATE = {
    "STUDYID": "TST", "USUBJID": usubjid("TST", 6), "CANDSEQ": 1, "SYSTEM": "ASTCT2019",
    "START": 0, "END": 3600, "ASTDY": 1, "AENDY": 1, "DOSESEQ": 1, "ONSET_D": 0, "GRADE": 2,
    "ACCOUNT": "Grade 2 from study day 1: hypotension (88 mmHg, VS 2), with fever (39 C, VS 1).",
}  # fmt: skip


def _with_candidate(*domains: str) -> str:
    frames = tables("TST", car_t())
    row = frames["ledger"].filter(DOMAIN="AE")
    more = [row.with_columns(DOMAIN=pl.lit(d)) for d in domains]
    frames["ledger"] = pl.concat([frames["ledger"], *more])
    return text_of(page_of(meta(), frames | {"candidates": frame("candidates", [CANDIDATE])}))


def test_possible_unreported_crs_is_among_what_a_board_opens_first():
    first = _with_candidate("VS").split("Look at these first")[2].split(" Subjects ")[0]
    assert "and possible unreported CRS: signs with fever" in first
    assert "Not counted. Would be: Grade 2 from study day 1: hypotension" in first


def test_that_no_possible_unreported_crs_was_found_is_said_at_the_top_too():
    none = {"candidates": frame("candidates", [CANDIDATE]).clear()}
    frames = tables("TST", car_t())
    row = frames["ledger"].filter(DOMAIN="AE")
    frames["ledger"] = pl.concat([frames["ledger"], row.with_columns(DOMAIN=pl.lit("VS"))])
    first = text_of(page_of(meta(), frames | none)).split("Look at these first")[2]
    assert "that no recorded episode covers, of which none were found." in first
    assert "listed for review" not in first.split(" Subjects ")[0]


def test_without_vital_signs_nothing_is_said_to_have_been_looked_for():
    text = _with_candidate()
    assert "so unreported CRS cannot be looked for" in text
    assert "and possible unreported CRS" not in text
    assert "Would be:" not in text
