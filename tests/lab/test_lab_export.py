"""A virtual router's export holds all that was configured, for whoever reads exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_room import network, trueup

from trueup.cli.lab import Rehearsed
from trueup.lab import Router, Spec
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.router import attributes

EXPORTS = sorted((Path(__file__).parents[1] / "adopt/cases").glob("*.rsc"))
Rows = dict[str, list[tuple[tuple[str, str], ...]]]
REFUSED = (
    *("bgp-ospf-6", "firewall-6", "ipsec-roadwarrior", "ipsec-site", "left-out", "lte-box", "lte-dot1x"),
    *("crs-l3-qos", "pcq-tree-6", "rb2011-6", "set-forms-6.28", "vrrp-failover"),
)
"""Exports with rows that a virtual router may hold, but would not let anybody add: dead ids, certificates it lacks."""


def loaded(data: bytes) -> Router:
    """The export in a virtual router, as the engine's reader understands it."""
    found = Rehearsed(data, "x.rsc")
    router, _ = found.router(found.spec("edge", "127.0.0.1", ""))
    return router


def said(router: Router, command: str, policies: frozenset[str] = EVERY_POLICY) -> str:
    reply = router.execute(["/execute", f"=script={command}", "=as-string="], policies)
    return attributes(reply[-1])["ret"] + "\n"


def whole(router: Router) -> str:
    """All that the router tells, without the time."""
    flags = "terse show-sensitive" if router.version >= (7,) else "terse"
    first, rest = said(router, f"/export {flags}").split("\n", 1)
    return f"# 2026-01-01 00:00:00 by {first.partition(' by ')[2]}\n{rest}"


def configured(router: Router) -> Rows:
    """What was configured: rows that are nobody's but the router's own, without what the router made itself."""
    found: Rows = {}
    for path, table in router.tables.items():
        made = router.menu(path).behaviour.generates
        rows = [
            tuple(sorted((name, value) for name, value in row.values.items() if value and name not in made))
            for row in table
            if not row.marked("dynamic")
        ]
        if rows and path != "/user":
            found[path] = rows if router.menu(path).shape.ordered else sorted(rows)
    return found


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.stem)
def test_the_engines_reader_takes_it(export: Path) -> None:
    first = loaded(export.read_bytes())
    text = whole(first)
    second = loaded(text.encode("utf-8", "surrogateescape"))
    assert whole(second) == text
    one, other = configured(first), configured(second)
    assert {path: rows for path, rows in one.items() if rows != other.get(path, rows)} == {}


@pytest.mark.parametrize(
    "export", [each for each in EXPORTS if each.stem not in REFUSED], ids=lambda export: export.stem
)
def test_the_router_itself_imports_it(export: Path) -> None:
    first = loaded(export.read_bytes())
    second = Router(first.spec)
    second.execute(["/file/add", "=name=x.rsc", f"=contents={whole(first)}"])
    assert second.execute(["/import", "=file-name=x.rsc"]) == [["!done"]]
    assert whole(second) == whole(first)


def edge(version: str = "7.21.5", board: str = "chr") -> Router:
    """A router that somebody has configured, at a moment that stands still."""
    router = Router(Spec("edge", version=version, board=board, serial="HC0123456789"), clock=lambda: 1_783_803_853.0)
    for words in (
        ["/interface/bridge/add", "=name=br lan", '=comment=say "hi" $x ä'],
        ["/ip/address/add", "=address=10.0.0.1/24", "=interface=br lan"],
        ["/ip/firewall/filter/add", "=chain=input", "=src-address=10.0.0.0/8"],
        ["/ip/firewall/filter/add", "=chain=input", "=action=drop", "=disabled=yes"],
        ["/interface/ethernet/set", "=.id=ether1", "=name=wan", "=mtu=1400"],
        ["/ip/service/set", "=.id=telnet", "=disabled=yes"],
        ["/ppp/secret/add", "=name=anna", "=password=s3cret"],
        ["/system/identity/set", "=name=edge-1"],
    ):
        assert router.execute(words)[-1][0] == "!done"
    return router


def test_it_is_written_as_routeros_writes_it() -> None:
    assert said(edge(), "/export").splitlines() == [
        "# 2026-07-11 21:04:13 by RouterOS 7.21.5",
        "# software id =",
        "#",
        "/interface bridge",
        r'add comment="say \"hi\" \$x \C3\A4" name="br lan"',
        "/interface ethernet",
        "set [ find default-name=ether1 ] mtu=1400 name=wan",
        "/ip address",
        'add address=10.0.0.1/24 interface="br lan" network=10.0.0.0',
        "/ip firewall filter",
        "add action=accept chain=input src-address=10.0.0.0/8",
        "add action=drop chain=input disabled=yes",
        "/ip service",
        "set telnet disabled=yes",
        "/ppp secret",
        "add name=anna",
        "/system identity",
        "set name=edge-1",
    ]


