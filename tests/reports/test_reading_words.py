from pipeline.crs.open_questions import QUESTIONS, words
from reports.reading_words import WORDS, reading_words


def test_every_position_of_every_question_has_words_and_no_word_is_left_over():
    said = {words(((q.switch, value),)) for q in QUESTIONS for value in q.positions}
    assert set(WORDS) == said


def test_two_changes_are_two_sentences():
    assert reading_words("death_rule=any_during; organ_link=any") == (
        "Any death while CRS lasted is due to it. "
        "Organ toxicity counts whether or not recorded as related"
    )


def test_a_list_of_systems():
    assert reading_words("niv_is_ventilator=[ASTCT2019, CTCAE5]") == (
        "Non-invasive ventilation is a ventilator in: ASTCT2019, CTCAE5"
    )
    assert reading_words("niv_is_ventilator=[]").endswith("in: no system")


def test_the_own_reading():
    assert reading_words("") == "As the study reads them"
