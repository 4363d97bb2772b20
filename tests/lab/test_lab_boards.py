"""Boards, ports that a board lacks, and extra packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.lab import Router, Spec
from trueup.lab.hardware import board_for, boards
from trueup.lab.network import BadNetwork, read_network
from trueup.lab.packages import every
from trueup.lab.router import BadSeed
from trueup.lab.state import BadState, restore, save

PORT_MENUS = ("/interface/ethernet", "/interface/wireless", "/interface/wifi", "/interface/lte")


@pytest.mark.parametrize(
    ("model", "board"),
    [
        ("RB750Gr3", "hex"),
        ("RouterBOARD 750G r3", "hex"),
        ("951Ui-2HnD", "rb951"),
        ("RB2011UiAS-RM", "rb2011"),
        ("CCR1036-12G-4S-EM", "ccr1036"),
        ("RB4011iGS+5HacQ2HnD", "rb4011-wifi"),
        ("C52iG-5HaxD2HaxD", "hap-ax2"),
    ],
)
def test_a_board_is_found_by_its_model_in_any_spelling(model: str, board: str) -> None:
    found = board_for(model)
    assert found is not None
    assert found.key == board


@pytest.mark.parametrize("model", ["", "RB", "CCR9999-1G", "CHR"])
def test_a_model_that_nobody_knows_has_no_board(model: str) -> None:
    assert board_for(model) is None


def test_no_two_boards_claim_one_model() -> None:
    models = [model for board in boards().values() for model in board.models]
    assert len(models) == len(set(models))
    assert all(board_for(board.model) is board for board in boards().values() if board.model)


@pytest.mark.parametrize("board", boards())
def test_every_port_of_a_board_is_a_row_with_its_default_name(board: str) -> None:
    router = Router(Spec("r", board=board, packages=()))
    names = [row["default-name"] for path in PORT_MENUS if path in router.shapes for row in router.rows(path)]
    assert sorted(names) == sorted(boards()[board].ports)
    assert set(names) <= {row["name"] for row in router.rows("/interface")}


def test_a_spec_adds_ports_of_any_kind_to_a_board() -> None:
    router = Router(Spec("r", board="hex", ports=("sfp1", "ether1", "wlan1", "lte1")))
    names = {path: [row["name"] for row in router.rows(path)] for path in PORT_MENUS}
    assert names["/interface/ethernet"] == ["ether1", "ether2", "ether3", "ether4", "ether5", "sfp1"]
    assert (names["/interface/wireless"], names["/interface/wifi"], names["/interface/lte"]) == (
        ["wlan1"],
        [],
        ["lte1"],
    )
    macs = [row["mac-address"] for path in PORT_MENUS[:2] for row in router.rows(path)]
    assert len(set(macs)) == len(macs)


def test_interfaces_of_every_kind_share_their_names() -> None:
    router = Router(Spec("r", board="hap-ac2"))
    for words in (["bridge"], ["veth"], ["wireless"], ["eoip", "=remote-address=10.0.0.1", "=tunnel-id=1"]):
        reply = router.execute([f"/interface/{words[0]}/add", "=name=wlan1", *words[1:]])
        assert reply[0] == ["!trap", "=message=failure: already have interface with name wlan1"]


@pytest.mark.parametrize("package", sorted({each.package for each in every() if each.menus}))
def test_a_package_brings_its_menus_and_no_other_packages(package: str) -> None:
    for version in ("7.24", "7.16", "7.9"):
        everything = Router(Spec("r", version=version))
        alone = Router(Spec("r", version=version, packages=(package,)))
        bare = Router(Spec("r", version=version, packages=()))
        brought = set(alone.shapes.paths) - set(bare.shapes.paths)
        tops = tuple(menu for each in every() if each.package == package for menu in each.menus)
        assert all(path.startswith(tops) for path in brought)
        assert set(bare.shapes.paths) < set(everything.shapes.paths)


def test_lab_yaml_names_ports_packages_and_version_6(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text('routers:\n- {name: r, version: "6.49.18", board: hap-ac2, ports: [ether6], packages: [dude]}\n')
    (declared,) = read_network(file)
    assert (declared.spec.version, declared.spec.ports, declared.spec.packages) == ("6.49.18", ("ether6",), ("dude",))
    file.write_text("routers:\n- {name: r, packages: [], ports: ether6}\n- {name: s, packages: [dudes]}\n")
    with pytest.raises(BadNetwork) as caught:
        read_network(file)
    messages = [mistake.message for mistake in caught.value.mistakes]
    assert messages[0] == "expected a list"
    assert messages[1].startswith("no package 'dudes'; known are calea, container, dude")


def test_a_seed_for_a_menu_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadSeed, match="/container: no such menu here"):
        Router(Spec("r", packages=(), seed={"/container": [{"name": "x"}]}))


def test_kept_state_of_other_ports_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    save(Router(Spec("r", board="hex", ports=("sfp1",))), file)
    assert len(restore(Spec("r", board="hex", ports=("sfp1",)), file).rows("/interface/ethernet")) == 6
    with pytest.raises(BadState, match="was kept with ports sfp1, now it is sfp1 sfp2; begin anew with --fresh"):
        restore(Spec("r", board="hex", ports=("sfp1", "sfp2")), file)


HARDWARE = ("/interface/ethernet/switch", "/system/routerboard/settings", "/interface/w60g", "/system/swos")


@pytest.mark.parametrize("version", ["7.24", "7.9", "6.49"])
@pytest.mark.parametrize("path", HARDWARE)
def test_a_chr_has_none_of_the_menus_that_only_boards_have(version: str, path: str) -> None:
    answer = Router(Spec("r", version=version)).execute([f"{path}/print"])
    assert answer[0] == ["!trap", "=message=no such command prefix"]
    assert Router(Spec("r", version=version, board="hex")).execute([f"{path}/print"])[-1] == ["!done"]


def test_a_chr_has_no_poe() -> None:
    words = ["/interface/ethernet/set", "=.id=ether1", "=poe-out=off"]
    assert Router(Spec("r")).execute(words)[0] == ["!trap", "=message=unknown parameter poe-out"]
    assert Router(Spec("r", board="hex-poe")).execute(words)[0] == ["!done"]


def test_a_switch_chip_has_a_row_for_each_of_its_ports_and_its_own() -> None:
    router = Router(Spec("r", board="rb2011"))
    assert [row["name"] for row in router.rows("/interface/ethernet/switch")] == ["switch1", "switch2"]
    ports = [(row["name"], row["switch"]) for row in router.rows("/interface/ethernet/switch/port")]
    assert ports[5:8] == [("sfp1", "switch1"), ("switch1-cpu", "switch1"), ("ether6", "switch2")]
    assert (len(ports), ports[-1]) == (13, ("switch2-cpu", "switch2"))


def test_a_switch_port_is_called_as_its_interface() -> None:
    router = Router(Spec("r", board="hex", seed={"/interface/ethernet/switch/port": []}))
    for name in ("wan", "uplink"):
        router.execute(["/interface/ethernet/set", "=numbers=0", f"=name={name}"])
        assert router.rows("/interface/ethernet/switch/port")[0]["name"] == name


def test_every_switched_port_is_a_port_of_its_board() -> None:
    known = [board for board in boards().values() if board.switches]
    assert len(known) > 20
    assert all(set(ports) <= set(board.ports) for board in known for ports in board.switches)
