"""Statements of a RouterOS script, in words that every version from 6.49 on reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trueup.canonical.quote import quoted
from trueup.errors import PlanError, Problem

_NEGATED = re.compile(r"![A-Za-z0-9_./:,@%-]+\Z")
_ID = re.compile(r"\*[0-9A-Fa-f]{1,16}\Z")


def path(menu: str) -> str:
    """`/ip/firewall/filter` as the console of every version takes it."""
    return "/" + menu[1:].replace("/", " ")


def argument(name: str, text: str) -> str:
    """`name="text"`; what is negated goes without quotes where it can, as exports write it."""
    return f"{name}={text if _NEGATED.match(text) else quoted(text)}"


def id_of(text: str) -> str:
    """A row's id as a literal; PlanError for anything else, which would be read as a part of the script."""
    if not _ID.match(text):
        raise PlanError(Problem(f"{text!r} is no row's id", remedy="plan again"))
    return text


def listed(items: Iterable[str]) -> str:
    """An array of expressions."""
    return f"{{{';'.join(items)}}}"


def keyed(items: Mapping[str, str]) -> str:
    """An array by keys, which are texts; keys in the order that routers themselves keep them in."""
    if not items:
        return '[:toarray ""]'
    return listed(f"{quoted(key)}={items[key]}" for key in sorted(items))


def tried(statements: str) -> str:
    """Statements whose failure stops nothing but themselves; failures are counted."""
    return f":do {{{statements}}} on-error={{:set e ($e+1)}}"


def absent(variable: str) -> str:
    """Whether a variable holds no row's id."""
    return f'[:pick [:tostr ${variable}] 0 1]!="*"'
