"""What a router keeps by id and carries along: the catalogue and the lab say the same of every property."""

from __future__ import annotations

import pytest

from trueup.lab.kinship import shipped_kinship
from trueup_schemas.catalogue import catalogue

VERSIONS = ("7.24", "7.16", "7.9", "6.49")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_lab_follows_exactly_the_references_that_the_catalogue_calls_hard(version: str) -> None:
    known = catalogue(version)
    declared = {
        (path, property.name): {each.menu for each in property.refers if each.hard and there(version, each.menu)}
        for path in known.paths
        for property in known.menu(path).writable
        if any(each.hard for each in property.refers)
    }
    followed = {
        (path, name): {menu for menu in refers.menus if there(version, menu)}
        for path, name, refers in shipped_kinship(version).references
        if path in known and name in known.menu(path).properties and not known.menu(path).properties[name].read_only
    }
    followed = {place: menus for place, menus in followed.items() if menus}
    apart = {
        f"{path} {name}": {"catalogue": declared.get((path, name)), "lab": followed.get((path, name))}
        for path, name in declared.keys() | followed.keys()
        if declared.get((path, name)) != followed.get((path, name))
    }
    assert not apart


def there(version: str, menu: str) -> bool:
    """Whether a version has the menu that is referred to, or menus of that namespace."""
    return menu in catalogue(version) or bool(catalogue(version).members(menu))
