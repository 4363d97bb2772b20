"""A table's rows as a linked list, so that taking a row out and putting it elsewhere costs the same at any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Chain:
    """An ordered set of names with O(1) insertion and removal."""

    def __init__(self, names: Iterable[str]) -> None:
        self._next: dict[str, str] = {}
        self._previous: dict[str, str] = {}
        self._next[""] = self._previous[""] = ""
        for name in names:
            self.insert(name, None)

    def __iter__(self) -> Iterator[str]:
        return self.after("")

    def after(self, name: str) -> Iterator[str]:
        """The names that follow one."""
        name = self._next[name]
        while name:
            yield name
            name = self._next[name]

    def insert(self, name: str, before: str | None) -> None:
        """Put a new name before another, or at the end."""
        following = before or ""
        previous = self._previous[following]
        self._next[previous] = self._previous[following] = name
        self._previous[name], self._next[name] = previous, following

    def take(self, name: str) -> None:
        previous, following = self._previous.pop(name), self._next.pop(name)
        self._next[previous], self._previous[following] = following, previous
