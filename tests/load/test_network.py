"""A network's folder becomes routers with their layers, from the disk or from a commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.errors import DeclarationError, Source
from trueup.load.compose import LIMIT
from trueup.load.network import Network, find_root, load_network, read_network

Write = Callable[[dict[str, str]], Path]
Git = Callable[..., str]

COAST = {
    "trueup.yaml": (
        "network: coast\n"
        "defaults:\n"
        "  labels: [coast]\n"
        "  connect: {username: robot, password: !secret api, tls: verify, hosts: [192.0.2.1]}\n"
        "  radius: [{name: far}]\n"
        "  hotspots: [{name: gone}]\n"
        "  rows: {/ip/dns: {servers: [192.0.2.53]}}\n"
    ),
    "groups/edge.yaml": 'version: "7.24"\nlabels: [edge]\nvars: {uplink: ether1, mtu: 1500}\n',
    "harbour/site.yaml": "site: harbour\nmodel: RB5009\nvars: {uplink: sfp1}\nradius: [{name: near}]\n",
    "harbour/edge-1.yaml": (
        "router: edge-1\ngroups: [edge]\nserial: 0123456\nlabels: [canary, edge]\nhotspots: ~\n"
        "connect:\n  hosts: [10.20.0.1]\n  tls: off\nrows:\n  /system/identity: {name: edge-1}\n"
    ),
    "harbour/edge-2.yml": "router: edge-2\n",
    "templates/hotspots.yaml.j2": "rows: {}\n",
    "templates/parts/pool.yaml": "rows: {}\n",
    "templates/README.md": "words\n",
    "lab.yaml": "router: virtual\n",
    "README.md": "router: words\n",
    "harbour/leases.csv": "a,b\n",
    ".ci/pipeline.yaml": "router: not: one\n",
}


@pytest.fixture
def coast(write: Write) -> Network:
    return load_network(write(COAST))


def problems(root: Path, ref: str | None = None) -> list[str]:
    _, found = read_network(root, ref)
    return [str(problem) for problem in found]


def test_what_is_a_router_and_what_is_not(coast: Network) -> None:
    assert coast.name == "coast"
    assert [(router.name, router.site, router.file) for router in coast.routers] == [
        ("edge-1", "harbour", "harbour/edge-1.yaml"),
        ("edge-2", "harbour", "harbour/edge-2.yml"),
    ]
    assert {(name, template.file) for name, template in coast.templates.items()} == {
        ("hotspots", "templates/hotspots.yaml.j2"),
        ("parts/pool", "templates/parts/pool.yaml"),
    }
    assert list(coast.groups) == ["edge"]


def test_layers_go_from_far_to_near(coast: Network) -> None:
    router = coast.router("edge-1")
    assert [(layer.kind, layer.name, layer.file) for layer in router.layers] == [
        ("network", "coast", "trueup.yaml"),
        ("group", "edge", "groups/edge.yaml"),
        ("site", "harbour", "harbour/site.yaml"),
        ("router", "edge-1", "harbour/edge-1.yaml"),
    ]
    assert [layer.name for layer in coast.router("edge-2").layers] == ["coast", "harbour", "edge-2"]


def test_the_nearer_layer_wins(coast: Network) -> None:
    router = coast.router("edge-1")
    assert (router.version, router.model, router.serial) == ("7.24", "RB5009", "0123456")
    assert router.groups == ("edge",)
    assert router.document["vars"].plain() == {"uplink": "sfp1", "mtu": 1500}
    assert router.document["radius"].plain() == [{"name": "near"}]
    assert router.connect is not None
    assert router.connect.hosts == ("10.20.0.1",)
    assert router.connect.username == "robot"
    assert router.connect.tls.mode == "off"


def test_labels_add_up_and_a_tilde_takes_away(coast: Network) -> None:
    router = coast.router("edge-1")
    assert router.labels == ("coast", "edge", "canary")
    assert "hotspots" not in router.document
    assert "hotspots" in coast.router("edge-2").document


def test_rows_stay_in_their_layers(coast: Network) -> None:
    router = coast.router("edge-1")
    assert "rows" not in router.document
    assert [list(layer.rows) for layer in router.layers] == [["/ip/dns"], [], [], ["/system/identity"]]
    assert router.layers[0].rows.keys["/ip/dns"] == Source("trueup.yaml", 7, 10)


def test_every_merged_value_keeps_its_own_place(coast: Network) -> None:
    document = coast.router("edge-1").document
    assert document.keys["radius"] == Source("harbour/site.yaml", 4, 1)
    assert document["version"].source == Source("groups/edge.yaml", 1, 10)


def test_tls_of_the_nearer_layer_replaces_the_farther_one(write: Write) -> None:
    root = write(
        {
            "trueup.yaml": "network: n\ndefaults: {connect: {password: !secret p, tls: {ca: ca.pem}}}\n",
            "s/site.yaml": "",
            "s/r.yaml": f"router: r\nconnect: {{hosts: [h], tls: {{fingerprint: 'sha256:{'00' * 32}'}}}}\n",
        }
    )
    connect = load_network(root).routers[0].connect
    assert connect is not None
    assert connect.tls.ca is None


def test_the_root_is_found_from_a_folder_inside(write: Write, tmp_path: Path) -> None:
    root = write(COAST)
    assert find_root(root / "harbour") == root
    assert len(load_network(root / "harbour").routers) == 2
    with pytest.raises(DeclarationError, match=r"no trueup\.yaml in .* or above it; .*trueup init"):
        find_root(tmp_path)


def test_every_file_s_problems_come_at_once(write: Write) -> None:
    root = write(
        {
            "trueup.yaml": "network: coast\nadit: x\ndefaults: {labels: 5}\n",
            "a/site.yaml": "labels: a\nsite: b\n",
            "a/one.yaml": "router: one\nversion: seven\ngroups: [edg]\nconnect: {hosts: [h], pasword: x}\n",
            "a/two.yaml": "router: one\n",
            "a/three.yaml": "a: [\n",
            "a/four.yaml": "",
            "a/five.yaml": "version: '7.24'\n",
            "b/six.yaml": "router: six\n",
            "groups/edge.yaml": "group: other\n",
        }
    )
    assert [line.split(";")[0] for line in problems(root)] == [
        "a/five.yaml:1:1: 'router' is missing",
        "a/four.yaml:1:1: the file is empty",
        "a/one.yaml:2:10: version: expected a RouterOS version such as \"7.24\", got 'seven'",
        "a/one.yaml:3:10: there is no group 'edg'",
        "a/one.yaml:4:23: unknown key 'pasword'",
        "a/site.yaml:1:9: labels: expected a list, got text: 'a'",
        "a/site.yaml:2:7: site: the name is 'a', from the folder",
        "a/three.yaml:2:1: not valid YAML: did not find expected node content",
        "a/two.yaml:1:9: two routers are named 'one'",
        "b/six.yaml:1:1: a router in a folder without site.yaml",
        "groups/edge.yaml:1:8: group: the name is 'edge', from the file",
        "trueup.yaml:2:1: unknown key 'adit'",
        "trueup.yaml:3:20: labels: expected a list, got a number: '5'",
    ]


def test_a_wrong_value_in_a_far_layer_is_told_once(write: Write) -> None:
    root = write(
        {
            "trueup.yaml": "network: n\ndefaults: {version: seven}\n",
            "s/site.yaml": "",
            **{f"s/r{n}.yaml": f"router: r{n}\n" for n in range(5)},
        }
    )
    assert len(problems(root)) == 1


def test_a_connect_without_hosts_or_password_is_told_once_merged(write: Write) -> None:
    files = {"s/site.yaml": "connect: {username: robot}\n", "s/r.yaml": "router: r\nconnect: {timeout: 5s}\n"}
    assert [line.split(";")[0] for line in problems(write(files))] == [
        "s/r.yaml:2:1: connect: 'hosts' is missing",
        "s/r.yaml:2:1: connect: 'password' is missing",
    ]


def test_two_routers_of_one_name_are_both_named(write: Write) -> None:
    root = write(
        {f"{s}/{f}": text for s in "ab" for f, text in {"site.yaml": "", "r.yaml": "# x\nrouter: r\n"}.items()}
    )
    assert problems(root) == ["b/r.yaml:2:9: two routers are named 'r'; the other is at a/r.yaml:2:9; rename one"]


def test_trueup_yaml_must_name_the_network(write: Write) -> None:
    for text, said in (
        ("", "trueup.yaml:1:1: 'network' is missing"),
        ("- a", "trueup.yaml:1:1: the file must be a mapping"),
        ("network: a b", "trueup.yaml:1:10: network: expected a name"),
    ):
        network, found = read_network(write({"trueup.yaml": text}))
        assert network is None
        assert str(found[0]).startswith(said)


def test_a_large_file_is_refused_without_being_read(write: Write) -> None:
    root = write({"s/site.yaml": "", "s/r.yaml": "router: r\n"})
    with (root / "s/r.yaml").open("r+b") as stream:
        stream.truncate(50 * 2**20)
    assert problems(root) == [
        f"s/r.yaml:1:1: the file is too large: 50.0 MB, at most {LIMIT // 2**20} MB are read; "
        "split it, or move it out of the network's folder"
    ]


def test_links_stay_inside(write: Write, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("router: canary-outside\n")
    root = write(
        {"s/site.yaml": "", "s/r.yaml": "router: r\n", "shared/note.yaml": "labels: [x]\n", "groups/x.yaml": ""}
    )
    (root / "groups/in.yaml").symlink_to("../shared/note.yaml")
    assert set(load_network(root).groups) == {"x", "in"}
    for name, target in (
        ("s/out.yaml", tmp_path / "outside.yaml"),
        ("s/dangling.yaml", "nowhere.yaml"),
        ("s/loop.yaml", "loop.yaml"),
    ):
        (root / name).symlink_to(target)
    found = problems(root)
    assert [line.split(":")[0] for line in found] == ["s/dangling.yaml", "s/loop.yaml", "s/out.yaml"]
    assert "canary" not in str(found)
    assert (
        found[2]
        == "s/out.yaml:1:1: the link leads out of the network's folder, or to no file in it; put the file itself here"
    )


def test_without_git_there_is_no_commit(coast: Network) -> None:
    assert (coast.commit, coast.dirty) == ("", True)


def test_a_clean_tree_is_its_commit_and_a_changed_one_is_dirty(write: Write, git: Git) -> None:
    root = write(COAST)
    git("init", "-q")
    assert (load_network(root).commit, load_network(root).dirty) == ("", True)
    git("add", ".")
    git("commit", "-qm", "x")
    commit = git("rev-parse", "HEAD")
    assert (load_network(root).commit, load_network(root).dirty) == (commit, False)
    (root / "harbour/new.yaml").write_text("router: new\n")
    assert (load_network(root).commit, load_network(root).dirty) == ("", True)


def test_a_ref_is_read_as_it_was(write: Write, git: Git) -> None:
    root = write(COAST)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "x")
    git("tag", "v1")
    (root / "harbour/edge-2.yml").unlink()
    (root / "harbour/edge-1.yaml").write_text("router: renamed\n")
    for ref in ("v1", "HEAD", "main", git("rev-parse", "--short", "HEAD")):
        network = load_network(root, ref)
        assert [router.name for router in network.routers] == ["edge-1", "edge-2"]
        assert (network.commit, network.dirty) == (git("rev-parse", "HEAD"), False)
        assert set(network.templates) == {"hotspots", "parts/pool"}


def test_a_network_in_a_subfolder_of_its_repository(write: Write, git: Git, tmp_path: Path) -> None:
    root = write(COAST)
    git("init", "-q", folder=".")
    git("add", ".", folder=".")
    git("commit", "-qm", "x", folder=".")
    (tmp_path / "elsewhere").write_text("changed\n")
    assert not load_network(root).dirty
    assert load_network(root, "HEAD").routers[0].file == "harbour/edge-1.yaml"


def test_what_is_no_commit_is_said(write: Write, git: Git) -> None:
    root = write(COAST)
    with pytest.raises(DeclarationError, match="is not in a git repository, so there is no 'HEAD'"):
        load_network(root, "HEAD")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    for ref in ("nope", "HEAD~5", "--all", "", "HEAD:harbour", "HEAD^{tree}"):
        with pytest.raises(DeclarationError, match="is no commit, branch or tag"):
            load_network(root, ref)


def test_a_commit_before_the_network_was_there(write: Write, git: Git) -> None:
    root = write({"s/site.yaml": "", "s/r.yaml": "router: r\nversion: seven\n"})
    git("init", "-q")
    git("add", "s")
    git("commit", "-qm", "x")
    assert [line.split(";")[0] for line in problems(root, "HEAD")] == [
        "s/r.yaml:2:10: version: expected a RouterOS version such as \"7.24\", got 'seven'",
        "trueup.yaml:1:1: there is no trueup.yaml at this commit",
    ]


def test_links_in_a_commit_stay_inside_too(write: Write, git: Git, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("router: canary-outside\n")
    root = write({"s/site.yaml": "", "s/r.yaml": "router: r\n", "shared/note.yaml": "labels: [x]\n"})
    (root / "groups").mkdir()
    (root / "groups/in.yaml").symlink_to("../shared/note.yaml")
    (root / "s/out.yaml").symlink_to("../../outside.yaml")
    (root / "s/absolute.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "s/loop.yaml").symlink_to("loop.yaml")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    network, found = read_network(root, "HEAD")
    assert network is not None
    assert [label.plain() for label in [network.groups["in"].node["labels"]]] == [["x"]]
    assert [str(problem).split(":")[0] for problem in found] == ["s/absolute.yaml", "s/loop.yaml", "s/out.yaml"]


def test_reading_a_commit_runs_nothing_of_the_repository(write: Write, git: Git, tmp_path: Path) -> None:
    root = write({**COAST, ".gitattributes": "*.yaml filter=evil diff=evil\n"})
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    mark = tmp_path / "ran"
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "diff.evil.command"):
        git("config", key, f"touch {mark}; cat")
    hook = root / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    assert len(load_network(root, "HEAD").routers) == 2
    assert not mark.exists()
