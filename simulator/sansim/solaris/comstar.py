"""COMSTAR and its services on one host: the engines wired together, and the programs over them."""

from random import Random

from sansim.clock import Clock
from sansim.program import Program
from sansim.solaris import stmfadm
from sansim.solaris.pool import Pools
from sansim.solaris.stmf import Stmf
from sansim.state import State

__all__ = ["Comstar"]


class Comstar:
    """The storage target software of one host.

    Attributes:
        stmf: Logical units, views, groups.
    """

    def __init__(self, state: State, pools: Pools, clock: Clock, random: Random) -> None:
        self.stmf = Stmf(state, pools, clock, random)

    def programs(self) -> dict[str, Program]:
        """Return the programs by their names."""
        return {"stmfadm": stmfadm.program(self.stmf)}
