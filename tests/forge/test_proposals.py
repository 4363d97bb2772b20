"""Drift proposed for adoption: a branch and a pull request, once, without a secret, and gone when the drift is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from case_story import NAME, Story, git_command
from forge_room import BOTH, forge_at
from git_over_http import Served, git_over_http
from stand_in import StandIn, stand_in
from update_room import Update, happened

from trueup.audit import Audit
from trueup.daemon.proposal import Proposal
from trueup.daemon.propose import branch_of, propose, withdraw
from trueup.errors import ForgeError, RemoteError
from trueup.fleet.drift import read_drift
from trueup.load.network import load_network
from trueup.secrets import open_stores

BRANCH = f"trueup/adopt/{NAME}"
CANARY = "canary-router-secret-90c1"
SUBSCRIBER = "canary-subscriber"

BEFORE = """\
router: case
# by hand: keep this
rows:
  /ip/firewall/filter:
    - scope: {chain: input}
      unmanaged: remove
      rows:
        - {action: accept, connection-state: [established, related]}
        - {action: drop, comment: the rest}
  /ip/dns:
    servers: [10.0.0.1]
  /radius:
    - scope: {}
      unmanaged: remove
      rows:
        - {comment: billing, service: [ppp], address: 10.0.0.5, secret: !secret radius/billing}
reconcile:
  mode: propose
"""
BY_HAND = (
    '/ip/firewall/filter/add chain=input action=accept protocol=icmp comment="@everyone **now**" place-before=*2',
    '/ip/firewall/filter/set [find comment="the rest"] comment="everything else"',
    "/ip/dns/set servers=10.0.0.2",
)


@dataclass
class Town:
    """A router that was edited by hand, its network with a remote, and the forge beside that."""

    story: Story
    remote: Served
    at: StandIn

    @property
    def root(self) -> Path:
        return self.story.folder / "net"

    def propose(self, *, menus=None, forge: bool = True, authors: str = "jo at 2026-11-28 12:00") -> Proposal:
        network = load_network(self.root, "HEAD")
        router = network.router(NAME)
        stores = open_stores(network.settings, network.root, {})
        audit = Audit.find(self.story.folder / "net-audit")

        async def main() -> Proposal:
            drift = await read_drift(network, router, stores, audit)
            there = forge_at(self.at) if forge else None
            return await propose(network, router, drift, authors, "origin", "main", there, menus)

        return asyncio.run(main())

    def withdraw(self, why: str = "The router is as declared again.") -> bool:
        network = load_network(self.root, "HEAD")
        return asyncio.run(withdraw(network, NAME, "origin", forge_at(self.at), why))

    def file(self, ref: str = BRANCH) -> str:
        return self.remote.git("show", f"{ref}:s/{NAME}.yaml")

    def words(self) -> str:
        """Everything that a proposal says anywhere but in the router's file."""
        pulls = [f"{pull.title}\n{pull.body}\n{pull.comments}" for pull in self.at.pulls.values()]
        log = self.remote.git("log", "--all", "--format=%an %ae %B") if self.remote.tip("main") else ""
        return "\n".join([*pulls, log])


@contextmanager
def town(folder: Path, kind: str = "github", before: str = BEFORE, then=BY_HAND, secrets: str = "") -> Iterator[Town]:
    known = f"radius/billing: was-before\n{secrets}"
    case = Update("case", {"before": before, "site": "{}", "secrets": known, "router": "", "then": "\n".join(then)})
    with happened(case, folder) as story, git_over_http(folder / "hub.git") as remote:
        git_command(folder / "net", "remote", "add", "origin", remote.url)
        git_command(folder / "net", "push", "-q", "origin", "HEAD:refs/heads/main")
        with pytest.MonkeyPatch.context() as patch, stand_in(kind, git=remote.path) as at:
            patch.setattr("trueup.forge.http.FIRST", 0.01)
            yield Town(story, remote, at)


