from __future__ import annotations

import pytest

from pipeline.alerts.channels import channels
from pipeline.alerts.message import Message
from pipeline.alerts.outbox import Box, deliver
from pipeline.alerts.setting import SettingError
from tests.alerts.receivers import mail_server


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


def test_an_address_that_the_server_refuses_holds_up_nobody_else():
    with mail_server(refused="gone@example.org") as box:
        addresses = "gone@example.org,board@example.org"
        found = channels({"CRSIGHT_ALERT_MAIL": f"smtp://127.0.0.1:{box.port}/?to={addresses}"})
        assert list(found) == ["mail", "mail 2"]
        waiting = Box(waiting=(Message("S1", "failed", "stage crs", "", "r1", {}),))
        (gone, problem), (reached, none) = (deliver(waiting, c, 0.0) for c in found.values())
    assert (len(gone.waiting), gone.not_before) == (1, 60.0)
    assert problem == "SMTPRecipientsRefused; 1 wait, again in 60 s"
    assert (reached.waiting, none) == ((), "")
    assert [mail["To"] for mail in box.mails] == ["board@example.org"]


def test_a_setting_that_cannot_be_meant_is_no_silence():
    with pytest.raises(SettingError):
        channels({"CRSIGHT_ALERT_WEBHOOK": "chat.example.org"})
