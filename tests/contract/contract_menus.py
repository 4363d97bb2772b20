"""Which menus a dialogue speaks to, and whether it can be held with this router at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_line import Spoken
from fidelity_dialogues import Dialogue, dialogues

from trueup.lab.packages import every_name, missing
from trueup.row import Facts
from trueup_schemas.catalogue.version import release

READING = frozenset({"print", "get", "getall", "find", "inspect"})
SCRIPTS = {"/execute", "/import", "/system/script/run"}
SCRIPTED = ("/system/identity", "/ip/address", "/ip/firewall/address-list", "/file")
"""What the scripts within dialogues touch."""

KIN = {"/interface": ("/interface/ethernet", "/interface"), "/user": ("/user/group", "/user")}
"""Menus that are changed through another one, or whose rows a row of it needs."""

HISTORY = ("/undo", "/redo", "/safe-mode/", "/system/history/")
"""What goes with safe mode or the history itself, so that no safe mode may be held around it."""

OTHERS = (
    *("/ip/firewall/filter", "/ip/firewall/nat", "/ip/firewall/mangle", "/ip/firewall/raw"),
    *("/ip/firewall/address-list", "/ip/address", "/ip/route", "/ip/dhcp-client", "/ip/pool", "/ip/dhcp-server"),
    *("/ip/hotspot", "/ip/hotspot/user", "/ip/dns/static", "/interface/bridge", "/interface/bridge/port"),
    *("/interface/vlan", "/interface/wireguard", "/interface/pppoe-client", "/ppp/secret", "/queue/simple"),
    *("/queue/tree", "/radius", "/user", "/user/group", "/certificate", "/system/script", "/system/scheduler"),
)
"""Where rows beyond the factory's show that the router is somebody's."""

FACTORY = {"/ip/address": 1, "/ip/route": 1, "/ip/dhcp-client": 1, "/user": 1, "/user/group": 3, "/ip/hotspot/user": 1}
"""How many rows a new router may have there: what reaches it, its user, the groups, one counter of hotspots."""

REACHING = ("/ip/address", "/ip/route", "/ip/dhcp-client")


@dataclass(frozen=True)
class Router:
    """What decides which dialogues fit: the router's facts, ports, packages and where it has rows of its own."""

    facts: Facts
    user: str
    ports: frozenset[str]
    packages: frozenset[str]
    occupied: Mapping[str, int] = field(default_factory=dict)

    @property
    def board(self) -> str:
        return "chr" if self.facts.board.upper().startswith("CHR") else (self.facts.model or self.facts.board).lower()

    @property
    def foreign(self) -> dict[str, int]:
        """Menus with more rows than a new router's, with their number."""
        return {menu: count for menu, count in self.occupied.items() if count > FACTORY.get(menu, 0)}


def survey(line: Spoken, facts: Facts, user: str) -> Router:
    """Look at everything that decides; writes nothing."""
    occupied = {menu: sum(map(_own, line.rows(menu))) for menu in OTHERS}
    ports = frozenset(row.get("name", "") for row in line.rows("/interface/ethernet"))
    packages = {row["name"] for row in line.rows("/system/package") if row.get("disabled") != "true" and "name" in row}
    return Router(facts, user, ports, every_name() & packages, {menu: n for menu, n in occupied.items() if n})


def _own(row: dict[str, str]) -> bool:
    made = any(row.get(mark) == "true" for mark in ("dynamic", "builtin", "default"))
    return not made and not row.get("comment", "").startswith("defconf")


def spoken_version(version: str) -> str:
    """The newest version of dialogues that is not newer than the router's, of the same major; "" where none is."""
    told = {each for menu in dialogues().values() for dialogue in menu for each in dialogue.versions}
    fitting = [each for each in told if release(each)[0] == release(version)[0] and release(each) <= release(version)]
    return max(fitting, key=release, default="")


