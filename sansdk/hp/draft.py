"""The state of a LeftHand group as a planning goes on: what was read, with what is planned so far laid over it."""

import random

from sansdk.commands import cliq
from sansdk.errors import NotFound
from sansdk.hp.inventory import HpInventory
from sansdk.hp.setting import Setting
from sansdk.inventory import VOLUMES
from sansdk.model import Export
from sansdk.objections import no_volume


class Draft:
    """One planning. What is planned wins over what was read.

    Attributes:
        inventory: What was read.
        rng: Where nonces and secrets come from.
    """

    def __init__(self, inventory: HpInventory, rng: random.Random, lost: bool) -> None:  # noqa: FBT001
        self.inventory = inventory
        self.rng = rng
        self.volumes: dict[str, cliq.CliqVolume | None] = {}
        self.unexported: set[str] = set()
        self.exports: dict[str, Export] = {}
        self.servers: dict[str, str] = {}

    @property
    def setting(self) -> Setting:
        """The session's."""
        return self.inventory.setting

    def knows(self, volume: str) -> bool:
        """Whether it was read, or planned, that this volume is there or not."""
        return volume in self.volumes or (VOLUMES in self.inventory.scope.parts and self.inventory.scope.has(volume))

    def volume(self, name: str) -> cliq.CliqVolume | None:
        """The volume as planned so far."""
        return self.volumes[name] if name in self.volumes else self.inventory.volume(name)

    def missing(self, volume: str) -> NotFound:
        """That there is no such volume.

        Raises:
            ArrayError: The cluster itself is not there: then nothing is known of its volumes.
        """
        _ = self.inventory.cluster
        return no_volume(volume)

    def export(self, volume: str) -> Export | None:
        """The export of a volume as planned so far."""
        if volume in self.exports:
            return self.exports[volume]
        there = None if volume in self.unexported else self.volume(volume)
        return self.inventory.exports_of(volume)[0] if there is not None and there.permissions else None

    def elsewhere(self, volume: str) -> cliq.CliqVolume | None:
        """What has that name in the group, though it is none of the cluster's own."""
        if not self.knows(volume) or self.volume(volume) is not None:
            return None
        return self.inventory.group.get(volume)
