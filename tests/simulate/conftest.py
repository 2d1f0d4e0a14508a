import json

import pytest

from pipeline.simulate.products import DEMO
from pipeline.simulate.profiles import simulate
from pipeline.simulate.tables import draw_study


def _simulated(tmp_path_factory, profile, subjects):
    out = tmp_path_factory.mktemp(profile)
    folders = simulate(profile, out, 20, subjects)
    return {
        folder.name: (folder, json.loads((out / f"{folder.name}_truth.json").read_text()))
        for folder in folders
    }


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    return _simulated(tmp_path_factory, "clean", 260)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return _simulated(tmp_path_factory, "demo", 260)


@pytest.fixture(scope="session")
def stress(tmp_path_factory):
    return _simulated(tmp_path_factory, "stress", 320)


@pytest.fixture(scope="session")
def drawn():
    """The first CAR-T and the first bispecific study of the demo."""
    return [draw_study(spec, 4) for spec in (DEMO[0], DEMO[3])]
