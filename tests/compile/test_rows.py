"""Rows are checked against the catalogue: each problem says where it is and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from compile_room import compiled, problems, rows

from trueup.row import Place
from trueup_schemas.secret import SecretRef


def declared(text: str) -> dict[str, str]:
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    return {"site/r.yaml": f"router: r\nrows:\n{indented}"}


@pytest.mark.parametrize(
    ("text", "message", "remedy", "line"),
    [
        ("/ip/poool: []", "unknown menu /ip/poool", "/ip/pool", 3),
        ("/ip/pool: [{name: p, ranges: 10.0.0.1, rnges: x}]", "unknown property 'rnges'", "'ranges'", 3),
        ("/ip/hotspot/user: [{name: u, uptime: 1h}]", "'uptime' is read-only", "remove it", 3),
        ("/ip/address: [{address: 10.0.0.1/24, interface: e, disabled: maybe}]", "disabled", "yes or no", 3),
        ("/interface/vlan: [{name: v, interface: e, vlan-id: 5000}]", "vlan-id", "4094", 3),
        ("/ip/pool: [{name: p}]", "the row has no ranges", "ranges", 3),
        ("/ip/pool: [{ranges: 10.0.0.1}]", "the row has no name", "name", 3),
        ("/radius: [{address: 10.0.0.1, service: ppp, secret: plain}]", "plain text", "!secret NAME", 3),
        ("/system/identity: {name: !secret x}", "a secret may not stand here", "the value itself", 3),
        ("/system/identity: [{name: x}]", "expected a mapping, got a list", "one row", 3),
        ("/ip/pool: {name: p}", "expected a list of rows, got a mapping", "- {name", 3),
        ("/ip/pool: [p]", "expected a row, got text", "{name: value", 3),
        ("/system/identity: {name: [a, b]}", "expected one value, got a list", "write", 3),
        ("/system/identity: {name: {a: b}}", "expected one value, got a mapping", "write", 3),
        ("/ip/pool: [{name: p, ranges: ['10.0.0.1,10.0.0.2']}]", "may not hold a comma", "two items", 3),
        ("/ip/pool:\n  - {name: p, ranges: 10.0.0.1}\n  - {name: p, ranges: 10.0.0.2}", "r.yaml:4", "keep one", 5),
        ("/ip/pool: [{name: p, ranges: 10.0.0.1, place: first}]", "does not count", "leave `place` out", 3),
        ("/ip/firewall/filter: [{chain: input, place: up}]", "expected first, last", "", 3),
        ("/ip/firewall/filter: [{chain: input, was: x}]", "no key that could be renamed", "leave `was` out", 3),
        ("/ip/firewall/filter: [{chain: input, ignore: [bites]}]", "expected a property, got 'bites'", "", 3),
        ("/ip/firewall/filter: [{scope: {chain: input}, rows: [{chain: output}]}]", "chain=output in a scope", "", 3),
        ("/ip/firewall/filter: [{scope: {chain: input}, unmanged: keep}]", "unknown key 'unmanged'", "unmanaged", 3),
        ("/ip/service: [{scope: {}, unmanaged: remove, rows: []}]", "cannot be removed", "`unmanaged`", 3),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path: Path, text: str, message: str, remedy: str, line: int) -> None:
    (problem,) = problems(tmp_path, declared(text))
    assert message in problem.message
    assert remedy in problem.remedy
    assert str(problem.where).startswith(f"site/r.yaml:{line}:")


def test_a_secret_in_plain_text_is_not_repeated(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, declared("/radius: [{address: 10.0.0.1, service: ppp, secret: hunter2}]"))
    assert "hunter2" not in str(problem)


def test_all_problems_of_all_routers_come_at_once(tmp_path: Path) -> None:
    wrong = "rows: {/ip/pool: [{name: p, rnges: x}], /ip/poool: []}\n"
    found = problems(tmp_path, {f"site/{name}.yaml": f"router: {name}\n{wrong}" for name in "ab"})
    assert {str(problem.where).split(":")[0] for problem in found} == {"site/a.yaml", "site/b.yaml"}
    assert len(found) == 4


@pytest.mark.parametrize("second", ["{chain: input}", "{}", "{chain: input, protocol: tcp}", "{protocol: tcp}"])
def test_scopes_that_could_hold_one_row_overlap(tmp_path: Path, second: str) -> None:
    text = f"/ip/firewall/filter:\n  - {{scope: {{chain: input}}, rows: []}}\n  - {{scope: {second}, rows: []}}"
    (problem,) = problems(tmp_path, declared(text))
    assert "site/r.yaml:4" in problem.message
    assert str(problem.where).startswith("site/r.yaml:5:")


def test_scopes_that_hold_no_row_in_common_stand_beside_each_other(tmp_path: Path) -> None:
    text = "/ip/firewall/filter: [{scope: {chain: input}, rows: []}, {scope: {chain: forward}, rows: []}]"
    assert len(compiled(tmp_path, declared(text)).desired.tables["/ip/firewall/filter"].scopes) == 2


def test_values_become_canonical_whatever_way_they_are_written(tmp_path: Path) -> None:
    text = (
        "/ip/firewall/filter: [{chain: input, connection-state: [related, established], disabled: true, comment: ''}]"
    )
    (row,) = rows(compiled(tmp_path, declared(text)), "/ip/firewall/filter")
    assert row == {
        "chain": "input",
        "connection-state": "established,related",
        "disabled": "yes",
        "comment": "",
    }


def test_a_tilde_is_unset_and_a_secret_stays_a_name(tmp_path: Path) -> None:
    text = "/ip/hotspot/user: [{name: u, password: !secret guests/u, limit-uptime: ~}]"
    (row,) = compiled(tmp_path, declared(text)).desired.tables["/ip/hotspot/user"]
    assert row.values["limit-uptime"] is None
    assert row.values["password"] == SecretRef("guests/u")


def test_the_words_of_a_row_that_are_no_properties(tmp_path: Path) -> None:
    text = """/ip/hotspot/user: [{name: new, server: s, was: old, protect: yes, ignore: [comment]}]
