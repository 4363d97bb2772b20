"""summary.md: a run for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trueup.audit.run import RouterRecord, RunRecord
from trueup.plan import Plan, Report
from trueup.show import Line, Show


def write_summary(record: RunRecord, plans: Sequence[Plan], reports: Sequence[Report]) -> str:
    """The run as Markdown: who, when, each router's outcome, what was planned and what failed."""
    show = Show(private=True)
    parts = [_head(record), _table(record), _block("What was planned", show.plans(plans))]
    failed = [report for report in reports if not report.converged]
    if failed:
        parts.append(_block("What did not come about", show.reports(failed)))
    return "\n\n".join(parts) + "\n"


def _head(record: RunRecord) -> str:
    lines = [
        f"# Run {record.id}: {record.outcome}",
        "",
        f"- who: {record.who}",
        f"- network commit: {record.commit or 'none, the files were not committed'}",
        f"- started: {record.started:%Y-%m-%d %H:%M:%S} UTC",
    ]
    if record.ended:
        lines.append(f"- ended: {record.ended:%Y-%m-%d %H:%M:%S} UTC")
    if record.override:
        lines.append(f"- outside a window: {record.override}")
    lines += [
        f"- --allow-lockout: the manager's path to {name} {router.lockout}"
        for name, router in sorted(record.routers.items())
        if router.lockout not in ("", "kept")
    ]
    return "\n".join(lines)


def _table(record: RunRecord) -> str:
    rows = [_row(name, router) for name, router in sorted(record.routers.items())]
    return "\n".join(["| router | add | change | move | remove | outcome |", "|---|---|---|---|---|---|", *rows])


def _row(name: str, router: RouterRecord) -> str:
    return f"| {name} | {router.add} | {router.change} | {router.move} | {router.remove} | {router.outcome} |"


def _block(title: str, lines: Iterable[Line]) -> str:
    """Lines as they stand; a fence longer than any run of backticks in them."""
    text = "\n".join(_text(lines)).rstrip()
    fence = "```"
    while fence in text:
        fence += "`"
    return f"## {title}\n\n{fence}text\n{text}\n{fence}"


def _text(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        mark = f"{line.mark} " if line.mark else ""
        place = f"   {line.place}" if line.place else ""
        yield f"{' ' * line.indent}{mark}{line.text}{place}".rstrip()
