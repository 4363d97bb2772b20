"""A change whose git objects mean harm: read as data, bounded, and told as problems."""

from __future__ import annotations

import subprocess
import time

import pytest
from fleet_room import Room, git
from review_room import POOL, ci, reviewed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> object:
    with reviewed(tmp_path_factory.mktemp("git")) as made:
        made.declare("edge-1", POOL)
        made.commit()
        yield made


def store(made: Room, kind: str, data: bytes) -> str:
    """Write an object as it is, however odd."""
    command = ["git", "-C", str(made.network), "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode().strip()


def tree(made: Room, *entries: tuple[str, bytes, str]) -> str:
    """A tree of these entries: mode, name, object."""
    return store(made, "tree", b"".join(f"{m} ".encode() + n + b"\0" + bytes.fromhex(o) for m, n, o in entries))


def listed(made: Room, what: str = "main") -> list[tuple[str, bytes, str]]:
    """The entries of a tree."""
    lines = git(made.network, "ls-tree", what).splitlines()
    found = (line.partition("\t") for line in lines)
    return [(head.split()[0].lstrip("0"), name.encode(), head.split()[2]) for head, _, name in found]


def commit(
    made: Room, top: str, head: bytes = b"author A <a@trueup.example> 1796000000 +0000\n", text: bytes = b"Change\n"
) -> None:
    """A branch called `change` with a commit of this tree, on main."""
    base = git(made.network, "rev-parse", "main").strip()
    body = f"tree {top}\nparent {base}\n".encode() + head
    body += b"committer A <a@trueup.example> 1796000000 +0000\n" if b"committer" not in head else b""
    git(made.network, "update-ref", "refs/heads/change", store(made, "commit", body + b"\n" + text))


def told(made: Room, within: float = 10.0) -> str:
    """What is said of the change; never a traceback, and never late."""
    begun = time.monotonic()
    said = ci(made, "--offline")
    assert time.monotonic() - begun < within
    assert said.code in (0, 1)
    assert "Traceback" not in said.all
    return said.all


def test_folders_within_folders_without_end(made: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirteen objects stand for a million of millions of folders."""
    monkeypatch.setattr("trueup.load.tree.FILES", 500)
    inner = tree(made)
    for _ in range(12):
        inner = tree(made, *(("40000", f"d{n}".encode(), inner) for n in range(10)))
    commit(made, tree(made, *listed(made), ("40000", b"zzz", inner)))
    assert "folders" in told(made)


def test_a_folder_that_is_very_deep(made: Room) -> None:
    inner = tree(made, ("100644", b"a.yaml", store(made, "blob", b"router: a\n")))
    for _ in range(70):
        inner = tree(made, ("40000", b"d", inner))
    commit(made, tree(made, *listed(made), ("40000", b"zzz", inner)))
    assert "deep" in told(made)


NAMES = {
    b"..": "git cannot read",
    b"../up.yaml": "git cannot read",
    b"/etc/passwd.yaml": "git cannot read",
    b".git": "git cannot read",
    b"a\nb.yaml": "`harbour/a b.yaml:2`",
    b"::error::x\n.yaml": "`harbour/::error::x .yaml:2`",
    b"`@everyone`<img>.yaml": "``harbour/`@everyone`<img>.yaml:2``",
    b"\xff\xfe.yaml": "`harbour/\\udcff\\udcfe.yaml:2`",
}


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_of_files(made: Room, monkeypatch: pytest.MonkeyPatch, name: bytes) -> None:
    """A name is refused, or told as it is in a span of code, where it mentions, formats and commands nothing."""
    odd = ("100644", name, store(made, "blob", b"router: [odd\n"))
    folder = tree(made, *listed(made, "main:harbour"), odd)
    commit(made, tree(made, *((mode, each, folder if each == b"harbour" else of) for mode, each, of in listed(made))))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    said = told(made)
    assert NAMES[name] in said
    assert not [line for line in said.splitlines() if line.startswith("::error::")]


@pytest.mark.parametrize("mode", ["160000", "170000", "0", "100777", "7"])
def test_odd_modes(made: Room, mode: str) -> None:
    """A submodule is nothing of the network's; what is no mode is no tree."""
    what = git(made.network, "rev-parse", "main").strip() if mode == "160000" else store(made, "blob", b"x: 1\n")
    commit(made, tree(made, *listed(made), (mode, b"zzz.yaml", what)))
    assert ("nothing changes" if mode in ("160000", "100777") else "git cannot read") in told(made)


WHO = b"A <a@trueup.example>"
HEADS = (
    b"author %b 99999999999999999 +0000\n" % WHO,
    b"author %b 1796000000 +9999\n" % WHO,
    b"author \xff\xfe <a> 1796000000 +0000\n",
    b"author nobody\n",
    b"author %b 1796000000 +0000\ncommitter %b 1796000000 +0000\nencoding x-evil\n" % (WHO, WHO),
    b"author %b 1796000000 +0000\ncommitter %b -1 +0000\nencoding utf-16\n" % (WHO, WHO),
)


@pytest.mark.parametrize("head", HEADS)
def test_odd_commits(made: Room, head: bytes) -> None:
    commit(made, git(made.network, "rev-parse", "main^{tree}").strip(), head, b"::error::x `@everyone` <img>\xff\n")
    assert "nothing changes" in told(made)


def test_a_history_that_is_not_the_bases(made: Room) -> None:
    top = git(made.network, "rev-parse", "main^{tree}").strip()
    body = f"tree {top}\nauthor A <a@b> 1796000000 +0000\ncommitter A <a@b> 1796000000 +0000\n\nAlone\n"
    git(made.network, "update-ref", "refs/heads/change", store(made, "commit", body.encode()))
    assert "not built on the newest base" in told(made)
