"""Secrets: names in YAML, values in stores outside the repository."""

from trueup.secrets.digest import digester
from trueup.secrets.keys import public_key
from trueup.secrets.stores import DIGEST_KEY, Stores, open_stores
from trueup_schemas.secret import variable

__all__ = ["DIGEST_KEY", "Stores", "digester", "open_stores", "public_key", "variable"]
