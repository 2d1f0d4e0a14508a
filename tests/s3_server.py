"""An S3 on loopback, moto's: started by `tests.servers.s3`, told to misbehave by `next_answers`.

moto looks whether a name is taken and then writes, in two steps; a real S3 does both in one. Here
requests are answered one at a time, which gives its conditional writes the same promise.
"""

from __future__ import annotations

import argparse
import json
import threading
import urllib.request
from collections import Counter

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

_FAULTS, _COUNTS = "/_faults", "/_counts"


class OneAtATime:
    def __init__(self):
        self.app = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()
        self.faults: list[dict] = []
        self.counts: Counter[str] = Counter()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == _FAULTS:
            self.faults = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        if environ["PATH_INFO"] == _COUNTS:
            told, self.counts = json.dumps(self.counts).encode(), Counter()
            start_response("200 OK", [("Content-Length", str(len(told)))])
            return [told]
        with self.lock:
            self.counts[_kind(environ)] += 1
            fault = self._fault(environ["REQUEST_METHOD"])
            if fault is None or fault["done"]:
                given = list(self.app(environ, start_response if fault is None else _nobody))
            if fault is None:
                return given
        start_response(f"{fault['status']} told to", [("Content-Length", "0")])
        return [b""]

    def _fault(self, method):
        if self.faults and self.faults[0]["method"] == method:
            return self.faults.pop(0)
        return None


def _kind(environ):
    """The method; a listing is a GET of its own kind."""
    listing = "list-type" in environ.get("QUERY_STRING", "")
    return "LIST" if listing else environ["REQUEST_METHOD"]


def _nobody(_status, _headers, _error=None):
    return lambda _data: None


def next_answers(endpoint: str, *faults: tuple[str, int, bool]) -> None:
    """What the next requests are answered, in order: method, status, whether it is done anyway."""
    listed = [{"method": m, "status": s, "done": d} for m, s, d in faults]
    post(f"{endpoint}{_FAULTS}", json.dumps(listed).encode(), "POST")


def requests_since(endpoint: str) -> dict[str, int]:
    """How many requests there were of each kind since this was asked last."""
    with urllib.request.urlopen(f"{endpoint}{_COUNTS}", timeout=30) as answer:
        return json.loads(answer.read())


def make_bucket(endpoint: str, name: str) -> None:
    post(f"{endpoint}/{name}", b"", "PUT")


def post(url: str, data: bytes, method: str) -> None:
    request = urllib.request.Request(url, data or None, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    run_simple(
        "127.0.0.1", parser.parse_args().port, OneAtATime(), threaded=True,
        request_handler=MotoRequestHandler,
    )  # fmt: skip


if __name__ == "__main__":
    main()
