"""Fights as JSON, as the audit repository keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from trueup.daemon.fights import Contest, Fights
from trueup.errors import AuditError, Problem
from trueup.fleet.remarks import moment

FORMAT_VERSION = "1.0"


def fights_to_document(fights: Fights) -> dict[str, Any]:
    """JSON data; `theirs` names a user of the router on purpose."""
    return {"format-version": FORMAT_VERSION, "menus": {m: _document(c) for m, c in sorted(fights.contests.items())}}


def fights_from_document(document: Mapping[str, Any] | None) -> Fights:
    """What `fights_to_document` made, nothing for None; AuditError for what it cannot have made."""
    try:
        menus = document.get("menus", {}) if document is not None else {}
        return Fights({str(menu): _contest(each) for menu, each in menus.items()})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"fights.json is damaged ({type(error).__name__})"
        raise AuditError(
            Problem(message, remedy="restore it from the audit repository's history, or remove it")
        ) from None


def _document(contest: Contest) -> dict[str, Any]:
    document: dict[str, Any] = {"theirs": contest.theirs, "ours": contest.ours, "reverts": _times(contest.reverts)}
    if contest.fight is not None:
        document |= {"fight": _text(contest.fight), "times": contest.times, "commit": contest.commit}
    return document


def _times(reverts: Mapping[str, tuple[datetime, ...]]) -> dict[str, list[str]]:
    return {each: [_text(time) for time in times] for each, times in sorted(reverts.items())}


def _contest(document: Mapping[str, Any]) -> Contest:
    fight = document.get("fight")
    return Contest(
        {str(each): tuple(moment(time) for time in times) for each, times in document["reverts"].items()},
        str(document["theirs"]),
        str(document["ours"]),
        str(document.get("commit", "")),
        moment(fight) if fight is not None else None,
        int(document.get("times", 0)),
    )


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
