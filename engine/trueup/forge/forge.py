"""What a forge can do for a network: one way for GitHub and GitLab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["pending", "success", "failure", "error"]
"""What a check of a commit says."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request, or a merge request: from `branch`, whose newest commit is `sha`, into `base`.

    `state` is open, merged or closed. `url` is where people read it.
    """

    number: int
    url: str
    branch: str = ""
    base: str = ""
    sha: str = ""
    state: Literal["open", "merged", "closed"] = "open"
    title: str = ""
    body: str = ""
    labels: tuple[str, ...] = ()


class Forge(Protocol):
    """Each call is whole by itself and raises ForgeError, which says what to do; repeating one changes nothing more."""

    @property
    def name(self) -> str:
        """Which forge and repository this is, for people."""

    async def upsert_comment(self, number: int, marker: str, body: str) -> str:
        """Write our one comment with this marker, a word that people do not see; returns where it is.

        The one that is there is changed in place. A text that is longer than a comment may be goes on in further ones,
        and is cut with a word about it after the last.
        """

    async def set_status(self, sha: str, state: State, description: str, context: str, url: str = "") -> None:
        """What the check named `context` says of a commit; nothing is sent where it says so already."""

    async def open_pull(self, branch: str, base: str, title: str, body: str, labels: Sequence[str] = ()) -> Pull:
        """The pull request of a branch, opened where none is open; an open one gets this title and text."""

    async def pull_of(self, branch: str) -> Pull | None:
        """The open pull request of a branch of this repository."""

    async def last_pull(self, branch: str) -> Pull | None:
        """The newest pull request of a branch of this repository, whatever became of it."""

    async def pull(self, number: int) -> Pull:
        """A pull request by its number."""

    async def find_pull(self, sha: str) -> Pull | None:
        """The open pull request whose newest commit this is, else one that holds it."""

    async def close_pull(self, number: int, comment: str = "") -> None:
        """Close a pull request that is open, saying why."""

    async def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels to a pull request."""
