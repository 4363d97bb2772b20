"""Layers add up as the design says: nearer wins, keyed rows merge and keep their place, keyless ones add up."""

from __future__ import annotations

from pathlib import Path

from compile_room import compiled, problems, rows

FILTER = "/ip/firewall/filter"
POOL = "/ip/pool"


def layered(defaults: str = "", group: str = "", site: str = "", router: str = "") -> dict[str, str]:
    indented = "".join(f"  {line}\n" for line in defaults.splitlines())
    return {
        "trueup.yaml": f"network: test\ndefaults:\n{indented or '  {}'}\n",
        "groups/g.yaml": group,
        "site/site.yaml": site,
        "site/r.yaml": f"router: r\ngroups: [g]\n{router}\n",
    }


def comments(folder: Path, files: dict[str, str], menu: str = FILTER) -> list[str]:
    return [row["comment"] for row in rows(compiled(folder, files), menu)]


def test_of_a_keyed_row_the_nearer_layers_properties_win_and_the_others_stay(tmp_path: Path) -> None:
    far = "rows: {/ip/pool: [{name: p, ranges: 10.0.0.2-10.0.0.9, comment: far}]}"
    near = "rows: {/ip/pool: [{name: p, ranges: 10.0.1.2-10.0.1.9}]}"
    assert rows(compiled(tmp_path, layered(defaults=far, router=near)), POOL) == [
        {"name": "p", "ranges": "10.0.1.2-10.0.1.9", "comment": "far"}
    ]


def test_all_four_layers_count_from_network_over_group_and_site_to_router(tmp_path: Path) -> None:
    said = [f"rows: {{/ip/pool: [{{name: p, ranges: 10.0.0.2-10.0.0.9, comment: {word}}}]}}" for word in "ngsr"]
    for number in range(1, 5):
        one = compiled(tmp_path / str(number), layered(*said[:number]))
        assert rows(one, POOL)[0]["comment"] == "ngsr"[number - 1]


def test_a_keyed_row_keeps_the_farther_rows_place(tmp_path: Path) -> None:
    far = "rows: {/queue/simple: [{name: a, target: 10.0.0.1/32}, {name: b, target: 10.0.0.2/32}]}"
    near = "rows: {/queue/simple: [{name: c, target: 10.0.0.3/32}, {name: a, comment: near}]}"
    assert [row["name"] for row in rows(compiled(tmp_path, layered(defaults=far, router=near)), "/queue/simple")] == [
        "a",
        "b",
        "c",
    ]


def test_keyless_rows_add_up_far_before_near(tmp_path: Path) -> None:
    said = [f"rows: {{{FILTER}: [{{chain: input, action: accept, comment: {word}}}]}}" for word in "ngsr"]
    assert comments(tmp_path, layered(*said)) == ["n", "g", "s", "r"]


def test_a_named_slot_of_a_farther_layer_takes_nearer_rows_in_layer_order(tmp_path: Path) -> None:
    far = f"""rows:
  {FILTER}:
    - scope: {{chain: input}}
      rows: [{{action: accept, comment: first}}, {{slot: here}}, {{action: drop, comment: last}}]"""
    site = f"rows: {{{FILTER}: [{{scope: {{chain: input}}, slot: here, rows: [{{action: accept, comment: site}}]}}]}}"
    router = f"rows: {{{FILTER}: [{{chain: input, action: accept, comment: router, slot: here}}]}}"
    assert comments(tmp_path, layered(far, "", site, router)) == ["first", "site", "router", "last"]


def test_a_slot_that_no_farther_layer_has_is_an_error_with_the_slots_there_are(tmp_path: Path) -> None:
    far = f"rows: {{{FILTER}: [{{slot: services}}]}}"
    near = f"rows: {{{FILTER}: [{{chain: input, action: accept, slot: servces}}]}}"
    (problem,) = problems(tmp_path, layered(far, router=near))
    assert "slot 'servces'" in problem.message
    assert "services" in problem.remedy


