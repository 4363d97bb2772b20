"""What a plan may break, as JSON data; what a plan of an older format does not tell is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trueup.plan.net import Net
from trueup.plan.places import source_from_document, source_to_document
from trueup.plan.risk import Blink, Check, Cut, Disruption, Guard, Lockout, Sessions

Document = dict[str, Any]


def lockout_to_document(lockout: Lockout | None) -> Document | None:
    if lockout is None:
        return None
    cuts = [
        {
            "verdict": cut.verdict,
            "change": cut.change,
            "menu": cut.menu,
            "text": cut.text,
            "source": source_to_document(cut.source),
        }
        for cut in lockout.cuts
    ]
    return {"verdict": lockout.verdict, "cuts": cuts}


def lockout_from_document(document: Mapping[str, Any] | None) -> Lockout | None:
    if document is None:
        return None
    found = document["cuts"]
    return Lockout(
        tuple(Cut(c["verdict"], c["change"], c["menu"], c["text"], source_from_document(c["source"])) for c in found)
    )


def disruption_to_document(disruption: Disruption | None) -> Document | None:
    if disruption is None:
        return None
    return {
        "worst": disruption.worst,
        "blinks": [
            {
                "effect": blink.effect,
                "what": blink.what,
                "menu": blink.menu,
                "changes": list(blink.changes),
                "text": blink.text,
            }
            for blink in disruption.blinks
        ],
        "sessions": [
            {"kind": each.kind, "count": each.count, "fate": each.fate, "exact": each.exact}
            for each in disruption.sessions
        ],
    }


def disruption_from_document(document: Mapping[str, Any] | None) -> Disruption | None:
    if document is None:
        return None
    blinks = (Blink(b["effect"], b["what"], b["menu"], tuple(b["changes"]), b["text"]) for b in document["blinks"])
    sessions = (Sessions(s["kind"], s["count"], s["fate"], s["exact"]) for s in document["sessions"])
    return Disruption(tuple(blinks), tuple(sessions))


def guard_to_document(guard: Guard) -> Document:
    return {"kind": guard.kind, "text": guard.text, "menu": guard.menu, "source": source_to_document(guard.source)}


def guard_from_document(document: Mapping[str, Any]) -> Guard:
    return Guard(document["kind"], document["text"], document["menu"], source_from_document(document["source"]))


def check_to_document(check: Check) -> Document:
    return {"level": check.level, "text": check.text, "remedy": check.remedy, "menu": check.menu}


def check_from_document(document: Mapping[str, Any]) -> Check:
    return Check(document["level"], document["text"], document["remedy"], document["menu"])


def net_to_document(net: Net | None) -> Document | None:
    if net is None:
        return None
    return {
        "name": net.name,
        "hold": net.hold,
        "unroll": net.unroll,
        "undo": net.undo,
        "batches": net.batches,
        "outside": list(net.outside),
        "uncovered": [{"change": number, "reason": reason} for number, reason in net.uncovered],
        "confirm": net.confirm,
        "reason": net.reason,
    }


def net_from_document(document: Mapping[str, Any] | None) -> Net | None:
    if document is None:
        return None
    if document["hold"] not in ("", "api", "ssh"):
        raise ValueError(f"{document['hold']!r} is no hold")
    return Net(
        hold=document["hold"],
        unroll=document["unroll"],
        undo=document["undo"],
        batches=document["batches"],
        outside=tuple(document["outside"]),
        uncovered=tuple((each["change"], each["reason"]) for each in document["uncovered"]),
        confirm=document["confirm"],
        reason=document["reason"],
    )
