"""The value types by the names that the catalogue uses; docs/catalogue.md lists them for people."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.canonical.address import ADDRESS, ADDRESS_OR_NAME, HOST, INTERFACE_ADDRESS, SUBNET_ADDRESS
from trueup.canonical.boolean import BOOLEAN, FLAG
from trueup.canonical.clock import DATE, TIME
from trueup.canonical.duration import DURATION
from trueup.canonical.enum import ENUM, ENUM_OR_NUMBER
from trueup.canonical.integer import DECIMAL, HEX, INTEGER
from trueup.canonical.key import PRIVATE_KEY
from trueup.canonical.kind import ValueType
from trueup.canonical.limit import LIMIT
from trueup.canonical.mac import MAC
from trueup.canonical.policy import POLICY, TOPIC
from trueup.canonical.quantity import KIBIBYTES, RATE, SIZE
from trueup.canonical.span import SPAN
from trueup.canonical.target import ADDRESS_RANGE, LIST_ENTRY, PREFIX, PREFIX_OR_NAME, TARGET
from trueup.canonical.text import TEXT

TYPES: Mapping[str, ValueType] = {
    "address": ADDRESS,
    "address-or-name": ADDRESS_OR_NAME,
    "address-range": ADDRESS_RANGE,
    "boolean": BOOLEAN,
    "date": DATE,
    "decimal": DECIMAL,
    "duration": DURATION,
    "enum": ENUM,
    "enum-or-number": ENUM_OR_NUMBER,
    "flag": FLAG,
    "hex": HEX,
    "host": HOST,
    "integer": INTEGER,
    "interface-address": INTERFACE_ADDRESS,
    "kibibytes": KIBIBYTES,
    "limit": LIMIT,
    "list-entry": LIST_ENTRY,
    "mac": MAC,
    "policy": POLICY,
    "prefix": PREFIX,
    "prefix-or-name": PREFIX_OR_NAME,
    "private-key": PRIVATE_KEY,
    "rate": RATE,
    "size": SIZE,
    "span": SPAN,
    "subnet-address": SUBNET_ADDRESS,
    "target": TARGET,
    "text": TEXT,
    "time": TIME,
    "topic": TOPIC,
}