/ip/firewall/nat:
  - {chain: srcnat, action: masquerade, place: {before: the last one}}
  - {chain: srcnat, action: accept, place: {after: {protocol: tcp}}}
  - {chain: srcnat, action: accept, comment: c, place: last}"""
    one = compiled(tmp_path, declared(text))
    (user,) = one.desired.tables["/ip/hotspot/user"]
    assert dict(user.was) == {"server": "s", "name": "old"}
    assert user.protect
    assert user.ignore == {"comment"}
    before, after, last = (row.place for row in one.desired.tables["/ip/firewall/nat"])
    assert isinstance(before, Place)
    assert (before.side, dict(before.beside)) == ("before", {"comment": "the last one"})
    assert isinstance(after, Place)
    assert (after.side, dict(after.beside)) == ("after", {"protocol": "tcp"})
    assert isinstance(last, Place)
    assert last.side == "last"


def test_a_property_named_scope_is_not_a_scope(tmp_path: Path) -> None:
    text = "/ip/route: [{dst-address: 10.0.0.0/8, gateway: 192.0.2.1, scope: 20}]"
    assert rows(compiled(tmp_path, declared(text)), "/ip/route")[0]["scope"] == "20"


@pytest.mark.parametrize(
    ("pool", "warned"), [("next-pool: nowhere", True), ("next-pool: none", False), ("next-pool: p", False)]
)
def test_a_reference_to_nothing_is_a_warning_because_the_router_may_have_it(
    tmp_path: Path, pool: str, warned: bool
) -> None:
    one = compiled(tmp_path, declared(f"/ip/pool: [{{name: p, ranges: 10.0.0.1, {pool}}}]"))
    assert [warning.severity for warning in one.warnings] == ["warning"] * warned


def test_a_property_that_came_with_a_later_version_is_unknown_to_an_earlier_one(tmp_path: Path) -> None:
    files = {
        "site/r.yaml": "router: r\nversion: '7.16.2'\nrows: {/ip/service: [{name: ssh, available-from: 10.0.0.1}]}\n"
    }
    (problem,) = problems(tmp_path, files)
    assert "available-from" in problem.message


@pytest.mark.parametrize(
    ("menu", "row", "was"),
    [
        ("/ip/pool", "name: new, ranges: 10.0.0.1", {"name": "old"}),
        ("/ip/address", "address: 10.0.0.1/24, interface: ether1", {"address": "10.0.0.2/24", "interface": "ether1"}),
        ("/ppp/secret", "name: new, service: pppoe", {"name": "old", "service": "pppoe"}),
        ("/interface/bridge/vlan", "bridge: b, vlan-ids: 7", {"bridge": "b", "vlan-ids": "8"}),
    ],
)
def test_one_text_after_was_is_the_keys_own_part(tmp_path: Path, menu: str, row: str, was: dict[str, str]) -> None:
    key = "vlan-ids" if "vlan-ids" in was else "address" if "address" in was else "name"
    one = compiled(tmp_path, declared(f"{menu}: [{{{row}, was: {was[key]}}}]"))
    assert dict(one.desired.tables[menu].rows[0].was) == was
