"""One canonical text for every value, declared or read: equal texts mean the same to RouterOS."""

from trueup.canonical.describe import describe
from trueup.canonical.names import named
from trueup.canonical.types import TYPES
from trueup.canonical.value import canonical, from_wire

__all__ = ["TYPES", "canonical", "describe", "from_wire", "named"]
