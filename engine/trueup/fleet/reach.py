"""How a declared router is reached."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trueup.device import Target, Tls
from trueup.errors import Problem, RouterError
from trueup.load.router import Router
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
