"""Menus as the catalogue has them."""

from __future__ import annotations

from trueup.lab.behaviour import known_menus, menu_facts
from trueup_schemas.catalogue.types import Menu, Property


class Shapes:
    def __init__(self, version: str) -> None:
        self.paths = known_menus()

    def __contains__(self, path: object) -> bool:
        return path in self.paths

    def __getitem__(self, path: str) -> Menu:
        class Anything(dict):
            def get(self, name, default=None):
                return Property(name, "bool" if name in ("disabled","log") else "text", many="set" if name in ("login-by",) else "")
            def __getitem__(self, name): return self.get(name)
        single = not any("add" in f.says for f in menu_facts(path) if f.kind == "commands")
        return Menu(path, "singleton" if single else "list", Anything())

    def members(self, namespace: str) -> tuple[str, ...]:
        if namespace == "/interface":
            return tuple(p for p in self.paths if p in ("/interface/bridge", "/interface/ethernet", "/interface/vlan"))
        return (namespace,)
