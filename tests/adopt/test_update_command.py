"""`trueup adopt ROUTER --update` over the wire: what it prints, what it writes, and that a refusal writes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from export_room import files, trueup
from update_room import FILE, Update, happened

from trueup.adopt import write_all

BEFORE = """\
router: case   # on the mast
rows:
  /ip/pool:
    # for guests
    - {name: guests, ranges: 10.5.50.10-10.5.50.254}
    - {name: staff, ranges: 10.6.0.10-10.6.0.20}
  /ppp/secret:
    - {name: anna, service: pppoe, password: !secret anna}
"""
SITE = """\
rows:
  /ip/firewall/filter:
    - {chain: input, action: drop}
"""
POOL = "/ip/pool/set [find name=guests] ranges=10.5.50.20-10.5.50.254"
RULE = "/ip/firewall/filter/set [find action=drop] log=yes"
PASSWORD = "/ppp/secret/set [find name=anna] password=canary-anna-2"


@contextmanager
def drifted(folder: Path, *steps: str) -> Iterator[list[str]]:
    """A router that somebody changed; gives the words that name its network."""
    sections = {"before": BEFORE, "site": SITE, "secrets": "anna: canary-anna-1", "then": "\n".join(steps)}
    with happened(Update("command", sections), folder):
        yield ["--network", str(folder / "net")]


def test_the_changed_lines_are_shown_and_the_next_plan_is_empty(tmp_path: Path):
    with drifted(tmp_path, POOL, PASSWORD, "/ip/pool/remove [find name=staff]") as network:
        code, out, err = trueup("adopt", "case", "--update", *network)
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "case: s/case.yaml",
            "  @@ -4,4 +4,3 @@",
            "      # for guests",
            "  -     - {name: guests, ranges: 10.5.50.10-10.5.50.254}",
            "  -     - {name: staff, ranges: 10.6.0.10-10.6.0.20}",
            "  +     - {name: guests, ranges: 10.5.50.20-10.5.50.254}",
            "    /ppp/secret:",
            "  ~ secret anna has another value now",
            f"  wrote {tmp_path / 'secrets.yaml'}",
            f"  wrote {tmp_path / FILE}",
            "  the plan of this declaration for the same state is empty",
        ]
        assert trueup("plan", *network)[0] == 0
        assert trueup("adopt", "case", "--update", *network) == (0, "case: nothing to merge\n", "")


def test_a_changed_secret_is_kept_in_the_secrets_file_alone(tmp_path: Path):
    with drifted(tmp_path, PASSWORD) as network:
        said = trueup("adopt", "case", "--update", "--json", *network)
        assert said[0] == 0
        assert json.loads(said[1])["secrets"] == {"anna": "changed"}
        store = tmp_path / "secrets.yaml"
        assert 'anna: "canary-anna-2"' in store.read_text()
        assert "canary-anna-1" not in store.read_text()
        assert store.stat().st_mode & 0o777 == 0o600
        assert "canary" not in repr((said, files(tmp_path / "net")))
        assert (tmp_path / FILE).read_text() == BEFORE


def test_what_cannot_be_merged_keeps_all_from_being_written(tmp_path: Path):
    with drifted(tmp_path, POOL, PASSWORD, RULE) as network:
        before = files(tmp_path)
        code, out, err = trueup("adopt", "case", "--update", *network)
        assert (code, out) == (1, "")
        assert "s/site.yaml:3:7: /ip/firewall/filter: log changed, and a row without a key cannot be overridden" in err
        assert "error: nothing was written (--partial writes the rest); this is left of the plan:" in err
        assert "log   yes -> no" in err
        assert files(tmp_path) == before


def test_partial_writes_what_could_be_merged(tmp_path: Path):
    with drifted(tmp_path, POOL, RULE) as network:
        code, out, err = trueup("adopt", "case", "--update", "--partial", *network)
        assert code == 1
        assert "+     - {name: guests, ranges: 10.5.50.20-10.5.50.254}" in out
        assert "error: the rest was written; this is left of the plan:" in err
        assert (tmp_path / FILE).read_text() == BEFORE.replace("50.10-", "50.20-")
        code, out, _ = trueup("plan", *network)
        assert (code, "log   yes -> no" in out, "ranges" in out) == (2, True, False)


def test_partial_writes_nothing_that_would_let_the_plan_change_more(tmp_path: Path):
    site = "rows:\n  /queue/simple:\n    - {name: all, target: 10.0.0.0/24}\n"
    own = "router: case\nrows:\n  /queue/simple:\n    - {name: anna, target: 10.0.0.9/32}\n"
    add = "/queue/simple/add name=first target=10.0.0.1/32 place-before=*1"
    with happened(Update("astray", {"before": own, "site": site, "then": add}), tmp_path):
        before = files(tmp_path)
        words = ("--update", "--unmanaged", "--partial", "--network", str(tmp_path / "net"))
        code, out, err = trueup("adopt", "case", *words)
        assert (code, out) == (1, "")
        assert "error: nothing was written; this is left of the plan:" in err
        assert "/queue/simple: rows stand in an order that the router's own file cannot make" in err
        assert files(tmp_path) == before


def test_a_secrets_file_that_cannot_be_written_leaves_the_router_file(tmp_path: Path):
    with drifted(tmp_path, POOL, PASSWORD) as network:
        (tmp_path / f".secrets.yaml.{os.getpid()}").write_text("in the way")
        before = files(tmp_path)
        code, out, err = trueup("adopt", "case", "--update", *network)
        assert (code, out) == (1, "")
        assert "nothing was written: it is there already" in err
        assert files(tmp_path) == before


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path):
    with drifted(tmp_path, POOL) as network, pytest.MonkeyPatch.context() as patch:
        edited = BEFORE.replace("for guests", "for all")
        patch.setattr(
            "trueup.cli.update.write_all", lambda each: [(tmp_path / FILE).write_text(edited), write_all(each)]
        )
        code, out, err = trueup("adopt", "case", "--update", *network)
        assert (code, out) == (1, "")
        assert "nothing was written: it was changed meanwhile" in err
        assert (tmp_path / FILE).read_text() == edited


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--update",), "name one ROUTER, or an --export FILE"),
        (("case", "--update", "--site", "s"), "--update goes with a ROUTER alone"),
        (("case", "--partial"), "--unmanaged and --partial go with --update"),
        (("case", "--unmanaged"), "--unmanaged and --partial go with --update"),
        (("nobody", "--update"), "there is no router 'nobody'"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: tuple[str, ...], said: str, tmp_path: Path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s/site.yaml").write_text("")
    (tmp_path / "s/case.yaml").write_text("router: case\n")
    (tmp_path / "trueup.yaml").write_text("network: net\n")
    code, out, err = trueup("adopt", *words, "--network", str(tmp_path))
    assert (code, out) == (1, "")
    assert said in err
