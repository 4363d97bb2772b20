"""Virtual routers that speak RouterOS's API, to rehearse and to test on; they share no code with the engine."""

from trueup.lab.faults import Fault, Faults
from trueup.lab.router import Router
from trueup.lab.server import Lab, VirtualRouter, serve
from trueup.lab.spec import Manager, Spec, User

__all__ = ["Fault", "Faults", "Lab", "Manager", "Router", "Spec", "User", "VirtualRouter", "serve"]
