"""Secrets come from the environment or a guarded file, and never show."""

from __future__ import annotations

import hashlib
import hmac
import os
import traceback
from pathlib import Path

import pytest

from trueup.errors import Problem, SecretError, Source
from trueup.row import Secret
from trueup.secrets import Stores, digester, open_stores, public_key, variable
from trueup_schemas.network import NetworkHead
from trueup_schemas.secret import PublicKeyOf, SecretRef

CANARY = "canary-2718281828"
BILLING = SecretRef("radius/billing")


def stores(root: Path, environment: dict[str, str] | None = None, file: str | None = None) -> Stores:
    head = NetworkHead.model_validate({"network": "coast", "secrets": {"file": file}})
    return open_stores(head, root, environment or {})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "net").mkdir()
    return tmp_path / "net"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return keep(tmp_path / "secrets.yaml", f"radius/billing: {CANARY}\npin: 0123\n")


def keep(file: Path, text: str | bytes, mode: int = 0o600) -> Path:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def refusal(root: Path, file: Path) -> Problem:
    with pytest.raises(SecretError) as raised:
        stores(root, file=str(file))
    (problem,) = raised.value.problems
    assert CANARY not in "".join(traceback.format_exception(raised.value))
    return problem


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("radius/billing", "TRUEUP_SECRET_RADIUS_BILLING"),
        ("harbour/edge-1/api", "TRUEUP_SECRET_HARBOUR_EDGE_1_API"),
        ("a.-_b", "TRUEUP_SECRET_A_B"),
        ("trueup/digest-key", "TRUEUP_SECRET_TRUEUP_DIGEST_KEY"),
    ],
)
def test_every_secret_has_its_variable(name: str, expected: str) -> None:
    assert variable(name) == expected


def test_the_environment_comes_first_then_the_file(root: Path, file: Path) -> None:
    assert stores(root, file=str(file)).resolve(BILLING) == Secret(CANARY)
    both = stores(root, {"TRUEUP_SECRET_RADIUS_BILLING": "other"}, str(file))
    assert both.resolve(BILLING) == Secret("other")
    empty = stores(root, {"TRUEUP_SECRET_RADIUS_BILLING": ""}, str(file))
    assert empty.resolve(BILLING) == Secret(CANARY)


def test_a_value_is_the_text_that_was_written(root: Path, file: Path) -> None:
    assert stores(root, file=str(file)).resolve(SecretRef("pin")) == Secret("0123")


def test_the_file_may_be_named_by_the_environment_else_has_its_usual_place(
    root: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stores(root, {"TRUEUP_SECRETS": str(file)}, "/nowhere").resolve(BILLING) == Secret(CANARY)
    assert stores(root, file="../secrets.yaml").resolve(BILLING) == Secret(CANARY)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".config/trueup").mkdir(parents=True)
    keep(tmp_path / ".config/trueup/coast.yaml", "a: b\n")
    assert stores(root).resolve(SecretRef("a")) == Secret("b")


def test_a_missing_secret_names_itself_its_variable_and_the_file(root: Path, tmp_path: Path) -> None:
    found = stores(root, file=str(tmp_path / "none.yaml"))
    with pytest.raises(SecretError) as raised:
        found.resolve(BILLING)
    said = str(raised.value)
    assert "secret 'radius/billing' is missing" in said
    assert "TRUEUP_SECRET_RADIUS_BILLING" in said
    assert f"`radius/billing: VALUE` to {tmp_path / 'none.yaml'}" in said
    where = Source("harbour/edge-1.yaml", 3, 7)
    (problem,) = found.missing([(BILLING, where)])
    assert problem.where == where


def test_only_missing_secrets_are_missing(root: Path, file: Path) -> None:
    found = stores(root, {"TRUEUP_SECRET_A": "x"}, str(file))
    asked = [(SecretRef(name), None) for name in ("radius/billing", "a", "b", "c")]
    assert [problem.message for problem in found.missing(asked)] == ["secret 'b' is missing", "secret 'c' is missing"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o610])
def test_a_file_open_to_others_is_refused(root: Path, file: Path, mode: int) -> None:
    file.chmod(mode)
    problem = refusal(root, file)
    assert f"is open to others (mode {mode:04o})" in problem.message
    assert problem.remedy == f"run `chmod 600 {file}`"


def test_a_file_in_the_repository_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inside = keep(tmp_path / "secrets.yaml", f"radius/billing: {CANARY}\n")
    assert "inside the network's repository" in refusal(root, inside).message
    assert "inside the network's repository" in refusal(root, root / "../net/later.yaml").message


