"""netmiko's driver for RouterOS works at the console of every version, and sees what it would see on a router."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncssh
import pytest
from console_client import CTRL_D, press, terminal, wait_until_closed, wait_until_left
from netmiko.exceptions import NetmikoAuthenticationException

from trueup.lab import Spec, User, VirtualRouter, serve


@pytest.fixture(params=("6.49", "7.9", "7.16", "7.24"))
def router(request: pytest.FixtureRequest) -> Iterator[VirtualRouter]:
    with serving(request.param) as hub:
        yield hub


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    with serving("7.24") as hub:
        yield hub


class serving:  # noqa: N801 -- read as a verb
    """A router whose console is open, for as long as the context lasts."""

    def __init__(self, version: str, **more: Any) -> None:
        spec = Spec("hub", version=version, tls_port=None, ssh_port=0, password="s3cret", **more)
        self._lab = serve([spec])

    def __enter__(self) -> VirtualRouter:
        return self._lab.__enter__()["hub"]

    def __exit__(self, *about: Any) -> None:
        self._lab.__exit__(*about)


def logged(hub: VirtualRouter) -> list[str]:
    return [row["message"] for row in hub.rows("/log")]


def once(hub: VirtualRouter, *commands: str, password: str = "s3cret") -> list[tuple[str, int]]:
    """What `ssh router "command"` says, and its exit status."""

    async def run() -> list[tuple[str, int]]:
        async with asyncssh.connect(
            "127.0.0.1", hub.ssh_port, username="admin", password=password, known_hosts=None, config=None
        ) as connection:
            done = [await connection.run(command) for command in commands]
        return [(str(each.stdout), int(each.exit_status or 0)) for each in done]

    return asyncio.run(run())


def test_a_session_reads_writes_and_stands_in_menus(router: VirtualRouter) -> None:
    with terminal(router) as console:
        assert console.find_prompt() == "[admin@MikroTik] >"
        console.send_command("/system identity set name=edge", expect_string=r"edge\] >")
        assert console.set_base_prompt() == "[admin@edge]"
        assert console.send_command(':put "said by $[/system identity get name]"') == "said by edge"
        assert console.send_command("/ip address add address=10.9.8.7/24 interface=ether1") == ""
        console.send_command("/ip address", expect_string=r">")
        old = router.spec.version.startswith("6")
        assert console.find_prompt() == f"[admin@edge] {'/ip address' if old else '/ip/address'}>"
        assert "address=10.9.8.7/24" in console.send_command("print terse")
        console.send_command("..", expect_string=r">")
        assert console.find_prompt() == "[admin@edge] /ip>"
        assert console.send_command(":put [address get 0 network]").endswith("\n10.9.8.0")
        console.send_command("/", expect_string=r">")
        assert console.find_prompt() == "[admin@edge] >"
        assert router.rows("/user/active")[0]["via"] == "ssh"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/foo", "bad command name foo (line 1 column 2)"),
        ("/ip address add foo=1", "expected end of command (line 1 column 17)"),
        (":put )", "syntax error (line 1 column 6)"),
        ("/interface bridge add name=ether1", "failure: already have interface with name ether1"),
        ("/ip address remove *99", "no such item"),
        ("/ip address add address=10.0.0.1/24 interface=none-such", "input does not match any value of interface"),
    ],
)
def test_refusals_are_the_consoles_words_and_no_exit_status(hub: VirtualRouter, typed: str, said: str) -> None:
    assert [(text.strip(), status) for text, status in once(hub, typed)] == [(said, 0)]


def test_commands_of_one_channel_each_are_answered(hub: VirtualRouter) -> None:
    said = once(hub, "/system identity set name=edge", ":put [/system identity get name]", ":put 1; :put 2")
    assert [text.split() for text, _ in said] == [[], ["edge"], ["1", "2"]]
    assert {status for _, status in said} == {0}


def test_a_wrong_password_a_stranger_and_a_missing_policy_are_refused_alike() -> None:
    groups = {"/user/group": [{"name": "no-ssh", "policy": "api,read,!ssh"}]}
    with serving("7.24", seed=groups, users=(User("eve", "e", "no-ssh"),)) as hub:
        for name, password in (("admin", "wrong"), ("nobody", "s3cret"), ("eve", "e")):
            with pytest.raises(NetmikoAuthenticationException), terminal(hub, name, password):
                pass
            assert logged(hub)[-1] == f"login failure for user {name} from 127.0.0.1 via ssh"
        assert hub.rows("/user/active") == []


def test_a_refused_login_comes_to_every_screen(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        console.write_channel("/system ident")
        with pytest.raises(NetmikoAuthenticationException), terminal(hub, password="wrong"):
            pass
        told = r"\d\d:\d\d:\d\d echo: system,error,critical login failure for user admin from 127\.0\.0\.1 via ssh"
        press(console, "", told + r"\n+\[admin@MikroTik\] > /system ident$")
        press(console, "ity print\r\n", r"name: MikroTik\n")


def test_logins_and_their_ends_are_told(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        assert [row["name"] for row in hub.rows("/user/active")] == ["admin"]
        assert [row["name"] for row in hub.rows("/ip/service") if row.get("dynamic") == "true"] == ["ssh"]
        console.write_channel("/quit\r\n")
        wait_until_closed(console)
    wait_until_left(hub)
    assert logged(hub) == [f"user admin logged {way} from 127.0.0.1 via ssh" for way in ("in", "out")]


def test_a_user_without_a_password_is_asked_for_one() -> None:
    with serve([Spec("hub", tls_port=None, ssh_port=0)]) as lab:
        hub = lab["hub"]
        with terminal(hub) as console:  # the driver declines with Ctrl-C
            assert console.find_prompt() == "[admin@MikroTik] >"
        assert once(hub, ":put 1", password="")[0][0].strip() == "1"


def test_a_host_key_is_kept_as_certificates_are(tmp_path: Any) -> None:
    spec = Spec("hub", tls_port=None, ssh_port=0)
    with serve([spec], folder=tmp_path) as lab:
        first = lab["hub"].host_key
        found = asyncio.run(offered(lab["hub"].ssh_port))
    with serve([spec], folder=tmp_path) as lab:
        assert lab["hub"].host_key == first == found
    assert first.startswith("SHA256:")
    assert (tmp_path / "hub.ssh").stat().st_mode & 0o077 == 0


async def offered(port: int) -> str:
    """The fingerprint of the key that a server shows."""
    key = await asyncssh.get_server_host_key("127.0.0.1", port, config=None)
    assert key is not None
    return key.get_fingerprint()


def test_ctrl_d_ends_the_session(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        console.write_channel("typed")
        console.write_channel(CTRL_D)  # not on an empty line
        assert "typed" in press(console, "\b" * 5 + ":put 3\r\n", r"\n3\n")
        console.write_channel(CTRL_D)
        wait_until_closed(console)


def test_nothing_of_ssh_is_loaded_before_a_console_is_opened() -> None:
    script = (
        "import sys\nfrom trueup.cli import group\ngroup.main(['--help'], standalone_mode=False)\n"
        "from trueup.lab import Spec, serve\n"
        "with serve([Spec('hub')]): pass\n"
        "print(sorted({'asyncssh', 'netmiko', 'paramiko'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_rows_are_shown_for_the_eye() -> None:
    seed = {
        "/ip/pool": [{"name": "a b", "ranges": "10.0.0.1"}, {"name": "c", "ranges": "10.0.0.2"}],
        "/ip/address": [{"address": "10.0.0.1/24", "interface": "ether1", "disabled": "true"}],
    }
    with serving("7.16", seed=seed) as hub:
        typed = ["/system identity print", "/ip pool print", "/ip pool print terse show-ids where name=c"]
        said = once(
            hub, *typed, "/ip address print detail", "/ip pool print count-only", "/ip pool print proplist=name"
        )
    assert [text.rstrip().splitlines() for text, _ in said] == [
        ["  name: MikroTik"],
        [' 0  name="a b" ranges=10.0.0.1', " 1  name=c ranges=10.0.0.2"],
        [" 0  .id=*2 name=c ranges=10.0.0.2"],
        ["Flags: X - disabled", " 0 X address=10.0.0.1/24 interface=ether1 network=10.0.0.0 actual-interface=ether1"],
        ["2"],
        [' 0  name="a b"', " 1  name=c"],
    ]


@pytest.mark.parametrize(
    ("kind", "says", "effect"),
    [
        ("trap", "failure: refused by the lab", False),
        ("stall", r"@edge\] > $", True),
        ("garbage", "HTTP/1.1 400", False),
    ],
)
def test_trouble_can_be_ordered_for_what_is_typed(hub: VirtualRouter, kind: Any, says: str, effect: bool) -> None:
    hub.faults.add(kind, "/system identity", seconds=0.05)
    with terminal(hub) as console:
        press(console, "/system identity set name=edge\r\n", says)
        press(console, ":put on\r\n", r"\non\n")
    assert hub.rows("/system/identity") == [{"name": "edge" if effect else "MikroTik"}]


def test_a_lost_reply_and_a_dropped_line_can_be_ordered_too(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        hub.faults.add("lost", "/system identity")
        console.write_channel("/system identity set name=edge\r\n")
        press(console, ":put on\r\n", r"\non\n")
        assert hub.rows("/system/identity") == [{"name": "edge"}]
        hub.faults.add("drop", "/system identity", executed=True)
        console.write_channel("/system identity set name=dropped\r\n")
        wait_until_closed(console)
    assert hub.rows("/system/identity") == [{"name": "dropped"}]