@BOTH
def test_drift_becomes_a_branch_and_a_pull_request_once(tmp_path, kind):
    with town(tmp_path, kind) as here:
        files = {
            path: path.read_bytes() for path in here.root.rglob("*") if path.is_file() and ".git" not in path.parts
        }
        one = here.propose()
        assert (one.outcome, one.branch) == ("proposed", BRANCH)
        assert one.place == one.url
        assert one.menus == ("/ip/dns", "/ip/firewall/filter")
        text = here.file()
        for said in ("# by hand: keep this", "servers: [10.0.0.2]", "protocol: icmp", "comment: everything else"):
            assert said in text
        assert here.remote.git("diff", "--name-only", "main", BRANCH) == f"s/{NAME}.yaml"
        assert {path: path.read_bytes() for path in files} == files
        pull = here.at.pulls[1]
        assert (pull.title, pull.base, pull.branch) == (f"Adopt {NAME}: /ip/dns, /ip/firewall/filter", "main", BRANCH)
        assert "`/ip/firewall/filter` | 1 new, 1 changed |" in pull.body
        assert "`/ip/dns` | 1 changed |" in pull.body
        assert "jo at 2026-11-28 12:00" in pull.body
        assert pull.labels == ["trueup"]
        for value in ("10.0.0.2", "everything", "icmp"):
            assert value not in here.words()
        two = here.propose()
        assert (two.outcome, two.commit, two.url, len(here.at.pulls)) == ("there", one.commit, one.url, 1)


