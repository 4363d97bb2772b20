"""Whatever is wrong with a router: a message that says which, where, what and what to do; all others go on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fleet_room import IDENTITY, PASSWORD, Named, Room, logins, room, spec
from strangers import GARBAGE, stranger, unused_port

from trueup.device import session

POOL = {"/ip/pool": [{"name": "guests", "ranges": "10.0.0.2-10.0.0.9"}]}
WRONG = "canary-wrong-password-91c2"
OFF = {"tls": "off"}


@dataclass(frozen=True)
class Bad:
    """One bad router: its declaration's `connect` and body, what is wrong with it, what to do about it."""

    connect: dict[str, Any]
    says: str
    remedy: str
    body: dict[str, Any]


def bad(says: str, remedy: str, connect: dict[str, Any] | None = None, **body: Any) -> Bad:
    return Bad(connect or {}, says, remedy, body)


@contextlib.contextmanager
def bad_routers(made: Room) -> Iterator[dict[str, Bad]]:
    """Every way a router can be bad, by name; the virtual ones among them are in the room's lab."""
    lab = made.lab
    for name, kind, match, message in (
        ("stalls-in-login", "stall", "/login", ""),
        ("stalls-in-read", "stall", "/system/identity/print", ""),
        ("vanishes-in-read", "vanish", "/system/identity/print", ""),
        ("drops-in-read", "drop", "/system/identity/print", ""),
        ("raves-in-read", "garbage", "/system/identity/print", ""),
        ("lacks-a-menu", "trap", "/ip/pool/print", "no such command prefix"),
        ("refuses-a-read", "trap", "/ip/pool/print", "not enough permissions (9)"),
    ):
        lab[name].faults.add(kind, match, message=message, times=99)
    with contextlib.ExitStack() as stack:
        closes, raves, web = (
            stack.enter_context(stranger(says, stays=stays))
            for says, stays in ((b"", False), (GARBAGE, True), (b"HTTP/1.1 400 Bad Request\r\n\r\n", True))
        )
        silent = stack.enter_context(stranger())
        yield {
            "is-down": bad("connection refused", "is the service `api-ssl` enabled", {"port": unused_port()}),
            "knows-another-password": bad(
                "refused the login: invalid user name or password (6)", "check `username`", {"password": Named("wrong")}
            ),
            "closes-at-once": bad("closed at once", "does the service's `address`", {"port": closes} | OFF),
            "closes-before-tls": bad("closed before TLS came about", "port of `api-ssl`", {"port": closes}),
            "raves": bad("not the RouterOS API", "give the port of the API", {"port": raves} | OFF),
            "is-a-web-server": bad("a web server answers", "give the port of the API", {"port": web} | OFF),
            "is-silent": bad("no answer to the login", "port of the API", {"port": silent, "timeout": "300ms"} | OFF),
            "is-plain": bad("", "port of `api-ssl`", {"port": lab["good-1"].port, "timeout": "300ms"}),
            "is-tls": bad("", "port", {"port": lab["good-1"].tls_port, "timeout": "300ms"} | OFF),
            "shows-another-certificate": bad(
                f"expected sha256:{'ab' * 32}, got sha256:{lab['good-1'].fingerprint}",
                "pin that one",
                {"port": lab["good-1"].tls_port, "tls": {"fingerprint": "sha256:" + "ab" * 32}},
            ),
            "is-of-another-ca": bad(
                "certificate cannot be trusted", "`tls: {ca: FILE}`", {"port": lab["good-1"].tls_port, "tls": "verify"}
            ),
            "stalls-in-login": bad("no answer to the login within", "not overloaded", {"timeout": "300ms"}),
            "stalls-in-read": bad("/system/identity/print: no answer within", "try again; is the router overloaded"),
            "vanishes-in-read": bad("print: no answer within", "try again; is the router overloaded"),
            "drops-in-read": bad("the router closed the connection", "try again"),
            "raves-in-read": bad("not the RouterOS API", "try again"),
            "lacks-a-menu": bad("the router has no menu /ip/pool", "install the package", rows=IDENTITY | POOL),
            "refuses-a-read": bad("not enough permissions (9)", "give the user's group", rows=IDENTITY | POOL),
            "is-another-version": bad("its version is 7.16, but 7.24 was declared", "another router", version="7.24"),
            "is-another-model": bad("but RB5009UG+S+ was declared", "another router", model="RB5009UG+S+"),
            "is-another-box": bad("but HGE0A1B2C3D was declared", "another router", serial="HGE0A1B2C3D"),
            "lacks-a-secret": bad("'nowhere' is missing", "TRUEUP_SECRET_NOWHERE", {"password": Named("nowhere")}),
        }  # fmt: skip


