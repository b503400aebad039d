"""The arrays that the shell is connected to, by name, and the one that commands go to."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, count
from urllib.parse import urlsplit

from attrs import field, frozen

import sansdk
from sanshell.status import UsageError
from sanshell.volume_names import VolumeNames


@frozen(eq=False)
class Connected:
    """One array.

    Attributes:
        name: How commands call it.
        url: Where it is.
        session: The connection.
        volume_names: For completion.
    """

    name: str
    url: str
    session: sansdk.SanSession = field(repr=False)
    volume_names: VolumeNames = field(repr=False)

    @property
    def described(self) -> str:
        """Which array it is, for a person who is about to lose something there."""
        return f"Array {self.name}, {self.url}"

    def volumes(self) -> list[sansdk.Volume]:
        """Every volume; completion learns their names."""
        found = self.session.volumes()
        self.volume_names.learn(v.name for v in found)
        return found

    def close(self) -> None:
        """Disconnect; a refresh that is under way is cut short."""
        if self.volume_names.refreshing:
            self.session.cancel()
        self.session.close()


class Arrays:
    """Connected arrays; at most one of them is current."""

    def __init__(self) -> None:
        self._arrays: dict[str, Connected] = {}
        self._current: str | None = None

    def __iter__(self) -> Iterator[Connected]:
        return iter(tuple(self._arrays.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    @property
    def names(self) -> list[str]:
        """Every name, in the order of connecting."""
        return list(self._arrays)

    @property
    def current(self) -> str | None:
        """The name of the array that commands go to; None where none is connected."""
        return self._current

    def add(self, session: sansdk.SanSession, url: str, name: str | None = None) -> Connected:
        """Take a session in; it becomes current.

        Args:
            session: The session.
            url: Its URL.
            name: What to call it; its host where None, numbered if that is taken.

        Raises:
            UsageError: The name is taken.
        """
        if name is not None and name in self._arrays:
            raise UsageError(f"An array called {name!r} is connected already: choose another name.")
        name = name or self._unused(urlsplit(url).hostname or urlsplit(url).scheme)
        array = Connected(name, url, session, VolumeNames(lambda: [v.name for v in session.volumes()]))
        self._arrays[name] = array
        self._current = name
        return array

    def get(self, name: str | None = None) -> Connected:
        """The array of that name, or the current one.

        Raises:
            UsageError: There is none.
        """
        wanted = name or self._current
        if wanted is None:
            raise UsageError("No array is connected: say connect URL, or start with --simulator.")
        if wanted not in self._arrays:
            known = ", ".join(self._arrays) or "none"
            raise UsageError(f"No array called {wanted!r} is connected; those connected: {known}.")
        return self._arrays[wanted]

    def use(self, name: str) -> None:
        """Make an array current.

        Raises:
            UsageError: There is none of that name.
        """
        self._current = self.get(name).name

    def close(self) -> None:
        """Disconnect from every one.

        Raises:
            sansdk.SanError: One could not be left as it should be; the others were.
        """
        with ExitStack() as stack:
            for array in self._arrays.values():
                stack.callback(array.close)
        self._arrays.clear()
        self._current = None

    def _unused(self, name: str) -> str:
        """`name`, with a number if it is taken."""
        return next(n for n in chain([name], (f"{name}-{k}" for k in count(2))) if n not in self._arrays)
