"""The daemon and its page on virtual routers, with drift to look at: `make demo-daemon`, until Ctrl-C.

It all happens below a new temporary folder, or below the FOLDER that is named on the command line, which is then kept.
DEMO_SECONDS=60 in the environment ends it by itself.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any

from demo import TRUEUP, DemoFailed, Trueup, git, prepare, write_secrets
from demo_hands import PORT, Hand, Refused
from demo_network import add_site, change_contact, set_up_daemon

HOSTS = {"hq-hub": 11, "harbour-edge-1": 12, "marina-edge-1": 13, "hill-tower-1": 14, "quay-2": 22, "quay-4": 24}
BY_HAND, SYSTEM = "jo", "old-nms"
"""Who changes routers without trueup: a person, and another system that never gives up."""

USER = "demo"
FAVOURITE_PORT = 8080
READY_WITHIN = 120.0
END_WITHIN = 60.0
TRIES = 20
FIRST_CHANGE, NEXT_CHANGE, AGAIN = 15.0, 240.0, 3.0
"""Seconds until a first commit is merged, between two commits, and between two tries of the other system."""

SEEN = """
  page       {address}
  user       {user}
  password   {password}        (an operator: log in for the buttons)

  hq-hub           enforce   {system} changes the DNS servers back after every revert: a fight
  harbour-edge-1   propose   {hand} changed a hotspot's plan and the managers' list: a branch for adoption
  marina-edge-1    propose   its window is closed now: what is merged waits
  hill-tower-1     observe   {hand} changed a queue: told, and left alone
  quay-2           enforce   suspended, and changed by {hand}: told, and left alone
  quay-4           enforce   {hand} changes its time zone in a moment: reverted
  all but hill     a commit is merged in a quarter of a minute, and one every four: waves, live on the page

  In another terminal, for `trueup status`, `trueup watch`, `trueup rollout` or `trueup log`:
    cd {network}; export PATH={path}:$PATH TRUEUP_SECRETS={secrets}
  Ctrl-C ends it and removes everything.