def test_what_changes_further_changes_the_proposal(tmp_path):
    with town(tmp_path) as here:
        one = here.propose()
        here.story.by_hand("/ip/dns/set servers=10.0.0.3")
        two = here.propose()
        assert (two.outcome, two.url) == ("proposed", one.url)
        assert "servers: [10.0.0.3]" in here.file()
        assert here.remote.git("rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_merged_proposal_is_what_the_router_has(tmp_path):
    with town(tmp_path) as here:
        one = here.propose()
        here.at.merge(1)
        two = here.propose()  # the commit in force is still the old one
        assert (two.outcome, two.url, len(here.at.pulls)) == ("merged", one.url, 1)
        git_command(here.root, "pull", "-q", "--ff-only", "origin", "main")
        outcome = here.story.run(write=False)
        assert outcome.plan is not None
        assert outcome.plan.empty
        assert here.propose().outcome == "nothing"
        assert here.withdraw()
        assert here.remote.tip(BRANCH) == ""
        assert here.at.pulls[1].state == "merged"


def test_a_proposal_whose_drift_is_gone_is_closed_with_a_word(tmp_path):
    with town(tmp_path) as here:
        here.propose()
        assert here.withdraw()
        assert here.withdraw()
        assert (here.at.pulls[1].state, here.remote.tip(BRANCH)) == ("closed", "")
        assert here.at.ours(1) == ["<!-- trueup: closed -->\nThe router is as declared again."]
        back = here.propose()
        assert (back.outcome, here.at.pulls[2].state) == ("proposed", "open")


@BOTH
def test_a_proposal_that_somebody_closed_is_not_made_again_until_the_router_changes(tmp_path, kind):
    with town(tmp_path, kind) as here:
        one = here.propose()
        here.at.pulls[1].state = "closed"
        for _ in range(2):
            again = here.propose()
            assert (again.outcome, again.url, len(here.at.pulls)) == ("declined", one.url, 1)
            here.remote.git("update-ref", "-d", f"refs/heads/{BRANCH}")
        here.story.by_hand("/ip/dns/set servers=10.0.0.9")
        assert here.propose().outcome == "proposed"
        assert here.at.pulls[2].state == "open"


def test_without_a_forge_there_is_a_branch(tmp_path):
    with town(tmp_path) as here:
        done = here.propose(forge=False)
        assert (done.outcome, done.url, done.place) == ("proposed", "", BRANCH)
        assert here.at.requests == []


def test_what_somebody_else_pushed_to_the_branch_stays(tmp_path):
    with town(tmp_path) as here:
        here.propose()
        git_command(here.root, "fetch", "-q", "origin", BRANCH)
        git_command(here.root, "checkout", "-q", "FETCH_HEAD")
        git_command(here.root, "commit", "-q", "--allow-empty", "-m", "theirs")
        git_command(here.root, "push", "-q", "origin", f"HEAD:{BRANCH}")
        git_command(here.root, "checkout", "-q", "-")
        tip = here.remote.tip(BRANCH)
        here.story.by_hand("/ip/dns/set servers=10.0.0.9")
        done = here.propose()
        assert done.outcome == "others"
        assert "somebody else's commits" in done.text
        assert not here.withdraw()
        assert (here.remote.tip(BRANCH), here.at.pulls[1].state) == (tip, "open")


def test_only_menus_that_are_to_be_proposed_are(tmp_path):
    only = BEFORE.replace("mode: propose", "mode: observe\n  menus: {/ip/dns: propose, /ip/firewall/filter: enforce}")
    with town(tmp_path, before=only) as here:
        done = here.propose()
        assert done.menus == ("/ip/dns",)
        assert "servers: [10.0.0.2]" in here.file()
        assert "comment: the rest" in here.file()
        assert "icmp" not in here.file()
        assert "Not all of it is here" not in here.at.pulls[1].body
        assert here.propose(menus=()).outcome == "nothing"


def test_a_new_secret_is_named_and_its_value_nowhere(tmp_path):
    hand = (
        f"/radius/add comment=second service=ppp address=10.0.0.6 secret={CANARY}",
        f"/ppp/secret/add name={SUBSCRIBER} password={CANARY} service=pppoe",
    )
    scope = "  /ppp/secret:\n    - {scope: {}, unmanaged: remove, rows: []}\n"
    before = BEFORE.replace("  /radius:", f"{scope}  /radius:")
    with town(tmp_path, before=before, then=hand) as here:
        done = here.propose()
        assert done.outcome == "proposed"
        assert f"!secret {NAME}/radius/10.0.0.6/secret" in here.file()
        assert "password: !secret" in here.file()
        body = here.at.pulls[1].body
        assert f"- `{NAME}/radius/10.0.0.6/secret`" in body
        assert "1 more: `!secret`" in body
        everything = here.words() + str(done) + here.remote.git("grep", "", BRANCH)
        assert CANARY not in everything
        assert SUBSCRIBER not in here.words() + str(done)
        for pack in here.remote.git("rev-list", "--all", "--objects").split("\n"):
            assert CANARY not in here.remote.git("cat-file", "-p", pack.split()[0])
        assert CANARY not in (tmp_path / "secrets.yaml").read_text()


def test_a_secret_that_alone_differs_is_told_and_nothing_is_written(tmp_path):
    with town(tmp_path, then=(f"/radius/set [find comment=billing] secret={CANARY}",)) as here:
        done = here.propose()
        assert done.outcome == "nothing"
        assert "1 secret has another value on the router" in done.text
        assert here.remote.tip(BRANCH) == ""
        assert here.at.pulls == {}
        assert CANARY not in str(done)


def test_a_secret_in_plain_text_is_pushed_nowhere(tmp_path):
    then = (
        f"/radius/set [find comment=billing] secret={CANARY}",
        f'/ip/firewall/filter/set [find comment="the rest"] comment="is {CANARY}"',
    )
    with town(tmp_path, then=then) as here:
        done = here.propose()
        assert done.outcome == "nothing"
        assert "stands in plain text" in done.text
        assert CANARY not in str(done)
        assert (here.remote.tip(BRANCH), here.at.pulls) == ("", {})


def test_a_routers_words_format_and_mention_nothing(tmp_path):
    with town(tmp_path) as here:
        here.propose(authors="@all <script> [x](y)\n# big | `code` \x1b[31m")
        assert "history: `@all <script> [x](y) # big | 'code'  [31m`." in here.at.pulls[1].body
        assert "\x1b" not in here.words()


def test_a_forge_or_remote_in_trouble_is_told_and_the_next_time_goes_on(tmp_path):
    with town(tmp_path) as here:
        here.remote.trouble = "error"
        with pytest.raises(RemoteError):
            here.propose()
        here.remote.trouble = ""
        here.at.fault("error", method="POST", path="/pulls", times=99, status=503)
        with pytest.raises(ForgeError):
            here.propose()
        assert here.remote.tip(BRANCH) != ""
        here.at.faults.clear()
        done = here.propose()
        assert (done.outcome, len(here.at.pulls)) == ("there", 1)
        assert done.url


def test_the_working_tree_does_not_count(tmp_path):
    with town(tmp_path) as here:
        (here.root / "s" / f"{NAME}.yaml").write_text("not: valid: yaml\n")
        (here.root / "trueup.yaml").unlink()
        (here.root / "trueup.yaml").write_text("network: net\n")
        assert here.propose().outcome == "proposed"


@pytest.mark.parametrize("name", ["edge", "edge.lock", "a..b", "edge."])
def test_every_routers_name_gives_a_branch_that_git_takes(tmp_path, name):
    git_command(tmp_path, "check-ref-format", f"refs/heads/{branch_of(name)}")
