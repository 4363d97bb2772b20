"""The wheel holds what the program needs, and nothing of the tests."""

from __future__ import annotations

import subprocess
import sys
import zipfile

from project import ROOT

DATA = {
    "trueup/py.typed": 1,
    "trueup_schemas/py.typed": 1,
    "trueup_templates/py.typed": 1,
    "trueup/lab/facts/": 40,
    "trueup/web/static/": 4,
    "trueup/web/templates/": 15,
    "trueup_schemas/catalogue/data/": 60,
    "trueup_schemas/catalogue/disruption/": 4,
    "trueup_templates/": 10,
    "trueup_templates/beside/": 5,
    "trueup_templates/deploy/": 3,
}
"""At least so many files begin with each of these."""


def test_a_wheel_holds_the_code_with_its_data(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    counts = {start: sum(name.startswith(start) for name in names) for start in DATA}
    assert {start: count for start, count in counts.items() if count < DATA[start]} == {}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "trueup", "trueup_schemas", "trueup_templates",
    }  # fmt: skip
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "trueup = trueup.cli:main" in zipfile.ZipFile(wheel).read(entry_points).decode()
