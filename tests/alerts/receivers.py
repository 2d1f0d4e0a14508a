"""Real receivers on loopback: a mail server and a web address, each with what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.e2e.processes import free_port


class Mailbox:
    """What arrived, and the URL that leads here."""

    def __init__(self, port: int, user: str = "", refused: str = "") -> None:
        self.port = port
        self.refused = refused
        self.mails: list[EmailMessage] = []
        login = f"{user}@" if user else ""
        self.url = f"smtp://{login}127.0.0.1:{port}/?from=crsight@example.org&to=board@example.org"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        if address == self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@contextmanager
def mail_server(
    port: int | None = None, login: tuple[str, str] | None = None, refused: str = ""
) -> Generator[Mailbox]:
    """A mail server; with a login it takes mail from nobody else, and for nobody refused."""
    box = Mailbox(port or free_port(), ":".join(login) if login else "", refused)

    def authenticate(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False)

    asked = {
        "authenticator": authenticate, "auth_required": True, "auth_require_tls": False,
    } if login else {}  # fmt: skip
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **asked)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class Hook:
    """What was posted, and the answer that is given."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.status = 200
        self.url = ""


@contextmanager
def web_address() -> Generator[Hook]:
    """A web server that keeps what is posted."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if hook.status == 200:
                hook.posts.append(json.loads(body))
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_port}/secret-path"
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
