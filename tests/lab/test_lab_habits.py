"""What clients send, and what must not be taken kindly; docs/fidelity.md lists what is not known of routers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab_client import Wire

from trueup.lab import Lab, Spec, User, serve

READERS = {"/user/group": [{"name": "readers", "policy": "read,api"}]}
POOL = {"/ip/pool": [{"name": "a", "ranges": "10.0.0.1"}, {"name": "b", "ranges": "10.0.0.2", "comment": "x"}]}


@pytest.fixture
def lab() -> Iterator[Lab]:
    users = (User("reader", "", "readers"),)
    with serve([Spec("hub", tls_port=None, users=users, seed={**READERS, **POOL})]) as lab:
        yield lab


@pytest.fixture
def wire(lab: Lab) -> Iterator[Wire]:
    with Wire(lab["hub"].port) as wire:
        assert wire.login() == [["!done"]]
        yield wire


def names(reply: list[list[str]]) -> list[str]:
    return [word.removeprefix("=name=") for part in reply for word in part if word.startswith("=name=")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["?name=a", "=.proplist=name"], ["a"]),
        (["=.proplist=name", "?=name=a"], ["a"]),  # MikroTik's documentation: the same as ?name=a
        (["?comment"], ["b"]),
        (["?-comment"], ["a"]),
        (["?comment="], []),  # an absent comment equals nothing
        (["?name=a", "?name=b", "?#|"], ["a", "b"]),
        (["?name=a", "?#!"], ["b"]),
        (["=.proplist="], ["a", "b"]),
        (["=detail="], ["a", "b"]),
        (["=without-paging="], ["a", "b"]),  # a hotspot panel in PHP
        (["=detail"], ["a", "b"]),  # without its second =, as a log reader in Go writes =follow
    ],
)
def test_prints_as_libraries_write_them(wire: Wire, words: list[str], expected: list[str]) -> None:
    assert names(wire.ask("/ip/pool/print", *words)) == expected


@pytest.mark.parametrize("word", ["yes", "true"])
def test_a_query_may_spell_a_boolean_either_way(wire: Wire, word: str) -> None:
    wire.ask("/ip/dns/static/add", "=name=off.example", "=address=192.0.2.1", "=disabled=yes")
    wire.ask("/ip/dns/static/add", "=name=on.example", "=address=192.0.2.1")
    assert names(wire.ask("/ip/dns/static/print", f"?disabled={word}")) == ["off.example"]


def test_nothing_is_a_command_of_the_root(wire: Wire) -> None:
    assert wire.ask("/nothing") == [["!done"]]  # BundleWrap's way to see whether a router is there


@pytest.mark.parametrize("word", ["=follow=", "=follow-only=", "=interval=1", "=where=name=a", "=stats=", "=name=a"])
def test_print_arguments_that_would_be_passed_over_are_refused(wire: Wire, word: str) -> None:
    name = word[1:].partition("=")[0]
    assert wire.ask("/ip/pool/print", word) == [["!trap", f"=message=unknown parameter {name}"], ["!done"]]


@pytest.mark.parametrize("command", ["ip/pool/print", "/IP/POOL/PRINT", "/ip pool/print", "pool/print"])
def test_a_menu_is_called_by_its_exact_path(wire: Wire, command: str) -> None:
    assert wire.ask(command) == [["!trap", "=message=no such command prefix"], ["!done"]]


@pytest.mark.parametrize("command", ["/ip/pool/print where name=a", "/ip/pool/Print", "/ip pool print", "print", "/"])
def test_a_command_with_more_in_it_is_none(wire: Wire, command: str) -> None:
    """tik4net #14 and librouteros #32: the console's words in a command are answered so."""
    assert wire.ask(command) == [["!trap", "=message=no such command"], ["!done"]]


def test_a_word_of_no_kind_is_refused(wire: Wire) -> None:
    assert wire.ask("/ip/pool/print", "name=a")[0] == ["!trap", "=message=unknown parameter name=a"]


