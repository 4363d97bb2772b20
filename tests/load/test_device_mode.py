"""A declared device-mode is checked without a router: what it does not let work is a problem, at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from trueup.cli.validate import command
from trueup_schemas.catalogue import catalogue
from trueup_schemas.device_mode import MENUS, forbidden, modes
from trueup_schemas.network import DeviceMode

Write = Callable[..., Path]

HOTSPOT = """
rows:
  /ip/pool:
    - {name: guests, ranges: 10.0.0.2-10.0.0.9}
  /ip/hotspot/user:
    - {name: ann}
    - {name: bob}
  /system/scheduler:
    - {name: nightly, on-event: x, disabled: yes}
  /tool/bandwidth-server: {enabled: no}
"""


def refused(write: Write, head: str, rows: str = HOTSPOT) -> str:
    root = write({"a/site.yaml": "", "a/r.yaml": f"router: r\n{head}{rows}"})
    done = CliRunner().invoke(command, ["--network", str(root)], standalone_mode=False)
    return str(done.exception or "")


def test_rows_of_a_forbidden_feature_are_refused_and_what_is_switched_off_is_not(write: Write) -> None:
    told = refused(write, "device-mode: home")
    assert told == (
        "a/r.yaml:7:7: /ip/hotspot/user: device-mode home does not allow hotspot, so this row cannot work, nor 1 more "
        "here; allow it at the router with /system/device-mode/update hotspot=yes, and say `hotspot: yes` here"
    )


def test_a_feature_may_be_allowed_beside_the_mode_and_forbidden_too(write: Write) -> None:
    assert refused(write, "device-mode: {mode: home, hotspot: yes}") == ""
    assert "advanced does not allow hotspot" in refused(write, "device-mode: {mode: advanced, hotspot: no}")
    assert refused(write, "device-mode: advanced") == ""
    assert refused(write, "") == ""


def test_a_mode_that_the_version_does_not_have_is_refused_at_its_word(write: Write) -> None:
    told = refused(write, 'version: "7.16"\ndevice-mode: advanced')
    assert told == "a/r.yaml:3:14: RouterOS 7.16 has no device-mode 'advanced'; it has enterprise, home"
    assert "it has no device-mode" in refused(write, 'version: "6.49"\ndevice-mode: {mode: home}')
    assert "paranoid" in refused(write, "device-mode: paranoid")
    assert refused(write, "device-mode: {hotspot: no}").startswith("a/r.yaml:2:14: device-mode: 'mode' is missing")
    assert "hotspots" in refused(write, "device-mode: {mode: home, hotspots: yes}")


def test_layers_add_up(write: Write) -> None:
    files = {
        "a/site.yaml": "device-mode: {mode: home}",
        "a/r.yaml": f"router: r\ndevice-mode: {{hotspot: yes}}{HOTSPOT}",
    }
    done = CliRunner().invoke(command, ["--network", str(write(files))], standalone_mode=False)
    assert done.exception is None


def test_an_upgrade_over_7_17_keeps_the_mode_under_its_new_name(write: Write) -> None:
    files = {"a/site.yaml": "", "a/r.yaml": f'router: r\nversion: "7.16"\ndevice-mode: enterprise{HOTSPOT}'}
    done = CliRunner().invoke(command, ["--network", str(write(files)), "--against", "7.24"], standalone_mode=False)
    assert done.output.startswith("1 router against RouterOS 7.24: nothing breaks")


def test_the_auto_upgrade_of_the_boot_loader_is_always_allowed(write: Write) -> None:
    settings = "\nrows:\n  /system/routerboard/settings: {auto-upgrade: yes}\n"
    assert "unknown menu" in refused(write, "device-mode: advanced", settings) or not refused(
        write, "device-mode: advanced", settings
    )


@pytest.mark.parametrize("version", ["7.9", "7.16", "7.17", "7.24"])
def test_every_mode_forbids_what_advanced_does(version: str) -> None:
    for mode in set(modes(version)) - {"rose"}:
        least = forbidden("enterprise" if "enterprise" in modes(version) else "advanced", {}, version)
        assert forbidden(mode, {}, version) >= least
    assert modes("6.49") == ()


def test_features_are_those_of_the_model_and_their_menus_exist() -> None:
    names = {field.alias for field in DeviceMode.model_fields.values()} - {"mode"}
    assert MENUS.keys() <= names
    for mode in modes("7.24"):
        assert forbidden(mode, {}, "7.24") <= names
    known = {path for version in ("6.49", "7.24") for path in catalogue(version).paths} | {"/zerotier", "/ip/socks"}
    for menus in MENUS.values():
        assert all(any(f"{path}/".startswith(f"{menu}/") for path in known) for menu in menus), menus
