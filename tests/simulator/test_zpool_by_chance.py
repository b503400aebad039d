"""Pools under whatever is typed: no command breaks what always holds of disks and sizes."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools.first_pool import host_disks, set_up
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zpool import program as zpool
from sansim.solaris.zpool.release import ILLUMOS, ZpoolRelease
from sansim.solaris.zpool.releases import OPENSOLARIS, OPENZFS, SOLARIS_11
from sansim.state import State

RELEASES = (ILLUMOS, OPENZFS, SOLARIS_11, OPENSOLARIS)
POOLS = st.sampled_from(("tank", "data", "half"))
DISKS = st.integers(0, 7).map("{{{}}}".format)
SOME_DISKS = st.lists(DISKS, min_size=1, max_size=4).map(" ".join)
MEMBERS = st.one_of(DISKS, st.just("mirror-0"))
GROUPS = st.lists(
    st.tuples(st.sampled_from(("", "mirror", "raidz", "raidz2", "log", "cache", "spare", "special")), SOME_DISKS),
    min_size=1,
    max_size=3,
).map(lambda groups: " ".join(f"{kind} {disks}" for kind, disks in groups))
FORCE = st.sampled_from(("", "-f"))


def words(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map(" ".join)


COMMANDS = st.one_of(
    words("create", st.sampled_from(("", "-f", "-n", "-d", "-R /mnt")), POOLS, GROUPS),
    words("add", st.sampled_from(("", "-f", "-n")), POOLS, GROUPS),
    words(st.sampled_from(("destroy", "export")), FORCE, POOLS),
    words("import", st.sampled_from(("", "-D", "-a", "-N")), st.one_of(st.just(""), POOLS, words(POOLS, POOLS))),
    words(st.sampled_from(("attach", "replace")), FORCE, POOLS, DISKS, st.one_of(st.just(""), DISKS)),
    words(st.sampled_from(("detach", "offline", "online", "remove", "clear")), POOLS, MEMBERS),
    words("split", st.sampled_from(("", "-n", "-R /mnt")), POOLS, POOLS),
    words("scrub", st.sampled_from(("", "-s", "-p")), POOLS),
    words("labelclear", FORCE, DISKS),
    words(st.sampled_from(("list -v", "status", "iostat -v", "history -l", "get all", "upgrade"))),
)


def typed(pools: Pools, text: str) -> Answer:
    def read_file(path: str) -> bytes:
        raise FileNotFoundError(path)

    async def answer() -> Answer:
        argv = ("zpool", *text.format(*pools.disks).split())
        return await zpool.program(pools)(Call(argv, Credentials("root", root=True), read_file))

    return asyncio.run(answer())


def check(pools: Pools) -> None:
    held = [
        disk.name
        for pool in pools.pools.values()
        for disk in (*(disk for vdev in pool.vdevs for disk in vdev.disks), *pool.caches)
        if disk.state != "UNAVAIL"
    ]
    assert len(held) == len(set(held))
    for pool in pools.pools.values():
        assert pool.size == sum(vdev.size for vdev in pool.data) > 0
        assert len({vdev.number for vdev in pool.vdevs}) == len(pool.vdevs)
        assert pool.name in pools.datasets
        assert 0 < pools.space.used(pool.name) <= pool.usable <= pool.size
    assert {name.partition("/")[0] for name in pools.datasets} == set(pools.pools)
    assert not {str(pool.guid) for pool in pools.pools.values()} & set(pools.labels)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(RELEASES), st.lists(st.tuples(COMMANDS, st.integers(0, 100_000)), max_size=30))
def test_disks_belong_to_one_pool_and_sizes_add_up(release: ZpoolRelease, commands: list[tuple[str, int]]) -> None:
    pools = Pools(State(), Clock(), Random(1), zpool=release, disks=host_disks(release, 1 << 40))
    set_up(pools, "tank", 1 << 40)
    for text, seconds in commands:
        answer = typed(pools, text)
        assert answer.status in (0, 1, 2, 255), text
        assert (answer.status == 0) or answer.stderr, text
        pools.clock.advance(seconds)
        check(pools)
