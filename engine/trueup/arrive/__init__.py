"""Arriving: a new box becomes a router that trueup can manage."""
