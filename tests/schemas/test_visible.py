from __future__ import annotations

import pytest

from pipeline.schemas.visible import visible, visible_line


def test_marks_of_direction_and_control_characters_are_shown_by_number():
    assert visible("a\u202eb\u2069c\x1b[2J\x9b") == "a⟨U+202E⟩b⟨U+2069⟩c⟨U+001B⟩[2J⟨U+009B⟩"


def test_a_page_keeps_line_ends_and_tabs_and_a_terminal_does_not():
    assert visible("a\tb\nc") == "a\tb\nc"
    assert visible_line("a\tb\r\nc\u2028d") == "a⟨U+0009⟩b⟨U+000D⟩⟨U+000A⟩c⟨U+2028⟩d"


def test_half_a_character_cannot_break_the_output():
    assert visible_line("a\ud800") == "a⟨U+D800⟩"


@pytest.mark.parametrize("text", ["38.0 °C", "Crème brûlée", "ﷺ", "中", "~ !"])
def test_everything_that_can_be_seen_stays(text):
    assert visible_line(text) == visible(text) == text
