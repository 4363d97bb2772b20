"""The commands of a menu, by name."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab.call import Command
from trueup.lab.commands import back
from trueup.lab.commands.ask import find, get
from trueup.lab.commands.back import ROOT
from trueup.lab.commands.certify import CERTIFYING
from trueup.lab.commands.move import move
from trueup.lab.commands.remove import remove
from trueup.lab.commands.show import show
from trueup.lab.commands.toggle import comment, disable, enable
from trueup.lab.commands.write import add, set_, unset

__all__ = ["COMMANDS", "OWN", "READING", "ROOT"]

COMMANDS: Mapping[str, Command] = {
    "print": show,
    "getall": show,
    "get": get,
    "find": find,
    "add": add,
    "set": set_,
    "unset": unset,
    "remove": remove,
    "move": move,
    "enable": enable,
    "disable": disable,
    "comment": comment,
}

OWN: Mapping[str, Mapping[str, Command]] = {**back.OWN, **CERTIFYING}
"""Commands that one menu alone has, by the menu; others may have commands of these names that mean other things."""

READING = frozenset({"print", "getall", "get", "find"})
"""Commands that the read policy is enough for."""
