"""A version is one that the catalogue knows, or an error that says which those are."""

from __future__ import annotations

import pytest

from trueup_schemas.catalogue import UnknownVersion, catalogue


@pytest.mark.parametrize("version", ["7.9", "7.16.2", "7.24", "7.24.1 (stable)", "7.31"])
def test_known_versions_have_menus(version: str) -> None:
    assert "/ip/pool" in catalogue(version)


@pytest.mark.parametrize("version", ["6.49", "7.8", "9.9", "8.1"])
def test_unknown_versions_are_an_error_that_names_the_known_ones(version: str) -> None:
    with pytest.raises(UnknownVersion, match=r"7\.\d"):
        catalogue(version)
