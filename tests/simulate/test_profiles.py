import hashlib

import pytest

from pipeline.simulate.profiles import simulate, studies_of


def _hashes(root):
    return {
        str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file()
    }


@pytest.mark.parametrize("profile", ["demo", "clean", "stress"])
def test_same_seed_gives_the_same_bytes_in_every_file(tmp_path, profile):
    for name in ("one", "two"):
        simulate(profile, tmp_path / name, 5, 48)
    first = _hashes(tmp_path / "one")
    assert first == _hashes(tmp_path / "two")
    assert len(first) > 60


def test_another_seed_gives_other_data(tmp_path):
    simulate("clean", tmp_path / "one", 5, 30)
    simulate("clean", tmp_path / "two", 6, 30)
    one, two = _hashes(tmp_path / "one"), _hashes(tmp_path / "two")
    assert all(one[name] != two[name] for name in one if name.endswith(("vs.csv", "vs.xpt")))


def test_an_existing_drop_is_replaced_whole(tmp_path):
    folder = simulate("clean", tmp_path, 5, 30)[0]
    (folder / "old.csv").write_text("left over\n")
    simulate("clean", tmp_path, 5, 30)
    assert not (folder / "old.csv").exists()


def test_subjects_scale_the_total(tmp_path):
    assert sum(s.n for s in studies_of("demo")) == pytest.approx(600, abs=20)
    assert sum(s.n for s in studies_of("scale", 300)) == 300
    told = []
    folders = simulate("scale", tmp_path, 1, 40, told.append)
    assert [f.name for f in folders] == ["SIMCART2", "SIMBISP1"]
    assert [line.split(":")[0] for line in told] == ["SIMCART2", "SIMBISP1"]


def test_profiles_hold_three_car_t_and_three_bispecific_studies():
    cohorts = [s.cohort for s in studies_of("demo")]
    assert cohorts.count("car_t") == cohorts.count("bispecific") == 3
    assert {"SIMCOMP1", "SIMDAY1"} <= {s.study for s in studies_of("stress")}


def test_an_unknown_profile_is_refused_with_the_choices(tmp_path):
    with pytest.raises(ValueError, match="one of demo, clean, stress, scale"):
        simulate("huge", tmp_path, 1)


@pytest.mark.parametrize("subjects", [1, 12])
def test_a_study_of_few_subjects_can_be_spoilt_too(tmp_path, subjects):
    """With few subjects none may be calm enough for a gap in the vitals."""
    for seed in (1, 2, 3):
        drops = simulate("stress", tmp_path / str(seed), seed, subjects)
        assert all((drop / "vs.csv").is_file() or (drop / "study.yaml").is_file() for drop in drops)
