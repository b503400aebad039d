"""The devices of volumes: their paths, who holds one open, and what COMSTAR keeps on one (source: illumos zvol.c)."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from sansim.solaris.pools.errors import Busy, Reason, Refused
from sansim.solaris.pools.late import Late
from sansim.solaris.pools.model import Dataset
from sansim.state import State, Table

__all__ = ["Volumes"]


class Volumes:
    """The volumes of a host, as those see them who use their devices.

    Attributes:
        late: Which devices are not there yet.
    """

    def __init__(self, state: State, datasets: Table[Dataset], prefixes: Sequence[str]) -> None:
        """Look at volumes.

        Args:
            state: Where changes are made.
            datasets: Filesystems and volumes of all pools, by name.
            prefixes: What stands before the name of a volume in the paths of its devices.
        """
        self._state = state
        self._datasets = datasets
        self._prefixes = prefixes
        self._holders: dict[int, str] = {}
        self.late = Late(state, datasets)

    def at(self, path: str) -> str | None:
        """Return the volume behind a device path, None if there is none."""
        for prefix in self._prefixes:
            dataset = self._datasets.get(path.removeprefix(prefix)) if path.startswith(prefix) else None
            if dataset is not None and dataset.kind == "volume":
                return None if self.late.look(dataset) else dataset.name
        return None

    def paths(self, under: str = "/dev/") -> Iterator[str]:
        """Yield the paths of volumes' devices, raw and block, below a directory given with its `/`."""
        for dataset in self._datasets.values():
            for prefix in self._prefixes if dataset.kind == "volume" else ():
                path = prefix + dataset.name
                if not path.startswith(under):
                    continue
                # Who lists a directory looks at what lies just in it.
                hidden = self.late.hides if "/" in path.removeprefix(under) else self.late.look
                if not hidden(dataset):
                    yield path

    def shown(self) -> Iterator[str]:
        """Yield the names of the volumes whose devices are there."""
        for dataset in self._datasets.values():
            if dataset.kind == "volume" and not self.late.hides(dataset):
                yield dataset.name

    def size(self, name: str) -> int:
        """Return a volume's bytes.

        Raises:
            Refused: It is not there.
        """
        return self._volume(name).volsize

    def open(self, name: str, holder: str) -> None:
        """Hold a volume open for one user of its device; it stays held through a rename.

        Raises:
            Busy: Another holds it.
            Refused: It is not there.
        """
        if self._holders.setdefault(self._volume(name).guid, holder) != holder:
            raise Busy(name)

    def reopen(self, holders: Mapping[int, str]) -> None:
        """Let these, by the guids of volumes, be all who hold one open."""
        there = {dataset.guid for dataset in self._datasets.values()}
        self._holders = {guid: holder for guid, holder in holders.items() if guid in there}

    def close(self, name: str, holder: str) -> None:
        """Let go of a volume; `name` may be the one it had when it was opened."""
        here = self._datasets.get(name)
        if here is not None and self._holders.get(here.guid) == holder:
            del self._holders[here.guid]
            return
        for guid in [guid for guid, by in self._holders.items() if by == holder]:
            del self._holders[guid]

    def is_open(self, name: str) -> bool:
        """Tell whether somebody holds a volume open."""
        return self._volume(name).guid in self._holders

    def lu_metadata(self, name: str) -> str | None:
        """Return what COMSTAR keeps on a volume.

        Raises:
            Refused: It is not there.
        """
        return self._volume(name).lu_metadata

    def set_lu_metadata(self, name: str, text: str | None) -> None:
        """Keep COMSTAR's metadata on a volume, or remove them with None.

        Raises:
            Refused: It is not there.
        """
        with self._state.change():
            self._datasets[name] = evolve(self._volume(name), lu_metadata=text)

    def _volume(self, name: str) -> Dataset:
        if (dataset := self._datasets.get(name)) is None:
            raise Refused(Reason.NOT_FOUND, name)
        return dataset
