"""`trueup deploy`: a unit that systemd takes, a Containerfile without root, alerts on metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from trueup.cli import group
from trueup.daemon.gauges import CAUSES, ROLLOUT
from trueup.daemon.metrics import METRICS, RUNS, TOLD
from trueup.errors import DeclarationError, SecretError
from trueup.secrets import open_stores
from trueup_schemas.network import NetworkHead
from trueup_schemas.secret import SecretRef

SECTIONS = {
    "Unit": {"Description", "Wants", "After", "StartLimitIntervalSec"},
    "Service": {
        *("Type", "User", "Group", "WorkingDirectory", "ExecStart", "LoadCredential", "Environment", "StateDirectory"),
        *("StateDirectoryMode", "UMask", "Restart", "RestartSec", "TimeoutStopSec", "KillMode", "LimitNOFILE"),
        *("LimitCORE", "ProtectSystem", "ReadWritePaths", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectProc"),
        *("ProtectClock", "ProtectHostname", "ProtectControlGroups", "ProtectKernelLogs", "ProtectKernelModules"),
        *("ProtectKernelTunables", "CapabilityBoundingSet", "AmbientCapabilities", "NoNewPrivileges", "RemoveIPC"),
        *("RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "KeyringMode"),
        *("LockPersonality", "MemoryDenyWriteExecute", "SystemCallArchitectures", "SystemCallFilter"),
        *("SystemCallErrorNumber",),
    },
    "Install": {"WantedBy"},
}
"""Directives of systemd.unit(5), systemd.service(5), systemd.exec(5) and systemd.kill(5), each in its section."""
INSTRUCTIONS = {"ARG", "FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "STOPSIGNAL", "ENTRYPOINT", "CMD", "VOLUME"}
EXPOSURE = 2.0
"""The most exposure that `systemd-analyze security` may find: 10 is a service without any protection."""
FUNCTIONS = {"absent", "time", "increase", "and", "or"}


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "coast"
    root.mkdir()
    (root / "trueup.yaml").write_text("network: coast\naudit: ../kept/coast\nsecrets: {file: ../secrets.yaml}\n")
    subprocess.run(["git", "init", "--quiet", root], check=True)
    monkeypatch.chdir(root)
    return root


def deploy(*words: str) -> str:
    done = CliRunner().invoke(group, ["deploy", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def directives(text: str) -> Iterator[tuple[str, str, str]]:
    """Section, name and value of each line of a unit."""
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, sign, value = line.partition("=")
            assert sign, line
            yield section, name, value


def test_the_unit_is_filled_in_with_known_directives(network: Path):
    unit = deploy("systemd")
    assert not re.search(r"@[a-z-]+@", unit)
    assert {name for section, name, _ in directives(unit) if name not in SECTIONS[section]} == set()
    service = {name: value for section, name, value in directives(unit) if section == "Service"}
    assert service["ExecStart"].endswith(f"/trueup daemon --network {network}")
    assert service["LoadCredential"] == f"secrets.yaml:{network.parent}/secrets.yaml"
    assert service["Environment"] == "TRUEUP_SECRETS=%d/secrets.yaml"
    assert service["ReadWritePaths"] == f"{network} {network.parent}/kept/coast"
    assert service["User"] == "trueup"
    assert service["LimitCORE"] == "0"


def test_systemd_takes_the_unit_where_there_is_one(network: Path, tmp_path: Path):
    program = tmp_path / "bin/trueup"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "trueup.service"
    unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={program}", deploy("systemd"), flags=re.MULTILINE))
    analyse = shutil.which("systemd-analyze") or "/bin/true"
    checked = subprocess.run([analyse, "verify", unit], capture_output=True, text=True, check=False, timeout=60)
    assert (checked.returncode, checked.stderr) == (0, "")
    rated = subprocess.run(
        [analyse, "security", "--offline=true", f"--threshold={EXPOSURE * 10:.0f}", unit],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


def test_a_home_is_readable_only_where_something_is_in_it(network: Path, monkeypatch: pytest.MonkeyPatch):
    assert "ProtectHome=yes" in deploy("systemd") or str(network).startswith(("/home/", "/root/"))
    monkeypatch.setattr("sys.argv", ["/home/ops/venv/bin/trueup"])
    unit = deploy("systemd")
    assert "ProtectHome=read-only" in unit
    assert "ExecStart=/home/ops/venv/bin/trueup daemon" in unit


def test_a_network_below_its_repositorys_top_gets_the_whole_repository(network: Path, monkeypatch: pytest.MonkeyPatch):
    inner = network / "nets/hill"
    inner.mkdir(parents=True)
    (inner / "trueup.yaml").write_text("network: hill\n")
    monkeypatch.chdir(inner)
    assert f"ReadWritePaths={network} {network}/nets/hill-audit\n" in deploy("systemd")
    container = deploy("container")
    assert f"--volume {network}:/srv/hill --volume {network}/nets/hill-audit:/srv/hill/nets/hill-audit" in container
    assert 'CMD ["daemon", "--network", "/srv/hill/nets/hill"]' in container


def test_no_unit_is_written_for_a_path_that_systemd_would_read_otherwise(tmp_path: Path):
    odd = tmp_path / "50% off"
    odd.mkdir()
    (odd / "trueup.yaml").write_text("network: coast\n")
    with pytest.raises(DeclarationError, match="such characters"):
        CliRunner().invoke(group, ["deploy", "systemd", "--network", str(odd)], catch_exceptions=False)


def test_what_systemd_hands_over_is_a_secrets_file(tmp_path: Path):
    """Mode 0440, as systemd makes credentials of a service with a user; anywhere else that is open to others."""
    (tmp_path / "credentials").mkdir()
    file = tmp_path / "credentials/secrets.yaml"
    file.write_text("radius/billing: canary\n")
    file.chmod(0o440)
    settings, root = NetworkHead(network="coast"), tmp_path / "coast"
    root.mkdir()
    told = {"TRUEUP_SECRETS": str(file)}
    with pytest.raises(SecretError, match="open to others"):
        open_stores(settings, root, told)
    told["CREDENTIALS_DIRECTORY"] = str(file.parent)
    assert open_stores(settings, root, told).resolve(SecretRef("radius/billing")).reveal() == "canary"
    file.chmod(file.stat().st_mode | stat.S_IROTH)
    with pytest.raises(SecretError, match="open to others"):
        open_stores(settings, root, told)


def test_the_container_runs_without_root_and_fetches_nothing_itself(network: Path):
    text = deploy("container")
    assert not re.search(r"(?<!\$)@[a-z-]+@", text)
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line and not line.startswith("#")]
    written = [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]
    assert {word for word, _ in written} <= INSTRUCTIONS
    assert "://" not in "\n".join(lines)
    stages = [rest.split() for word, rest in written if word == "FROM"]
    assert [stage[2] for stage in stages if len(stage) > 1] == ["build"]
    assert all(re.fullmatch(r"python:\$\{PYTHON\}-slim", stage[0]) for stage in stages)
    assert all(rest.startswith("--from=build ") for word, rest in written if word == "COPY")
    assert all("rm -rf /var/lib/apt/lists/*" in rest for word, rest in written if "apt-get install" in rest)
    last = [word for word, _ in written]
    assert last.index("USER") > max(at for at, word in enumerate(last) if word in ("FROM", "RUN", "COPY"))
    (user,) = (rest for word, rest in written if word == "USER")
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", user)
    start = [json.loads(rest) for word, rest in written if word in ("ENTRYPOINT", "CMD")]
    assert start == [["trueup"], ["daemon", "--network", "/srv/coast"]]


def rules() -> list[dict[str, Any]]:
    (found,) = yaml.safe_load(CliRunner().invoke(group, ["deploy", "alerts"]).output)["groups"]
    return list(found["rules"])


@pytest.mark.usefixtures("network")
def test_alerts_are_on_metrics_that_there_are():
    known = {metric.name: set(metric.labels) for metric in METRICS}
    for rule in rules():
        expression = rule["expr"]
        bare = re.sub(r'\{[^}]*\}|\[[^\]]*\]|"[^"]*"', "", expression)
        assert set(re.findall(r"[a-z_]{2,}", bare)) - FUNCTIONS <= set(known), rule["alert"]
        for name, matchers in re.findall(r"(trueup_\w+)\{([^}]*)\}", expression):
            assert set(re.findall(r"(\w+)=", matchers)) <= known[name], rule["alert"]
        assert bare.count("(") == bare.count(")")
    states = set(re.findall(r'(?:state|cause|outcome)=~?"([^"]*)"', json.dumps(rules()).replace('\\"', '"')))
    assert {word for each in states for word in each.split("|")} <= {*CAUSES, *ROLLOUT, *RUNS, *TOLD}


@pytest.mark.usefixtures("network")
def test_every_alert_says_how_bad_and_what():
    assert len({rule["alert"] for rule in rules()}) == len(rules()) > 10
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        summary = rule["annotations"]["summary"]
        assert summary.endswith(".")
        told = set(re.findall(r"\$labels\.(\w+)", summary))
        assert all(label == "router" and "trueup_router_" in rule["expr"] for label in told)


def test_a_file_is_written_and_never_over_another(network: Path):
    assert deploy("systemd", "--out", "there") == "written   there/trueup.service\n"
    (network / "there/trueup.service").write_text("mine\n")
    with pytest.raises(DeclarationError, match="it is there already"):
        deploy("systemd", "--out", "there")
    assert (network / "there/trueup.service").read_text() == "mine\n"
    assert [path.name for path in (network / "there").iterdir()] == ["trueup.service"]
