"""What RouterOS is, as data: every menu and property that trueup knows, cut to one version.

menu = catalogue("7.24").menu("/ip/pool")
menu.properties["ranges"].type
"""

from trueup_schemas.catalogue.catalogue import Catalogue, UnknownMenu, catalogue, spans
from trueup_schemas.catalogue.difference import Change, Difference, difference
from trueup_schemas.catalogue.renamed import elsewhere, places, renamed
from trueup_schemas.catalogue.types import Kind, Many, Menu, Place, Property, Reference
from trueup_schemas.catalogue.version import NEWEST, UnknownVersion

__all__ = [
    "NEWEST",
    "Catalogue",
    "Change",
    "Difference",
    "Kind",
    "Many",
    "Menu",
    "Place",
    "Property",
    "Reference",
    "UnknownMenu",
    "UnknownVersion",
    "catalogue",
    "difference",
    "elsewhere",
    "places",
    "renamed",
    "spans",
]
