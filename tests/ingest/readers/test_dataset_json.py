from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest

from pipeline.ingest.readers import UnreadableError
from pipeline.ingest.readers.dataset_json import read_dsjc, read_json, read_ndjson

COLUMNS = [
    {"itemOID": "IT.AE.AETERM", "name": "AETERM", "label": "Term", "dataType": "string"},
    {"itemOID": "IT.AE.AESEQ", "name": "AESEQ", "label": "Sequence", "dataType": "integer"},
]
META: dict[str, Any] = {
    "datasetJSONVersion": "1.1.0",
    "name": "AE",
    "label": "Adverse Events",
    "records": 2,
    "columns": COLUMNS,
}
ROWS = [["Fieber ä", 1], ["", None]]
WANTED = [{"AETERM": "Fieber ä", "AESEQ": 1.0}, {"AETERM": None, "AESEQ": None}]
LINES = "\n".join(json.dumps(part, ensure_ascii=False) for part in (META, *ROWS)) + "\n"


def test_json_ndjson_and_both_compressions_give_the_same(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(META | {"rows": ROWS}), encoding="utf-8")
    (tmp_path / "a.ndjson").write_text(LINES, encoding="utf-8")
    (tmp_path / "z.dsjc").write_bytes(zlib.compress(LINES.encode()))
    (tmp_path / "g.dsjc").write_bytes(gzip.compress(LINES.encode()))
    assert read_json(tmp_path / "a.json").frame.to_dicts() == WANTED
    assert read_ndjson(tmp_path / "a.ndjson").frame.to_dicts() == WANTED
    assert read_dsjc(tmp_path / "z.dsjc").frame.to_dicts() == WANTED
    assert read_dsjc(tmp_path / "g.dsjc").frame.to_dicts() == WANTED


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({}, "no columns"),
        (META | {"rows": ROWS[:1]}, "states 2 records and holds 1"),
        (META | {"rows": [["Fever", 1], ["Fever"]]}, "row 2 has not one value per column"),
        (META | {"rows": [1, 2]}, "a row is not a list"),
        (META | {"rows": [[["x"], 1], ["y", 2]]}, "column AETERM holds lists"),
        (META | {"columns": [{"label": "x"}], "rows": []}, "a column has no name"),
        (META | {"columns": COLUMNS[:1] * 2, "rows": [["a", "b"]] * 2}, "stands in the file twice"),
    ],
)
def test_what_is_no_dataset_json_says_why(tmp_path, document, why):
    path = tmp_path / "ae.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableError, match=why):
        read_json(path)


def test_truncated_files_are_refused(tmp_path):
    path = tmp_path / "ae.ndjson"
    for size in range(0, len(LINES) - 2, 7):
        path.write_bytes(LINES.encode()[:size])
        with pytest.raises(UnreadableError):
            read_ndjson(path)
    packed = gzip.compress(LINES.encode())
    for size in range(0, len(packed), 5):
        path.write_bytes(packed[:size])
        with pytest.raises(UnreadableError):
            read_dsjc(path)
