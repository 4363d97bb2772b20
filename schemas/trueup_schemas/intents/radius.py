"""`radius`: the RADIUS servers that a router asks, tried in the order in which they stand."""

from __future__ import annotations

from pydantic import Field

from trueup_schemas.declared import Declared, Secret
from trueup_schemas.intents.object import Place, Words


class RadiusServer(Declared):
    """One RADIUS server; `name` becomes its comment, `interim-update` goes to PPP where it serves that."""

    name: str | None = None
    address: str
    secret: Secret
    service: Words = Field(min_length=1)
    authentication_port: int | None = None
    accounting_port: int | None = None
    accounting_backup: bool | None = None
    protocol: str | None = None
    certificate: str | None = None
    timeout: str | None = None
    src_address: str | None = None
    realm: str | None = None
    domain: str | None = None
    called_id: str | None = None
    require_message_auth: str | None = None
    place: Place | None = None
    disabled: bool | None = None
    protect: bool | None = None
    ignore: Words | None = None
    interim_update: str | None = None
    incoming: int | None = Field(default=None, ge=1, le=65535)
    """The port on which the router takes disconnect and change-of-authorisation requests."""
