"""Rows that a table holds are rows like any others: layers, keys, slots, scopes, marks and checks."""

from __future__ import annotations

from pathlib import Path

from compile_room import compiled, problems, rows

from trueup.load.tables import MOST

ALICE = "router: r\nrows:\n  /ip/hotspot/user:\n"
USERS = "/ip/hotspot/user"
FILTER = "/ip/firewall/filter"


def test_a_table_says_what_yaml_would(tmp_path: Path) -> None:
    table = """\
name,!secret password,profile,comment,was,protect,ignore
a,h/a,,"x, y",b,yes,"limit-uptime,profile"
c,,p,~,,,
"""
    yaml = """\
    - {name: a, password: !secret h/a, comment: "x, y", was: b, protect: yes, ignore: [limit-uptime, profile]}
    - {name: c, profile: p, comment: ~}
"""
    lines = """\
{"name":"a","password":{"!secret":"h/a"},"comment":"x, y","was":"b","protect":true,"ignore":["limit-uptime","profile"]}
{"name": "c", "profile": "p", "comment": null}
"""
    written = compiled(tmp_path / "1", {"site/r.yaml": ALICE + yaml}).desired.tables[USERS]
    for name, text in (("g.csv", table), ("g.jsonl", lines)):
        files = {"site/r.yaml": f"{ALICE}    - rows-from: {name}\n", f"site/{name}": text}
        found = compiled(tmp_path / name, files).desired.tables[USERS]
        assert [(r.values, r.was, r.protect, r.ignore) for r in found] == [
            (r.values, r.was, r.protect, r.ignore) for r in written
        ]
        assert found.rows[0].source is not None
        assert found.rows[0].source.file == f"site/{name}"


def test_plans_can_name_the_line_of_every_value(tmp_path: Path) -> None:
    files = {"site/r.yaml": ALICE + "    - rows-from: g.csv\n", "site/g.csv": "name,comment\na,\nb,x\n"}
    row = compiled(tmp_path, files).desired.tables[USERS].rows[1]
    assert (str(row.source), str(row.where("comment"))) == ("site/g.csv:3:1", "site/g.csv:3:3")


def test_nearer_layers_merge_with_a_tables_rows_by_key(tmp_path: Path) -> None:
    files = {
        "site/site.yaml": "rows:\n  /ip/hotspot/user:\n    - rows-from: /all.csv\n",
        "all.csv": "name,comment,profile\na,far,p\nb,far,p\n",
        "site/r.yaml": ALICE + "    - rows-from: own.jsonl\n",
        "site/own.jsonl": '{"name": "b", "comment": "near"}\n',
    }
    assert rows(compiled(tmp_path, files), USERS) == [
        {"name": "a", "comment": "far", "profile": "p"},
        {"name": "b", "comment": "near", "profile": "p"},
    ]


def test_a_scope_holds_a_table_behind_its_own_rows(tmp_path: Path) -> None:
    text = "router: r\nrows:\n  /ip/firewall/address-list:\n    - scope: {list: blocked}\n      unmanaged: remove\n"
    text += "      rows: [{address: 10.0.0.1}]\n      rows-from: b.csv\n"
    one = compiled(tmp_path, {"site/r.yaml": text, "site/b.csv": "address\n10.0.0.2\n10.0.0.3\n"})
    table = one.desired.tables["/ip/firewall/address-list"]
    assert [(row.text("list"), row.text("address")) for row in table] == [
        ("blocked", f"10.0.0.{number}") for number in (1, 2, 3)
    ]
    assert [(scope.match, scope.remove) for scope in table.scopes] == [({"list": "blocked"}, True)]


def test_rows_that_name_a_slot_go_into_it_in_their_order(tmp_path: Path) -> None:
    site = f"rows:\n  {FILTER}:\n    - {{chain: input, action: accept}}\n    - slot: own\n"
    site += "    - {chain: input, action: drop}\n"
    own = f"router: r\nrows:\n  {FILTER}:\n    - rows-from: f.csv\n"
    table = "chain,action,src-address,slot\n" + "".join(f"input,accept,10.0.0.{n},own\n" for n in range(1, 5))
    found = rows(compiled(tmp_path, {"site/site.yaml": site, "site/r.yaml": own, "site/f.csv": table}), FILTER)
    assert [row.get("src-address", row["action"]) for row in found] == [
        "accept",
        *(f"10.0.0.{n}" for n in range(1, 5)),
        "drop",
    ]


def test_slots_and_scopes_keep_their_rows_together_however_they_alternate(tmp_path: Path) -> None:
    site = f"rows:\n  {FILTER}:\n"
    site += "    - {scope: {chain: input}, rows: [{comment: i1}, {slot: a}, {comment: i9}]}\n"
    site += (
        "    - {scope: {chain: forward}, rows: [{comment: f1}]}\n    - slot: b\n    - {chain: output, comment: o9}\n"
    )
    own = f"router: r\nrows:\n  {FILTER}:\n"
    own += "    - {chain: output, comment: o1, slot: b}\n    - {chain: input, comment: i2, slot: a}\n"
    own += "    - {chain: output, comment: o2, slot: b}\n"
    own += "    - {scope: {chain: input}, rows: [{comment: i10}, {comment: i11}]}\n"
    own += "    - {chain: input, comment: i3, slot: a}\n    - {scope: {chain: forward}, rows: [{comment: f2}]}\n"
    own += "    - {chain: input, comment: i4, slot: a}\n    - {chain: output, comment: o3, slot: b}\n"
    found = rows(compiled(tmp_path, {"site/site.yaml": site, "site/r.yaml": own}), FILTER)
    told = "i1 i2 i3 i4 i9 i10 i11 f1 f2 o1 o2 o3 o9"
    assert [row["comment"] for row in found] == told.split()


def test_two_rows_with_one_key_are_told_with_both_lines(tmp_path: Path) -> None:
    files = {"site/r.yaml": ALICE + "    - rows-from: g.csv\n    - {name: a}\n", "site/g.csv": "name\nb\na\nb\n"}
    found = [str(problem) for problem in problems(tmp_path, files)]
    assert [text.split(": ")[0] for text in found] == ["site/g.csv:4:1", "site/r.yaml:5:7"]
    assert "the other is at site/g.csv:2" in found[0]
    assert "the other is at site/g.csv:3" in found[1]


def test_problems_of_many_rows_are_told_in_few(tmp_path: Path) -> None:
    table = "name,limit-uptime\n" + "".join(f"u{n},later\n" for n in range(300))
    found = problems(tmp_path, {"site/r.yaml": ALICE + "    - rows-from: g.csv\n", "site/g.csv": table})
    assert len(found) == MOST + 1
    assert found[-1].message == "there are more problems in this file"


def test_a_refused_secret_is_told_once_and_never_shown(tmp_path: Path) -> None:
    table = "name,password\n" + "".join(f"u{n},canary-{n}\n" for n in range(300))
    found = problems(tmp_path, {"site/r.yaml": ALICE + "    - rows-from: g.csv\n", "site/g.csv": table})
    assert [str(problem.where) for problem in found] == ["site/g.csv:1:6"]
    assert "canary" not in str(found)


def test_a_template_reads_no_table(tmp_path: Path) -> None:
    files = {
        "templates/own.yaml.j2": f"{USERS}:\n  - rows-from: g.csv\n",
        "site/r.yaml": "router: r\ntemplates: [{template: own}]\n",
        "site/g.csv": "name\na\n",
    }
    (found,) = problems(tmp_path, files)
    assert found.message == f"{USERS}: rows-from may not stand here"
