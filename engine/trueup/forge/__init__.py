"""GitHub and GitLab through their HTTP APIs: comments, checks, pull requests."""

from trueup.forge.forge import Forge, Pull, State
from trueup.forge.open import open_forge

__all__ = ["Forge", "Pull", "State", "open_forge"]
