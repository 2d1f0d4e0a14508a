from pipeline.crs.companion import DOCUMENT, companion


def test_the_companion_for_clinicians_is_what_the_tables_say():
    assert DOCUMENT.read_text(encoding="utf-8") == companion()
