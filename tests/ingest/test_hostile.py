"""Whatever is done to a drop, it is taken with every row accounted for, or refused with reasons."""

from __future__ import annotations

import os
import random
import tempfile
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest.drop import DropRefused
from pipeline.ingest.readers import READERS, UnreadableError
from tests.ingest.drops import FILES, SHARED, found, ingest

# `make soak` raises the count; a percent or two of it runs here.
COUNT = int(os.environ.get("CRSIGHT_HOSTILE", "30"))
JUNK = [
    "", "NA", ".", "x", "-1", "1e400", "nan", "inf", "2024-02-31", "9" * 20, "'\"", "ä\u2028", "0",
    "1.5", "2024", "a" * 300, "=1+1", "\x07", "NULL", "TRUE", "9999-12-31", "😀", "P1", "S1", "a b",
]  # fmt: skip
NAMES = ["", "X", "USUBJID", "ROW", "_FILE", "VALUE", "AT", "_UNIT", "DOMAIN", "IDVAR", "QNAM"]


def _cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.rstrip("\n").split("\n")]


def _text(cells: list[list[str]]) -> str:
    return "\n".join(map(",".join, cells)) + "\n"


def _column_away(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(_cells(text)[0]))
    return _text([row[:at] + row[at + 1 :] for row in _cells(text)])


def _column_renamed(rng: random.Random, text: str) -> str:
    cells = _cells(text)
    cells[0][rng.randrange(len(cells[0]))] = rng.choice(NAMES)
    return _text(cells)


def _value(rng: random.Random, text: str) -> str:
    cells = _cells(text)
    row = rng.choice(cells[1:])
    row[rng.randrange(len(row))] = rng.choice(JUNK)
    return _text(cells)


def _cell_away(rng: random.Random, text: str) -> str:
    cells = _cells(text)
    rng.choice(cells).pop()
    return _text(cells)


def _row_twice(rng: random.Random, text: str) -> str:
    return text + text.splitlines()[-1] + "\n"


def _truncated(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text))]


def _bytes(rng: random.Random, text: str) -> bytes:
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


DAMAGES = [_column_away, _column_renamed, _value, _cell_away, _row_twice, _truncated, _bytes]


@settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(FILES)), st.sampled_from(DAMAGES)),
        min_size=1,
        max_size=3,
        unique_by=lambda damage: damage[0],
    ),
    st.integers(0, 10**6),
)
def test_a_damaged_drop_is_taken_whole_or_refused(damages, seed):
    rng = random.Random(seed)
    texts = {name: damage(rng, FILES[name]) for name, damage in damages}
    with tempfile.TemporaryDirectory() as folder:
        try:
            tables = ingest(Path(folder), **texts)
        except DropRefused as error:
            refused = error
        else:
            _accounted(tables)
            return
    assert refused.problems
    assert all(": " in problem for problem in refused.problems)


def _accounted(tables: dict[str, pl.DataFrame]) -> None:
    """Every row is accepted or held back, none is both; a note lies on accepted rows alone."""
    held = {(domain, row) for domain, row, _, _ in found(tables, "quarantine")}
    assert held.isdisjoint((domain, row) for domain, row, _, _ in found(tables, "notes"))
    for row in tables["ledger"].iter_rows(named=True):
        name, domain = row["DOMAIN"], f"sdtm_{row['DOMAIN'].lower()}"
        assert row["N_READ"] == row["N_ACCEPTED"] + row["N_QUARANTINED"]
        assert row["N_QUARANTINED"] == len({place for place in held if place[0] == name})
        if domain in tables:
            rows = {(name, at) for at in tables[domain]["ROW"]}
            assert rows | held >= {(name, at) for at in range(1, row["N_READ"] + 1)}
            assert rows.isdisjoint(held)


CDISC = SHARED / "cdisc" / "sdtm"


@pytest.mark.skipif(not CDISC.is_dir(), reason="needs the folder `shared` beside the repository")
@pytest.mark.parametrize("name", ["dm.xpt", "dm.json", "dm.ndjson", "dm.dsjc"])
def test_a_damaged_file_is_read_or_refused(tmp_path, name):
    rng = random.Random(7)
    data = (CDISC / name).read_bytes()
    path = tmp_path / name
    for _ in range(COUNT):
        damaged = bytearray(data[: rng.randint(len(data) // 2, len(data))])
        for _ in range(rng.choice([0, 1, 20])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            frame = READERS[path.suffix[1:]](path).frame
        except UnreadableError:
            continue
        assert frame.width


def test_a_hundred_thousand_vital_signs_take_less_than_two_seconds(tmp_path):
    rows = 100_000
    vs = pl.DataFrame({"VSSEQ": range(1, rows + 1)}).with_columns(
        STUDYID=pl.lit("S1"),
        DOMAIN=pl.lit("VS"),
        USUBJID=pl.format("P{}", pl.col("VSSEQ") % 2 + 1),
        VSTESTCD=pl.lit("TEMP"),
        VSSTRESN=36 + pl.col("VSSEQ") % 40 / 10,
        VSSTRESU=pl.lit("C"),
        VSDTC=pl.datetime(2024, 3, 1)
        .dt.offset_by(pl.format("{}s", "VSSEQ"))
        .dt.strftime("%Y-%m-%dT%H:%M:%S"),
    )
    text = vs.write_csv()
    # Time of the processor: other work on the machine says nothing about ours.
    start = time.process_time()
    tables = ingest(tmp_path, vs=text)
    took = time.process_time() - start
    assert tables["sdtm_vs"].height == rows
    assert tables["sdtm_vs"]["VALUE"].null_count() == 0
    assert took < 2
