"""COMSTAR and its services on one host: the engines wired together, and the programs over them."""

from random import Random

from sansim.clock import Clock
from sansim.program import Program
from sansim.shell.files import Files
from sansim.solaris.iscsit.iscsit import Iscsit
from sansim.solaris.itadm import program as itadm
from sansim.solaris.itadm.release import ILLUMOS_ITADM, ItadmRelease
from sansim.solaris.pools.pool import Pools
from sansim.solaris.smf import svcadm, svcprop, svcs
from sansim.solaris.smf.release import ILLUMOS_SMF, SmfRelease
from sansim.solaris.smf.smf import ISCSI_TARGET, STMF, Smf
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmfadm import program as stmfadm
from sansim.solaris.stmfadm import sbdadm
from sansim.solaris.stmfadm.release import ILLUMOS_STMF, StmfRelease
from sansim.state import State

__all__ = ["Comstar"]


class Comstar:
    """The storage target software of one host.

    Args:
        state: The array's state.
        pools: The volumes that logical units lie on.
        clock: The array's time.
        random: Where invented names and numbers come from.
        files: The files that logical units lie on; none by default.
        stmf_release: What stmfadm and sbdadm print.
        itadm_release: What itadm prints.
        smf_release: What svcs, svcadm and svcprop print.

    Attributes:
        smf: The services and their states; stmf and iscsit follow it.
        stmf: Logical units, views, groups.
        iscsit: Targets, portal groups, initiators; `iscsit.login()` plays an initiator.
    """

    def __init__(
        self,
        state: State,
        pools: Pools,
        clock: Clock,
        random: Random,
        *,
        files: Files | None = None,
        stmf_release: StmfRelease = ILLUMOS_STMF,
        itadm_release: ItadmRelease = ILLUMOS_ITADM,
        smf_release: SmfRelease = ILLUMOS_SMF,
    ) -> None:
        self._clock = clock
        self._itadm_release = itadm_release
        self._smf_release = smf_release
        self.smf = Smf(state, clock)
        self.stmf = Stmf(state, pools, clock, random, files=files, release=stmf_release)
        self.iscsit = Iscsit(state, self.stmf, random, itadm_release.prefix)
        self.smf.on_change(STMF, start=self.stmf.start, stop=self.stmf.stop)
        self.smf.on_change(ISCSI_TARGET, start=self.iscsit.start, stop=self.iscsit.stop)

    def programs(self) -> dict[str, Program]:
        """Return the programs by their names."""
        return {
            "itadm": itadm.program(self.iscsit, self.stmf, self.smf, self._itadm_release),
            "sbdadm": sbdadm.program(self.stmf),
            "stmfadm": stmfadm.program(self.stmf),
            "svcadm": svcadm.program(self.smf, self._smf_release),
            "svcprop": svcprop.program(self.smf, self._smf_release),
            "svcs": svcs.program(self.smf, self._clock, self._smf_release),
        }
