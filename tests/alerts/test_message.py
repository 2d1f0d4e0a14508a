from __future__ import annotations

from pipeline.alerts.message import Message, plain


def test_a_message_says_who_what_why_what_stands_and_where_to_look():
    message = Message(
        "CART-01", "failed", "stage crs: a check failed", "Version 3 stays published.", "1f2e",
        {"run": "https://ui.example.org/runs/1f2e"},
    )  # fmt: skip
    assert message.subject == "crsight: CART-01 failed"
    assert message.text == (
        "CART-01: failed\nstage crs: a check failed\nVersion 3 stays published.\nrun 1f2e\n"
        "run: https://ui.example.org/runs/1f2e\n"
    )


def test_what_there_is_nothing_to_say_of_has_no_line():
    assert Message("A", "is published", "", "", "", {}).text == "A: is published\n"


def test_hostile_text_becomes_one_printable_line():
    assert plain("A\r\nBcc: all@example.org") == "A Bcc: all@example.org"
    assert plain("a\u202egnp.exe\x00\x1b[31m") == "a gnp.exe [31m"  # turned text, escapes
    assert plain("  wide \t text ") == "wide text"
    assert plain("x" * 299) == "x" * 299
    assert len(plain("x" * 301)) == 300