VIRTUAL = (
    *("good-1", "good-2", "stalls-in-login", "stalls-in-read", "vanishes-in-read", "drops-in-read", "raves-in-read"),
    *("lacks-a-menu", "refuses-a-read", "is-another-model", "is-another-box", "knows-another-password"),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, dict[str, Bad], dict[str, Any]]]:
    """A network of nothing but bad routers, but for two; what plan, plan --json and apply say of it."""
    specs = [*(spec(name) for name in VIRTUAL), spec("is-another-version", version="7.16")]
    with pytest.MonkeyPatch.context() as patch, room(tmp_path_factory.mktemp("bad"), *specs) as made:
        patch.setattr(session, "DEADLINE", 1.0)
        patch.setenv("TRUEUP_SECRET_WRONG", WRONG)
        with bad_routers(made) as all_bad:
            for name, each in all_bad.items():
                made.declare(name, **{"rows": IDENTITY, "connect": each.connect} | each.body)
            for name in ("good-1", "good-2"):
                made.declare(name, IDENTITY)
            made.commit()
            said = {"plan": made.trueup("plan"), "json": made.trueup("plan", "--json")}
            said["before"] = [made.wrote(name) for name in made.lab]
            said["apply"] = made.trueup("apply")
            yield made, all_bad, said


NAMES = (
    *("is-down", "knows-another-password", "closes-at-once", "closes-before-tls", "raves", "is-a-web-server"),
    *("is-silent", "is-plain", "is-tls", "shows-another-certificate", "is-of-another-ca", "stalls-in-login"),
    *("stalls-in-read", "vanishes-in-read", "drops-in-read", "raves-in-read", "lacks-a-menu", "refuses-a-read"),
    *("is-another-version", "is-another-model", "is-another-box", "lacks-a-secret"),
)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_said_which_router_is_bad_where_and_what_to_do(runs, name):
    _, all_bad, said = runs
    expected = all_bad[name]
    for run in (said["plan"], said["apply"]):
        mine = [line for line in run.err.splitlines() if line.startswith((f"error: {name} ", f"error: {name}:"))]
        assert len(mine) == 1, run.err
        assert expected.says in mine[0]
        assert expected.remedy in mine[0]
        if name not in ("lacks-a-menu", "lacks-a-secret"):
            assert "(127.0.0.1" in mine[0]


def test_failures_come_in_the_order_of_the_routers(runs):
    _, _, said = runs
    order = [each["router"] for each in json.loads(said["json"].out)["failures"]]
    assert order == sorted(order), "files are read by name"


def test_every_bad_router_is_tried(runs):
    _, all_bad, said = runs
    assert sorted(all_bad) == sorted(NAMES)
    document = json.loads(said["json"].out)
    assert sorted(each["router"] for each in document["failures"]) == sorted(NAMES)
    assert [plan["router"] for plan in document["plans"]] == ["good-1", "good-2"]


def test_the_others_go_on(runs):
    made, _, said = runs
    assert "Plan: 2 routers, 2 rows to change" in said["plan"].out
    assert not any(said["before"])
    assert "2 of 2 routers as declared" in said["apply"].out
    for name in ("good-1", "good-2"):
        assert made.lab[name].rows("/system/identity")[0]["name"] == "trued-up"
        assert (made.audit / f"routers/{name}/owned.json").exists()


def test_nothing_is_written_to_a_bad_router(runs):
    made, _, _ = runs
    assert {name: made.wrote(name) for name in made.lab if not name.startswith("good-")} == {
        name: [] for name in made.lab if not name.startswith("good-")
    }
    assert not [path.name for path in (made.audit / "routers").iterdir() if not path.name.startswith("good-")]


def test_the_exit_code_is_1_without_a_traceback_or_a_password(runs):
    _, _, said = runs
    for run in (said["plan"], said["json"], said["apply"]):
        assert run.code == 1
        assert "Traceback" not in run.all
        for secret in (PASSWORD, WRONG):
            assert secret not in run.all


def test_a_router_that_is_not_believed_is_not_told_the_password(runs):
    made, _, _ = runs
    assert logins(made.lab["good-1"]) == 4, "one login for each of the three runs and a probe, all by good-1 itself"
    assert logins(made.lab["knows-another-password"]) == 3, "a refused login is not tried again"
