"""How a declared router is reached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trueup.device import ConsoleTarget, Target, Tls
from trueup.errors import Problem, RouterError
from trueup.load.router import Router
from trueup.risk import Manager
from trueup.row import Resolver


def target_of(router: Router, root: Path, resolve: Resolver) -> Target:
    """Where and how to connect; raises RouterError where `connect` says nothing, SecretError without the password."""
    declared = router.connect
    if declared is None or declared.password is None:
        raise RouterError(Problem("nothing says how to reach this router", router.name, "declare `connect`"))
    tls = Tls("pin" if declared.tls.fingerprint else declared.tls.mode, None, declared.tls.fingerprint or "")
    if declared.tls.ca:
        tls = replace(tls, ca=Path(root, declared.tls.ca).expanduser())
    return Target(
        name=router.name,
        hosts=declared.hosts,
        username=declared.username,
        password=resolve(declared.password),
        port=declared.port,
        tls=tls,
        server_name=declared.server_name,
        timeout=declared.timeout,
    )


def console_of(router: Router, host: str, resolve: Resolver) -> ConsoleTarget | None:
    """The router's console at the host that answers, None where `connect` does not say how it is reached."""
    declared = router.connect
    if declared is None or declared.ssh is None or declared.password is None:
        return None
    return ConsoleTarget(
        name=router.name,
        host=host,
        port=declared.ssh.port,
        username=declared.username,
        password=resolve(declared.password),
        host_key=declared.ssh.host_key,
        timeout=declared.timeout,
    )


def manager_of(router: Router, ends: tuple[str, str]) -> Manager:
    """The connection as the router sees it: between what `connect` says, else between the addresses at our end."""
    declared = router.connect
    if declared is None:
        return Manager("", "", 0, "")
    return Manager(
        source=str(declared.source or ends[0]),
        destination=str(declared.destination or ends[1]),
        port=declared.api_port,
        user=declared.username,
        tls=declared.tls.mode != "off",
        verified=bool(declared.tls.fingerprint) or declared.tls.mode == "verify",
        password=declared.password.name if declared.password else "",
        fingerprint=(declared.tls.fingerprint or "").lower().removeprefix("sha256:").replace(":", ""),
    )
