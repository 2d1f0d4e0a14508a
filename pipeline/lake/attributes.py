"""What a bucket is told of bytes besides the bytes: their kind for a browser, their hash for us."""

from __future__ import annotations

from pathlib import PurePosixPath

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


def attributes_of(name: str, value: str) -> dict[str, str]:
    """Attributes of an object by its name and the SHA-256 of its bytes."""
    suffix = PurePosixPath(name).suffix
    # A page is replaced under its name: a browser has to ask whether it is still the same.
    fresh = {"Cache-Control": "no-cache"} if suffix == ".html" else {}
    kind = _TYPES.get(suffix, "application/octet-stream")
    return {"Content-Type": kind, "sha256": value, **fresh}
