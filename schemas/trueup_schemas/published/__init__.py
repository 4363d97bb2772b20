"""JSON Schemas of a network's files, for editors: from the models and the catalogue, so that they say the same."""

from trueup_schemas.published.files import ALL, KINDS, alone, file_name, published, shipped, written

__all__ = ["ALL", "KINDS", "alone", "file_name", "published", "shipped", "written"]
