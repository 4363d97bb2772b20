"""Commits of one network share the files in which they do not differ: a daemon keeps several of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trueup.load.network import load_network

FILES = {
    "trueup.yaml": "network: net\n",
    "a/site.yaml": "labels: []\n",
    "a/one.yaml": "router: one\nrows:\n  /ip/pool:\n    - {name: p, ranges: 10.0.0.1}\n",
    "a/two.yaml": "router: two\nrows:\n  /ip/pool:\n    - {name: p, ranges: 10.0.0.1}\n",
}


def test_what_two_commits_have_in_common_is_there_once(
    write: Callable[[dict[str, str]], Path], git: Callable[..., str]
) -> None:
    root = write(FILES)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "x")
    before = load_network(root, "HEAD")
    (root / "a/two.yaml").write_text(FILES["a/two.yaml"].replace("10.0.0.1", "10.0.0.2"))
    git("commit", "-qam", "y")
    after = load_network(root, "HEAD")
    assert after.router("one").layers[-1].node is before.router("one").layers[-1].node
    assert after.router("two").layers[-1].rows.plain() == {"/ip/pool": [{"name": "p", "ranges": "10.0.0.2"}]}
    assert before.router("two").layers[-1].rows.plain() == {"/ip/pool": [{"name": "p", "ranges": "10.0.0.1"}]}


def test_a_file_that_is_the_same_elsewhere_has_its_own_places(write: Callable[[dict[str, str]], Path]) -> None:
    same = "router: one\n"
    root = write({**FILES, "a/one.yaml": same, "b/site.yaml": "", "b/three.yaml": same.replace("one", "three")})
    network = load_network(root)
    places = {router.name: router.layers[-1].node["router"].source.file for router in network.routers}
    assert places == {"one": "a/one.yaml", "two": "a/two.yaml", "three": "b/three.yaml"}
