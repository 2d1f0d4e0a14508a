from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from pipeline.serve import serving


@pytest.fixture
def served(tmp_path):
    (tmp_path / "pages" / "studies").mkdir(parents=True)
    (tmp_path / "pages" / "index.html").write_text("<p>front")
    (tmp_path / "secret.txt").write_text("beside the pages")
    with serving(tmp_path / "pages", "127.0.0.1", 0) as address:
        yield address


def ask(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def test_a_page_and_the_front_page_of_a_folder(served):
    assert ask(f"{served}/index.html") == ask(f"{served}/") == (200, "<p>front")


@pytest.mark.parametrize(
    "path", ["/studies/", "/nothing.html", "/../secret.txt", "/%2e%2e/secret.txt"]
)
def test_no_listing_nothing_missing_and_nothing_beside_the_folder(served, path):
    assert ask(served + path)[0] == 404


def test_no_answer_under_the_name_of_another_site(served):
    """Its page would otherwise read ours by pointing its name at this machine."""
    port = served.rpartition(":")[2]
    assert ask(served + "/index.html", Host=f"evil.test:{port}")[0] == 403
    assert ask(served + "/index.html", Host=f"localhost:{port}")[0] == 200


def test_it_ends_with_the_block_and_a_taken_port_is_an_error(tmp_path):
    with serving(tmp_path, "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), serving(tmp_path, "127.0.0.1", port):
            pass
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=2)
