"""Only routers that a change touches are planned, however it touches them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from fleet_room import Named, Room
from review_room import POOL, change, ci, ci_json, reviewed

from trueup.load.held import Held, hold_commits
from trueup.load.narrow import Reach, reach, stubs_of
from trueup.load.network import read_tree
from trueup.review.change import included
from trueup.review.side import compile_side, differs
from trueup_schemas.intents import SPANNING


@pytest.fixture
def made(tmp_path: Path) -> object:
    with reviewed(tmp_path) as made:
        for name in ("edge-1", "edge-2", "edge-3"):
            made.declare(name, POOL, version="7.24", system={"identity": name})
        made.declare("far", POOL, version="7.24", site="far")
        made.commit()
        yield made


def touched(made: Room) -> set[str]:
    """The touched routers; those of a look at every router must be the same."""
    root = made.network.resolve()
    held = hold_commits(root, ("main", "change"))
    found = compared_by(held, reach(*held, SPANNING, included()), root)
    assert found == compared_by(held, Reach(frozenset(held[0].paths) | frozenset(held[1].paths)), root)
    return found


def bound(made: Room) -> set[str]:
    """The routers that are looked at at all."""
    held = hold_commits(made.network.resolve(), ("main", "change"))
    return {PurePosixPath(file).stem for file in reach(*held, SPANNING, included()).routers}


def test_a_change_of_very_many_files_is_looked_at_as_a_whole(made: Room) -> None:
    """Telling routers apart takes time for each pair of them, and whoever wrote the change would decide how much."""
    made.patch.setattr("trueup.load.narrow.MANY", 1)
    change(made, lambda: [made.declare(name, {}, version="7.24") for name in ("edge-1", "edge-2")])
    assert touched(made) == {"edge-1", "edge-2"}
    assert bound(made) == {"edge-1", "edge-2", "edge-3", "far"}


def compared_by(held: tuple[Held, ...], within: Reach, root: Path) -> set[str]:
    """Which of the routers within reach differ; everything is compiled in this process."""
    sides = []
    for side in held:
        network, problems = read_tree(root, side.narrowed(stubs_of(side, within.routers | within.beside)))
        assert network is not None
        compiled = compile_side(network, problems, within.routers)
        assert not [each for each in compiled.every_problem if each.severity == "error"]
        sides.append(compiled.routers)
    before, after = sides
    names = before.keys() | after.keys()
    return {n for n in names if n not in before or n not in after or differs(before[n], after[n])}


def test_a_routers_own_file(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", POOL, version="7.24", system={"identity": "other"}))
    assert touched(made) == {"edge-1"}


def test_words_that_mean_the_same_touch_nothing(made: Room) -> None:
    change(
        made,
        lambda: made.declare(
            "edge-1",
            {"/ip/pool": [{"ranges": "10.5.50.10-10.5.50.99", "name": "guests"}]},
            version="7.24",
            system={"identity": "edge-1"},
        ),
    )
    assert touched(made) == set()


def test_the_sites_file(made: Room) -> None:
    change(
        made,
        lambda: made.write(
            "harbour/site.yaml", {"rows": {"/ip/pool": [{"name": "more", "ranges": "10.9.0.2-10.9.0.9"}]}}
        ),
    )
    assert touched(made) == {"edge-1", "edge-2", "edge-3"}


def test_the_networks_defaults(made: Room) -> None:
    change(made, lambda: made.write("trueup.yaml", {"network": "net", "defaults": {"system": {"timezone": "UTC"}}}))
    assert touched(made) == {"edge-1", "edge-2", "edge-3", "far"}


def test_settings_alone_touch_nothing(made: Room) -> None:
    change(made, lambda: made.write("trueup.yaml", {"network": "net", "guards": {"remove-rows": 1}}))
    assert touched(made) == set()


def test_a_group_that_some_are_in(made: Room) -> None:
    made.declare("edge-2", POOL, version="7.24", groups=["lobby"])
    made.write("groups/lobby.yaml", {"rows": POOL})
    made.commit()
    change(made, lambda: made.write("groups/lobby.yaml", {"rows": POOL, "system": {"timezone": "UTC"}}))
    assert touched(made) == {"edge-2"}


def test_a_template_and_one_that_it_includes(made: Room) -> None:
    folder = made.network / "templates"
    folder.mkdir()
    (folder / "outer.yaml.j2").write_text('{% include "inner" %}')
    (folder / "inner.yaml.j2").write_text("/ip/pool:\n  - {name: {{ vars.pool }}, ranges: 10.8.0.2-10.8.0.9}\n")
    made.declare("edge-3", POOL, version="7.24", vars={"pool": "inner-pool"}, templates=[{"template": "outer"}])
    made.commit()

    def edit() -> None:
        (folder / "inner.yaml.j2").write_text("/ip/pool:\n  - {name: {{ vars.pool }}, ranges: 10.8.0.2-10.8.0.99}\n")

    change(made, edit)
    assert touched(made) == {"edge-3"}


def test_a_built_in_template_that_is_replaced(made: Room) -> None:
    def edit() -> None:
        (made.network / "templates").mkdir()
        (made.network / "templates/system.yaml.j2").write_text("/system/identity: {name: everywhere}\n")

    change(made, edit)
    assert touched(made) == {"edge-1", "edge-2", "edge-3"}


def test_a_table_that_several_read(made: Room) -> None:
    pools = {"/ip/pool": [{"rows-from": "/pools.csv"}]}
    (made.network / "pools.csv").write_text("name,ranges\na,10.1.0.2-10.1.0.9\n")
    made.declare("edge-1", pools, version="7.24")
    made.declare("far", pools, version="7.24", site="far")
    made.commit()
    change(made, lambda: (made.network / "pools.csv").write_text("name,ranges\na,10.1.0.2-10.1.0.10\n"))
    assert touched(made) == {"edge-1", "far"}


def test_a_table_behind_a_link(made: Room) -> None:
    pools = {"/ip/pool": [{"rows-from": "/alias.csv"}]}
    (made.network / "pools.csv").write_text("name,ranges\na,10.1.0.2-10.1.0.9\n")
    (made.network / "alias.csv").symlink_to("pools.csv")
    made.declare("edge-1", pools, version="7.24")
    made.commit()
    change(made, lambda: (made.network / "pools.csv").write_text("name,ranges\na,10.1.0.2-10.1.0.10\n"))
    assert touched(made) == {"edge-1"}


def tunnel(made: Room, port: int, peer: str = "far") -> dict[str, object]:
    near = {"address": "10.254.0.1/30", "private-key": Named("wg/near"), "listen-port": port}
    far = {
        "router": peer,
        "interface": "wg-near",
        "endpoint-address": "192.0.2.2",
        "address": "10.254.0.2/30",
        "private-key": Named("wg/far"),
    }
    return {"wireguard": "wg-far", **near, "endpoint-address": "192.0.2.1", "peer": far}


def test_the_other_half_of_a_tunnel(made: Room) -> None:
    made.declare("edge-1", POOL, version="7.24", tunnels=[tunnel(made, 13231)])
    made.commit()
    change(made, lambda: made.declare("edge-1", POOL, version="7.24", tunnels=[tunnel(made, 13232)]))
    assert touched(made) == {"edge-1", "far"}
    assert bound(made) == {"edge-1", "far"}


def test_the_other_half_under_another_spelling(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", POOL, version="7.24", tunnels=[tunnel(made, 13231)]))
    file = made.network / "harbour/edge-1.yaml"
    file.write_text(file.read_text().replace("router: far", 'router: "\\x66ar"'))
    made.commit()
    assert touched(made) == {"edge-1", "far"}


def test_new_and_removed_routers(made: Room) -> None:
    def edit() -> None:
        (made.network / "far/far.yaml").unlink()
        made.declare("edge-4", POOL, version="7.24")

    change(made, edit)
    found = ci_json(made, "--offline")
    assert {each["router"]: each["kind"] for each in found["routers"]} == {"edge-4": "new", "far": "removed"}


def test_a_router_that_a_tunnel_still_names(made: Room) -> None:
    made.declare("edge-1", POOL, version="7.24", tunnels=[tunnel(made, 13231)])
    made.commit()
    change(made, lambda: (made.network / "far/far.yaml").unlink())
    said = ci(made, "--offline")
    assert said.code == 1
    assert "there is no router 'far'" in said.out


def test_what_no_network_is_read_from(made: Room) -> None:
    change(made, lambda: (made.network / "README.md").write_text("Words"))
    assert touched(made) == set()
