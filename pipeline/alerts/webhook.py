"""Sends an alert as JSON to a web address; `text` is what chat systems show."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from pipeline.alerts.message import Message
from pipeline.alerts.setting import SettingError

_PATIENCE_S = 10


@dataclass(frozen=True)
class Webhook:
    """A web address; it often is a secret itself."""

    url: str = field(repr=False)

    @classmethod
    def of(cls, url: str) -> Webhook:
        """Take an http or https address.

        Raises:
            SettingError: it is another one.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise SettingError("CRSIGHT_ALERT_WEBHOOK: expected https://…")
        return cls(url)

    def send(self, message: Message) -> None:
        """Post the message.

        Raises:
            OSError: it could not be delivered now (urllib's errors are among these).
        """
        said = {**message.to_dict(), "text": f"{message.subject}\n{message.text}"}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = Request(self.url, json.dumps(said).encode(), headers)
        try:
            with urlopen(request, timeout=_PATIENCE_S):  # an answer of 4xx or 5xx raises
                pass
        except HTTPException as error:
            raise OSError(type(error).__name__) from error
