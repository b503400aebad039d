"""A host with one volume and the engines of COMSTAR, and its programs without a server between."""

import asyncio
from datetime import UTC, datetime
from random import Random

from attrs import frozen

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.shell.files import Files
from sansim.solaris.comstar import Comstar
from sansim.solaris.pools.pool import Pools
from sansim.solaris.stmf.stmf import Stmf
from sansim.state import State

MIB = 1 << 20
GUID = "600144F05F71070000004BC981EC0001"
DEVICE = "/dev/zvol/rdsk/tank/v"
TARGET = "iqn.2010-08.org.illumos:02:t1"
INITIATOR = "iqn.1998-01.com.vmware:esx1"


@frozen
class Host:
    pools: Pools
    comstar: Comstar
    clock: Clock
    files: Files

    @property
    def stmf(self) -> Stmf:
        return self.comstar.stmf

    def stmfadm(self, *words: str, root: bool = True) -> Answer:
        return self.run("stmfadm", *words, root=root)

    def run(self, *words: str, root: bool = True) -> Answer:
        program = self.comstar.programs()[words[0]]

        async def once() -> Answer:
            return await program(Call(words, Credentials("admin", root=root), no_file))

        return asyncio.run(once())


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


def boot(state: State | None = None) -> Host:
    state = state or State()
    clock = Clock(datetime(2010, 4, 17, 9, 39, 56, tzinfo=UTC))
    random = Random(1)
    pools = Pools(state, clock, random)
    if "tank" not in pools.pools:
        pools.create_pool("tank", 1 << 40)
        pools.create_volume("tank/v", 64 * MIB, 8192)
    files = Files()
    files.mkdir("/tmp")
    return Host(pools, Comstar(state, pools, clock, random, files=files), clock, files)
