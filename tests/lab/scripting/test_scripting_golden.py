"""Scripts do what MikroTik's manual says they do, and fail in the router's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.lab import Router, Spec
from trueup.lab.router import attributes

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_a_script_says_what_it_should(case: dict[str, Any]) -> None:
    router = Router(Spec("hub", version="7.16.2"), clock=lambda: 1_800_000_000.0)
    reply = router.execute(["/execute", f"=script={case['script']}", "=as-string="])
    assert attributes(reply[-1])["ret"] == "\n".join(case.get("says", []))
    assert [row["message"] for row in router.rows("/log")] == case.get("log", [])
