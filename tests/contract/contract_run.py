"""A contract run from beginning to end: look, say what will happen, ask, hold the dialogues, fire the nets, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contract_asked import Asked
from contract_dialogues import Conversation
from contract_line import LineLost, Spoken, look
from contract_mask import Mask, own_texts
from contract_menus import Router, spoken_version, survey
from contract_nets import drill, network_of
from contract_report import Outcome, document, lines, write
from contract_undo import held

from trueup.errors import Problem, RouterError, TrueupError
from trueup.load.network import Network
from trueup_schemas.catalogue import catalogue
from trueup_schemas.catalogue.version import release

CLEAN, DIFFERENT = 0, 2
NETS = ("/ip/firewall/address-list", "/system/scheduler", "/system/script")
"""Where the nets write."""

Say = Callable[[str], None]


class Declined(TrueupError):
    """The operator, or the state of the router, does not allow the run."""


def run(asked: Asked, say: Say, agree: Callable[[], bool], password: Callable[[], str]) -> int:
    """0 where all is as recorded, 2 where something differs; raises TrueupError where there is nothing to report.

    `agree` asks the operator and `password` for a password; both only where nothing else says it.
    """
    network = network_of(asked)
    if asked.tls == "off":
        say("ROUTER_TLS=off: the password goes over the network as it is; docs/development.md tells of other ways")
    if asked.password is None:
        asked = replace(asked, password=password())
    facts = look(asked)
    version = spoken_version(facts.version)
    if not version:
        raise Declined(Problem(f"there are no dialogues for RouterOS {facts.version}", "router", "from 6.49 on"))
    line = Spoken(asked)
    try:
        router = survey(line, facts, asked.user)
        _announce(asked, router, version, say)
        if held(line):
            raise Declined(Problem("safe mode is held by a session", "router", "release it there, then run again"))
        _allow(asked, router, agree)
        conversation = Conversation(asked, router, catalogue(facts.version), line)
        try:
            return _held(asked, network, conversation, version, say)
        finally:
            conversation.line.close()
    except LineLost as lost:
        raise RouterError(Problem(f"the router ended the connection: {lost}", "router", "run again")) from None
    finally:
        line.close()


def _announce(asked: Asked, router: Router, version: str, say: Say) -> None:
    facts = router.facts
    safe_mode = release(facts.version) >= (7, 18)
    undone = "by unrolling safe mode" if safe_mode else "row by row, as safe mode over the API came with 7.18"
    say(f"{asked.router}: RouterOS {facts.version} on {router.board}, dialogues of {version}")
    say(f"Each dialogue adds, changes or removes rows on this router; that is taken back {undone}.")
    say("It opens further logins, makes users for them, runs scripts and schedulers, resolves a.example,")
    say("and fires every safety net with an entry of the address list trueup-drill.")
    say(f"What the router answers goes to {asked.report}, without secrets, addresses and serial numbers.")


def _allow(asked: Asked, router: Router, agree: Callable[[], bool]) -> None:
    if router.foreign and not asked.forced:
        rows = ", ".join(f"{count} rows in {menu}" for menu, count in router.foreign.items())
        remedy = "use a router that is nobody's, such as a new CHR; CONTRACT_FORCE=yes if it really may be changed"
        raise Declined(Problem(f"it has more than a new router has: {rows}", f"router ({asked.router})", remedy))
    if not asked.allowed and not agree():
        raise Declined(Problem("nothing was changed", None, "answer yes, or call with CONTRACT=yes"))


def _held(asked: Asked, network: Network, conversation: Conversation, version: str, say: Say) -> int:
    facts = conversation.router.facts
    mask = Mask(conversation.catalogue, own_texts(conversation.line, facts, asked.router, asked.password or ""))
    conversation.undo.remember(NETS)
    try:
        say("dialogues")
        spoken = conversation.hold_all(version, say)
        say("nets")
        nets = drill(asked, network, lambda name: say(f"  {name}"))
    except BaseException:
        _stopped(conversation, say)
        raise
    outcome = Outcome(conversation.router, version, spoken, nets, conversation.undo.everything())
    content = document(outcome, mask)
    write(Path(asked.report), content)
    for each in lines(content):
        say(each)
    say(f"written to {asked.report}")
    return CLEAN if outcome.clean else DIFFERENT


def _stopped(conversation: Conversation, say: Say) -> None:
    """Take back what a run that ends here has left, and tell what remains."""
    say("stopped; taking back what was changed")
    try:
        for menu in conversation.put_back():
            say(f"left behind: {menu} is not as it was; look there")
    except (RouterError, LineLost) as error:
        say(f"that failed: {error}")
