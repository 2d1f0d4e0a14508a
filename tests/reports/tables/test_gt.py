from __future__ import annotations

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
