"""A blank router runs the script, and trueup manages it: over TLS, with the pinned certificate, as its own user."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from arriving_room import NAME, PASSWORD, SHIPPED, arriving, blank, bootstrap, own_text, run_on, script
from fleet_room import Named

from trueup.load.network import load_network

MADE = ("/user", "/user/group", "/certificate", "/ip/service", "/ip/address", "/ip/route", "/system/identity")
VERSIONS = ("7.24", "7.16.2", "7.9", "6.49")


@pytest.mark.parametrize("version", VERSIONS)
def test_after_the_script_trueup_plans_and_applies(tmp_path: Path, version: str) -> None:
    with arriving(tmp_path, blank(version=version, seed=SHIPPED)) as made:
        assert bootstrap(made).code == 0
        made.commit()
        before = made.trueup("plan")
        assert before.code == 1
        assert run_on(made, script(made)) == "!done"
        again = made.trueup("plan")
        assert (again.code, again.err) == (0, "")
        made.write("harbour/site.yaml", {"rows": {"/system/note": {"note": "arrived"}}})
        made.commit()
        applied = made.trueup("apply", "--yes")
        assert applied.code == 0, applied.all
        assert made.trueup("plan").code == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_a_second_run_changes_nothing(tmp_path: Path, version: str) -> None:
    with arriving(tmp_path, blank(version=version, seed=SHIPPED)) as made:
        reach = ("--address", "10.20.0.1/24", "--interface", "ether1", "--gateway", "10.20.0.254")
        assert bootstrap(made, *reach).code == 0
        router = made.lab[NAME].router
        told = []
        for _ in range(2):
            assert run_on(made, script(made)) == "!done"
            told.append([(menu, router.rows(menu)) for menu in MADE])
            told.append([row | {".id": ""} for row in router.rows("/ip/firewall/filter")])
        assert told[:2] == told[2:]


def test_no_more_than_the_declared_rows_ask_for_is_granted(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        bootstrap(made)
        run_on(made, script(made))
        assert granted(made) == {"api", "read", "write", "policy", "sensitive", "test"}
        scripts = {"/system/script": [{"name": "reboot", "source": ":put 1", "policy": ["read", "reboot"]}]}
        made.write("harbour/site.yaml", {"version": "7.24", "rows": scripts})
        (made.folder / "boot.rsc").unlink()
        said = bootstrap(made, "--again")
        assert "policy reboot     a declared row of /system/script has it" in said.out
        run_on(made, script(made))
        assert granted(made) == {"api", "read", "write", "policy", "sensitive", "test", "reboot"}


@pytest.mark.parametrize(("version", "ssh"), [("7.17", True), ("7.18", False), (None, True)])
def test_the_console_needs_its_policy_where_safe_mode_is_held_there(tmp_path: Path, version: str, ssh: bool) -> None:
    with arriving(tmp_path) as made:
        console = {"ssh": {"host-key": f"SHA256:{'A' * 43}"}}
        site = {"connect": console} | ({"version": version} if version else {})
        made.write("harbour/site.yaml", site)
        said = bootstrap(made)
        assert ("policy ssh " in said.out) == ssh


def granted(made) -> set[str]:
    rows = made.lab[NAME].router.rows("/user/group")
    words = next(row["policy"] for row in rows if row["name"] == "trueup").split(",")
    return {word for word in words if not word.startswith("!")}


def test_the_manager_comes_before_what_a_shipped_firewall_drops(tmp_path: Path) -> None:
    with arriving(tmp_path, blank(seed=SHIPPED)) as made:
        bootstrap(made, "--from", "10.0.0.5")
        run_on(made, script(made))
        rules = made.lab[NAME].router.rows("/ip/firewall/filter")
        port = str(made.lab[NAME].tls_port)
        assert [(row["action"], row.get("src-address"), row.get("dst-port")) for row in rules[:3]] == [
            ("accept", "10.0.0.5", port),
            ("accept", "127.0.0.0/8", port),
            ("accept", None, None),
        ]


def test_the_managers_may_be_a_declared_address_list(tmp_path: Path) -> None:
    rows = [
        {"list": "managers", "address": "10.0.0.5"},
        {"list": "managers", "address": "10.1.0.0/16"},
        {"list": "managers", "address": "10.2.0.9", "disabled": True},
        {"list": "others", "address": "10.3.0.9"},
    ]
    with arriving(tmp_path) as made:
        made.write("harbour/site.yaml", {"rows": {"/ip/firewall/address-list": rows}})
        assert bootstrap(made, source="managers").code == 0
        assert "address=10.0.0.5/32,10.1.0.0/16 " in script(made).replace("\\\n    ", "")


def test_plain_services_are_off_and_the_operators_own_stay(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        bootstrap(made)
        run_on(made, script(made))
        rows = {row["name"]: row for row in made.lab[NAME].router.rows("/ip/service")}
        assert {name for name, row in rows.items() if row.get("disabled") == "false"} == {"api-ssl", "ssh", "winbox"}
        assert rows["api-ssl"]["address"] == "127.0.0.0/8"
        assert [row["name"] for row in made.lab[NAME].router.rows("/file")] == ["boot.rsc"]


def test_an_address_for_a_port_of_a_bridge_goes_onto_the_bridge(tmp_path: Path) -> None:
    with arriving(tmp_path, blank(seed=SHIPPED)) as made:
        bootstrap(made, "--address", "10.20.0.1/24", "--interface", "ether2")
        run_on(made, script(made))
        rows = made.lab[NAME].router.rows("/ip/address")
        assert [row["interface"] for row in rows if row["address"] == "10.20.0.1/24"] == ["bridge"]


def test_a_port_that_is_not_there_stops_the_script_before_it_changes_anything(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        bootstrap(made, "--address", "10.20.0.1/24", "--interface", "sfp9")
        router = made.lab[NAME].router
        before, began = router.rows("/ip/service"), router.clock()
        assert "trueup bootstrap: there is no interface sfp9" in run_on(made, script(made))
        assert router.rows("/ip/service") == before
        assert [row["name"] for row in router.rows("/user")] == ["admin"]
        assert 30 <= router.clock() - began < 120


def test_the_pin_is_written_where_connect_is_and_everything_else_stays(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        file = made.network / f"harbour/{NAME}.yaml"
        before = file.read_text().replace("connect:", "# how to get there\nconnect:   # by cable").replace("\n", "\r\n")
        file.write_bytes(before.encode())
        said = bootstrap(made)
        assert said.code == 0
        after = file.read_bytes().decode()
        (line,) = [line for line in after.split("\r\n") if "fingerprint" in line]
        assert after.replace(f"\r\n{line}", "") == before
        connect = load_network(made.network).router(NAME).connect
        assert connect is not None
        assert str(connect.tls.fingerprint) in said.out


def test_connect_that_a_site_declares_gets_its_pin_in_the_routers_file(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        connect = load_network(made.network).router(NAME).document["connect"].plain()
        made.write("harbour/site.yaml", {"connect": {**connect, "password": Named("api")}})
        (made.network / f"harbour/{NAME}.yaml").write_text(f"router: {NAME}\n# the rest is the site's\n")
        assert bootstrap(made).code == 0
        assert own_text(made).startswith(f'router: {NAME}\nconnect:\n  tls: {{fingerprint: "sha256:')
        run_on(made, script(made))
        assert made.trueup("plan").code == 0


def test_the_script_is_for_its_owner_alone_and_nothing_else_says_a_secret(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        said = bootstrap(made, "--json")
        assert stat.S_IMODE((made.folder / "boot.rsc").stat().st_mode) == 0o600
        text = script(made)
        assert PASSWORD in text
        key = text.partition("RSA PRIVATE KEY-----")[2].split()[1].strip("\\n")
        run_on(made, text)
        told = [said.all, own_text(made), made.trueup("plan").all, made.trueup("plan", "--json").all]
        assert [each for each in told if PASSWORD in each or key in each] == []
        held = "".join(str(row) for row in made.lab[NAME].router.rows("/certificate"))
        assert "PRIVATE KEY" not in held


def test_another_certificate_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        bootstrap(made)
        run_on(made, script(made))
        bootstrap(made, "--again", out="second.rsc")
        said = made.trueup("plan")
        assert said.code == 1
        assert "another certificate" in said.err
        run_on(made, script(made, "second.rsc"))
        assert made.trueup("plan").code == 0
