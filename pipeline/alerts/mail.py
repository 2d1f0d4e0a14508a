"""Sends an alert by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.alerts.message import Message
from pipeline.alerts.setting import SettingError

_PATIENCE_S = 10
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Mail:
    """A mail server and two addresses."""

    scheme: str
    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, password: str = "") -> Mail:
        """Read `smtp://user:password@host:port/?from=ADDRESS&to=ADDRESS,ADDRESS`.

        Args:
            url: `smtp://` (as it is), `smtp+starttls://` or `smtps://` (encrypted).
            password: where it shall not stand in the URL.

        Raises:
            SettingError: what is missing or wrong.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise SettingError("CRSIGHT_ALERT_MAIL is no URL") from None
        asked = parse_qs(parts.query)
        to = [a.strip() for value in asked.get("to", []) for a in value.split(",") if a.strip()]
        if parts.scheme not in _PORTS or not parts.hostname or not to:
            raise SettingError(
                "CRSIGHT_ALERT_MAIL: expected smtp://, smtp+starttls:// or smtps://"
                "USER:PASSWORD@HOST:PORT/?from=ADDRESS&to=ADDRESS"
            )
        return cls(
            parts.scheme,
            parts.hostname,
            port or _PORTS[parts.scheme],
            asked.get("from", to)[0],
            tuple(to),
            unquote(parts.username or ""),
            password or unquote(parts.password or ""),
        )

    def send(self, message: Message) -> None:
        """Hand the message to the server.

        Raises:
            OSError: it could not be delivered now (smtplib's errors are among these).
        """
        mail = EmailMessage(policy=SMTP)
        mail["Subject"], mail["From"], mail["To"] = message.subject, self.sender, ", ".join(self.to)
        mail["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice shall answer
        mail.set_content(message.text)
        with self._server() as server:
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail)

    def _server(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_PATIENCE_S, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=_PATIENCE_S)
        try:
            if self.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
        except OSError:
            server.close()
            raise
        return server
