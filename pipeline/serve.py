"""Serves published pages to this machine, so that the Dagster UI can link to them.

A browser opens no file from the disk at the click on a link of a served page.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

_HERE = ("127.0.0.1", "localhost")


@contextmanager
def serving(folder: Path, host: str, port: int) -> Generator[str]:
    """Serve the files of a folder while the block runs; gives the address, without a slash.

    Args:
        folder: what is served.
        host: the address to listen on.
        port: its port, 0 for any that is free.

    Raises:
        OSError: the port is taken.
    """
    server = ThreadingHTTPServer((host, port), partial(_Pages, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Pages(SimpleHTTPRequestHandler):
    """Files only: no listing of folders, no log, and no answer under another host's name."""

    def send_head(self) -> Any:
        """Refuse what a page of another site asks for by giving our address its own name."""
        asked = self.headers.get("Host", "").rpartition(":")[0]
        if asked not in (*_HERE, self.connection.getsockname()[0]):
            self.send_error(HTTPStatus.FORBIDDEN, "not this host")
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> BytesIO | None:
        """There is a front page; what else lies there is not for browsing."""
        self.send_error(HTTPStatus.NOT_FOUND, "no such page")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: requests are nobody's news."""
