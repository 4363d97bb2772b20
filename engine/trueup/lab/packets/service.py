"""The services: whether one listens on a port, for whom, and for how many."""

from __future__ import annotations

from trueup.lab.machine import Machine
from trueup.lab.packets.addressing import within
from trueup.lab.packets.fate import Packet, Stopped, called, items, number, rows
from trueup.lab.packets.interface import among
from trueup.lab.table import Row

SERVICES, VRFS = "/ip/service", "/ip/vrf"


def service(machine: Machine, name: str) -> Row:
    """A service's own row; those of connections bear its name too."""
    for row in machine.menu(SERVICES).table:
        if row.values.get("name") == name and not row.marked("dynamic"):
            return row
    raise Stopped(f"there is no service {name}", "refused")


def listening(machine: Machine, name: str, packet: Packet) -> None:
    """Raise Stopped where a new connection finds nobody: disabled, elsewhere, or for others alone."""
    row = service(machine, name)
    vrf = vrf_of(machine, packet.interface)
    if vrf != row.values.get("vrf", "main"):
        raise Stopped(f"service {name} does not listen in VRF {vrf}", "refused")
    if not row.enabled:
        raise Stopped(f"service {name} is disabled", "refused")
    if row.values.get("port") != str(packet.port):
        raise Stopped(f"service {name} listens on port {row.values.get('port')}, not {packet.port}", "refused")
    if not admits(row.values.get("address", ""), packet.source):
        raise Stopped(f"service {name} is for {row.values['address']}", "refused")
    most = row.values.get("max-sessions", "")
    held = sum(about.get("name") == name for about in machine.connections.values())
    if most.isdigit() and held >= int(most):
        raise Stopped(f"service {name} has its {most} sessions", "refused")


def vrf_of(machine: Machine, interface: str) -> str:
    """The VRF that an interface is in."""
    for row in rows(machine, VRFS):
        if among(machine, interface, row.values.get("interfaces", "")):
            return called(row)
    return "main"


def admits(addresses: str, source: str) -> bool:
    """Whether a list of allowed sources has one; an empty list has every one."""
    return not addresses or any(within(source, each) for each in items(addresses))


def certificate(machine: Machine, name: str) -> str | None:
    """The certificate that a service names, as far as it differs from the one that the router was made with.

    None where it does not, `none` for none any more, an id where the row is gone; without a manager never.
    """
    if machine.spec.manager is None:
        return None
    seeded = [row.get("certificate", "none") for row in machine.spec.seed.get(SERVICES, ()) if row.get("name") == name]
    named = service(machine, name).values.get("certificate", "none")
    return None if named == (seeded[-1] if seeded else "none") else named


def listens_on(machine: Machine, name: str) -> int:
    """The port that a service has now."""
    return number(service(machine, name), "port", 0)


def stands_for(machine: Machine, name: str) -> int:
    """The port that a service had when the router was made: what the lab's own port for it stands for."""
    seeded = machine.spec.seed.get(SERVICES, ())
    rows = [*machine.menu(SERVICES).behaviour.rows, *seeded]
    ports = [row["port"] for row in rows if row.get("name") == name and "port" in row]
    return int(ports[-1]) if ports else 0
