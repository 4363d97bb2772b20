"""Plans and reports as neutral lines, for the terminal, the audit, a page and a pull request."""

from trueup.show.line import Line, Mark
from trueup.show.plans import Show, header, totals

__all__ = ["Line", "Mark", "Show", "header", "totals"]
