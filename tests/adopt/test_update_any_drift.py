"""Whatever is done by hand on a router, the updated file says it, and no line of a row that was left alone changes."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_story import Story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from update_room import Update, happened, merge, told

MARKED = """\
# the mast
router: case

rows:
  /system/identity: {name: mast}   # as on the label
  /ip/dns:
    # resolvers
    servers:
      - 10.0.0.1   # ours
      - 10.0.0.2
    cache-size: 4096
  /ip/pool:
    # pools of the lobby|p0
    - {name: p0, ranges: 10.0.0.10-10.0.0.20}   # first|p0
    - name: p1   # second|p1
      # theirs|p1
      ranges: 10.1.0.10-10.1.0.20|p1
      comment: 'the one'|p1

    # above the third|p2
    - {name: p2, ranges: 10.2.0.10-10.2.0.20, comment: "two"}|p2
    # no more
  /ip/firewall/filter:
    - scope: {chain: input}
      unmanaged: remove
      rows:
        # answers|f0
        - {connection-state: [established, related], action: accept, comment: f0}|f0
        # ping|f1
        # from everywhere|f1
        - {protocol: icmp, action: accept, comment: f1}|f1

        # managers|f2
        - action: accept   # the office|f2
          src-address: 10.0.0.0/8|f2
          comment: f2|f2
        # the rest|f3
        - {action: drop, comment: f3}|f3
    # forwarded|g0
    - {chain: forward, action: accept, connection-state: [established], comment: g0}   # answers|g0
    - {chain: forward, action: drop, comment: g1}|g1
  /queue/simple:
    - name: q0   # anna|q0
      target: 10.0.0.1/32|q0
      max-limit: 10M/10M|q0
    - {name: q1, target: 10.0.0.2/32}   # bert|q1
    - {name: q2, target: 10.0.0.3/32, comment: last}|q2
  # lists
  /ip/firewall/address-list:
    - {list: managers, address: 10.0.0.9, comment: a0}   # the boss|10.0.0.9

    - {list: managers, address: 10.0.0.10, comment: a1}|10.0.0.10
# the end
"""
"""A file; behind a bar, the row that a line belongs to."""
LINES = [(line.partition("|")[0], line.partition("|")[2]) for line in MARKED.splitlines()]
DECLARED = "".join(f"{line}\n" for line, _ in LINES)
VALUES = {
    "/ip/pool": {"ranges": ["10.9.0.1-10.9.0.9", "10.9.1.0/24"], "comment": ["", "x: y", "it's", "two", " "]},
    "/ip/firewall/filter": {
        "log": ["yes", "no"],
        "log-prefix": ["", "# no comment", "a"],
        "connection-state": ["", "new", "established,related,untracked"],
        "src-address": ["", "10.7.0.0/16"],
        "disabled": ["yes", "no"],
    },
    "/queue/simple": {"max-limit": ["1M/2M", "0/0"], "target": ["10.0.0.7/32,10.0.0.8/32"], "comment": ["", "[x]"]},
    "/ip/firewall/address-list": {"disabled": ["yes"], "comment": ["", "- x", "?"]},
}
NEW = {
    "/ip/pool": ["name={0} ranges=10.8.0.1-10.8.0.9"],
    "/ip/firewall/filter": [
        "chain=input action=accept src-address=10.5.{0}.0/24",
        "chain=forward action=drop src-address=10.6.{0}.0/24 comment={0}",
        "chain=output action=drop dst-address=10.6.{0}.0/24",
    ],
    "/queue/simple": ["name={0} target=10.4.0.{0}/32"],
    "/ip/firewall/address-list": ["list=others address=10.3.0.{0}"],
}
ORDERED = ("/ip/firewall/filter", "/queue/simple")
NAMING = {"/ip/pool": "name", "/queue/simple": "name", "/ip/firewall/address-list": "address"}

number = st.integers(0, 9)
deed = st.tuples(
    st.sampled_from(sorted(VALUES)), st.sampled_from(["set", "set", "add", "remove", "move"]), number, number
)


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with tempfile.TemporaryDirectory() as folder, happened(Update("any", {"before": DECLARED}), Path(folder)) as story:
        yield story


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(deeds=st.lists(deed, min_size=1, max_size=8))
def test_any_drift_is_merged_and_other_lines_stay(story: Story, deeds: list[tuple[str, str, int, int]]):
    check(story, deeds)


def check(story: Story, deeds: list[tuple[str, str, int, int]]) -> None:
    kept = copy.deepcopy(story.served.router.tables)
    touched, moved = {"no row"}, False
    try:
        for count, (menu, what, which, how) in enumerate(deeds):
            touched.add(do(story, menu, what, which, how, 20 + count))
            moved |= what == "move"
        updated = merge(story, unmanaged=True, keep=False)
    finally:
        for path, table in kept.items():
            story.served.router.tables[path].rows[:] = table.rows
    assert updated.whole, told(updated)
    assert not updated.told
    lines = [line for line, row in LINES if line and row not in touched]
    after = [line.removesuffix(" []") for line in updated.text.splitlines()]
    assert [line for line in lines if line not in after] == []
    if not moved:
        assert [line for line in after if line in lines] == lines


def do(story: Story, menu: str, what: str, which: int, how: int, count: int) -> str:
    """Do something by hand; returns the row that it was done to."""
    router = story.served.router
    rows = [row for row in router.rows(menu) if row.get("dynamic") != "true"]
    if what == "add":
        choices = NEW[menu]
        place = f" place-before={rows[which % len(rows)]['.id']}" if menu in ORDERED and rows and how % 2 else ""
        story.by_hand(f"{menu}/add {choices[how % len(choices)].format(count)}{place}")
        return "no row"
    if not rows:
        return "no row"
    row = rows[which % len(rows)]
    name = row.get(NAMING.get(menu, "comment"), "")
    if what == "remove":
        words = [f"{menu}/remove", f"=.id={row['.id']}"]
    elif what == "move" and menu in ORDERED:
        words = [f"{menu}/move", f"=numbers={row['.id']}", f"=destination={rows[how % len(rows)]['.id']}"]
    else:
        property, values = sorted(VALUES[menu].items())[how % len(VALUES[menu])]
        words = [f"{menu}/set", f"=.id={row['.id']}", f"={property}={values[which % len(values)]}"]
    reply = router.execute(words)
    assert reply[0][0] in ("!done", "!trap"), reply
    return name
