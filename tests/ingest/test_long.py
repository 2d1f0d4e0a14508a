"""What passes in portions of subjects comes out as what is held whole, to the byte."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest.drop import DropRefused, ingest_drop
from pipeline.ingest.survey import Sizes
from pipeline.lake.parquet import to_parquet
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from tests.ingest.drops import FILES, SHARED, plus, study, write
from tests.ingest.test_hostile import COUNT, DAMAGES

# All domains but DM, EX and RELREC are long; each size moves the borders of batches and portions.
ALL_LONG = [
    Sizes(long=0, batch=1, portion=1, every=1, remarks=0),
    Sizes(long=0, batch=7, portion=20, every=3, remarks=5),
    Sizes(long=0, batch=1000, portion=200_000, every=1),
]


def _bytes(tables) -> dict[str, bytes]:
    return {
        name: table.read_bytes() if isinstance(table, Path) else to_parquet(table)
        for name, table in tables.items()
    }


def _outcome(drop, described, spill=None, sizes=None):
    """Bytes of the tables, or the problems of a drop that is refused."""
    if spill:
        spill.mkdir()
    try:
        return _bytes(ingest_drop(drop, described, spill, sizes))
    except DropRefused as refused:
        return refused.problems


def _same(folder, drop, described, sizes=ALL_LONG):
    whole = _outcome(drop, described)
    for at, size in enumerate(sizes):
        parts = _outcome(drop, described, folder / f"spill{at}", size)
        assert parts == whole, size
    return whole


# Files that no case but the first needs.
SPARED = {"fa": None, "pr": None, "cm": None, "suppae": None}
HEAD = FILES["vs.csv"].splitlines()[0]
CASES = {
    "as it is": {},
    "a row repeated far away": {
        "vs": plus("vs", *(f"S1,VS,P2,{n},TEMP,37,C,37,C,2024-03-04" for n in range(9)))
        + FILES["vs.csv"].splitlines()[1]
        + "\n"
    },
    "a key repeated with another value": {
        "vs": plus("vs", "S1,VS,P1,1,SYSBP,99,mmHg,99,mmHg,2024-03-05")
    },
    "the first of a key is held back, so the second stands": {
        "vs": f"{HEAD}\nS1,VS,P1,1,TEMP,38,C,38,C,2024-02-31\n"
        "S1,VS,P1,1,TEMP,38,C,38,C,2024-03-02\n"
    },
    "rows without a number, in two subjects": {
        "vs": plus(
            "vs",
            "S1,VS,P2,,TEMP,38,C,38,C,2024-03-03",
            "S1,VS,P1,7,TEMP,38,C,38,C,2024-03-04",
            "S1,VS,P1,,TEMP,38,C,38,C,2024-03-05",
        )
    },
    "no column of numbers": {"vs": FILES["vs.csv"].replace(",VSSEQ", ",VSNUM")},
    "subjects unknown, empty and of another study": {
        "vs": plus(
            "vs",
            "S1,VS,P9,1,TEMP,38,C,38,C,2024-03-03",
            "S1,VS,,2,TEMP,38,C,38,C,2024-03-03",
            "S2,VS,P1,9,TEMP,38,C,38,C,2024-03-03",
        )
    },
    "different values at one time": {
        "vs": plus(
            "vs",
            "S1,VS,P2,4,SYSBP,88,mmHg,88,mmHg,2024-03-03T08:00",
            "S1,VS,P1,5,SYSBP,120,mmHg,120,mmHg,2024-03-03T08:00",
        )
    },
    "synonyms, units unknown, missing and impossible values": {
        "vs": plus(
            "vs",
            "S1,VS,P1,4,SBP,88,mmHg,88,mmHg,2024-03-03T08:00",
            "S1,VS,P2,5,TEMP,38,X,38,X,2024-03-03T08:00",
            "S1,VS,P2,6,OXYSAT,95,,95,,2024-03-03T09:00",
            "S1,VS,P2,7,TEMP,101,C,101,C,2024-03-03T10:00",
            "S1,VS,P2,8,TEMP,warm,C,warm,C,",
        )
    },
    "a subject in two files of a domain": {
        "lbch.csv": "STUDYID,DOMAIN,USUBJID,LBTESTCD,LBSTRESN,LBDTC\n"
        "S1,LB,P1,CRP,50,2024-03-03\nS1,LB,P2,CRP,60,2024-02-31\n",
        "lbhe.csv": "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESN,LBDTC,LBX\n"
        "S1,LB,P1,3,HGB,8,2024-03-03,a\nS1,LB,P1,,WBC,8,2024-03-03,\n",
    },
    "qualifiers: merged, unused, without parent, in conflict, of a whole subject": {
        "suppvs.csv": "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"
        "S1,VS,P1,VSSEQ,1,VSPOS,Position,SUPINE\nS1,VS,P1,VSSEQ,1,VSPOS,Position,SITTING\n"
        "S1,VS,P1,VSSEQ,2,MOOD,Mood,calm\nS1,VS,P2,VSSEQ,2,VSPOS,Position,SUPINE\n"
        "S1,VS,P1,,,VSLOC,Location,ARM\nS1,VS,P9,VSSEQ,1,VSLOC,Location,ARM\n"
    },
    "qualifiers of a domain without a file": {
        "vs": None,
        "suppvs.csv": "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"
        "S1,VS,P1,VSSEQ,1,VSPOS,Position,SUPINE\n",
    },
    "a file named like a part of a domain that is none": {"vsxx.csv": "A,B\n1,2\n"},
    "no rows": {"vs": f"{HEAD}\n"},
    "columns of no use, some empty": {
        "vs": f"{HEAD},MOOD,\nS1,VS,P1,1,TEMP,38.5,C,38.5,C,2024-03-03T08:00,calm,\n"
        "S1,VS,P2,1,TEMP,38.5,C,38.5,C,2024-03-03T08:00,calm,\n"
    },
    "identifiers in late rows and in several columns": {
        "vs": plus("vs", "S1,VS,P1,4,TEMP,a@b.org,C,38,C,", "S1,VS,P1,5,x@y.org,a@b.org,C,38,C,"),
        "cm": plus("cm", "S1,CM,P1,2,call 555-123-4567,1,mg,2024-03-03,"),
    },
    "a row too short": {"vs": plus("vs", "S1,VS,P1,4")},
    "a column that every row needs is missing": {"vs": FILES["vs.csv"].replace("USUBJID", "WHO")},
    "no line break at the end": {"vs": FILES["vs.csv"].rstrip("\n")},
    "not UTF-8": {"vs.csv": FILES["vs.csv"].replace(",C,", ",°C,").encode("cp1252")},
    "UTF-16": {"vs.csv": FILES["vs.csv"].encode("utf-16")},
    "a mark of byte order, semicolons, quoted line breaks": {
        "vs.csv": b"\xef\xbb\xbf\n"
        + FILES["vs.csv"].replace(",", ";").replace("TEMP;38.5", '"TEMP";"38\n5"').encode()
    },
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_portions_give_the_bytes_of_the_whole(tmp_path, case):
    files = CASES[case] and {**SPARED, **CASES[case]}
    whole = _same(tmp_path, write(tmp_path, **files), study(data_cutoff="2024-03-04"))
    assert isinstance(whole, list) is any(
        word in case for word in ("identifiers", "too short", "that every row needs")
    )


def test_the_sizes_of_the_test_do_divide_the_domain(tmp_path):
    (tmp_path / "spill").mkdir()
    tables = ingest_drop(write(tmp_path), study(), tmp_path / "spill", ALL_LONG[0])
    assert {name for name, table in tables.items() if isinstance(table, Path)} == {
        "sdtm_ae", "sdtm_fa", "sdtm_vs", "sdtm_cm", "sdtm_pr", "notes",
    }  # fmt: skip
    assert len(list((tmp_path / "spill").glob("AE-*.parquet"))) == 2


def test_a_short_file_is_held_and_without_a_folder_every_file_is(tmp_path):
    drop = write(tmp_path)
    (tmp_path / "spill").mkdir()
    for tables in (
        ingest_drop(drop, study(), tmp_path / "spill"),
        ingest_drop(drop, study(), None, ALL_LONG[0]),
    ):
        assert all(isinstance(table, pl.DataFrame) for table in tables.values())
    assert list((tmp_path / "spill").iterdir()) == []


@pytest.mark.parametrize("text", ["a@b.org", "P1"])
def test_nothing_is_put_down_before_all_files_passed_the_gate(tmp_path, text):
    drop = write(tmp_path, vs=plus("vs", f"S1,VS,P1,4,TEMP,{text},C,38,C,2024-03-03"))
    (tmp_path / "spill").mkdir()
    refused = text != "P1"
    if refused:
        with pytest.raises(DropRefused):
            ingest_drop(drop, study(), tmp_path / "spill", ALL_LONG[0])
    else:
        ingest_drop(drop, study(), tmp_path / "spill", ALL_LONG[0])
    assert (list((tmp_path / "spill").iterdir()) == []) is refused


@pytest.fixture(scope="module")
def stress(tmp_path_factory) -> list[Path]:
    """Simulated studies with planted faults, in CSV, XPT and Parquet."""
    return simulate("stress", tmp_path_factory.mktemp("inbox"), seed=11, subjects=12)


@pytest.mark.parametrize("at", range(3))
def test_simulated_faults(tmp_path, stress, at):
    drop = stress[at]
    _same(tmp_path, drop, load_study(drop), [Sizes(long=0, batch=300, portion=400, every=5)])


@settings(max_examples=max(5, COUNT // 3), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(sorted(FILES)), st.sampled_from(DAMAGES), min_size=1),
    st.sampled_from(ALL_LONG),
    st.integers(0, 10**6),
)
def test_a_damaged_drop_is_taken_or_refused_as_the_whole_is(damages, size, seed):
    rng = random.Random(seed)
    texts = {name: damage(rng, FILES[name]) for name, damage in damages.items()}
    with tempfile.TemporaryDirectory() as folder:
        _same(Path(folder), write(Path(folder), **texts), study(), [size])


DROPS = SHARED / "drops"


@pytest.mark.skipif(not DROPS.is_dir(), reason="needs the folder `shared` beside the repository")
@pytest.mark.parametrize("name", ["NULISA", "VIGN", "ICUEVEN"])
def test_shared_drops(tmp_path, name):
    drop = DROPS / name
    sizes = [Sizes(long=0, batch=5000, portion=10_000, every=10, remarks=100)]
    _same(tmp_path, drop, load_study(drop), sizes)
