from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline.cli import main
from tests.assets.fakes import write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all
from tests.e2e.drops import write_drop as write_real_drop

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def home(here):
    """A home with a published study A of two subjects."""
    write_drop(here.inbox, "A")
    run_all(here)
    run_all_over_studies(here)
    return ["--home", str(here.home.root)]


@pytest.fixture
def told(capsys):
    def of(*words):
        code = main([str(word) for word in words])
        out = capsys.readouterr()
        return code, out.out, out.err

    return of


def usage(*words) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    return stopped.value.code


def test_help_lists_the_commands(capsys):
    assert usage("--help") == 0
    out = capsys.readouterr().out
    for command in ("run", "status", "withdraw", "check", "new-study", "simulate", "table",
                    "explain"):  # fmt: skip
        assert command in out


@pytest.mark.parametrize("words", [[], ["fly"], ["run", "--frce"], ["table"], ["explain"]])
def test_wrong_usage_is_2(words):
    assert usage(*words) == 2


def test_an_inbox_or_folder_that_is_not_there_is_wrong_usage(told, tmp_path):
    assert told("run", "--inbox", tmp_path / "no", "--home", tmp_path)[0] == 2
    code, _, err = told("check", tmp_path / "no")
    assert (code, err) == (2, f"crsight: {tmp_path / 'no'}: no such folder\n")
    assert told("new-study", tmp_path / "no")[0] == 2


def test_settings_that_contradict_each_other_are_wrong_usage(told, tmp_path, monkeypatch):
    monkeypatch.setenv("CRSIGHT_BROKER", "redis://b/0")
    code, _, said = told("run", "--inbox", tmp_path, "--home", tmp_path / "home")
    assert code == 2
    assert "CRSIGHT_BROKER needs CRSIGHT_POSTGRES" in said


def test_run_publishes_and_ends_with_0(told, memory, tmp_path):
    """The real stages, once, on the small study typed by hand."""
    write_real_drop(tmp_path / "inbox", "REAL")
    code, out, err = told("run", "--inbox", tmp_path / "inbox", "--home", tmp_path / "home")
    assert (code, err) == (0, "")
    assert "REAL             crs " in out
    assert "1 studies, 0 refused or failed" in out
    assert (tmp_path / "home" / "published" / "studies" / "REAL" / "index.html").exists()


def test_run_with_a_refused_study_is_1_and_names_file_and_rule(told, memory, tmp_path):
    drop = write_real_drop(tmp_path / "inbox", "REAL")
    (drop / "ex.csv").unlink()
    code, out, err = told("run", "--inbox", tmp_path / "inbox", "--home", tmp_path / "home")
    assert code == 1
    assert err.startswith("REAL: refused: ")
    assert "EX" in err
    assert "1 studies, 1 refused or failed" in out


def test_run_of_an_unknown_study_is_wrong_usage(told, home, here):
    code, _, err = told("run", "--inbox", here.inbox, *home, "--study", "X")
    assert code == 2
    assert "no folder 'X'" in err


def test_dry_run_prints_stage_and_reason_and_runs_nothing(told, home, here):
    write_drop(here.inbox, "NEW")
    code, out, _ = told("run", "--inbox", here.inbox, *home, "--dry-run", "--study", "NEW")
    assert code == 0
    assert out.splitlines()[0] == "NEW              ingest     new study"
    assert len(out.splitlines()) == 6
    assert here.store.current("NEW") is None


def test_status(told, home, tmp_path):
    code, out, _ = told("status", *home)
    assert code == 0
    assert out.startswith("A                published  20")
    assert told("status", "--home", tmp_path / "empty")[1] == "no study yet\n"


def test_withdraw_of_an_unknown_study_is_1(told, home):
    code, _, err = told("withdraw", "X", *home)
    assert code == 1
    assert "no study 'X' was ever published" in err


def test_table_in_three_formats(told, home, tmp_path):
    assert told("table", "adsl", *home, "--out", tmp_path / "t.csv")[0] == 0
    assert pl.read_csv(tmp_path / "t.csv")["USUBJID"].to_list() == ["S-1", "S-2"]
    told("table", "adsl", *home, "--format", "parquet", "--out", tmp_path / "t.parquet")
    assert pl.read_parquet(tmp_path / "t.parquet").schema["TRTSDTM"] == pl.Datetime("us")
    told("table", "adsl", *home, "--format", "json", "--out", tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text())[1]["USUBJID"] == "S-2"


