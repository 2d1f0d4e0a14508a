from __future__ import annotations

import re

from markupsafe import Markup

from reports.tables.gt import gt_table


def test_text_is_escaped_and_markup_is_kept():
    made = gt_table("t", [["<a>", "x & <b>", Markup("<b>1</b>")]], ["Row", "A<", "B"])
    assert "&lt;a&gt;" in made
    assert "x &amp; &lt;b&gt;" in made
    assert "<b>1</b>" in made
    assert "&amp;lt;" not in made


def test_no_style_no_link_and_the_same_bytes():
    rows = [["G", "Row", "1"]]
    made = gt_table("t", rows, ["", "Row", "A"], groups=True, notes=["note"])
    assert made == gt_table("t", rows, ["", "Row", "A"], groups=True, notes=["note"])
    assert "<style" not in made
    assert "http" not in made


def test_headings_say_their_scope():
    made = gt_table("t", [["r", "1", "2"]], ["Row", "A", "B"], spanners=[("S", [1, 2])])
    assert made.count('scope="col"') == 3
    assert 'scope="colgroup"' in made
    assert 'scope="row"' in made


def test_rows_stand_below_their_group_in_the_order_of_the_groups():
    rows = [["B", "1", "x"], ["A", "2", "x"], ["B", "3", "x"]]
    made = gt_table("t", rows, ["", "Row", "A"], groups=True)
    found = re.findall(r'scope="(?:colgroup|row)"[^>]*>([^<]*)</th>', made)
    assert found == ["B", "1", "3", "A", "2"]


def test_words_that_look_like_a_field_stay_as_they_are():
    made = gt_table(
        "t", [["{group}", "{cells[0]}"]], ["{name}", "{0}"], spanners=[("{rows}", [1])],
        notes=["{notes}"],
    )  # fmt: skip
    for words in ("{group}", "{cells[0]}", "{name}", "{0}", "{rows}", "{notes}"):
        assert f">{words}<" in made


def test_a_table_of_the_same_shape_has_words_of_its_own():
    one, other = (gt_table(n, [[n, n]], [n, n], notes=[n]) for n in ("one", "other"))
    assert one.replace("one", "other") == other
