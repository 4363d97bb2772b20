"""Adopting: a router that already exists, or its export, becomes its file in the network."""

from trueup.adopt.adoption import Adopted, Place, adopt_export, adopt_live, refuse_declared, writings
from trueup.adopt.keep import write_all

__all__ = ["Adopted", "Place", "adopt_export", "adopt_live", "refuse_declared", "write_all", "writings"]