"""


def main(arguments: Sequence[str]) -> int:
    """0 when it was ended by Ctrl-C, SIGTERM or its time."""
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="trueup-demo-") as temporary:
        folder = Path(arguments[0] if arguments else temporary).resolve()
        try:
            Show(folder).run()
        except KeyboardInterrupt:
            pass
        except (DemoFailed, Refused, OSError, subprocess.SubprocessError) as error:
            print(f"demo: failed: {error}", file=sys.stderr)
            return 1
    print("demo: ended, and everything removed" if not arguments else f"demo: ended; its files are in {folder}")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Show:
    """The network, its routers, the daemon, and those who change routers without it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.network, self.audit = prepare(folder)
        self.over = Event()
        self.password = secrets.token_urlsafe(12)
        self.port, self.addresses = free_port(), free_addresses()
        self.address = f"http://127.0.0.1:{self.port}/"
        add_site(self.network, self.addresses)
        self.share()
        values = write_secrets(self.network, folder / "secrets.yaml")
        self.trueup = Trueup(self.network, folder / "secrets.yaml", values, silent=True)
        self.own, self.theirs = values["saltmarsh/api"], secrets.token_urlsafe(12)

    def share(self) -> None:
        """Push the network to a bare repository, which the daemon follows."""
        for repository in (self.network, self.audit):
            git(repository, "config", "user.name", "Demo Operator")
            git(repository, "config", "user.email", "operator@saltmarsh.example")
            git(repository, "config", "commit.gpgsign", "false")
        origin = self.folder / "saltmarsh.git"
        git(self.folder, "init", "--quiet", "--bare", str(origin))
        git(self.network, "branch", "--move", "main")
        git(self.network, "remote", "add", "origin", str(origin))
        self.merge("Declare the quay")

    def merge(self, message: str) -> None:
        """Commit everything on main, and push it."""
        git(self.network, "add", ".")
        git(self.network, "commit", "--quiet", "--message", message)
        git(self.network, "push", "--quiet", "origin", "main")

    def run(self) -> None:
        """Everything, until DEMO_SECONDS are over or somebody interrupts."""
        try:
            self.trueup("lab", "up")
            self.bring_up()
            with self.daemon() as daemon:
                wait_until(self.is_settled, "the daemon has not looked at every router")
                self.change_by_hand()
                wait_until(self.has_seen, "the daemon has not found what was changed by hand")
                self.introduce()
                with self.meanwhile(self.keep_changing_back, self.go_on):
                    watch(daemon, float(os.environ.get("DEMO_SECONDS", "inf")))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            self.trueup("lab", "down")

    def bring_up(self) -> None:
        """Bring the routers to what is declared, and say how the daemon runs them."""
        self.trueup("plan", "--out", "../plan.json", ends=2)
        agreed = json.loads((self.folder / "plan.json").read_text())["hash"]
        self.trueup("apply", "--yes", "--accept", agreed)
        set_up_daemon(self.network, self.port, self.folder / "users.yaml")
        self.merge("Let the daemon run the routers")
        self.trueup("user", "add", USER, "--role", "operator", typed=f"{self.password}\n")
        self.trueup("suspend", "quay-2", "--for", "2h", "--why", "its antenna is being replaced")
        for router in HOSTS:
            with self.hand(router, "trueup", self.own) as trueup:
                for name in (BY_HAND, SYSTEM):
                    trueup.say("/user/add", name=name, group="full", password=self.theirs)

    def hand(self, router: str, name: str, password: str) -> Hand:
        """Somebody who is logged in to a router."""
        ca = self.network / ".trueup" / "lab" / "ca.pem"
        return Hand(f"{self.addresses}{HOSTS[router]}", ca, name, password)

    def change_by_hand(self) -> None:
        """What is found on the routers when the page is first looked at."""
        with self.hand("harbour-edge-1", BY_HAND, self.theirs) as hand:
            hand.change("/ip/hotspot/user/profile", "name=guest", rate_limit="10M/50M")
            hand.say("/ip/firewall/address-list/add", list="managers", address="198.51.100.77", comment="Jo at home")
        with self.hand("marina-edge-1", BY_HAND, self.theirs) as hand:
            hand.change("/queue/simple", "name=berths", max_limit="80M/200M")
        with self.hand("hill-tower-1", BY_HAND, self.theirs) as hand:
            hand.change("/queue/simple", "name=sectors", max_limit="500M/500M")
        with self.hand("quay-2", BY_HAND, self.theirs) as hand:
            hand.change("/interface/bridge", "name=bridge-berths", protocol_mode="none")

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[bytes]]:
        """`trueup daemon`, whose log goes to where this prints; it is asked to end, and waited for."""
        print("\n$ trueup daemon", flush=True)
        daemon = subprocess.Popen([TRUEUP, "daemon"], cwd=self.network, env=self.trueup.environment)
        try:
            yield daemon
        finally:
            if daemon.poll() is None:
                daemon.terminate()
            daemon.wait(END_WITHIN)

    def status(self) -> dict[str, Any]:
        """What the daemon knows, empty before its first word."""
        try:
            found: dict[str, Any] = json.loads((self.network / ".trueup" / "status.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def is_settled(self) -> bool:
        """Whether every router is as declared, and the page is served."""
        status = self.status()
        seen = all(router.get("seen") for router in status.get("routers", {}).values())
        return bool(status) and seen and "rollout" not in status and answers(self.address)

    def has_seen(self) -> bool:
        """Whether the daemon knows who changed the tower by hand."""
        drift = self.status()["routers"]["hill-tower-1"].get("drift", ())
        return any(each.get("author") == BY_HAND for each in drift)

    def introduce(self) -> None:
        """Say where the page is, and what there is to see."""
        people = {"user": USER, "password": self.password, "hand": BY_HAND, "system": SYSTEM}
        places = {"network": self.network, "path": TRUEUP.parent, "secrets": self.folder / "secrets.yaml"}
        print(SEEN.format(address=self.address, **people, **places), flush=True)

    @contextmanager
    def meanwhile(self, *deeds: Callable[[], None]) -> Iterator[None]:
        """Do these things at the side, until the end."""
        threads = [Thread(target=deed) for deed in deeds]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def keep_changing_back(self) -> None:
        """The other system: whatever trueup reverts, it sets again."""
        wanted = "203.0.113.53"
        with self.hand("hq-hub", SYSTEM, self.theirs) as hand:
            while True:
                if hand.say("/ip/dns/print")[0]["servers"] != wanted:
                    hand.change("/ip/dns", "", servers=wanted)
                if self.over.wait(AGAIN):
                    return

    def go_on(self) -> None:
        """A change by hand that is reverted, and commits that are rolled out."""
        with self.hand("quay-4", BY_HAND, self.theirs) as hand:
            hand.change("/system/clock", "", time_zone_name="Atlantic/Azores")
        pause = FIRST_CHANGE
        while not self.over.wait(pause):
            self.merge(change_contact(self.network))
            pause = NEXT_CHANGE


def watch(daemon: subprocess.Popen[bytes], seconds: float) -> None:
    """Return after so many seconds; raises DemoFailed when the daemon ends before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if daemon.poll() is not None:
            raise DemoFailed(f"`trueup daemon` ended with exit code {daemon.returncode}")
        time.sleep(0.2)


def wait_until(holds: Callable[[], bool], otherwise: str) -> None:
    """Return as soon as something holds; raises DemoFailed where it does not in time."""
    end = time.monotonic() + READY_WITHIN
    while not holds():
        if time.monotonic() > end:
            raise DemoFailed(otherwise)
        time.sleep(0.2)


def free_port() -> int:
    """The favourite port for the page, else any that is free."""
    if port := bound("127.0.0.1", FAVOURITE_PORT) or bound("127.0.0.1", 0):
        return port
    raise DemoFailed("there is no free port on 127.0.0.1")


def free_addresses() -> str:
    """What the routers' addresses begin with, so that any number of these demos may run at the same time."""
    for _ in range(TRIES):
        begin = f"127.66.{1 + secrets.randbelow(250)}."
        if bound(f"{begin}{HOSTS['hq-hub']}", PORT):
            return begin
    raise DemoFailed("there are no free addresses on the loopback interface")


def bound(address: str, port: int) -> int:
    """The port that could be listened on there just now, 0 where none could."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((address, port))
        except OSError:
            return 0
        found: int = tried.getsockname()[1]
        return found


def answers(address: str) -> bool:
    """Whether the page is there."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