def test_a_board_is_named_and_dates_are_those_of_the_version() -> None:
    assert said(edge("6.49.13", "rb5009"), "/ip firewall export").splitlines() == [
        "# jul/11/2026 21:04:13 by RouterOS 6.49.13",
        "# software id = HC01-2345",
        "#",
        "# model = RB5009UG+S+",
        "# serial number = HC0123456789",
        "/ip firewall filter",
        "add action=accept chain=input src-address=10.0.0.0/8",
        "add action=drop chain=input disabled=yes",
    ]


@pytest.mark.parametrize(
    ("version", "flags", "shown"),
    [
        ("7.21.5", "", False),
        ("7.21.5", "show-sensitive", True),
        ("7.21.5", "hide-sensitive", False),
        ("6.49.13", "", True),
        ("6.49.13", "hide-sensitive", False),
    ],
)
def test_secrets_are_told_as_the_version_tells_them(version: str, flags: str, shown: bool) -> None:
    router = edge(version)
    assert ("password=s3cret" in said(router, f"/ppp export {flags}")) is shown
    assert "s3cret" not in said(router, f"/ppp export {flags}", EVERY_POLICY - {"sensitive"})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/export show-sensitive", "expected end of command (line 1 column 9)"),
        ("/export hide-sensitive=yes", "expected end of command (line 1 column 9)"),
        ("/ip export nonsense", "expected end of command (line 1 column 12)"),
        ("/ip/firewal/export", "bad command name firewal (line 1 column 5)"),
    ],
)
def test_what_an_export_does_not_take_is_refused(typed: str, words: str) -> None:
    assert said(edge("6.49.13"), typed) == f"{words}\n"


def test_an_export_can_be_terse_verbose_or_of_one_menu() -> None:
    router = edge()
    assert said(router, "/ip service export terse").splitlines()[3:] == ["/ip service set telnet disabled=yes"]
    assert "arp=enabled" in said(router, "/interface bridge export verbose")
    assert said(router, "/ip address\nexport compact").splitlines()[3:] == [
        "/ip address",
        'add address=10.0.0.1/24 interface="br lan" network=10.0.0.0',
    ]


def test_over_the_api_it_goes_to_a_file_and_can_be_read_back() -> None:
    router = edge()
    assert router.execute(["/export", "=terse="]) == [["!done"]]
    assert router.rows("/file") == []
    assert router.execute(["/ip/address/export", "=file=kept", "=compact="]) == [["!done"]]
    row = router.rows("/file")[0]
    assert (row["name"], row["type"], row["size"]) == ("kept.rsc", "script", str(len(row["contents"])))
    assert row["contents"] == said(router, "/ip address export")
    assert router.execute(["/file/read", "=file=kept.rsc", "=offset=2", "=chunk-size=10"])[0] == [
        "!re",
        "=data=2026-07-11",
    ]
    assert router.execute(["/export", "=nonsense="])[0] == ["!trap", "=message=unknown parameter nonsense"]
    assert router.execute(["/nonsense/export", "=file=x"])[0] == ["!trap", "=message=no such command prefix"]
    reader = EVERY_POLICY - {"write"}
    assert router.execute(["/export", "=file=x"], reader)[0] == ["!trap", "=message=not enough permissions (9)"]
    router.execute(["/file/add", "=name=big", f"=contents={'x' * 70_000}"])
    assert "contents" not in router.rows("/file")[1]
    assert router.rows("/file")[1]["size"] == "70000"


def test_adopting_takes_it(tmp_path: Path) -> None:
    export = tmp_path / "edge.rsc"
    export.write_text(said(edge(), "/export show-sensitive"))
    code, out, err = trueup("adopt", "--export", str(export), "--as", "edge-1", "--network", str(network(tmp_path)))
    assert (code, "edge-1" in out) == (0, True), err


def test_an_import_can_be_a_dry_run_from_7_16_on() -> None:
    for version, known in (("7.16", True), ("7.9", False)):
        router = Router(Spec("edge", version=version))
        router.execute(["/file/add", "=name=good.rsc", "=contents=/ip pool add name=p ranges=10.0.0.1"])
        router.execute(["/file/add", "=name=bad.rsc", "=contents=/ip pool add nonsense=p"])
        replies = [
            router.execute(["/import", f"=file-name={name}.rsc", "=dry-run=yes", *more])[0]
            for name, more in (("good", ["=verbose=yes"]), ("bad", ["=verbose=yes"]), ("good", []))
        ]
        refused = ["!trap", "=message=unknown parameter dry-run"]
        bad = ["!trap", "=message=expected end of command (line 1 column 14)"]
        assert replies == ([["!done"], bad, ["!trap", "=message=dry-run requires verbose"]] if known else [refused] * 3)
        assert router.rows("/ip/pool") == []
