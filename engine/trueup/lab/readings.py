"""What a router measures: processors, sensors, interfaces' counters; here they measure nothing and stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab.hardware import Hardware, resource
from trueup.lab.table import Row

HEALTH = "/system/health"
"""A list of sensors on boards that have any, else one row that says that nothing is watched."""

COUNTERS = (
    *("link-downs", "rx-byte", "tx-byte", "rx-packet", "tx-packet", "rx-drop", "tx-drop", "tx-queue-drop"),
    *("rx-error", "tx-error", "fp-rx-byte", "fp-tx-byte", "fp-rx-packet", "fp-tx-packet"),
)
"""What `/interface/print` counts, asked for `stats` or not (answers of routers with 7.x, published by napalm-ros)."""

MTU = "1500"
"""What `mtu: auto` comes to where no member's is smaller (MikroTik documentation, Bridge), and what is assumed else."""


def counted(values: Mapping[str, str]) -> dict[str, str]:
    """An interface's readings: the MTU in force, and counters that have counted nothing unless a seed says so."""
    mtu = values.get("mtu", "")
    readings = {"actual-mtu": mtu if mtu.isdigit() else MTU} | dict.fromkeys(COUNTERS, "0")
    return {name: values.get(name, value) for name, value in readings.items()}


def processors(hardware: Hardware) -> list[Row]:
    """/system/resource/cpu: as many as /system/resource says, idle (answer of a CCR2004, published by napalm-ros)."""
    idle = {"load": "0", "irq": "0", "disk": "0"}
    return [Row(f"*{n:X}", {"cpu": f"cpu{n}"} | idle) for n in range(int(resource(hardware, 0)["cpu-count"]))]


def sensors(hardware: Hardware) -> list[Row]:
    """/system/health of a board with known sensors: one row each, its value and what it is in."""
    rows = []
    for id, told in hardware.board.sensors.items():
        name, value, *unit = told.split()
        rows.append(Row(id, {"name": name, "value": value, "type": "".join(unit)}))
    return rows
