"""Plans and reports as JSON documents; secrets and personal data are digests in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trueup.errors import PlanError
from trueup.plan.change import (
    Add,
    Change,
    Created,
    Existing,
    Move,
    PersonalValue,
    PlanValue,
    Remove,
    SecretValue,
    Set,
    Target,
    Values,
)
from trueup.plan.places import source_from_document, source_to_document
from trueup.plan.plan import FORMAT_VERSION, Neighbour, Neighbourhood, Note, Plan
from trueup.plan.report import Report
from trueup.plan.risk_document import (
    check_from_document,
    check_to_document,
    disruption_from_document,
    disruption_to_document,
    guard_from_document,
    guard_to_document,
    lockout_from_document,
    lockout_to_document,
    net_from_document,
    net_to_document,
)
from trueup_schemas.secret import SecretRef

Document = dict[str, Any]


def plan_to_document(plan: Plan) -> Document:
    """The plan as JSON data, with counts for those who only want to know whether it is empty."""
    return {
        "format-version": FORMAT_VERSION,
        "router": plan.router,
        "host": plan.host,
        "version": plan.version,
        "serial": plan.serial,
        "commit": plan.commit,
        "fingerprint": plan.fingerprint,
        "empty": plan.empty,
        "counts": {kind: plan.count(kind) for kind in ("add", "change", "move", "remove")},
        "stages": stages_to_document(plan.stages),
        "notes": [_note(note) for note in plan.notes],
        "neighbourhoods": [_neighbourhood(part) for part in plan.neighbourhoods],
        "risks": {
            "lockout": lockout_to_document(plan.lockout),
            "disruption": disruption_to_document(plan.disruption),
            "guards": [guard_to_document(guard) for guard in plan.guards],
            "checks": [check_to_document(check) for check in plan.checks],
        },
        "net": net_to_document(plan.net),
    }


def stages_to_document(stages: Iterable[Iterable[Change]]) -> list[list[Document]]:
    """The changes of a plan as JSON data."""
    return [[_change(change) for change in stage] for stage in stages]


def report_to_document(report: Report) -> Document:
    """The report as JSON data; its plan is a document of its own."""
    return {
        "format-version": FORMAT_VERSION,
        "router": report.plan.router,
        "converged": report.converged,
        "error": report.error,
        "results": [
            {"outcome": str(result.outcome), "error": result.error, "id": result.id} for result in report.results
        ],
        "left": None if report.left is None else plan_to_document(report.left),
        "notes": list(report.notes),
        "waiting": report.waiting,
    }


def plan_from_document(document: Mapping[str, Any]) -> Plan:
    """The plan from JSON data; PlanError where it is not one, or of another major format version."""
    version = str(document.get("format-version", ""))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise PlanError(f"this plan has format-version {version or '(none)'}; this trueup reads {FORMAT_VERSION}")
    try:
        risks = document.get("risks", {})
        return Plan(
            router=document["router"],
            host=document["host"],
            version=document["version"],
            serial=document["serial"],
            commit=document["commit"],
            stages=tuple(tuple(_read_change(change) for change in stage) for stage in document["stages"]),
            fingerprint=document["fingerprint"],
            notes=tuple(_read_note(note) for note in document["notes"]),
            neighbourhoods=tuple(_read_neighbourhood(part) for part in document["neighbourhoods"]),
            lockout=lockout_from_document(risks.get("lockout")),
            disruption=disruption_from_document(risks.get("disruption")),
            guards=tuple(guard_from_document(guard) for guard in risks.get("guards", ())),
            checks=tuple(check_from_document(check) for check in risks.get("checks", ())),
            net=net_from_document(document.get("net")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanError(f"this is no plan that can be read: {error!r}; make it again with trueup plan --out") from error


def _value(value: PlanValue) -> Any:
    if isinstance(value, SecretValue):
        return {"secret": value.ref.name if value.ref else None, "digest": value.digest}
    if isinstance(value, PersonalValue):
        return {"personal": value.digest}
    return value


def _read_value(value: Any) -> PlanValue:
    if isinstance(value, Mapping):
        if "personal" in value:
            return PersonalValue(value["personal"])
        return SecretValue(SecretRef(value["secret"]) if value["secret"] else None, value["digest"])
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{value!r} is no value")


def _values(values: Values) -> Document:
    return {name: _value(value) for name, value in values.items()}


def _read_values(document: Mapping[str, Any]) -> Values:
    return {name: _read_value(value) for name, value in document.items()}


def _target(target: Target | None) -> Document | None:
    if target is None:
        return None
    if isinstance(target, Created):
        return {"created": target.n}
    return {"id": target.id, "digest": target.digest}


def _read_target(document: Mapping[str, Any] | None) -> Target | None:
    if document is None:
        return None
    return Created(document["created"]) if "created" in document else Existing(document["id"], document["digest"])


def _change(change: Change) -> Document:
    if isinstance(change, Add):
        return {
            "kind": "add",
            "menu": change.menu,
            "row": _values(change.row),
            "values": _values(change.values),
            "before": _target(change.before),
            "source": source_to_document(change.source),
        }
    if isinstance(change, Set):
        return {
            "kind": "set",
            "menu": change.menu,
            "row": _values(change.row),
            "target": _target(change.target),
            "values": _values(change.values),
            "old": _values(change.old),
            "source": source_to_document(change.source),
            "sources": {name: source_to_document(source) for name, source in change.sources.items()},
            "reason": change.reason,
        }
    if isinstance(change, Move):
        return {
            "kind": "move",
            "menu": change.menu,
            "rows": [_values(row) for row in change.rows],
            "targets": [_target(target) for target in change.targets],
            "before": _target(change.before),
        }
    return {
        "kind": "remove",
        "menu": change.menu,
        "row": _values(change.row),
        "target": _target(change.target),
        "reason": change.reason,
    }


def _read_change(document: Mapping[str, Any]) -> Change:
    kind, menu = document["kind"], document["menu"]
    if kind == "add":
        before, source = _read_target(document["before"]), source_from_document(document["source"])
        return Add(menu, _read_values(document["values"]), _read_values(document["row"]), before, source)
    if kind == "set":
        sources = {n: s for n, d in document["sources"].items() if (s := source_from_document(d)) is not None}
        return Set(
            menu=menu,
            target=_read_target(document["target"]),
            values=_read_values(document["values"]),
            old=_read_values(document["old"]),
            row=_read_values(document["row"]),
            source=source_from_document(document["source"]),
            sources=sources,
            reason=document["reason"],
        )
    if kind == "move":
        targets = tuple(t for d in document["targets"] if (t := _read_target(d)) is not None)
        rows = tuple(_read_values(row) for row in document["rows"])
        return Move(menu, targets, rows, _read_target(document["before"]))
    if kind == "remove":
        target = Existing(document["target"]["id"], document["target"]["digest"])
        return Remove(menu, target, _read_values(document["row"]), document["reason"])
    raise ValueError(f"{kind!r} is no kind of change")


def _note(note: Note) -> Document:
    return {"text": note.text, "menu": note.menu, "source": source_to_document(note.source)}


def _read_note(document: Mapping[str, Any]) -> Note:
    return Note(document["text"], document["menu"], source_from_document(document["source"]))


def _neighbourhood(part: Neighbourhood) -> Document:
    return {
        "menu": part.menu,
        "stratum": _values(part.stratum),
        "dynamic": part.dynamic,
        "rows": [{"position": n.position, "row": _values(n.row), "changes": list(n.changes)} for n in part.rows],
    }


def _read_neighbourhood(document: Mapping[str, Any]) -> Neighbourhood:
    rows = tuple(Neighbour(n["position"], _read_values(n["row"]), tuple(n["changes"])) for n in document["rows"])
    return Neighbourhood(document["menu"], _read_values(document["stratum"]), rows, document["dynamic"])
