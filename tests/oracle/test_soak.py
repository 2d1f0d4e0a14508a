import json

from benchmarks import soak
from benchmarks.marked import write_marked


def test_soak_stops_resumes_and_writes_its_figures(tmp_path, capsys):
    state, report = tmp_path / "var" / "soak.json", tmp_path / "docs" / "reliability.md"
    common = ["--state", str(state), "--report", str(report), "--pairs", "0", "--batch", "4"]
    soak.main([*common, "--courses", "4"])
    first = json.loads(state.read_text())["courses"]
    soak.main([*common, "--courses", "8"])
    second = json.loads(state.read_text())["courses"]
    soak.main([*common, "--courses", "8"])
    assert (first["done"], second["done"]) == (4, 8)
    assert capsys.readouterr().out.count("courses: ") == 2
    assert "| 8 |" in report.read_text()


def test_another_seed_starts_over(tmp_path, capsys):
    path = tmp_path / "soak.json"
    state = soak.load(path, seed=1)
    state["courses"]["done"] = 7
    soak.save(path, state)
    assert soak.load(path, seed=1)["courses"]["done"] == 7
    assert soak.load(path, seed=2)["courses"]["done"] == 0
    assert "starting over" in capsys.readouterr().out


def test_figures_replace_their_own_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nOther words.\n")
    write_marked(page, "counts", "1")
    write_marked(page, "others", "x")
    write_marked(page, "counts", r"2 \1")
    assert page.read_text() == (
        "# Page\n\nOther words.\n\n## Counts\n\n<!-- counts -->\n2 \\1\n<!-- end of counts -->\n"
        "\n## Others\n\n<!-- others -->\nx\n<!-- end of others -->\n"
    )
