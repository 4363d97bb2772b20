"""Small pictures made on the server: elements, scales, the stacked bar of states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape


def tag(name: str, *content: Markup | str, **attributes: object) -> Markup:
    """One element; `_` in an attribute's name stands for `-`, `cls` for class; text is escaped."""
    said = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
    )
    inside = "".join(escape(each) for each in content)
    return Markup(f"<{name}{said}>{inside}</{name}>")  # noqa: S704 - every part is escaped above


def picture(width: int, height: int, title: str, description: str, parts: Iterable[Markup], name: str) -> Markup:
    """A picture that a screen reader tells by its title and description; `name` makes its ids its own."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        *parts,
        viewBox=f"0 0 {width} {height}",
        role="img",
        cls="chart",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def state_bar(counts: Mapping[str, int], described: str) -> Markup:
    """The fleet as one bar, a piece for each state; what is small is still seen."""
    total = sum(counts.values()) or 1
    shares = {state: max(number / total, 0.006) for state, number in counts.items() if number}
    whole, at, pieces = sum(shares.values()) or 1.0, 0.0, []
    for state, share in shares.items():
        width = 1000 * share / whole
        pieces.append(tag("rect", x=at, y=0, width=max(width - 2, 1), height=12, rx=2, cls=f"fill-{state}"))
        at += width
    return tag(
        "svg",
        tag("title", described),
        *pieces,
        viewBox="0 0 1000 12",
        preserveAspectRatio="none",
        role="img",
        aria_label=described,
        cls="state-bar",
    )


def _number(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
