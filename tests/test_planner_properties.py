"""Plans, held against any state that an array may be found in."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sansdk
from sansdk import Chap, Item, LeftBehind, SanSession, Secret, Step, Uncertain
from sansdk.commands import zfs
from sansdk.commands.base import Command
from sansdk.commands.comstar import itadm, svcs
from sansdk.intents import CreateExport
from sansdk.inventory import EXPORTS, VOLUMES, Scope
from sansdk.solaris.draft import Draft
from sansdk.solaris.inventory import SolarisInventory
from sansdk.solaris.planner import plan
from sansdk.solaris.setting import Setting
from sansdk.solaris.survey import survey
from sansdk.testing.hand import Hand
from sansdk.testing.listing import listing
from sansim import SimulatedArray, Simulator
from tests.test_converge_after_cut import attempt, refusal

GIB = 1 << 30
HOSTS = ("iqn.1993-08.org.debian:01:bar", "iqn.1998-01.com.vmware:esx-7")
CHAP = Chap("db", Secret("correct-horse-1"))
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def connected(array: SimulatedArray) -> SanSession:
    return sansdk.connect(array.url, **array.connect_args)


def steps_of(san: SanSession, hosts: Sequence[str], chap: Chap | None) -> tuple[Step, ...]:
    with san.plan() as plan:
        plan.create_export("v", initiators=hosts, chap=chap)
    return plan.items[0].steps


@MANY
@given(done=st.sets(st.integers(0, 11)), hosts=st.sampled_from([HOSTS[:1], HOSTS]), chap=st.sampled_from([None, CHAP]))
def test_an_export_converges_from_any_part_of_itself(done: set[int], hosts: tuple[str, ...], chap: Chap | None) -> None:
    """Rows 2 and 4: whichever of its steps have had their effect, ensure_export makes the whole of it."""
    with Simulator(arrays=("solaris",)) as simulator, connected(simulator["solaris"]) as san:
        array = simulator["solaris"]
        san.create_volume("v", GIB)
        with Hand(array) as hand:
            hand.run("/bin/sh -s", "umask 077; printf %s correct-horse-1 >/tmp/secret\n")
            for number, step in enumerate(steps_of(san, hosts, chap)):
                if number in done:
                    hand.try_run(step.command.render(lambda _: "/tmp/secret"))
            export = san.ensure_export("v", initiators=hosts, chap=chap)
            read = san.export("v")
            assert (read.target_iqn, read.lun, read.initiators) == (export.target_iqn, export.lun, export.initiators)
            who = (CHAP.user, CHAP.secret) if chap is not None else ()
            assert all(hand.admits(export, host, *who) for host in hosts)
            assert not san.orphans()
            assert san.ensure_export("v", initiators=hosts, chap=chap).target_iqn == export.target_iqn
        san.remove_export("v", force=True)
        san.delete_volume("v")
        left = {name.split()[0] for name in listing(array)}
        assert left <= {"dataset", "target", "record"}


CALLS: dict[str, Callable[[SanSession], object]] = {
    "create a volume": lambda san: san.create_volume("new", GIB),
    "grow": lambda san: san.resize_volume("shown", 2 * GIB),
    "export": lambda san: san.create_export("hidden", initiators=HOSTS),
    "export to one more": lambda san: san.ensure_export("shown", initiators=HOSTS),
    "remove an export": lambda san: san.remove_export("shown"),
    "delete": lambda san: san.delete_volume("hidden"),
}


@MANY
@given(kind=st.sampled_from(["solaris", "hp"]), call=st.sampled_from(sorted(CALLS)), step=st.integers(0, 30))
def test_a_call_that_is_refused_at_any_step_leaves_what_was_there(kind: str, call: str, step: int) -> None:
    """Row 4: undo restores the inventory, or the error names what it could not take back."""
    with Simulator(arrays=(kind,)) as simulator, connected(simulator[kind]) as san:
        array = simulator[kind]
        for name in ("shown", "hidden"):
            san.create_volume(name, GIB)
        san.create_export("shown", initiators=HOSTS[:1])
        before = listing(array)
        fault = array.faults.add(refusal(kind, step))
        error = attempt(lambda: CALLS[call](san))
        if isinstance(error, LeftBehind):
            assert error.what
        elif isinstance(error, Uncertain):  # it was done, and what shows it was refused
            assert fault.struck == 1
            assert "read again" in str(error)
        elif error is not None:
            assert fault.struck == 1
            assert listing(array) == before
        else:
            assert fault.struck == 0 or listing(array) != before


VOLUME = zfs.ZfsVolume(
    name="tank/v",
    type="volume",
    size=GIB,
    used=0,
    referenced=0,
    created=datetime(2026, 1, 1, tzinfo=UTC),
    origin=None,
    refreservation=0,
    volblocksize=8192,
    guid="1",
    lu_guid="600144F0000000000000000000000001",
    owner=None,
)
BARE_HOST: dict[type[Command[Any]], object] = {
    zfs.GetProperties: {"sansdk:next-lun": zfs.Property("-", "-"), "sansdk:guid": zfs.Property("-", "-")},
    zfs.ListVolumes: (VOLUME,),
    zfs.PoolGuid: "12345678901234567890",
    svcs.ServiceState: "online",
    itadm.ListDefaults: itadm.Defaults(None, "none", isns=False, isns_servers=None),
}


def planned(seed: int, hosts: tuple[str, ...], *, chap: bool, lost: bool) -> Item:
    """An export of the one volume of a host that has nothing else."""
    setting, scope = Setting("host", "tank"), Scope.all(VOLUMES, EXPORTS)
    readings = {read.command: BARE_HOST.get(type(read.command), ()) for read in survey(setting, scope)}
    draft = Draft(SolarisInventory(setting, scope, readings), random.Random(seed), lost)
    return plan(CreateExport("v", hosts, chap or None), draft)


@given(lost=st.booleans(), seed=st.integers(0, 2**32), hosts=st.sampled_from([HOSTS[:1], HOSTS]), chap=st.booleans())
def test_a_plan_is_a_function_of_what_was_read_and_of_chance(
    lost: bool, seed: int, hosts: tuple[str, ...], chap: bool
) -> None:
    """The same inventory and randomness give the same steps; the views, which make it visible, come last."""
    steps = planned(seed, hosts, chap=chap, lost=lost).steps
    assert steps == planned(seed, hosts, chap=chap, lost=lost).steps
    words = [step.command.render(lambda _: "FILE") for step in steps]
    views = [n for n, text in enumerate(words) if "add-view" in text]
    assert views == list(range(len(words) - len(hosts), len(words)))
    assert all(re.search(r" -t \S+ -h \S+ -n \d+ ", words[n]) for n in views)
    undone = [step.undo.render() for step in steps if step.undo is not None]
    assert not any(
        re.search(r"delete-lu (?!-k)|destroy -[rR]|remove-view -a|create -p", text) for text in words + undone
    )
