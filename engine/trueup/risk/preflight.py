"""What stands in a plan's way on its router, or should be known before it is carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from trueup.diff import Difference
from trueup.plan import Add, Change, Plan, Remove, Set
from trueup.plan.net import UNDO
from trueup.plan.risk import Check
from trueup.risk.bugs import bugs
from trueup.risk.found import Found
from trueup.row import Live, Row, Secret
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.device_mode import features, forbidden, modes

SOME_SPACE, NO_SPACE = 512 << 10, 16 << 10
"""Bytes of free storage below which a warning is due, and below which a router may forget what it is told."""

DRIFT = timedelta(minutes=1)
UNSET = 2020
"""A year that no router has left behind but one whose clock was never set."""

ACCOUNTS = ("/user", "/user/group", "/user/ssh-keys", "/user/settings")
SCRIPTED = ("/system/scheduler", "/system/script")
SCHEDULING = ("policy", "read", "test", "write")
"""Policies that a script on the scheduler needs, and so whoever puts it there."""


def checks(
    found: Found, plan: Plan, live: Live, catalogue: Catalogue, now: datetime, declared: Mapping[str, Collection[str]]
) -> tuple[Check, ...]:
    """What is in the plan's way; `now` is the manager's clock, `declared` the `.id`s of declared rows by menu."""
    return (
        *_policies(found, plan, live),
        *_device_mode(found, plan),
        *_space(found),
        *_clock(found, now),
        *_safe_mode(found),
        *_pending(found, plan),
        *(Check("warn", f"RouterOS {plan.version}: {bug.text}", bug.remedy, bug.menu) for bug in bugs(plan)),
        *_invalid(plan, live, catalogue, declared),
    )


def declared_ids(difference: Difference) -> Mapping[str, frozenset[str]]:
    """The `.id`s of live rows that are declared, by menu."""
    return {menu.path: frozenset(row.id for row in menu.matching.live.values()) for menu in difference.menus}


def schedules(found: Found, version: str) -> str:
    """Why no script can be put on the router's scheduler; "" where nothing is known against it."""
    if "scheduler" in _forbidden(found, version):
        return f"device-mode {found.device_mode.get('mode', '')} does not allow the scheduler"
    missing = [each for each in SCHEDULING if found.policies is not None and each not in found.policies]
    return f"the user {found.user} lacks the policies {', '.join(missing)}" if missing else ""


def _policies(found: Found, plan: Plan, live: Live) -> Iterator[Check]:
    if found.policies is None:
        return
    needed = {"write": ""}
    for change in plan.changes:
        if change.menu in ACCOUNTS:
            needed.setdefault("policy", change.menu)
    remedy = f"add it to /user/group {found.group}, or use another user"
    for policy, menu in needed.items():
        if policy not in found.policies:
            yield Check("refuse", f"the user {found.user} lacks the policy {policy}", remedy, menu)
    if "sensitive" not in found.policies and _masked(live):
        text = f"the user {found.user} lacks the policy sensitive, so that secrets read as asterisks"
        yield Check("warn", f"{text}: one that was changed by hand is not noticed", remedy)
    wanted = [(change.menu, _asked(change)) for change in plan.changes if change.menu in SCRIPTED]
    for menu, asked in dict.fromkeys(wanted):
        lacking = [policy for policy in asked if policy not in found.policies]
        if lacking:
            text = f"the user {found.user} lacks policies that a row is to have: {', '.join(lacking)}"
            yield Check("warn", text, f"add them to /user/group {found.group}", menu)


def _asked(change: Change) -> tuple[str, ...]:
    policies = change.values.get("policy") if isinstance(change, Add | Set) else None
    return tuple(policies.split(",")) if isinstance(policies, str) and policies else ()


def _masked(live: Live) -> bool:
    rows = (row for table in live.tables.values() for row in table)
    return any(isinstance(value, Secret) and value.masked for row in rows for value in row.values.values())


def _forbidden(found: Found, version: str) -> frozenset[str]:
    """The features that the router's device-mode forbids, by what it says itself, else by its mode."""
    mode = found.device_mode.get("mode", "")
    said = {name: value in ("yes", "true") for name, value in found.device_mode.items() if value in _WORDS}
    said.pop("flagged", None)
    said.pop("flagging-enabled", None)
    if not mode or mode not in modes(version):
        return frozenset(name for name, allows in said.items() if not allows)
    return forbidden(mode, said, version)


