"""Write what routers were seen to do in menus: the lab's `probed.json`, each fact with its source.

The catalogue isn't asked: what a lab does must not follow from what the engine believes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from evidence import Evidence, commands, load, menus, node
from probe import minor

Fact = dict[str, Any]

SOURCES = {
    "trees": "command trees of CHR 7.9.2, 7.16.2 and 7.24, published by restraml",
    "typed": "command list of CHR 7.23.2, published by provider-routeros",
    "arguments": "argument probes on CHR 7.22.1, published by lsp-routeros-ts",
    "uniqueness": "uniqueness probes on CHR 7.23.2, published by provider-routeros",
    "completion": "rows that completion offered on CHR 7.23.2, published by provider-routeros",
    "refusal": "refused on CHR 7.23.2 by the uniqueness probes, with this text",
}
COMMANDS = ("add", "set", "remove", "comment", "enable", "disable", "move", "unset")
REFUSED = re.compile(r"exist|repeat|unique|duplicate|already|two pools", re.IGNORECASE)
"""Words of refusals that speak of a row that is there already."""
PROBE = re.compile(r"keyprobe\d|uqp-probe")
TOGETHER = re.compile(r"such (\w+) and (\w+)|same (\w+)-(\w+)-(\w+) combination")
"""Refusals that name the properties that are unique only together."""
INTERFACES, LISTS = "/interface", "/interface/list"
OFFERED = (
    ({"ether1"}, (INTERFACES,)),
    ({"all", "dynamic", "none", "static"}, (LISTS,)),
    ({"default-encryption"}, ("/ppp/profile",)),
    ({"synchronous-default"}, ("/queue/type",)),
)
"""Rows that every CHR has, and the menus that they are in."""
OFFERED_DEFAULT = {
    "/interface/lte apn-profiles": "/interface/lte/apn",
    "/interface/macsec profile": "/interface/macsec/profile",
    "/ip/hotspot profile": "/ip/hotspot/profile",
    "/ip/ipsec/identity policy-template-group": "/ip/ipsec/policy/group",
    "/ip/ipsec/peer profile": "/ip/ipsec/profile",
    "/ip/ipsec/policy group": "/ip/ipsec/policy/group",
    "/ip/ipsec/policy proposal": "/ip/ipsec/proposal",
    "/routing/bgp/connection templates": "/routing/bgp/template",
    "/routing/bgp/template templates": "/routing/bgp/template",
}
"""Where `default`, offered in a completion, is a row."""
ZONED = re.compile(r".*address(?:es)?|gateway|nexthop|transport")
"""Properties whose completion offers interfaces because an address may name one behind a percent sign."""
UNMATCHED = re.compile(r"input does not match any value of ([\w.-]+)")
MEANT = {
    "/certificate/scep-server ca-cert": "/certificate",
    "/interface/bridge/host bridge": "/interface/bridge",
    "/interface/bridge/msti bridge": "/interface/bridge",
    "/interface/mesh/port mesh": "/interface/mesh",
    "/interface/vxlan/vteps interface": "/interface/vxlan",
    "/ip/dhcp-server/option/sets option": "/ip/dhcp-server/option",
    "/ip/ipsec/identity peer": "/ip/ipsec/peer",
    "/ip/ipsec/key/psk peer": "/ip/ipsec/peer",
    "/ip/kid-control/device user": "/ip/kid-control",
    "/ipv6/dhcp-server/option/sets option": "/ipv6/dhcp-server/option",
    "/routing/bgp/connection instance": "/routing/bgp/instance",
    "/routing/bgp/evpn instance": "/routing/bgp/instance",
    "/routing/bgp/vpn instance": "/routing/bgp/instance",
    "/routing/ospf/area instance": "/routing/ospf/instance",
    "/routing/ospf/interface-template area": "/routing/ospf/area",
    "/routing/ospf/static-neighbor area": "/routing/ospf/area",
    "/routing/pimsm/interface-template instance": "/routing/pimsm/instance",
    "/routing/rip/interface-template instance": "/routing/rip/instance",
    "/tool/traffic-generator/stream tx-template": "/tool/traffic-generator/packet-template",
}
"""What a property names whose value a router refused because no row bore the name."""
SIGNS = frozenset({"!", ",", "!,", ":", ""})


def main() -> int:
    """Write every menu's facts, one menu a line."""
    options = _options()
    evidence = load(options.tree, options.typed, options.required, options.unique)
    verdicts = [each for file in options.unique for each in json.loads(file.read_text("utf-8"))["verdicts"]]
    demanded = json.loads(options.required.read_text("utf-8"))
    paths = sorted({*(path for tree in evidence.trees.values() for path in menus(tree)), *evidence.typed})
    known = {path: [*called(evidence, path), *offered(evidence, path)] for path in paths}
    for path, fact in (*needed(demanded), *unique(verdicts), *unmatched(verdicts)):
        known.setdefault(path, []).append(fact)
    lines = [f" {compact(path)}: {compact(facts)}" for path, facts in sorted(known.items()) if facts]
    body = ",\n".join(lines)
    options.out.write_text(f'{{"sources": {json.dumps(SOURCES, indent=1)},\n"menus": {{\n{body}\n}}}}\n', "utf-8")
    return 0


