"""What a proposal says: the words of its commit and of its pull request, with no value of any row in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trueup.adopt.update import Drift, Updated
from trueup.audit.personal import redactor
from trueup.plan import Add, Change, Move, Remove

LONGEST = 20
"""Menus and names that a text lists; the rest is counted."""

Outcome = Literal["proposed", "there", "merged", "others", "declined", "nothing"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What became of proposing a router's drift for adoption.

    `outcome`: it was proposed now, or stands already; or nothing was written, since it was merged and is not in force
    yet, since the branch holds somebody else's commits, since somebody has turned these very changes down, or since
    there is nothing that could be written.
    `url` is the pull request's, "" without a forge. `text` says all this for people, without values of rows.
    """

    router: str
    branch: str
    outcome: Outcome
    text: str
    commit: str = ""
    url: str = ""
    menus: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where to look at it: the pull request, else the branch, "" where there is neither."""
        return self.url or (self.branch if self.outcome in ("proposed", "there", "others") else "")


@dataclass(frozen=True, slots=True)
class Words:
    """The texts about one router's drift; `authors` is what the router's own history says."""

    drift: Drift
    updated: Updated
    menus: Sequence[str]
    authors: str

    @property
    def title(self) -> str:
        return f"Adopt {self.updated.router}: {_listed(self.menus, 3)}"

    @property
    def message(self) -> str:
        """The commit's message."""
        rows = [f"{menu}: {text}" for menu, text in self._counts()]
        return "\n".join([self.title, "", f"Changed by hand on the router, {self._by()}.", "", *rows]) + "\n"

    @property
    def body(self) -> str:
        """The pull request's text, in Markdown."""
        router, file = self.updated.router, self.updated.file
        table = ["| menu | on the router |", "|---|---|", *(f"| `{menu}` | {text} |" for menu, text in self._counts())]
        parts = [
            f"**{router}** is not as it is declared: it was changed by hand, {self._by('`')}. This branch writes "
            f"what the router has now into `{file}`.",
            "\n".join(table),
            *self._beside(),
            "Merge it to keep these changes. Close it to say no: it is not proposed again until the router changes "
            "further. To have the changes taken back, use `trueup apply`, or the mode *enforce*.",
        ]
        return "\n\n".join(parts) + "\n"

    def _by(self, quote: str = "") -> str:
        """Who did it; a router's words between quotes format nothing and mention nobody."""
        known = "".join(letter if letter.isprintable() else " " for letter in self.authors).strip().replace("`", "'")
        known_by = f"by the router's own history: {quote}{known}{quote}"
        return known_by if known and known != "unknown" else "by somebody unknown"

    def _counts(self) -> Iterator[tuple[str, str]]:
        """Each menu with how many of its rows are new, changed, gone and moved on the router."""
        for menu in self.menus[:LONGEST]:
            counts = Counter(_kind(each) for each in self.updated.drift.changes if each.menu == menu)
            told = ", ".join(f"{counts[kind]} {kind}" for kind in ("new", "changed", "gone", "moved") if counts[kind])
            yield menu, told
        if len(self.menus) > LONGEST:
            yield f"{len(self.menus) - LONGEST} more menus", "see the commit"

    def _beside(self) -> Iterator[str]:
        """What whoever merges has to know, or do."""
        yield from self._secrets()
        left = [change for change in self.updated.left.changes if change.menu in self.menus]
        if left:
            yield (
                f"**Not all of it is here:** {_changes(len(left))} could not be written into the router's own file. "
                f"`trueup adopt {self.updated.router} --update` says which, and why."
            )
        if self.updated.undone:
            rows = "1 row that is" if len(self.updated.undone) == 1 else f"{len(self.updated.undone)} rows that are"
            yield f"**Look closely:** {rows} declared and not applied yet gave way to what the router has."

    def _secrets(self) -> Iterator[str]:
        """The secrets whose values are to be put into the store by hand; names that tell a person's are counted."""
        new = [name for name in self.updated.secrets if name not in self.updated.changed]
        for names, what in (
            (
                new,
                "**Before merging,** put these new secrets into the secret store, with the values that the router has:",
            ),
            (self.updated.changed, "**Before merging,** change these secrets in the store to what the router has now:"),
        ):
            shown = [name for name in names if self._may_be_named(name)]
            lines = [f"- `{name}`" for name in shown[:LONGEST]]
            if hidden := len(names) - len(lines):
                lines.append(f"- {hidden} more: `!secret` in `{self.updated.file}` names them")
            if names:
                yield "\n".join([what, "", *lines])

    def _may_be_named(self, name: str) -> bool:
        """Whether a secret's name holds no personal data: those of rows about people hold the person's name."""
        clean = redactor([self.updated.drift, self.updated.left])
        if clean(name) != name:
            return False
        menus = (self.drift.catalogue.menu(menu) for menu in self.menus)
        personal = [menu for menu in menus if any(each.personal for each in menu.properties.values())]
        starts = (f"{self.updated.router}/{menu.path[1:].replace('/', '-')}/" for menu in personal)
        return not name.startswith(tuple(starts))


def menus_of(updated: Updated, wanted: Iterable[str] | None) -> tuple[str, ...]:
    """The menus that drifted and are to be proposed."""
    found: Mapping[str, None] = dict.fromkeys(sorted(change.menu for change in updated.drift.changes))
    return tuple(menu for menu in found if wanted is None or menu in wanted)


def _kind(change: Change) -> str:
    """What happened on the router that this change would take back."""
    if isinstance(change, Move):
        return "moved"
    return "gone" if isinstance(change, Add) else "new" if isinstance(change, Remove) else "changed"


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"


def _listed(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
