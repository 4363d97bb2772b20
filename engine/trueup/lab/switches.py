"""Switch chips: one row for each, and one for each of its ports in every menu that is about ports.

A chip's own port comes last. Sources: verbose exports of a CRS310 (7.18) and a hEX S (7.21), published by their owners.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trueup.lab.hardware import Board

SWITCH = "/interface/ethernet/switch"
PORT_MENUS = (f"{SWITCH}/port", f"{SWITCH}/port-isolation", f"{SWITCH}/qos/port")


def rows(board: Board, path: str, names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows of a board's switch chips in one menu; `names` are what ports are called now, by default name."""
    for number, ports in enumerate(board.switches, 1):
        if path == SWITCH:
            yield {"name": f"switch{number}"}
        elif path in PORT_MENUS:
            for name in (*(names.get(port, port) for port in ports), f"switch{number}-cpu"):
                yield {"name": name, "switch": f"switch{number}"}
