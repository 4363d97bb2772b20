"""Ansible's community.routeros against a virtual router: one playbook run, its tasks' results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trueup.lab.server import VirtualRouter

PASSWORD = "peer-password"
WITHIN = 120.0

Task = Mapping[str, Any]


def task(module: str, path: str, **arguments: Any) -> dict[str, Any]:
    """A task of a community.routeros module on a menu such as "ip pool"."""
    return {f"community.routeros.{module}": {"path": path, **arguments}}


def play(served: VirtualRouter, tasks: Sequence[Task], folder: Path) -> list[dict[str, Any]]:
    """Run the tasks in one playbook; each task's result, in order. A failed task fails the test with its message."""
    connection = {"hostname": served.spec.address, "username": "peer", "password": PASSWORD, "encoding": "UTF-8"}
    connection |= {"port": served.tls_port, "tls": True, "ca_path": str(served.ca)}
    playbook = folder / "playbook.json"
    modules = [f"community.routeros.{name}" for name in ("api", "api_info", "api_modify", "api_find_and_modify")]
    playbook.write_text(
        json.dumps(
            [
                {
                    "hosts": "localhost",
                    "connection": "local",
                    "gather_facts": False,
                    "module_defaults": dict.fromkeys(modules, connection),
                    "tasks": list(tasks),
                }
            ]
        )
    )
    environment = os.environ | {
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_DEPRECATION_WARNINGS": "false",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "LC_ALL": "C.UTF-8",
    }
    command = [Path(sys.executable).with_name("ansible-playbook"), playbook]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WITHIN, check=False)
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    results = [each["hosts"]["localhost"] for each in json.loads(done.stdout)["plays"][0]["tasks"]]
    failed = [result.get("msg") for result in results if result.get("failed")]
    assert failed == []
    assert done.returncode == 0, done.stderr
    return results


def twice(served: VirtualRouter, tasks: Sequence[Task], folder: Path) -> tuple[list[bool], list[bool]]:
    """What each task said about change, on the first run and on a second one right after it."""
    results = play(served, [*tasks, *tasks], folder)
    changed = [bool(result["changed"]) for result in results]
    return changed[: len(tasks)], changed[len(tasks) :]
