"""A board with the configuration it is shipped with, and a manager on its WAN side, whom the script alone lets in."""

from __future__ import annotations

from pathlib import Path

from arriving_room import SHIPPED, arriving, blank, bootstrap, run_on, script

from trueup.lab.spec import Manager

REACH = ("--address", "10.20.0.1/24", "--interface", "ether1")
MANAGER = Manager("10.20.0.5", "10.20.0.1")


def shipped(address: str, manager: Manager = MANAGER):
    """A shipped board whose own rows decide whether the manager's packets get in."""
    return blank(board="hex-s", seed=SHIPPED, address=address, port=None, tls_port=8729, manager=manager)


def test_the_manager_gets_in_after_the_script_and_not_before(tmp_path: Path) -> None:
    with arriving(tmp_path, shipped("127.88.1.1"), timeout="300ms") as made:
        assert bootstrap(made, *REACH, source="10.20.0.5").code == 0
        before = made.trueup("plan")
        assert before.code == 1
        assert "no answer within 0.3 s" in before.err
        assert run_on(made, script(made)) == "!done"
        after = made.trueup("plan")
        assert (after.code, after.err) == (0, "")


def test_nobody_else_gets_in(tmp_path: Path) -> None:
    stranger = Manager("10.20.0.6", "10.20.0.1")
    with arriving(tmp_path, shipped("127.88.1.2", stranger), timeout="300ms") as made:
        assert bootstrap(made, *REACH, source="10.20.0.5").code == 0
        run_on(made, script(made))
        assert made.trueup("plan").code == 1


def test_a_manager_elsewhere_needs_the_gateway(tmp_path: Path) -> None:
    far = Manager("10.9.9.9", "10.20.0.1", gateway="10.20.0.254")
    with arriving(tmp_path, shipped("127.88.1.3", far), timeout="300ms") as made:
        assert bootstrap(made, *REACH, source="10.9.9.0/24").code == 0
        run_on(made, script(made))
        assert made.trueup("plan").code == 1
        words = (*REACH, "--again", "--gateway", "10.20.0.254")
        assert bootstrap(made, *words, source="10.9.9.0/24", out="b.rsc").code == 0
        run_on(made, script(made, "b.rsc"))
        assert made.trueup("plan").code == 0
