"""trueup: declarative configuration for MikroTik RouterOS."""

__version__ = "0.1.0"
