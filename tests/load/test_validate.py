"""What a model refuses is told in plain words, at the key or value it is about."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Field, InstanceOf, Tag, model_validator

from trueup.errors import DeclarationError
from trueup.load.compose import compose_mapping
from trueup.load.validate import check, suggest
from trueup_schemas.declared import Declared
from trueup_schemas.network import Connect
from trueup_schemas.secret import SecretRef


class Pool(Declared):
    name: str
    size: Annotated[int, Field(ge=1, le=10)] = 1


class Static(Declared):
    kind: Literal["static"]
    address: str


class Dynamic(Declared):
    kind: Literal["dynamic"]
    interval: int = 0


class Tunnel(Declared):
    wireguard: str
    peer: dict[Literal["before", "after"], str] | Literal["first", "last"] = "first"


class Bridge(Declared):
    bridge: str


def _kind(value: Any) -> str:
    return "bridge" if isinstance(value, dict) and "bridge" in value else "wireguard"


class Thing(Declared):
    host_name: str = ""
    enabled: bool = False
    mode: Literal["ap-bridge", "station"] = "station"
    hosts: tuple[str, ...] = ()
    pools: tuple[Pool, ...] = ()
    key: InstanceOf[SecretRef] | None = None
    extra: dict[str, Pool] = Field(default_factory=dict)
    how: Annotated[Static | Dynamic, Field(discriminator="kind")] | None = None

    links: tuple[
        Annotated[Annotated[Tunnel, Tag("wireguard")] | Annotated[Bridge, Tag("bridge")], Discriminator(_kind)], ...
    ] = ()

    @model_validator(mode="after")
    def _agrees(self) -> Thing:
        if self.enabled and not self.hosts:
            raise ValueError("an enabled thing needs hosts")
        return self


def problems(text: str) -> list[str]:
    with pytest.raises(DeclarationError) as raised:
        check(compose_mapping(text.encode(), "f.yaml"), Thing)
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hots: [a]", "f.yaml:1:1: unknown key 'hots'; did you mean 'hosts'?"),
        ("host_name: a", "f.yaml:1:1: unknown key 'host_name'; did you mean 'host-name'?"),
        ("pools: [{name: a, sise: 1}]", "f.yaml:1:19: unknown key 'sise'; did you mean 'size'?"),
        ("extra: {a: {name: a, zzz: 1}}", "f.yaml:1:22: unknown key 'zzz'; known: name, size"),
        ("how: {kind: static, address: a, zzz: 5}", "f.yaml:1:33: unknown key 'zzz'; known: address, kind"),
        ("pools:\n  - size: 1", "f.yaml:2:5: 'name' is missing; add `name:`"),
        ("hosts: 10.0.0.1", "f.yaml:1:8: hosts: expected a list, got text: '10.0.0.1'; write [10.0.0.1]"),
        ("hosts:\n", "f.yaml:1:7: hosts: expected a list, got nothing"),
        ("hosts: [a, [b]]", "f.yaml:1:12: hosts: expected text, got a list"),
        ("hosts: [!secret a]", "f.yaml:1:9: hosts: a secret may not stand here; write the value itself"),
        ("host-name: true", "f.yaml:1:12: host-name: expected text, got 'true'; write 'true' in quotes"),
        ("enabled: perhaps", "f.yaml:1:10: enabled: expected yes or no, got text: 'perhaps'"),
        (
            "mode: ap-brigde",
            "f.yaml:1:7: mode: expected ap-bridge or station, got text: 'ap-brigde'; did you mean 'ap-bridge'?",
        ),
        ("pools: [{name: a, size: many}]", "f.yaml:1:25: size: expected a whole number, got text: 'many'"),
        (
            "pools: [{name: a, size: 11}]",
            "f.yaml:1:25: size: expected a value less than or equal to 10, got a number: '11'",
        ),
        ("pools: [just]", "f.yaml:1:9: pools: expected a mapping, got text: 'just'"),
        ("enabled: yes", "f.yaml:1:1: an enabled thing needs hosts"),
        (
            "how: {kind: statik}",
            "f.yaml:1:6: how: expected static or dynamic, got text: 'statik'; did you mean 'static'?",
        ),
        ("links: [{wireguard: hq, pear: x}]", "f.yaml:1:25: unknown key 'pear'; did you mean 'peer'?"),
        ("links: [{wireguard: [hq]}]", "f.yaml:1:21: wireguard: expected text, got a list"),
        ("links: [{bridge: a, mtu: 1}]", "f.yaml:1:21: unknown key 'mtu'; known: bridge"),
        (
            "links: [{wireguard: hq, peer: frist}]",
            "f.yaml:1:31: peer: expected a mapping or first or last, got text: 'frist'; did you mean 'first'?",
        ),
        (
            "links: [{wireguard: hq, peer: {befor: x}}]",
            "f.yaml:1:32: befor: expected before or after, got text: 'befor'; did you mean 'before'?",
        ),
        ("how: {}", "f.yaml:1:6: how: 'kind' is missing"),
    ],
)
def test_each_mistake_has_its_place_and_words(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(said)
    for jargon in ("Input", "input", "pydantic", "instance", "tuple", "str ", "dict"):
        assert jargon not in problem


def test_all_mistakes_come_at_once() -> None:
    found = problems("hots: 1\nmode: no\npools:\n  - {name: [], size: 99}\n")
    assert [line.split(": ")[0] for line in found] == ["f.yaml:1:1", "f.yaml:2:7", "f.yaml:4:12", "f.yaml:4:22"]


def test_a_password_in_clear_is_refused_and_never_repeated() -> None:
    (problem,) = problems("key: canary-3141592")
    assert problem.startswith("f.yaml:1:6: key: expected a secret, got text; write `!secret NAME`")
    assert "canary" not in problem
    (problem,) = problems("key: {name: canary-3141592}")
    assert "canary" not in problem


def test_numbers_stand_for_their_text_where_text_is_wanted() -> None:
    thing = check(compose_mapping(b"host-name: 7\nhosts: [010, 7.20, 5]\nenabled: no", "f.yaml"), Thing)
    assert (thing.host_name, thing.hosts, thing.enabled) == ("7", ("010", "7.20", "5"), False)


def test_suggestions() -> None:
    assert suggest("hotspost", ["hotspots", "rows"]) == "did you mean 'hotspots'?"
    assert suggest("zz", ["b", "a"]) == "known: a, b"
    assert suggest("zz", []) == ""
    many = [f"word-{number}" for number in range(50)]
    assert suggest("xxx-7", many).startswith("the nearest are word-7, ")
    assert suggest("xxx-7", many).count("word") == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts: [10.0.0.1, '-x']", "1:19: hosts: expected an address or a host name, got '-x'"),
        ("tls: sometimes", "1:6: tls: expected verify or anonymous or off, got text: 'sometimes'"),
        ("tls: {ca: a, fingerprint: b}", "1:6: tls: expected verify, anonymous, off, {ca: PATH} or"),
        ("tls: {fingerprint: 'sha1:00'}", "1:20: fingerprint: expected 'sha256:' and the 64 hex digits"),
        ("timeout: soon", "1:10: timeout: expected a duration such as 10s"),
        ("timeout: 0s", "1:10: timeout: expected a value greater than or equal to 0.1"),
        ("ssh: {host-key: 'sha256:00'}", "1:17: host-key: expected 'SHA256:' and the 43 characters"),
        ("ssh: {port: 22}", "1:6: 'host-key' is missing"),
        ("port: 70000", "1:7: port: expected a value less than or equal to 65535"),
    ],
)
def test_connect_tells_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        check(compose_mapping(text.encode(), "f.yaml"), Connect)
    (problem,) = raised.value.problems
    assert str(problem).startswith(f"f.yaml:{said}")


@pytest.mark.parametrize(("written", "seconds"), [("10s", 10.0), ("500ms", 0.5), ("1m30s", 90.0), ("5", 5.0)])
def test_timeouts_are_durations(written: str, seconds: float) -> None:
    assert check(compose_mapping(f"timeout: {written}".encode(), "f.yaml"), Connect).timeout == seconds


def test_the_forms_of_tls() -> None:
    def tls(text: str) -> Connect:
        return check(compose_mapping(f"tls: {text}".encode(), "f.yaml"), Connect)

    plain = "ab" * 32
    colons = ":".join(["AB"] * 32)
    assert tls("{ca: ca.pem}").tls.ca == "ca.pem"
    assert tls(f"{{fingerprint: 'sha256:{plain}'}}").tls.fingerprint == f"sha256:{plain}"
    assert tls(f"{{fingerprint: 'sha256:{colons}'}}").tls.fingerprint == f"sha256:{plain}"
    assert (tls("off").tls.mode, tls("off").api_port) == ("off", 8728)
    assert (tls("anonymous").tls.mode, tls("verify").api_port) == ("anonymous", 8729)
