"""lab.yaml as JSON Schema. Its reader is the lab's own; tests/schemas holds the two together."""

from __future__ import annotations

from trueup_schemas.published.shapes import IPV4, TEXT, Schema, text

_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_VALUE: Schema = {"type": ["string", "number", "boolean", "null", "array"], "items": _SCALAR}
_PORT: Schema = {"type": ["integer", "string"], "minimum": 0, "maximum": 65535, "pattern": "^[0-9]{1,5}$"}
_TIME: Schema = {**TEXT, "description": "Such as 50ms."}
_WHOLE: Schema = {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,15}$"}
_YES_NO: Schema = {"type": ["boolean", "string"], "pattern": "^(yes|no|true|false)$"}
_VERSION = r"^[67]\.[0-9]{1,2}(\.[0-9]{1,2})?$"
_WORDS: Schema = {"type": "array", "items": TEXT}
_ROW: Schema = {"type": "object", "additionalProperties": _VALUE}
_MODES = ("advanced", "basic", "enterprise", "home", "rose")

_USER: Schema = {
    "type": "object",
    "properties": {"name": TEXT, "password": TEXT, "group": TEXT},
    "required": ["name"],
}
_MANAGER: Schema = {
    "type": "object",
    "properties": {
        "source": text(rf"^{IPV4}$", "Where the manager's packets come from."),
        "destination": text(rf"^{IPV4}$", "The router's address that they go to."),
        "interface": {**TEXT, "description": "The port that they arrive on: ether1, unless it is said."},
        "vlan": {"type": ["integer", "string"], "minimum": 0, "maximum": 4094, "pattern": "^[0-9]{1,4}$"},
        "tunnel": TEXT,
        "gateway": text(rf"^{IPV4}$"),
    },
    "required": ["source", "destination"],
    "additionalProperties": False,
}
_FAULT: Schema = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["drop", "vanish", "trap", "stall", "lost", "garbage", "torn", "reboot"]},
        "match": TEXT,
        "skip": _WHOLE,
        "times": _WHOLE,
        "executed": _YES_NO,
        "message": TEXT,
        "seconds": TEXT,
    },
    "required": ["kind"],
}
_SEED: Schema = {
    "type": "object",
    "propertyNames": {"pattern": "^(/[a-z0-9-]+)+$"},
    "additionalProperties": {"type": ["object", "array"], "items": _ROW, "additionalProperties": _VALUE},
    "description": "What the router holds at first: rows by menu.",
}

ROUTER: Schema = {
    "type": "object",
    "properties": {
        "name": {**TEXT, "description": "The router's name, as in the network."},
        "version": {**TEXT, "pattern": _VERSION, "description": '"7.24", unless it is said.'},
        "board": {**TEXT, "description": "Such as chr (unless it is said), hex or rb5009."},
        "ports": {**_WORDS, "description": "Ports beyond the board's own, such as ether6 or wlan1."},
        "packages": {**_WORDS, "description": "Extra packages; all that there are, unless it is said."},
        "address": {**TEXT, "description": "The loopback address that it is reached at."},
        "port": {**_PORT, "description": "The API's port: 8728, unless it is said."},
        "tls-port": {**_PORT, "description": "The API's port with TLS: 8729, unless it is said."},
        "ssh-port": {**_PORT, "description": "The console's port; closed, unless it is said."},
        "username": TEXT,
        "password": {**TEXT, "description": "In the clear, or !secret NAME, which comes from the environment."},
        "users": {"type": "array", "items": _USER},
        "serial": TEXT,
        "login": {"enum": ["plain", "challenge"]},
        "anonymous": {**_YES_NO, "description": "TLS without a certificate."},
        "latency": {**_TIME, "description": "A round trip's time, such as 50ms."},
        "per-command": _TIME,
        "boot-time": _TIME,
        "free-space": {**_WHOLE, "description": "In bytes."},
        "device-mode": {"anyOf": [{"enum": list(_MODES)}, {"type": "object", "additionalProperties": _SCALAR}]},
        "manager": _MANAGER,
        "answers": {**_WORDS, "description": "Addresses and networks that answer the router's pings."},
        "faults": {"type": "array", "items": _FAULT, "description": "What goes wrong with which command."},
        "seed": _SEED,
    },
    "required": ["name"],
    "additionalProperties": False,
}

LAB: Schema = {
    "type": "object",
    "properties": {"routers": {"type": "array", "items": ROUTER, "minItems": 1}},
    "required": ["routers"],
    "description": "lab.yaml: virtual routers to rehearse on.",
}