def menus(dialogue: Dialogue) -> tuple[str, ...]:
    """Every menu that the dialogue may change, in the order in which it comes to them."""
    found: dict[str, None] = {}
    for step in dialogue.steps:
        path, _, command = step.send[0].rpartition("/")
        if step.send[0] in SCRIPTS:
            found.update(dict.fromkeys((*SCRIPTED, path) if path else SCRIPTED))
        elif path and command not in READING and path != "/safe-mode":
            found.update(dict.fromkeys(KIN.get(path, (path,))))
    return tuple(found)


def undoes(dialogue: Dialogue) -> bool:
    """Whether the dialogue is about the history or safe mode."""
    return any(step.send[0].startswith(HISTORY) for step in dialogue.steps)


def needs_empty_history(dialogue: Dialogue) -> bool:
    """Whether it looks at the whole history, or would undo what it has not done itself."""
    sent = [step.send for step in dialogue.steps]
    looks = any(words[0] == "/system/history/print" and "?floating-undo=true" not in words for words in sent)
    return looks or sent[0][0] in ("/undo", "/redo")


def cuts(sent: list[str]) -> bool:
    """Whether a sentence may keep whoever comes in by ether1 from the router."""
    path, _, command = sent[0].rpartition("/")
    words = {word[1:] for word in sent[1:]}
    if path == "/ip/vrf":
        return bool(words & {"interfaces=all", "interfaces=ether1"})
    if path in ("/ip/firewall/filter", "/ip/firewall/raw"):
        ours = words & {"chain=input", "chain=prerouting", "chain=output"}
        return bool(ours) and bool(words & {"action=drop", "action=reject"})
    if path.startswith("/interface"):
        named = any("ether1" in word.split("=")[-1].split(",") for word in words)
        return named and (command in ("disable", "remove") or bool(words & {"disabled=yes", "disabled=true"}))
    return False


def unfit(dialogue: Dialogue, router: Router) -> str:
    """Why a dialogue cannot be held with this router, "" where it can."""
    words = [word for step in dialogue.steps for sentence in (step.send, *step.expect) for word in sentence]
    sent = [step.send for step in dialogue.steps]
    if dialogue.given:
        return "it needs rows that only the router itself makes"
    if any(words[0] == "/system/device-mode/update" for words in sent):
        return "somebody at the router would have to confirm"
    if any(words[:2] == ["/user/remove", "=.id=admin"] for words in sent):
        return "it would remove the user that this run may be"
    if any(map(cuts, sent)):
        return "it could cut this run off from the router"
    if router.user != "admin" and any(word.endswith("=admin") for word in words):
        return "it has to be held by the user admin"
    named = {port for word in words for port in re.findall(r"\bether\d+\b", word)}
    if lacking := sorted(named - router.ports):
        return f"the router has no {lacking[0]}"
    return _other_router(dialogue, router) or _occupied(dialogue, router)


def _other_router(dialogue: Dialogue, router: Router) -> str:
    """Whether the dialogue is one of another board, or of other packages."""
    boards = {each.board for each in dialogues().get(dialogue.menu, ())} | {dialogue.board}
    if len(boards) > 1 and dialogue.board.lower() != router.board:
        return f"it is one of the board {dialogue.board}"
    if dialogue.packages is not None:
        if frozenset(dialogue.packages) != router.packages:
            return "the router has other packages: " + (" ".join(dialogue.packages) or "none") + " would be needed"
        return ""
    closed = missing(".".join(map(str, release(router.facts.version))), router.packages)
    for step in dialogue.steps:
        if any(f"{step.send[0]}/".startswith(f"{menu}/") for menu in closed):
            return f"the router lacks the package of {step.send[0].rpartition('/')[0]}"
    return ""


def _occupied(dialogue: Dialogue, router: Router) -> str:
    """Whether the dialogue looks at all rows of a menu where the router has some of its own."""
    for step in dialogue.steps:
        menu, _, command = step.send[0].rpartition("/")
        whole = command in ("print", "getall") and not any(word.startswith("?") for word in step.send)
        own = router.occupied.get(menu, 0) if menu in REACHING else router.foreign.get(menu, 0)
        if whole and own:
            return f"the router has rows of its own in {menu}"
    return ""
