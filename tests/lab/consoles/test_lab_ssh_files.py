"""Files go to a router and come from it over SFTP and SCP, and are rows of /file."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import netmiko
import paramiko
import pytest
from console_client import press, terminal
from netmiko import FileTransfer

from trueup.lab import Spec, User, VirtualRouter, serve

BYTES = bytes(range(256)) * 500


@pytest.fixture(scope="module")
def hub() -> Iterator[VirtualRouter]:
    groups = {"/user/group": [{"name": "no-files", "policy": "ssh,read,write"}]}
    users = (User("eve", "e", "no-files"),)
    with serve([Spec("hub", version="7.16", tls_port=None, ssh_port=0, password="s", users=users, seed=groups)]) as lab:
        yield lab["hub"]


@contextmanager
def sftp(hub: VirtualRouter, username: str = "admin", password: str = "s") -> Iterator[paramiko.SFTPClient]:
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect("127.0.0.1", hub.ssh_port, username, password, allow_agent=False, look_for_keys=False, timeout=20)
    try:
        yield client.open_sftp()
    finally:
        client.close()


def names(hub: VirtualRouter) -> set[str]:
    return {row["name"] for row in hub.rows("/file")}


def test_what_goes_there_comes_back(hub: VirtualRouter, tmp_path: Path) -> None:
    source, back = tmp_path / "up", tmp_path / "down"
    source.write_bytes(BYTES)
    with sftp(hub) as files:
        files.put(str(source), "flash/any.bin")
        assert files.stat("/flash/any.bin").st_size == len(BYTES)
        files.get("flash/any.bin", str(back))
        assert back.read_bytes() == BYTES
        assert "any.bin" in files.listdir("flash")
        assert stat.S_ISDIR(files.stat("flash").st_mode or 0)
        files.rename("flash/any.bin", "any.bin")
        assert "any.bin" in names(hub)
        files.remove("any.bin")
        with pytest.raises(FileNotFoundError):
            files.stat("any.bin")
    assert "any.bin" not in names(hub)


@pytest.mark.parametrize(
    ("script", "log", "name"),
    [
        (
            "/ip pool add name=from-file ranges=10.0.0.1\n:put made\n",
            "made\nScript file loaded and executed",
            "from-file",
        ),
        (
            "/ip pool add name=first ranges=10.0.0.2\n/ip pool add name=first ranges=10.0.0.3\n",
            "failure: pool",
            "first",
        ),
        ("/ip pool add name=never ranges=10.0.0.4\n/nonsense\n", "bad command name nonsense (line 2 column 2)", ""),
    ],
)
def test_an_auto_script_runs_itself_and_leaves_a_log(hub: VirtualRouter, script: str, log: str, name: str) -> None:
    with sftp(hub) as files:
        with files.open("setup.auto.rsc", "w") as file:
            file.write(script)
        with files.open("setup.auto.log") as file:
            assert file.read().decode().startswith(log)
    pools = {row["name"] for row in hub.rows("/ip/pool")}
    assert name in pools or not name
    assert "never" not in pools


def test_an_upload_can_be_imported_at_the_console(hub: VirtualRouter) -> None:
    with sftp(hub) as files, files.open("x.rsc", "w") as file:
        file.write("/ip pool\nadd name=imported ranges=10.1.0.1-10.1.0.9\n")
    with terminal(hub) as console:
        said = console.send_command("/import file-name=x.rsc verbose=yes")
        assert said.endswith("Script file loaded and executed successfully")
        assert "no such file" in console.send_command("/import none.rsc")
        press(console, "/ip pool export file=pools\r\n", r"\] > $")
    assert "imported" in {row["name"] for row in hub.rows("/ip/pool")}
    with sftp(hub) as files, files.open("pools.rsc") as file:
        assert b"add name=imported ranges=10.1.0.1-10.1.0.9" in file.read()


def test_netmikos_own_transfer_works(hub: VirtualRouter, tmp_path: Path) -> None:
    source = tmp_path / "x.txt"
    source.write_text("some text\n")
    with terminal(hub) as console:
        assert isinstance(console, netmiko.BaseConnection)
        with FileTransfer(console, str(source), "x.txt", file_system="flash", direction="put") as transfer:
            assert not transfer.check_file_exists()
            transfer.transfer_file()
            assert transfer.check_file_exists()
            assert transfer.verify_file()


def test_whoever_may_not_is_refused_and_no_path_leads_out(hub: VirtualRouter) -> None:
    with sftp(hub, "eve", "e") as files:
        for act in (lambda: files.open("x", "w"), lambda: files.stat("x"), lambda: files.listdir("/")):
            with pytest.raises(PermissionError):
                act()
    with sftp(hub) as files:
        for path in ("/etc/passwd", "../../etc/passwd", "/proc/self/environ"):
            with pytest.raises(FileNotFoundError):
                files.open(path)
        for refused in (lambda: files.mkdir("x"), lambda: files.symlink("/etc", "x"), lambda: files.readlink("/etc")):
            with pytest.raises(OSError):
                refused()
        assert not stat.S_ISLNK(files.stat("/").st_mode or 0)
