"""Which plans `trueup apply` has been told to agree to."""

from __future__ import annotations

import click

accept_option = click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="HASH",
    help="Apply a plan that needs to be agreed to: its hash, or the run's, as shown. May be repeated.",
)
