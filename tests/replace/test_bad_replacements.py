"""What cannot be replaced is refused with the place and the reason, and then neither file nor audit is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from arriving_room import NAME
from fleet_room import git
from replace_room import DECLARED, NEW, NEWCOMER, Swap, swapping

from trueup.audit.ledger import Ledger, Writer
from trueup.errors import AuditError, Problem

GOOD = "sfp1=sfp-sfpplus1,ether5=ether24,ether3=ether4"


@pytest.fixture(scope="module")
def swap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swap]:
    with swapping(tmp_path_factory.mktemp("bad")) as made:
        made.arrive()
        yield made


WORDS = {
    "no pair": (["--ports", "sfp1"], "--ports: 'sfp1' is no pair of ports"),
    "nothing": (["--ports", ""], "--ports: '' is no pair of ports"),
    "odd name": (["--ports", "sfp1=sfp 1"], "is no pair of ports"),
    "twice": (["--ports", "sfp1=ether1,sfp1=ether4"], "sfp1 stands there twice"),
    "one for two": (["--ports", "sfp1=ether9", "--ports", "ether5=ether9"], "two ports would become ether9"),
    "not on the box": (["--ports", "sfp1=sfp9"], "the new box has no port sfp9; it has ether1, ether2"),
    "not declared": (["--ports", "ether17=ether1"], "nothing declared names ether17"),
    "in use": (["--ports", "sfp1=ether2"], "ether2 is in use already (/interface/bridge/port interface)"),
    "another serial": (["--serial", "SNother"], "--serial is SNother, but the box says SNnew"),
    "another model": (["--model", "hEX"], "--model is hEX, but the box says CRS326-24G-2S+"),
    "serial of two lines": (["--serial", "a\nb"], "--serial is no text of one line"),
    "endless model": (["--model", "x" * 65], "--model is no text of one line"),
    "serial with blanks": (["--serial", " SN"], "--serial is no text of one line"),
    "no map": ([], "harbour/edge-1.yaml:18:22: the new box has no sfp1 (/interface/ethernet default-name); say what"),
}


@pytest.mark.parametrize("case", WORDS)
def test_wrong_words_are_refused_and_nothing_is_written(swap: Swap, case: str) -> None:
    words, fragment = WORDS[case]
    before = state(swap)
    said = swap.replace("--host", NEW, "--yes", *words)
    assert (said.code, said.out) == (1, "")
    assert fragment in said.err
    assert "Traceback" not in said.err
    assert state(swap) == before


def state(swap: Swap) -> tuple[bytes, str]:
    return swap.file.read_bytes(), git(swap.made.audit, "rev-parse", "HEAD")


@pytest.mark.parametrize("host", ["not a host", "-x", "10.0.0.1\n10.0.0.2", "x" * 300])
def test_a_host_that_is_none_is_refused(swap: Swap, host: str) -> None:
    said = swap.replace("--host", host, "--yes")
    assert said.code == 1
    assert "is no address or host name" in said.err


def test_no_such_router(swap: Swap) -> None:
    said = swap.made.trueup("replace", "egde-1", "--yes")
    assert said.code == 1
    assert "there is no router 'egde-1'; did you mean" in said.err


def test_a_box_that_cannot_be_reached_needs_its_serial_and_is_not_checked(tmp_path: Path) -> None:
    with swapping(tmp_path) as swap:
        before = state(swap)
        refused = swap.replace("--host", NEW, "--yes")
        assert (refused.code, state(swap)) == (1, before)
        assert "the new box cannot be asked for its serial number" in refused.err
        assert "bootstrap it first, or give --serial" in refused.err
        said = swap.replace("--host", NEW, "--serial", "SNnew", "--model", "CRS326-24G-2S+", "--ports", GOOD, "--yes")
        assert said.code == 0, said.all
        assert "not checked: its certificate; where it has none yet, `trueup bootstrap edge-1 --again`" in said.out
        assert "not checked: whether it has ether2, ether24, ether4, sfp-sfpplus1" in said.out
        swap.arrive()
        assert swap.made.trueup("apply", "--yes").code == 0
        assert swap.made.trueup("plan").code == 0
        assert swap.made.lab[NEWCOMER].router.rows("/system/identity") == [{"name": NAME}]


def test_without_the_password_the_box_is_not_asked(swap: Swap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUEUP_SECRET_API")
    refused = swap.replace("--host", NEW, "--dry-run")
    assert refused.code == 1
    assert "secret 'api' is missing" in refused.err
    said = swap.replace("--host", NEW, "--serial", "SNnew", "--ports", GOOD, "--dry-run")
    assert said.code == 2
    assert "not checked: the box could not be reached: secret 'api' is missing" in said.out


def test_ports_that_a_site_names_are_told_with_their_place(tmp_path: Path) -> None:
    site = "rows:\n  /interface/list: [{name: SITE}]\n  /interface/list/member:\n    - {list: SITE, interface: sfp1}\n"
    with swapping(tmp_path, files={"harbour/site.yaml": site}) as swap:
        swap.arrive()
        before = state(swap)
        said = swap.replace("--host", NEW, "--ports", GOOD, "--yes")
        assert (said.code, state(swap)) == (1, before)
        assert "harbour/site.yaml:4:31: the new box has no sfp1 (/interface/list/member interface)" in said.err
        assert "declare it otherwise in the router's own" in said.err


def test_a_port_in_a_variable_is_renamed_where_it_is_written(tmp_path: Path) -> None:
    text = DECLARED.replace("bridges:\n", "vars:\n  note: sfp1 is up\nbridges:\n")
    with swapping(tmp_path, text) as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--ports", GOOD, "--yes")
        assert said.code == 0, said.all
        assert "note: sfp1 is up" in swap.file.read_text()
        assert "this mentions sfp1" in said.err


def test_two_ports_may_change_places(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        before = swap.file.read_text()
        said = swap.replace("--host", NEW, "--ports", "ether2=ether3,ether3=ether2", "--yes")
        assert said.code == 0, said.all
        after = swap.file.read_text()
        swapped = before.replace("ether2", "etherX").replace("ether3", "ether2").replace("etherX", "ether3")
        assert after == swapped.replace("SNedge-1", "SNnew").replace("[127.0.0.1]", "[127.0.0.2, 127.0.0.1]")


def test_another_version_and_missing_menus_are_warned_of(tmp_path: Path) -> None:
    text = DECLARED.replace("router: edge-1\n", 'router: edge-1\nversion: "7.24"\n')
    with swapping(tmp_path, text, new="hex-s", version="7.16.2") as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--dry-run")
        assert said.code == 2
        assert "warning: edge-1 (127.0.0.2): its version is 7.16.2, but 7.24 was declared" in said.err
        assert "bring the box to that version first" in said.err


def test_a_menu_that_the_new_box_lacks_is_told_and_its_version_counts(tmp_path: Path) -> None:
    text = DECLARED.replace("model: RB760iGS   # a hEX S\n", "")
    text += "  /system/routerboard/settings: {auto-upgrade: true}\n"
    with swapping(tmp_path, text, new="chr", version="7.16.2") as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--ports", "sfp1=ether1,ether5=ether4", "--dry-run")
        assert said.code == 2, said.all
        warnings = [line for line in said.err.splitlines() if "the new box has no" in line]
        assert len(warnings) == 1
        assert "/system/routerboard/settings, of which 1 rows are declared" in warnings[0]


def test_when_the_audit_cannot_be_written_the_file_stays(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        before = state(swap)

        def full(*_: object) -> None:
            raise AuditError(Problem("no room is left", "the audit"))

        swap.made.patch.setattr(Writer, "commit", full)
        said = swap.replace("--host", NEW, "--yes")
        assert (said.code, state(swap)) == (1, before)
        assert "no room is left" in said.err


def test_while_a_run_writes_to_the_router_nothing_is_replaced(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        before = state(swap)
        with Ledger(swap.made.audit).writing() as writer:
            claim = writer.claim(NAME)
            assert claim.__enter__()
        try:
            said = swap.replace("--host", NEW, "--yes")
        finally:
            claim.__exit__(None, None, None)
        assert (said.code, state(swap)) == (1, before)
        assert "another run is writing to this router" in said.err


def test_a_network_without_an_audit_gets_its_file_changed(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        swap.made.audit.rename(tmp_path / "elsewhere")
        said = swap.replace("--host", NEW, "--yes")
        assert said.code == 0, said.all
        assert "there is no audit repository" in said.out
        assert "SNnew" in swap.file.read_text()
