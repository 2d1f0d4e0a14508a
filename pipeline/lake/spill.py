"""Room on the disk for what a running stage cannot hold in memory."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pipeline.lake.store import Store


@contextmanager
def spill(store: Store, study: str) -> Generator[Path]:
    """An empty folder for a study's stage; it is gone afterwards.

    It lies on the disk of the lake, or of the copies of a bucket, so that finished tables are only
    moved. What a crash leaves there goes when the study runs again.
    """
    folder = store.folder / "spill" / study
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