def test_a_tag_may_stand_anywhere(wire: Wire) -> None:
    reply = wire.ask("/ip/pool/print", ".tag=7", "=.proplist=name", "?name=a")
    assert reply == [["!re", "=name=a", ".tag=7"], ["!done", ".tag=7"]]


def test_untagged_commands_in_one_write_are_answered_in_turn(wire: Wire) -> None:
    wire.send(["/ip/pool/print", "=.proplist=name"], ["/system/identity/print"], ["/ip/pool/print", "=count-only="])
    assert [part[1:] for part in wire.receive(3)] == [["=name=a"], ["=name=b"], [], ["=name=MikroTik"], [], ["=ret=2"]]


def test_empty_sentences_are_passed_over(wire: Wire) -> None:
    wire.socket.sendall(b"\0\0\0")
    assert wire.ask("/system/identity/print")[0] == ["!re", "=name=MikroTik"]


def test_numbers_and_ids_mean_the_same(wire: Wire) -> None:
    assert wire.ask("/ip/pool/set", "=numbers=0", "=comment=first") == [["!done"]]
    assert wire.ask("/ip/pool/set", "=.id=b", "=comment=second") == [["!done"]]
    assert names(wire.ask("/ip/pool/print", "?comment=first")) == ["a"]


def test_long_words_and_bytes_of_any_code_page_come_back(wire: Wire) -> None:
    long, old = "x" * 70_000, "caf\udce9"
    for text in (long, old):
        wire.ask("/ip/pool/set", "=.id=a", f"=comment={text}")
        assert wire.ask("/ip/pool/print", "?name=a", "=.proplist=comment")[0] == ["!re", f"=comment={text}"]


def test_a_sentence_before_login_has_a_limit(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.send(["/login", "=name=" + "x" * 70_000])
        assert wire.receive() == []
        assert wire.ended


def test_the_old_way_first_then_the_new(lab: Lab) -> None:
    """A client may send an empty /login first, to see whether a challenge comes (librouteros, its API analysis)."""
    with Wire(lab["hub"].port) as wire:
        assert wire.ask("/login")[0][0] == "!trap"
        assert wire.login() == [["!done"]]


def test_a_second_login_changes_who_speaks(wire: Wire) -> None:
    assert wire.login("reader") == [["!done"]]
    assert wire.ask("/ip/pool/remove", "=.id=a")[0] == ["!trap", "=message=not enough permissions (9)"]
    assert names(wire.ask("/user/active/print")) == ["reader"]


def test_logins_are_logged_and_shown(lab: Lab, wire: Wire) -> None:
    with Wire(lab["hub"].port) as other:
        other.login("reader", "wrong")
        other.login("reader")
        (mine, theirs) = wire.ask("/user/active/print", "=.proplist=name,via,address,group")[:-1]
        assert mine == ["!re", "=name=admin", "=via=api", "=address=127.0.0.1", "=group=full"]
        assert theirs[1] == "=name=reader"
    log = [part[1].removeprefix("=message=") for part in wire.ask("/log/print", "=.proplist=message")[:-1]]
    assert log[:3] == [
        "user admin logged in from 127.0.0.1 via api",
        "login failure for user reader from 127.0.0.1 via api",
        "user reader logged in from 127.0.0.1 via api",
    ]
    assert wire.ask("/log/print", "?topics=system,error,critical", "=count-only=") == [["!done", "=ret=1"]]
    assert wire.ask("/log/remove", "=.id=*1")[0] == ["!trap", "=message=no such command"]


def test_a_reboot_hangs_up_on_everyone_and_keeps_the_rows(lab: Lab, wire: Wire) -> None:
    with Wire(lab["hub"].port) as other:
        other.login("reader")
        assert other.ask("/system/reboot")[0] == ["!trap", "=message=not enough permissions (9)"]
        assert wire.ask("/system/reboot") == []
        assert other.receive() == []
        assert other.ended
    with Wire(lab["hub"].port) as again:
        again.login()
        assert names(again.ask("/ip/pool/print")) == ["a", "b"]
        assert again.ask("/log/print", "=count-only=") == [["!done", "=ret=1"]]
