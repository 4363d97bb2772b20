"""Every case of an update: the file becomes exactly what is written down, and the plan after it is empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from update_room import FILE, UPDATES, Update, happened, merge, told

CASES = [Update.read(path) for path in sorted(UPDATES.glob("*.txt"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_file_becomes_what_the_router_says(case: Update, tmp_path: Path):
    with happened(case, tmp_path) as story:
        updated = merge(story, unmanaged="unmanaged" in case.get("flags"))
        assert updated.text == case.after
        assert told(updated) == case.get("told")
        assert updated.whole == (not case.get("left"))
        if updated.whole:
            assert (tmp_path / FILE).read_bytes().decode() == case.after
            assert merge(story).same
