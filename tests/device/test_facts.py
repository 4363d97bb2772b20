"""Facts, and the refusal of a router that is not the declared one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trueup.device.facts import check_identity, make_facts, seconds
from trueup.errors import RouterError

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RESOURCE = {"version": "7.24.1 (stable)", "board-name": "hAP ax3", "uptime": "1w2d3h4m5s"}
BOARD = {"model": "C53UiG+5HPaxD2HPaxD", "serial-number": "HGE0A1B2C3D"}


def test_the_facts_of_a_board():
    facts = make_facts({"/system/resource": RESOURCE, "/system/routerboard": BOARD}, NOW, "10.0.0.1")
    assert (facts.version, facts.board, facts.model, facts.serial) == (
        "7.24.1",
        "hAP ax3",
        "C53UiG+5HPaxD2HPaxD",
        "HGE0A1B2C3D",
    )
    assert facts.uptime == ((9 * 24 + 3) * 60 + 4) * 60 + 5
    assert (facts.host, facts.read_at) == ("10.0.0.1", NOW)


def test_a_chr_is_known_by_its_system_id():
    said = {"/system/resource": RESOURCE | {"board-name": "CHR"}, "/system/license": {"system-id": "abcdEFGH123"}}
    facts = make_facts(said, NOW, "")
    assert (facts.model, facts.serial) == ("CHR", "abcdEFGH123")


@pytest.mark.parametrize(
    ("uptime", "expected"),
    [
        ("5s", 5),
        ("4m5s", 245),
        ("3h", 10800),
        ("1d02:03:04", 93784),
        ("00:00:07", 7),
        ("1w", 604800),
        ("", 0),
        ("?", 0),
    ],
)
def test_an_uptime_in_seconds(uptime, expected):
    assert seconds(uptime) == expected


@pytest.mark.parametrize("version", ["7", "7.24", "7.24.1", "7.24.1 (stable)", ""])
def test_a_declared_version_holds_for_its_releases(version):
    check_identity(make_facts({"/system/resource": RESOURCE, "/system/routerboard": BOARD}, NOW, ""), version)


@pytest.mark.parametrize("version", ["7.2", "7.24.2", "7.24.10", "6", "7.24.1.1"])
def test_another_version_is_refused(version):
    with pytest.raises(RouterError, match=rf"version is 7\.24\.1, but {version} was declared"):
        check_identity(make_facts({"/system/resource": RESOURCE}, NOW, ""), version)


def test_all_differences_are_told_at_once_with_the_router():
    facts = make_facts({"/system/resource": RESOURCE}, NOW, "10.0.0.1")
    with pytest.raises(RouterError) as caught:
        check_identity(facts, "7.16", "RB5009", "HGE", router="edge-1")
    assert len(caught.value.problems) == 3
    assert "edge-1 (10.0.0.1)" in str(caught.value)
    assert "serial is not known, but HGE was declared" in str(caught.value)
