"""A version is one that the catalogue knows, or an error that says which those are."""

from __future__ import annotations

import pytest

from trueup_schemas.catalogue import UnknownVersion, catalogue
from trueup_schemas.catalogue.version import nearest_known


@pytest.mark.parametrize("version", ["6.49", "6.49.17 (long-term)", "7.9", "7.16.2", "7.24", "7.24.1 (stable)", "7.31"])
def test_known_versions_have_menus(version: str) -> None:
    assert "/ip/pool" in catalogue(version)


@pytest.mark.parametrize("version", ["6.48", "6.50", "5.26", "7.8", "9.9", "8.1"])
def test_unknown_versions_are_an_error_that_names_the_known_ones(version: str) -> None:
    with pytest.raises(UnknownVersion, match=r"are 6\.49 and 7\.9 to 7\.\d"):
        catalogue(version)


@pytest.mark.parametrize(
    ("version", "nearest"),
    [("6.28", "6.49"), ("6.48.6", "6.49"), ("7.0", "7.9"), ("7.8", "7.9"), ("7.16.2", "7.16.2"), ("8.1", "7.24")],
)
def test_the_nearest_known_version_is_of_the_same_major_where_there_is_one(version: str, nearest: str) -> None:
    assert nearest_known(version) == nearest
    assert "/ip/pool" in catalogue(nearest)


def test_only_the_menus_of_6_49_are_by_hand_alone() -> None:
    assert not catalogue("6.49.10").derived
    assert all(catalogue(version).derived for version in ("7.9", "7.24"))
