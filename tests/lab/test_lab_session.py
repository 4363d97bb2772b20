"""Logins, rights, tags and the end of a connection, over real sockets."""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
from collections.abc import Iterator

import pytest
from lab_client import Wire

from trueup.lab import Lab, Spec, User, serve

READER = {"name": "readers", "policy": "read,api"}
WRITER = {"name": "writers", "policy": "read,write,api"}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    users = (User("reader", "r", "readers"), User("writer", "w", "writers"), User("silent", "s", "mute"))
    groups = [READER, WRITER, {"name": "mute", "policy": "read"}]
    specs = [
        Spec("hub", password="secret", users=users, seed={"/user/group": groups}),
        Spec("old", password="secret", login="challenge", version="7.16.2"),
        Spec("bare", anonymous=True),
    ]
    with serve(specs) as lab:
        yield lab


def test_the_right_password_opens(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        assert wire.login("admin", "secret") == [["!done"]]
        assert wire.ask("/system/identity/print") == [["!re", "=name=MikroTik"], ["!done"]]


@pytest.mark.parametrize(("name", "password"), [("admin", "wrong"), ("nobody", "secret"), ("", "")])
def test_a_wrong_password_is_refused_and_may_be_tried_again(lab: Lab, name: str, password: str) -> None:
    with Wire(lab["hub"].port) as wire:
        assert wire.login(name, password) == [["!trap", "=message=invalid user name or password (6)"], ["!done"]]
        assert wire.login("admin", "secret") == [["!done"]]


def test_a_group_without_the_api_policy_stays_out(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        assert wire.login("silent", "s")[0][0] == "!trap"
        assert wire.ask("/system/identity/print")[0][0] == "!fatal"


def test_nothing_is_served_before_a_login(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        assert wire.ask("/user/print") == [["!fatal", "not logged in"]]
        assert wire.receive() == []
        assert wire.ended


def test_the_old_login_answers_a_challenge(lab: Lab) -> None:
    with Wire(lab["old"].port) as wire:
        ((done, ret),) = wire.ask("/login", "=name=admin", "=password=secret")
        challenge = bytes.fromhex(ret.removeprefix("=ret="))
        answer = "00" + hashlib.md5(b"\0secret" + challenge).hexdigest()
        assert (done, len(challenge)) == ("!done", 16)
        assert wire.ask("/login", "=name=admin", f"=response={answer}") == [["!done"]]
        assert wire.ask("/ip/pool/print") == [["!done"]]


def test_the_old_login_refuses_a_wrong_answer(lab: Lab) -> None:
    with Wire(lab["old"].port) as wire:
        wire.ask("/login")
        refused = wire.ask("/login", "=name=admin", "=response=00" + "0" * 32)
        assert refused == [["!trap", "=message=cannot log in"], ["!done"]]


def test_tls_shows_a_certificate_of_the_labs_own_ca(lab: Lab) -> None:
    context = ssl.create_default_context(cafile=str(lab["hub"].ca))
    with Wire(lab["hub"].tls_port, context, "hub") as wire:
        certificate = wire.socket.getpeercert(binary_form=True)
        assert hashlib.sha256(certificate).hexdigest() == lab["hub"].fingerprint
        assert wire.login("admin", "secret") == [["!done"]]


def test_without_a_certificate_tls_is_anonymous(lab: Lab) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH:@SECLEVEL=0")
    with Wire(lab["bare"].tls_port, context) as wire:
        assert wire.login() == [["!done"]]


def test_quit_says_so_and_ends(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        assert wire.ask("/quit") == [["!fatal", "session terminated on request"]]
        assert wire.receive() == []


def test_over_tls_quit_ends_without_a_word(lab: Lab) -> None:
    context = ssl.create_default_context(cafile=str(lab["hub"].ca))
    with Wire(lab["hub"].tls_port, context, "hub") as wire:
        wire.login("admin", "secret")
        assert wire.ask("/quit") == []


def test_a_reader_may_not_write_and_sees_no_secret(lab: Lab) -> None:
    lab["hub"].router.execute(["/radius/add", "=address=10.0.0.5", "=secret=hush"])
    with Wire(lab["hub"].port) as wire:
        wire.login("reader", "r")
        assert wire.ask("/ip/pool/add", "=ranges=10.0.0.1")[0] == ["!trap", "=message=not enough permissions (9)"]
        assert wire.ask("/radius/print", "=.proplist=secret")[0] == ["!re", "=secret=*****"]


def test_users_are_changed_by_those_alone_who_have_the_policy(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("writer", "w")
        assert wire.ask("/ip/pool/add", "=name=theirs", "=ranges=10.0.0.1")[0][0] == "!done"
        refused = wire.ask("/user/add", "=name=x", "=group=full", "=password=x")
        assert refused[0] == ["!trap", "=message=not enough permissions (9)"]


def test_a_tag_is_on_every_reply(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        found, empty = ["/user/print"], ["/ip/pool/print", "?name=none"]
        wrong, refused = ["/nothing/print"], ["/ip/pool/remove", "=.id=*9F"]
        for words in (found, empty, wrong, refused):
            assert all(".tag=x y" in sentence for sentence in wire.ask(*words, ".tag=x y"))


def test_replies_of_commands_that_run_together_are_mixed(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        wire.send(*(["/queue/type/print", f".tag={tag}"] for tag in "abc"))
        order = [sentence[-1] for sentence in wire.receive(3)]
    assert len(order) == 3 * 11
    assert order != sorted(order)


def test_commands_that_run_together_take_effect_in_any_order(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        wire.send(*(["/ip/firewall/raw/add", "=chain=prerouting", f"=comment={n}", f".tag={n}"] for n in range(20)))
        wire.receive(20)
    comments = [row["comment"] for row in lab["hub"].rows("/ip/firewall/raw")]
    assert sorted(comments, key=int) == [str(n) for n in range(20)]
    assert comments != sorted(comments, key=int)


def test_untagged_commands_keep_their_order(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        wire.send(*(["/ip/firewall/mangle/add", "=chain=forward", f"=comment={n}"] for n in range(20)))
        wire.receive(20)
    assert [row["comment"] for row in lab["hub"].rows("/ip/firewall/mangle")] == [str(n) for n in range(20)]


def test_what_was_sent_is_kept_without_secrets(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.login("admin", "secret")
        wire.ask("/radius/set", "=.id=*FF", "=secret=hush-hush")
    told = [word for sentence in lab["hub"].log for word in sentence]
    assert "=secret=*****" in told
    assert not any("hush-hush" in word or word == "=password=secret" for word in told)


def test_garbage_from_a_client_ends_its_connection_only(lab: Lab) -> None:
    with Wire(lab["hub"].port) as wire:
        wire.socket.sendall(b"\xff\xff\xff")
        assert wire.receive() == []
    with Wire(lab["hub"].port) as wire:
        assert wire.login("admin", "secret") == [["!done"]]


@pytest.mark.parametrize(("name", "shown"), [("hub", True), ("old", False)])
def test_from_7_19_on_services_show_their_connections(lab: Lab, name: str, shown: bool) -> None:
    with Wire(lab[name].port) as wire:
        wire.login("nobody")  # once it has answered, the router knows of the connection
        rows = [row for row in lab[name].rows("/ip/service") if row.get("dynamic") == "true"]
    assert [row["name"] for row in rows] == (["api"] if shown else [])


def test_a_client_that_resets_at_once_harms_no_one(lab: Lab) -> None:
    for _ in range(20):
        wire = Wire(lab["hub"].port)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.socket.close()
    with Wire(lab["hub"].port) as wire:
        assert wire.login("admin", "secret") == [["!done"]]
