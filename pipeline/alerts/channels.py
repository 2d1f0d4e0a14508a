"""Who is told, by the environment: CRSIGHT_ALERT_MAIL and CRSIGHT_ALERT_WEBHOOK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from pipeline.alerts.message import Message


class Channel(Protocol):
    """A way to somebody."""

    def send(self, message: Message) -> None:
        """Deliver, or raise OSError."""
        ...


def channels(environment: Mapping[str, str]) -> dict[str, Channel]:
    """Channels by name; none is no error. Each address of a mail is a channel of its own.

    Raises:
        SettingError: a setting cannot be meant so.
    """
    found: dict[str, Channel] = {}
    if mail := environment.get("CRSIGHT_ALERT_MAIL"):
        from pipeline.alerts.mail import Mail  # noqa: PLC0415  only who uses it pays for it

        sender = Mail.of(mail, environment.get("CRSIGHT_ALERT_MAIL_PASSWORD", ""))
        # A channel each: an address that the server refuses neither hides nor holds up the others.
        for number, address in enumerate(sender.to, start=1):
            name = "mail" if number == 1 else f"mail {number}"
            found[name] = replace(sender, to=(address,))
    if webhook := environment.get("CRSIGHT_ALERT_WEBHOOK"):
        from pipeline.alerts.webhook import Webhook  # noqa: PLC0415

        found["webhook"] = Webhook.of(webhook)
    return found
