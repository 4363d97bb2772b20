"""What a contract run is asked to do: which router, how it is reached, and what the operator allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trueup.device.tls import normal_fingerprint
from trueup.errors import Problem, TrueupError

PASSWORD = "TRUEUP_CONTRACT_PASSWORD"
MODES = ("off", "anonymous", "verify", "fingerprint")


class BadRequest(TrueupError):
    """Something about how the run was called; nothing was sent to any router."""


@dataclass(frozen=True)
class Asked:
    """One run; `password` is None until the terminal was asked. `menus` is empty for every menu.

    `ssh` is the port of the console with the fingerprint of its host key, where its nets are to be tried.
    """

    router: str
    user: str = "admin"
    password: str | None = field(default=None, repr=False)
    tls: str = "off"
    port: int = 8728
    ca: str = ""
    fingerprint: str = ""
    ssh: tuple[int, str] | None = None
    menus: tuple[str, ...] = ()
    allowed: bool = False
    forced: bool = False
    report: str = "contract-report.yaml"


def asked(environment: Mapping[str, str]) -> Asked:
    """What the variables say that make hands on; raises BadRequest."""
    router = environment.get("ROUTER", "").strip()
    if not router:
        raise BadRequest(Problem("no router is named", None, "make contract ROUTER=192.0.2.1"))
    tls = environment.get("ROUTER_TLS", "off")
    if tls not in MODES:
        raise BadRequest(Problem(f"ROUTER_TLS={tls} is not a way to connect", None, f"one of {', '.join(MODES)}"))
    ca = environment.get("ROUTER_CA", "")
    if ca and tls != "verify":
        raise BadRequest(Problem("ROUTER_CA goes with ROUTER_TLS=verify", None, "set both"))
    key = environment.get("ROUTER_HOST_KEY", "")
    return Asked(
        router=router,
        user=environment.get("ROUTER_USER") or "admin",
        password=environment.get(PASSWORD),
        tls=tls,
        port=_port(environment, "ROUTER_PORT", 8728 if tls == "off" else 8729),
        ca=ca,
        fingerprint=_fingerprint(environment.get("ROUTER_FINGERPRINT", ""), tls),
        ssh=(_port(environment, "ROUTER_SSH_PORT", 22), key) if key else None,
        menus=tuple(environment.get("CONTRACT_MENUS", "").replace(",", " ").split()),
        allowed=_yes(environment, "CONTRACT"),
        forced=_yes(environment, "CONTRACT_FORCE"),
        report=environment.get("CONTRACT_REPORT") or "contract-report.yaml",
    )


def _fingerprint(text: str, tls: str) -> str:
    if (tls == "fingerprint") != bool(text):
        remedy = "ROUTER_TLS=fingerprint ROUTER_FINGERPRINT=sha256:..."
        raise BadRequest(Problem("ROUTER_TLS=fingerprint and ROUTER_FINGERPRINT go together", None, remedy))
    try:
        return f"sha256:{normal_fingerprint(text)}" if text else ""
    except ValueError as error:
        raise BadRequest(
            Problem(f"ROUTER_FINGERPRINT: {error}", None, "as the router's certificate shows it")
        ) from None


def _port(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environment.get(name) or str(otherwise)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadRequest(Problem(f"{name}={text} is not a port", None, "a number from 1 to 65535"))
    return int(text)


def _yes(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() in ("yes", "y", "1", "true")