def test_table_on_standard_output(home):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pipeline.cli", "table", "adsl", *home],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert pl.read_csv(io.BytesIO(done.stdout)).height == 2


def test_table_and_its_errors(told, home):
    code, _, err = told("table", "grade", *home)
    assert (code, "no table 'grade'; there are: sdtm_dm" in err) == (2, True)
    code, _, err = told("table", "adsl", *home, "--as-of", 1)
    assert (code, "name it with --study" in err) == (2, True)
    assert told("table", "adsl", *home, "--study", "X")[0] == 1
    assert told("table", "adsl", *home, "--study", "A", "--as-of", 1)[0] == 0


def test_explain(told, home):
    code, out, _ = told("explain", "S-1", *home)
    assert code == 0
    assert "ASTCT2019  derived    grade 1" in out
    code, _, err = told("explain", "S-9", *home)
    assert (code, "no subject 'S-9'" in err) == (1, True)


def test_check_tells_for_people_and_for_machines(told, tmp_path):
    drop = write_real_drop(tmp_path, "REAL")
    code, out, _ = told("check", drop)
    assert code == 0
    assert "DM" in out
    (drop / "dm.csv").unlink()
    code, out, _ = told("check", drop, "--json")
    assert code == 1
    assert json.loads(out)["refused"]


def test_new_study_writes_once(told, tmp_path):
    drop = write_real_drop(tmp_path, "REAL")
    written = (drop / "study.yaml").read_text()
    assert told("new-study", drop)[0] == 1
    assert (drop / "study.yaml").read_text() == written
    (drop / "study.yaml").unlink()
    assert told("new-study", drop)[0] == 0
    assert 'study: "REAL"' in (drop / "study.yaml").read_text()


def test_new_study_of_a_folder_without_data_says_what_is_missing(told, tmp_path):
    assert told("new-study", tmp_path)[0] == 0
    assert "unknown product" in (tmp_path / "study.yaml").read_text()


def test_simulate(told, tmp_path):
    words = ("--out", tmp_path, "--seed", 1, "--subjects", 20)
    code, out, _ = told("simulate", "--profile", "demo", *words)
    assert code == 0
    assert "subjects" in out
    assert any(tmp_path.glob("*/study.yaml"))
    assert told("simulate", "--profile", "film", *words)[0] == 2


def test_looking_up_loads_neither_dagster_nor_the_stages(home):
    code = (
        f"import sys; from pipeline.cli import main; main(['status', *{home!r}]);"
        "print([m for m in ('dagster', 'lifelines', 'plotly') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_clean_says_what_would_go_and_removes_what_the_rule_does_not_keep(
    home, here, told, memory, monkeypatch
):
    monkeypatch.setenv("CRSIGHT_INBOX", str(here.inbox))
    monkeypatch.setenv("CRSIGHT_CLEAN_GRACE_H", "0")
    here.store.put_page("x.html", b"nobody's page")
    code, out, _ = told("clean", *home, "--dry-run")
    assert code == 0
    assert out.splitlines()[0].split()[:2] == ["object", "13"]
    assert out.splitlines()[1:] == ["objects: 1, 13 bytes", "nothing was removed"]
    assert told("clean", *home)[1] == "objects: 1, 13 bytes\nremoved\n"
    assert told("clean", *home)[1] == "nothing was removed\n"
    assert told("table", "adsl", *home)[0] == 0


def test_clean_with_a_rule_that_cannot_be_meant_is_wrong_usage(home, told, monkeypatch):
    monkeypatch.setenv("CRSIGHT_KEEP_VERSIONS", "none")
    code, _, err = told("clean", *home)
    assert (code, err[:45]) == (2, "crsight: CRSIGHT_KEEP_VERSIONS is 'none'; it ")


def test_the_name_of_a_folder_cannot_act_on_the_terminal(told, tmp_path):
    (tmp_path / "inbox" / "A\x1b[2J").mkdir(parents=True)
    home = ["--inbox", tmp_path / "inbox", "--home", tmp_path / "home"]
    for words in (["run", *home, "--dry-run"], ["run", *home]):
        _, out, err = told(*words)
        assert "\x1b" not in out + err
        assert "⟨U+001B⟩" in out + err
