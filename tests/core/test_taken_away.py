"""What returns a property to its default: its absence where that is the default, else the default's own text."""

from __future__ import annotations

import pytest

from trueup.diff.compare import taken_away
from trueup_schemas.catalogue import catalogue


@pytest.mark.parametrize(
    ("menu", "name", "value"),
    [
        ("/interface/ethernet/switch/rule", "new-dst-ports", None),
        ("/interface/ethernet/switch/port-isolation", "forwarding-override", None),
        ("/ip/route", "check-gateway", None),
        ("/ip/firewall/filter", "src-address", None),
        ("/interface/ethernet", "poe-out", "auto-on"),
        ("/interface/ethernet", "power-cycle-ping-address", None),
    ],
)
def test_what_stands_for_absence_is_taken_away_and_never_written(menu: str, name: str, value: str | None):
    property = catalogue("7.24").menu(menu).properties[name]
    assert property.default is not None
    assert taken_away(property, property.default) == value