def called(evidence: Evidence, path: str) -> Iterator[Fact]:
    """The commands of a menu, by the versions whose trees have them; an empty menu is none."""
    trees = {version: commands(tree, path) for version, tree in evidence.trees.items() if node(tree, path)}
    if not trees:
        had = [name for name in COMMANDS if name in evidence.typed[path].get("commands", ())]
        yield from [{"commands": " ".join(had), "source": "typed"}] if had else []
        return
    spans: dict[tuple[str, str], list[str]] = {}
    for name in COMMANDS:
        seen = [version for version, there in trees.items() if name in there]
        if seen:
            spans.setdefault(span(seen, list(trees)), []).append(name)
    for (since, until), names in spans.items():
        yield {"commands": " ".join(names), "source": "trees"} | between(since, until)


def span(seen: list[str], among: list[str]) -> tuple[str, str]:
    """Since and until when something exists that was seen in some of these versions; "" is open."""
    before, after = among[: among.index(seen[0])], among[among.index(seen[-1]) + 1 :]
    return following(before[-1]) if before else "", preceding(after[0]) if after else ""


def following(version: str) -> str:
    major, _, number = minor(version).partition(".")
    return f"{major}.{int(number) + 1}"


def preceding(version: str) -> str:
    major, _, number = minor(version).partition(".")
    return f"{major}.{int(number) - 1}"


def between(since: str, until: str) -> Fact:
    return {name: version for name, version in (("since", since), ("until", until)) if version}


def needed(demanded: Iterable[Fact]) -> Iterator[tuple[str, Fact]]:
    """What `add` demanded, with the router's words where they are not the usual ones."""
    for each in demanded:
        text = each["rawError"].rpartition(" (/")[0] or each["rawError"]
        usual = text.partition("missing value(s) of argument(s) ")[2]
        if usual:
            yield each["path"], {"needs": usual, "source": "arguments"}
        elif text.startswith("failure: ") and each["required"]:
            told = [name for name in each["required"] if name in text or name.replace("-", " ") in text]
            names = " ".join(told or each["required"])
            yield each["path"], {"needs-any": names, "trap": text, "source": "arguments"}


def unique(verdicts: Iterable[Fact]) -> Iterator[tuple[str, Fact]]:
    """What no two rows shared, with the refusal; `{name}` stands for the name that the probe used."""
    seen: set[tuple[str, str]] = set()
    for each in verdicts:
        text, field = told(each.get("detail", "")), each.get("field", "name")
        named = together(text)
        certain = each["verdict"] == "UNIQUE" or (
            each["verdict"] == "AMBIGUOUS" and REFUSED.search(text) and (named or field in ("name", "address"))
        )
        properties = named or field
        if not certain or (each["path"], properties) in seen:
            continue
        seen.add((each["path"], properties))
        fact: Fact = {"unique": properties, "trap": text, "source": "uniqueness"}
        if "already have interface with" in text:
            fact["namespace"] = INTERFACES
        yield each["path"], fact
        if properties == "name":
            yield each["path"], {"names": "name", "source": "uniqueness"}


def told(detail: str) -> str:
    """The refusal in the router's words, out of the answer that carried it."""
    answer = json.loads(detail) if detail.startswith("{") else {"detail": detail}
    return PROBE.sub("{name}", str(answer.get("detail", answer.get("message", ""))))


def together(text: str) -> str:
    """The properties that a refusal names as unique together; "" where it names none."""
    found = TOGETHER.search(text)
    return " ".join(name for name in found.groups() if name) if found else ""


def offered(evidence: Evidence, path: str) -> Iterator[Fact]:
    """Properties that name rows, known from the rows that completion offered."""
    writable = evidence.writable(path)
    for name, field in evidence.fields(path).items():
        words = set(field.get("values", ())) - SIGNS
        found = [(rows, to) for rows, to in OFFERED if words >= rows]
        to = [menu for _, each in found for menu in each]
        if not to and "default" in words and f"{path} {name}" in OFFERED_DEFAULT:
            to = [OFFERED_DEFAULT[f"{path} {name}"]]
        if to and name in writable and not ZONED.fullmatch(name):
            beside = sorted(words - names_of(words, to))
            fact: Fact = {"refers": name, "to": " ".join(to), "source": "completion"}
            yield fact | ({"words": " ".join(beside)} if beside else {})


def names_of(words: set[str], to: list[str]) -> set[str]:
    """The words that are rows, not words that stand beside them."""
    rows = {word for word in words if re.fullmatch(r"ether\d+|lo|<.*>", word)}
    rows |= {"all", "dynamic", "none", "static"} if LISTS in to else set()
    return words if to[0] in ("/ppp/profile", "/queue/type") or "default" in words else rows


def unmatched(verdicts: Iterable[Fact]) -> Iterator[tuple[str, Fact]]:
    """Properties whose value was refused because no row bore that name."""
    for each in verdicts:
        found = UNMATCHED.match(each.get("detail", ""))
        to = MEANT.get(f"{each['path']} {found[1]}") if found else None
        if found and to:
            yield each["path"], {"refers": found[1], "to": to, "source": "refusal"}


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=_tree, action="append", required=True, metavar="VERSION=FILE")
    parser.add_argument("--typed", type=Path, required=True, help="command lists and completions of one version")
    parser.add_argument("--required", type=Path, required=True, help="arguments that `add` demands")
    parser.add_argument("--unique", type=Path, action="append", required=True, help="what became of equal rows")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def _tree(text: str) -> tuple[str, Path]:
    version, _, file = text.partition("=")
    return version, Path(file)


if __name__ == "__main__":
    sys.exit(main())
