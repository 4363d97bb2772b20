"""A valid value for any property, from its type, words and range alone; two variants, so that rows differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trueup.canonical import canonical
from trueup.canonical.duration import nanoseconds
from trueup_schemas.catalogue.types import Property

Sampler = Callable[[Property, int], str]


def sample(property: Property, variant: int) -> str:
    """A canonical value; `variant` counts from 0, and the default is avoided where another value is at hand."""
    tries = [*range(variant, variant + 8)]
    values = [canonical(property, written(property, n)) for n in tries]
    return next((value for value in values if value not in ("", property.default)), values[0])


def written(property: Property, n: int) -> str:
    """A value as somebody may write it."""
    first, slash, second = property.type.partition("/")
    if slash:
        return f"{SAMPLES[first](property, n)}/{SAMPLES[second](property, n + 1)}"
    if property.type == "enum" or (property.values and n % 3 == 2):
        return property.values[n % len(property.values)]
    return SAMPLES[first](property, n)


def integer(property: Property, n: int) -> str:
    low, high = int(property.minimum or "0", 0), int(property.maximum or "4294967295", 0)
    return str(min(high, (low + 1, high, low)[n] if n < 3 else low + n - 1))


def decimal(property: Property, n: int) -> str:
    low, high = float(property.minimum or 0), float(property.maximum or 100)
    return f"{min(high, low + (n + 1) * 0.25):g}"


def duration(property: Property, n: int) -> str:
    low = nanoseconds(property.minimum) if property.minimum else None
    high = nanoseconds(property.maximum) if property.maximum else None
    wanted = max(low or 0, (n + 7) * 1_000_000_000)
    return f"{(wanted if high is None else min(wanted, high)) // 1_000_000}ms"


def size(property: Property, n: int) -> str:
    return property.minimum or str(4096 * (n + 1))


def word(property: Property, n: int) -> str:
    return property.values[n % len(property.values)] if property.values else ("read", "write", "test", "api")[n % 4]


SAMPLES: Mapping[str, Sampler] = {
    "address": lambda _, n: f"10.9.8.{n + 1}",
    "address-or-name": lambda _, n: f"10.9.7.{n + 1}",
    "address-range": lambda _, n: f"10.9.6.{n + 10}-10.9.6.{n + 99}",
    "boolean": lambda _, n: "no" if n % 2 else "yes",
    "date": lambda _, n: f"2026-02-{n + 1:02}",
    "decimal": decimal,
    "duration": duration,
    "enum-or-number": lambda _, n: str(n + 1),
    "flag": lambda _, n: "yes",
    "hex": lambda p, n: f"0x{int(integer(p, n)):X}",
    "host": lambda _, n: f"host{n}.example",
    "integer": integer,
    "interface-address": lambda _, n: f"10.9.{n}.1/24",
    "kibibytes": lambda p, n: p.minimum or str(2048 * (n + 1)),
    "limit": lambda _, n: f"{n + 1}/1m,{n + 5}:packet",
    "list-entry": lambda _, n: f"10.9.{n}.0/25",
    "mac": lambda _, n: f"02:00:00:00:00:{n + 1:02X}",
    "policy": word,
    "prefix": lambda _, n: f"10.{n}.0.0/16",
    "prefix-or-name": lambda _, n: f"10.{n}.0.0/16",
    "private-key": lambda _, n: "MEFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
    "rate": lambda _, n: f"{n + 1}M",
    "size": size,
    "subnet-address": lambda _, n: f"2001:db8:{n}::1/64",
    "span": lambda p, n: integer(p, n),
    "target": lambda _, n: f"10.9.{n}.0/24",
    "text": lambda p, n: f"{p.name.replace('.', '-')}{n}",
    "time": lambda _, n: f"04:30:{n:02}",
    "topic": word,
}
"""By the names that the catalogue uses; enums are their words."""