_WORDS = ("yes", "no", "true", "false")


def _device_mode(found: Found, plan: Plan) -> Iterator[Check]:
    mode, refused = found.device_mode.get("mode", ""), _forbidden(found, plan.version)
    seen: set[tuple[str, str]] = set()
    for change in plan.changes:
        for feature in features(change.menu):
            if feature in refused and _works(change) and (change.menu, feature) not in seen:
                seen.add((change.menu, feature))
                remedy = f"allow it at the router: /system/device-mode/update {feature}=yes, then its button or power"
                yield Check("refuse", f"device-mode {mode} does not allow {feature}", remedy, change.menu)
    if found.device_mode.get("flagged") in ("yes", "true"):
        text = "the router is flagged: RouterOS has found traces of an intruder and switched features off"
        yield Check(
            "warn", text, "look at its users, scripts and scheduler, then /system/device-mode/update flagged=no"
        )


def _works(change: Change) -> bool:
    """Whether a change brings something to work: rows that go, move or are switched off do not."""
    if not isinstance(change, Add | Set):
        return False
    said = change.values
    off = said.get("disabled") == "yes" or said.get("enabled") == "no"
    return not off and (isinstance(change, Add) or said.get("disabled") == "no" or said.get("enabled") == "yes")


def _space(found: Found) -> Iterator[Check]:
    if found.free is not None and found.free < SOME_SPACE:
        full = found.free < NO_SPACE
        text = f"{found.free >> 10} KiB of storage are free"
        told = f"{text}, so that it may forget what is written" if full else text
        yield Check("refuse" if full else "warn", told, "remove files or packages that are not needed")


def _clock(found: Found, now: datetime) -> Iterator[Check]:
    if found.clock is None:
        return
    remedy = "set it, and declare /system/ntp/client"
    off = abs(found.clock - now)
    if found.clock.year < UNSET:
        text = f"the clock was never set ({found.clock:%Y-%m-%d}): certificates and the scheduler go wrong"
        yield Check("warn", text, remedy)
    elif off > DRIFT:
        yield Check("warn", f"the clock is {_span(off)} off the manager's", remedy)


def _span(off: timedelta) -> str:
    seconds = int(off.total_seconds())
    for unit, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} seconds"


def _safe_mode(found: Found) -> Iterator[Check]:
    held = found.safe_mode
    if held is not None and not held.own:
        who = " ".join(filter(None, (held.user or "somebody", f"({held.owner})" if held.owner else "")))
        text = f"safe mode is held by {who}: what is written now would be undone with it"
        yield Check("refuse", text, "let them release it, or end that session")


def _pending(found: Found, plan: Plan) -> Iterator[Check]:
    if any(name.startswith(f"{UNDO}-") for name in found.schedulers):
        text = "an earlier change is still waiting to be confirmed, and would take this one along when it is undone"
        remedy = f"`trueup confirm {plan.router}` keeps it, `trueup rollback {plan.router}` takes it back"
        yield Check("refuse", text, f"{remedy}; after a crash, see `trueup recover`")


def _invalid(plan: Plan, live: Live, catalogue: Catalogue, declared: Mapping[str, Collection[str]]) -> Iterator[Check]:
    going = {(change.menu, change.target.id) for change in plan.changes if isinstance(change, Remove)}
    for menu, ids in declared.items():
        rows = [row for row in live.tables.get(menu, ()) if row.invalid and row.id in ids]
        rows = [row for row in rows if (menu, row.id) not in going]
        if rows:
            known = catalogue.menu(menu)
            personal = {name for name, property in known.properties.items() if property.personal or property.secret}
            names = _names(rows, [name for name in known.key if name not in personal])
            text = f"{'row' if len(rows) == 1 else 'rows'} {names} invalid on the router"
            yield Check("warn", text, "see whether what it names is there, and works", menu)


def _names(rows: Sequence[Row], key: Sequence[str], most: int = 4) -> str:
    told = [" ".join(filter(None, map(row.text, key))) or row.id for row in rows]
    more = f" and {len(told) - most} more" if len(told) > most else ""
    return f"{', '.join(told[:most])}{more} {'is' if len(told) == 1 else 'are'}"
