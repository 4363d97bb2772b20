"""Files of unusual layout: other line ends, no last line end, braces all over, nothing declared yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from update_room import FILE, Update, happened, merge, told

SITE = "rows:\n  /ip/pool:\n    - {scope: {}, unmanaged: remove}\n"
RANGES = "/ip/pool/set [find name=guests] ranges=10.5.50.20-10.5.50.254 comment=x"
ADD = "/ip/pool/add name=staff ranges=10.6.0.10-10.6.0.20"
ROW = "{name: guests, ranges: 10.5.50.10-10.5.50.254}"
NEW = "{name: guests, ranges: 10.5.50.20-10.5.50.254, comment: x}"
STAFF = "{name: staff, ranges: 10.6.0.10-10.6.0.20}"


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        (
            f"router: case\r\nrows:\r\n  /ip/pool:\r\n    # ours\r\n    - {ROW}\r\n# end\r\n",
            (RANGES, ADD),
            f"router: case\r\nrows:\r\n  /ip/pool:\r\n    # ours\r\n    - {NEW}\r\n    - {STAFF}\r\n# end\r\n",
        ),
        (
            f"\ufeffrouter: case\nrows:\n  /ip/pool:\n  - {ROW}",
            (RANGES, ADD),
            f"\ufeffrouter: case\nrows:\n  /ip/pool:\n  - {NEW}\n  - {STAFF}",
        ),
        ("router: case", (ADD,), f"router: case\nrows:\n  /ip/pool:\n    - {STAFF}\n"),
        ("router: case\nrows: {}   # none\n", (ADD,), f"router: case\nrows:   # none\n  /ip/pool:\n    - {STAFF}\n"),
        (
            "router: case\nrows:\n    /ip/pool: []   # none\n    /system/identity: {name: a}\n",
            (ADD,),
            f"router: case\nrows:\n    /ip/pool:   # none\n      - {STAFF}\n    /system/identity: {{name: a}}\n",
        ),
        (
            "router: case\nrows: {/system/identity: {name: a}, /ip/pool: [" + ROW + "]}\n",
            (RANGES, ADD, "/system/identity/set name=b"),
            "router: case\nrows: {/system/identity: {name: b}, /ip/pool: [" + NEW + ", " + STAFF + "]}\n",
        ),
        (
            f"{{router: case, rows: {{/ip/pool: [{ROW}]}}}}\n",
            ("/ip/pool/remove [find name=guests]",),
            "{router: case, rows: {/ip/pool: []}}\n",
        ),
        (
            "router: case\nrows:\n  /ip/pool:\n    -\n      name: guests\n      ranges: 10.5.50.10-10.5.50.254\n    - "
            '"name": \'staff\'   # ours\n      "ranges": >-\n        10.6.0.10-10.6.0.20\n',
            (RANGES, "/ip/pool/set [find name=staff] ranges=10.6.0.10-10.6.0.99 comment=y"),
            "router: case\nrows:\n  /ip/pool:\n    -\n      name: guests\n      ranges: 10.5.50.20-10.5.50.254\n"
            '      comment: x\n    - "name": \'staff\'   # ours\n      "ranges": 10.6.0.10-10.6.0.99\n'
            "      comment: y\n",
        ),
    ],
    ids=[
        "crlf",
        "no end",
        "no rows",
        "empty braces",
        "empty menu",
        "braces",
        "all braces",
        "dashes alone",
    ],
)
def test_the_layout_stays(before: str, steps: tuple[str, ...], after: str, tmp_path: Path):
    sections = {"before": before, "site": SITE, "then": "\n".join(steps)}
    with happened(Update("layout", sections), tmp_path) as story:
        updated = merge(story)
        assert told(updated) == ""
        assert (tmp_path / FILE).read_bytes().decode() == after


def test_a_secret_that_is_masked_is_told_and_nothing_is_written(tmp_path: Path):
    before = "router: case\nrows:\n  /ppp/secret:\n    - {name: anna, service: pppoe, password: !secret anna}\n"
    router = {
        "users": {"reader": "nosecrets"},
        "seed": {"/user/group": [{"name": "nosecrets", "policy": "read,api,test"}]},
    }
    sections = {
        "before": before,
        "secrets": "anna: canary-anna",
        "router": repr(router),
        "then": "/ppp/secret/set [find name=anna] profile=default-encryption",
    }
    with happened(Update("masked", sections), tmp_path) as story:
        main = tmp_path / "net" / "trueup.yaml"
        main.write_text(main.read_text().replace("username: trueup", "username: reader"))
        (tmp_path / "secrets.yaml").write_text(
            (tmp_path / "secrets.yaml").read_text().replace("canary-anna", "canary-other")
        )
        updated = merge(story)
    assert not updated.whole
    assert "password changed, but the router does not tell its value" in told(updated)
    assert "profile: default-encryption" in updated.text
    assert updated.secrets == {}