def test_two_layers_scopes_of_the_same_match_merge_and_the_nearer_says_what_becomes_of_others(tmp_path: Path) -> None:
    far = f"rows: {{{FILTER}: [{{scope: {{chain: input}}, rows: [{{action: accept, comment: far}}]}}]}}"
    near = (
        f"rows: {{{FILTER}: [{{scope: {{chain: input}}, unmanaged: remove, rows: [{{action: drop, comment: near}}]}}]}}"
    )
    one = compiled(tmp_path, layered(far, router=near))
    assert [row["comment"] for row in rows(one, FILTER)] == ["far", "near"]
    (scope,) = one.desired.tables[FILTER].scopes
    assert (dict(scope.match), scope.remove) == ({"chain": "input"}, True)


def test_rows_of_a_scope_stay_together_when_a_nearer_layer_adds_to_it(tmp_path: Path) -> None:
    far = f"""rows:
  {FILTER}:
    - {{scope: {{chain: input}}, rows: [{{action: accept, comment: in}}]}}
    - {{scope: {{chain: forward}}, rows: [{{action: accept, comment: through}}]}}"""
    near = f"rows: {{{FILTER}: [{{scope: {{chain: input}}, rows: [{{action: drop, comment: in too}}]}}]}}"
    assert comments(tmp_path, layered(far, router=near)) == ["in", "in too", "through"]


def test_within_a_layer_rows_override_and_follow_what_intents_make(tmp_path: Path) -> None:
    router = """dhcp: [{name: lan, interface: ether2, address-pool: 10.0.0.2-10.0.0.9, network: {address: 10.0.0.0/24}}]
rows:
  /ip/dhcp-server: [{name: other, interface: ether3}, {name: lan, lease-time: 2h}]"""
    made = rows(compiled(tmp_path, layered(router=router)), "/ip/dhcp-server")
    assert [(row["name"], row.get("lease-time")) for row in made] == [("lan", "2h"), ("other", None)]
    assert made[0]["interface"] == "ether2"


def test_a_nearer_layers_intent_wins_over_a_farther_layers_rows(tmp_path: Path) -> None:
    far = "rows: {/system/identity: {name: far}}"
    assert rows(compiled(tmp_path, layered(far, router="system: {identity: near}")), "/system/identity") == [
        {"name": "near"}
    ]


def test_an_intents_mapping_merges_and_a_farther_layers_rows_still_override_its_own_share(tmp_path: Path) -> None:
    far = "system: {dns: {servers: 192.0.2.1, cache-size: 1024}}\nrows: {/ip/dns: {servers: 192.0.2.2}}"
    near = "system: {dns: {allow-remote-requests: true}}"
    assert rows(compiled(tmp_path, layered(far, router=near)), "/ip/dns") == [
        {"servers": "192.0.2.2", "allow-remote-requests": "yes", "cache-size": "1024"}
    ]


def test_a_nearer_list_of_an_intent_replaces_the_farther_one(tmp_path: Path) -> None:
    far = "queues: [{name: far, target: 10.0.0.1/32}]"
    near = "queues: [{name: near, target: 10.0.0.2/32}]"
    made = rows(compiled(tmp_path, layered(far, router=near)), "/queue/simple")
    assert [row["name"] for row in made] == ["near"]


def test_every_property_tells_where_it_was_declared(tmp_path: Path) -> None:
    far = "rows: {/ip/pool: [{name: p, ranges: 10.0.0.2-10.0.0.9}]}"
    near = "rows: {/ip/pool: [{name: p, comment: near}]}"
    (row,) = compiled(tmp_path, layered(far, router=near)).desired.tables[POOL]
    where = {name: source.file for name, source in row.sources.items()}
    assert where["ranges"] == "trueup.yaml"
    assert where["comment"] == "site/r.yaml"


def test_a_farther_layers_rows_stand_against_its_own_intent_also_where_a_nearer_layer_adds_to_that(
    tmp_path: Path,
) -> None:
    far = "system: {dns: {servers: 192.0.2.1, cache-size: 1024}}\nrows: {/ip/dns: {cache-size: 4096}}"
    near = "system: {dns: {servers: 192.0.2.2}}"
    assert rows(compiled(tmp_path, layered(far, router=near)), "/ip/dns") == [
        {"servers": "192.0.2.2", "cache-size": "4096"}
    ]
