from __future__ import annotations

import pytest

from pipeline.alerts.channels import channels
from pipeline.alerts.setting import SettingError


def test_no_setting_no_channel():
    assert channels({"CRSIGHT_ALERT_MAIL": ""}) == {}


def test_each_setting_is_a_channel():
    found = channels(
        {
            "CRSIGHT_ALERT_MAIL": "smtp://me@mail.example.org/?to=a@example.org",
            "CRSIGHT_ALERT_MAIL_PASSWORD": "secret",
            "CRSIGHT_ALERT_WEBHOOK": "https://chat.example.org/x",
        }
    )
    assert list(found) == ["mail", "webhook"]
    assert found["mail"].password == "secret"


def test_a_setting_that_cannot_be_meant_is_no_silence():
    with pytest.raises(SettingError):
        channels({"CRSIGHT_ALERT_WEBHOOK": "chat.example.org"})
