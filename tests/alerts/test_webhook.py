from __future__ import annotations

import pytest

from pipeline.alerts.message import Message
from pipeline.alerts.setting import SettingError
from pipeline.alerts.webhook import Webhook
from tests.alerts.receivers import web_address

MESSAGE = Message("A", "failed", "stage crs", "", "r1", {"run": "https://ui.example.org/runs/r1"})


def test_a_post_arrives_as_json_with_a_text_for_chat_systems():
    with web_address() as hook:
        Webhook.of(hook.url).send(MESSAGE)
    (post,) = hook.posts
    assert post["text"].startswith("crsight: A failed\nA: failed\nstage crs\n")
    assert (post["about"], post["state"], post["run"]) == ("A", "failed", "r1")
    assert post["links"] == {"run": "https://ui.example.org/runs/r1"}


@pytest.mark.parametrize("status", [404, 500])
def test_an_answer_that_is_no_yes_is_an_error_that_may_pass(status):
    with web_address() as hook:
        hook.status = status
        with pytest.raises(OSError, match=str(status)) as raised:
            Webhook.of(hook.url).send(MESSAGE)
        raised.value.close()


def test_only_web_addresses_are_taken_and_they_are_not_shown():
    with pytest.raises(SettingError, match="CRSIGHT_ALERT_WEBHOOK"):
        Webhook.of("file:///etc/passwd")
    assert "secret" not in repr(Webhook.of("https://chat.example.org/secret"))
