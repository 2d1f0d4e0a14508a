from __future__ import annotations

import smtplib

import pytest

from pipeline.alerts.mail import Mail
from pipeline.alerts.message import Message
from pipeline.alerts.setting import SettingError
from tests.alerts.receivers import mail_server
from tests.e2e.processes import free_port

MESSAGE = Message("Ä-1", "failed", "stage crs", "", "r1", {"run": "https://ui.example.org/runs/r1"})


def test_a_mail_arrives_with_its_link():
    with mail_server() as box:
        Mail.of(box.url).send(MESSAGE)
    (mail,) = box.mails
    assert (mail["From"], mail["To"]) == ("crsight@example.org", "board@example.org")
    assert mail["Subject"] == "crsight: Ä-1 failed"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == [
        "Ä-1: failed", "stage crs", "run r1", "run: https://ui.example.org/runs/r1",
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # on loopback
def test_a_server_that_wants_a_login_gets_it():
    with mail_server(login=("night", "p@ss")) as box:
        base = f"127.0.0.1:{box.port}/?to=board@example.org"
        Mail.of(f"smtp://night:p%40ss@{base}").send(MESSAGE)
        Mail.of(f"smtp://night@{base}", "p@ss").send(MESSAGE)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            Mail.of(f"smtp://night:wrong@{base}").send(MESSAGE)
    assert len(box.mails) == 2


def test_a_server_that_is_down_is_an_error_that_may_pass():
    with pytest.raises(OSError, match="refused"):
        Mail.of(f"smtp://127.0.0.1:{free_port()}/?to=a@example.org").send(MESSAGE)


def test_starttls_is_not_done_without():
    with mail_server() as box, pytest.raises(smtplib.SMTPNotSupportedError):
        Mail.of(f"smtp+starttls://127.0.0.1:{box.port}/?to=a@example.org").send(MESSAGE)
    assert box.mails == []


def test_the_url_says_scheme_port_sender_and_receivers():
    mail = Mail.of(
        "smtps://u:p@mail.example.org/?from=n@example.org&to=a@example.org,b@example.org"
    )
    assert (mail.scheme, mail.host, mail.port) == ("smtps", "mail.example.org", 465)
    assert (mail.sender, mail.to) == ("n@example.org", ("a@example.org", "b@example.org"))
    assert Mail.of("smtp+starttls://h/?to=a@example.org").port == 587
    assert Mail.of("smtp://h/?to=a@example.org").sender == "a@example.org"
    assert "u:p" not in repr(mail)
    assert "password" not in repr(mail)


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://h/?to=a@b", "smtp://h/", "smtp:///?to=a@b", "smtp://h:x/?to=a@b"],
)
def test_a_url_that_cannot_be_meant_is_refused_without_telling_secrets(url):
    with pytest.raises(SettingError, match="CRSIGHT_ALERT_MAIL"):
        Mail.of(url)