def test_links_do_not_hide_where_a_file_is(root: Path, file: Path, tmp_path: Path) -> None:
    inside = keep(root / "secrets.yaml", "a: b\n")
    (tmp_path / "out.yaml").symlink_to(inside)
    (root / "in.yaml").symlink_to(file)
    assert "inside the network's repository" in refusal(root, tmp_path / "out.yaml").message
    assert "inside the network's repository" in refusal(root, root / "in.yaml").message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"a: [{CANARY}]\n", 1, "the value of 'a' must be text, not a list"),
        (f"a: {CANARY}\na: {CANARY}\n", 2, "'a' is declared twice"),
        (f"x: y\na: !secret {CANARY}\n", 2, "the value of 'a' must be text, not a secret"),
        ("a: ~\n", 1, "the value of 'a' must be text, not nothing"),
        ('a: ""\n', 1, "the value of 'a' must be text, not empty"),
        (f'a: "{CANARY}\n', 2, "not valid YAML"),
        (f"a: {CANARY}: x\n", 1, "not valid YAML"),
        (f"{CANARY}\n", 1, "the file must be a mapping"),
        (CANARY.encode() + b"\xff", 1, "not UTF-8"),
        (CANARY.encode() + b"\x00", 1, "control character"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_shows_nothing(
    root: Path, tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    file = keep(tmp_path / "odd.yaml", text)
    problem = refusal(root, file)
    assert said in problem.message
    assert isinstance(problem.where, Source)
    assert (problem.where.file, problem.where.line) == (str(file), line)
    assert CANARY not in str(problem)


def test_what_is_no_file_is_refused(root: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "is no file" in refusal(root, tmp_path / "pipe").message
    (tmp_path / "folder").mkdir(mode=0o700)
    assert "cannot be read" in refusal(root, tmp_path / "folder").message


def test_a_large_file_is_refused_without_being_read(root: Path, tmp_path: Path) -> None:
    file = keep(tmp_path / "large.yaml", "a: b\n")
    os.truncate(file, 50 * 2**20)
    assert "too large" in refusal(root, file).message


def test_nothing_shows_a_value(root: Path, file: Path) -> None:
    found = stores(root, {"TRUEUP_SECRET_A": CANARY}, str(file))
    secret = found.resolve(BILLING)
    assert CANARY not in repr(found)
    assert CANARY not in str(found)
    for show in (str, repr, format, "{}".format, "%s".__mod__):
        with pytest.raises(TypeError):
            show(secret)


def test_digests_are_keyed_by_the_network_s_own_secret(root: Path, tmp_path: Path) -> None:
    key = "0123456789abcdef"
    file = keep(tmp_path / "key.yaml", f'trueup/digest-key: "{key}"\n')
    digest = stores(root, file=str(file)).digester()
    assert digest("wörd") == hmac.new(key.encode(), "wörd".encode(), hashlib.sha256).hexdigest()
    assert digest("a") == digest("a") != digest("b")
    assert digester(Secret("another-key-0123456"))("a") != digest("a")
    assert digest("\udcff") == hmac.new(key.encode(), b"\xff", hashlib.sha256).hexdigest()


def test_a_digest_key_that_is_missing_or_short_is_refused(root: Path) -> None:
    with pytest.raises(SecretError, match="'trueup/digest-key' is missing"):
        stores(root, file="/nowhere").digester()
    with pytest.raises(SecretError, match="shorter than 16 characters; make one with `openssl rand -hex 32`"):
        stores(root, {"TRUEUP_SECRET_TRUEUP_DIGEST_KEY": "short"}, "/nowhere").digester()


def test_a_public_key_belongs_to_its_private_key(root: Path) -> None:
    # RFC 7748, section 6.1: Alice's keys.
    private = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo="
    public = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="
    assert public_key(Secret(private)) == public
    found = stores(root, {"TRUEUP_SECRET_HQ": private}, "/nowhere")
    assert found.public_key(PublicKeyOf(SecretRef("hq"))) == public


@pytest.mark.parametrize("bad", [CANARY, "AAAA", "", "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LC", "ü" * 44, " " * 44])
def test_what_is_no_private_key_is_refused_without_being_shown(root: Path, bad: str) -> None:
    with pytest.raises(SecretError) as raised:
        public_key(Secret(bad))
    assert "not a WireGuard private key" in str(raised.value)
    found = stores(root, {"TRUEUP_SECRET_HQ": bad or "-"}, "/nowhere")
    with pytest.raises(SecretError, match="secret 'hq': not a WireGuard private key") as raised:
        found.public_key(PublicKeyOf(SecretRef("hq")))
    assert CANARY not in "".join(traceback.format_exception(raised.value))


def test_a_public_key_of_a_missing_secret_says_what_is_missing(root: Path) -> None:
    with pytest.raises(SecretError, match=r"^secret 'hq' is missing"):
        stores(root, file="/nowhere").public_key(PublicKeyOf(SecretRef("hq")))
