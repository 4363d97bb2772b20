"""The file of users: hashes only, for its owner alone, whole or not at all; and the command that writes it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import web_room
from click.testing import CliRunner
from web_room import CHEAP, PASSWORD

from trueup.cli.user import command
from trueup.errors import TrueupError
from trueup.web import password
from trueup.web.users import UserError, Users, users_path
from trueup_schemas.network import NetworkHead


def test_a_password_is_kept_as_a_hash_that_only_its_owner_can_read(tmp_path):
    users = web_room.users_in(tmp_path / "new" / "folder")
    text = users.path.read_text()
    assert PASSWORD not in text
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(users.path.parent.stat().st_mode) == 0o700
    assert [each.name for each in users.path.parent.iterdir()] == ["users.yaml"]


def test_hashes_of_the_same_password_differ_and_both_fit():
    one, two = password.hash_password(PASSWORD, CHEAP), password.hash_password(PASSWORD, CHEAP)
    assert one != two
    assert password.check_password(PASSWORD, one)
    assert password.check_password(PASSWORD, two)
    assert not password.check_password(PASSWORD + "x", one)


def test_parameters_are_of_the_hash_so_that_they_can_grow():
    kept = password.hash_password(PASSWORD, password.Cost(11, 4, 2))
    assert kept.startswith("scrypt 11 4 2 ")
    assert password.check_password(PASSWORD, kept)
    assert password.hash_password(PASSWORD).startswith("scrypt 15 8 3 ")


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "plain",
        "scrypt 10 8 1 AAAA",
        "scrypt 99 8 1 AAAAAAAAAAAAAAAA AAAA",
        "scrypt x 8 1 AA== AA==",
        "bcrypt a b c d e",
    ],
)
def test_what_is_no_hash_fits_nothing(kept):
    assert not password.is_hash(kept)
    assert not password.check_password("", kept)


def test_a_user_can_be_changed_and_removed(tmp_path):
    users = web_room.users_in(tmp_path)
    users.change("maria", "another-long-password")
    users.give("vera", "operator")
    assert users.check("maria", PASSWORD) is None
    assert users.check("maria", "another-long-password")
    again = Users(users.path, CHEAP)
    assert again.find("vera").operator
    again.remove("maria")
    assert list(users.all()) == ["vera"]


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 65, "a:b", "ö", 'a"b'])
def test_odd_names_are_refused(tmp_path, name):
    with pytest.raises(UserError):
        Users(tmp_path / "u", CHEAP).add(name, "viewer", PASSWORD)


@pytest.mark.parametrize("word", ["true", "1", "null", "1e3"])
def test_names_that_yaml_would_take_for_something_else_stay_names(tmp_path, word):
    Users(tmp_path / "u", CHEAP).add(word, "viewer", PASSWORD)
    assert Users(tmp_path / "u", CHEAP).check(word, PASSWORD)


@pytest.mark.parametrize("short", ["", "x" * 11, "x" * 1025])
def test_short_and_endless_passwords_are_refused(tmp_path, short):
    with pytest.raises(UserError, match="12 to 1024"):
        Users(tmp_path / "u", CHEAP).add("maria", "viewer", short)


@pytest.mark.parametrize(
    "text",
    [
        "maria: yes\n",
        "maria: {role: viewer}\n",
        "maria: {role: king, password: canary-in-file}\n",
        "maria: {role: viewer, password: canary-in-file}\n",
        "- maria\n",
        "maria: {role: viewer\n",
    ],
)
def test_a_file_that_is_something_else_names_the_place_and_repeats_nothing(tmp_path, text):
    file = tmp_path / "users.yaml"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(UserError) as raised:
        Users(file).all()
    assert str(file) in str(raised.value)
    assert "canary" not in str(raised.value)


def test_a_file_that_others_can_read_is_refused(tmp_path):
    users = web_room.users_in(tmp_path)
    users.path.chmod(0o640)
    with pytest.raises(UserError, match=r"chmod 600"):
        Users(users.path).all()


def test_where_nothing_can_be_written_nothing_is_lost(tmp_path, monkeypatch):
    users = web_room.users_in(tmp_path)
    before = users.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="No space left"):
        users.remove("maria")
    assert users.path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        (None, "~/.config/trueup/noc-users.yaml"),
        ({"users": "../u.yaml"}, "/net/../u.yaml"),
        ({"users": "/etc/u"}, "/etc/u"),
    ],
)
def test_the_file_is_beside_the_secrets_unless_it_is_named(web, expected):
    settings = NetworkHead.model_validate({"network": "noc", "web": web})
    assert users_path(settings, Path("/net")) == Path(expected).expanduser()


@pytest.fixture
def network(tmp_path: Path) -> Path:
    root = tmp_path / "noc"
    root.mkdir()
    (root / "trueup.yaml").write_text(f"network: noc\nweb: {{users: {tmp_path}/users.yaml}}\n")
    return root


def run(network: Path, *words: str, given: str = "") -> str:
    answer = CliRunner().invoke(command, [*words, "--network", str(network)], input=given)
    if isinstance(answer.exception, TrueupError):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_command_adds_lists_changes_and_removes(network):
    assert "maria may log in as operator" in run(network, "add", "maria", "--role", "operator", given=f"{PASSWORD}\n")
    run(network, "role", "maria", "viewer")
    assert run(network, "list").split() == ["maria", "viewer"]
    assert json.loads(run(network, "list", "--json"))["users"] == [{"name": "maria", "role": "viewer"}]
    run(network, "password", "maria", given="another-long-password\n")
    users = Users(network.parent / "users.yaml")
    assert users.check("maria", "another-long-password")
    run(network, "remove", "maria")
    assert "nobody may log in yet" in run(network, "list")


def test_the_command_refuses_before_it_asks_for_a_password(network):
    run(network, "add", "maria", "--role", "viewer", given=f"{PASSWORD}\n")
    with pytest.raises(UserError, match="there is a user"):
        run(network, "add", "maria", "--role", "viewer")
    with pytest.raises(UserError, match="no such user"):
        run(network, "password", "kim")
    with pytest.raises(UserError, match="first line"):
        run(network, "add", "kim", "--role", "viewer")


def test_a_password_is_never_an_argument():
    takes = {option for each in command.commands.values() for part in each.params for option in part.opts}
    assert not [each for each in takes if "password" in each]
