"""An export that is struck at every one of its steps, by a lost line or by a refusal.

Each program that an undisturbed export or removal runs is a step; the faults strike the n-th of them. On Solaris an
export is whole or not there at all, whatever happens; on LeftHand `ensure_export` completes it from every step.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Literal

import pytest
from attrs import frozen

import sansdk
from sansdk import ANYONE, Capability, Chap, Export, LeftBehind, NotFound, SanError, Secret, Uncertain
from sansdk.session import SanSession
from sansdk.testing.hand import Hand
from sansdk.testing.listing import listing
from sansim import Fault, SimulatedArray, Simulator

When = Literal["before", "after"]

GIB = 1 << 30
HOST = "iqn.1993-08.org.debian:01:host"
OTHER_HOST = "iqn.1998-01.com.vmware:other"
SECRET = Secret("correct-horse-1")
CHAP = Chap("db", SECRET)

KINDS = {"solaris": "solaris", "hp": "lefthand"}
"""The word in a test's name that keeps it to one kind of array."""

CHANGES = (
    "stmfadm create",
    "stmfadm add",
    "stmfadm remove",
    "stmfadm delete",
    "itadm create",
    "itadm delete",
    "zfs set",
    "create",
    "assign",
    "unassign",
)
"""What programs begin with that change an array."""

CLIQ_REFUSAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<gauche version="1.0">\n\n'
    '  <response description="Unexpected error." name="CliqUnexpected" processingTime="9" result="80001001"/>\n\n'
    "</gauche>\n    "
)


@frozen
class Case:
    """What is exported, and how."""

    kind: str
    name: str
    initiators: tuple[str, ...]
    chap: Chap | None = None

    def export(self, san: SanSession) -> Export:
        return san.create_export("v", initiators=self.initiators, chap=self.chap)

    def ensure(self, san: SanSession) -> Export:
        return san.ensure_export("v", initiators=self.initiators, chap=self.chap)

    def remove(self, san: SanSession) -> None:
        san.remove_export("v")

    def admits(self, hand: Hand, export: Export) -> bool:
        """Whether everybody who is to see the volume does."""
        who = self.initiators or (HOST,)
        if self.chap is None:
            return all(hand.admits(export, iqn) for iqn in who)
        return all(hand.admits(export, iqn, self.chap.user, self.chap.secret) for iqn in who)


CASES = (
    Case("solaris", "mask", (HOST, OTHER_HOST)),
    Case("solaris", "chap", (HOST,), CHAP),
    Case("hp", "mask", (HOST, OTHER_HOST)),
    Case("hp", "chap", (), CHAP),
)


@contextmanager
def bench(case: Case) -> Iterator[tuple[SimulatedArray, SanSession]]:
    """An array with one volume `v`, and a session on it."""
    with Simulator(arrays=(case.kind,)) as simulator:
        array = simulator[case.kind]
        with connected(array) as san:
            san.create_volume("v", GIB)
            assert array.log.quiet()
            yield array, san


def connected(array: SimulatedArray) -> SanSession:
    session: SanSession = sansdk.connect(array.url, **array.connect_args)
    return session


@cache
def programs(case: Case, what: str) -> Sequence[str]:
    """The programs that an undisturbed export, or its removal, runs."""
    with bench(case) as (array, san):
        if what == "remove":
            case.export(san)
        assert array.log.quiet()
        before = len(array.log)
        (case.export if what == "export" else case.remove)(san)
        assert array.log.quiet()
        return tuple(program for e in array.log[before:] for program in e.programs)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `step` every step of `case`: its number, and for the reader the program."""
    if "step" in metafunc.fixturenames:
        what = "remove" if "remov" in metafunc.function.__name__ else "export"
        kinds = {kind for kind, word in KINDS.items() if word in metafunc.function.__name__} or set(KINDS)
        changes = "nothing" in metafunc.function.__name__
        steps = [
            pytest.param(case, n, id=f"{case.kind} {case.name} {n:02d} {' '.join(program.split()[:2])[:40]}")
            for case in CASES
            if case.kind in kinds
            for n, program in enumerate(programs(case, what))
            if program.startswith(CHANGES) or (not changes and case.name == "mask")  # reads are the same for both
        ]
        metafunc.parametrize(("case", "step"), steps)


def refusal(kind: str, step: int, when: When = "before") -> Fault:
    """A refusal that no table knows, at one step: in its place, or after its effect."""
    if kind == "hp":
        return Fault(kind="error", pattern="*", skip=step, when=when, status=128, stdout=CLIQ_REFUSAL)
    words = "something unheard-of happened\n"
    return Fault(kind="error", pattern="*", skip=step, when=when, status=1, stderr=words)


def lie(case: Case, step: int) -> Fault:
    """One step says that all went well, and does nothing."""
    said = CLIQ_REFUSAL.replace("80001001", "0").replace("CliqUnexpected", "CliqSuccess")
    return Fault(kind="error", pattern="*", skip=step, status=0, stdout=said if case.kind == "hp" else "")


def is_whole(case: Case, array: SimulatedArray, san: SanSession) -> bool:
    """Whether the export is there; if so it must be the whole of it."""
    try:
        export = san.export("v")
    except NotFound:
        return False
    assert export.initiators is not ANYONE
    assert set(export.initiators) == set(case.initiators)
    with Hand(array) as hand:
        assert case.admits(hand, export)
    return True


def converges(case: Case, array: SimulatedArray) -> None:
    """A new session completes what is there; nothing is left over, and nothing more is to do."""
    with connected(array) as san:
        export = case.ensure(san)
        assert is_whole(case, array, san)
        assert san.orphans() == []
        settled = listing(array)
        again = case.ensure(san)
        assert array.log.quiet()
        assert listing(array) == settled
        assert (again.target_iqn, again.lun) == (export.target_iqn, export.lun)


def attempt(call: Callable[[], object]) -> SanError | None:
    """The error that a call ends with, if any; no other than the SDK's own."""
    try:
        call()
    except SanError as error:
        return error
    return None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_line_cut_on_solaris_leaves_the_whole_export_or_none_of_it(case: Case, step: int, when: When):
    with bench(case) as (array, san):
        before = listing(array)
        fault = array.faults.add(Fault(kind="cut", pattern="*", when=when, skip=step))
        error = attempt(lambda: case.export(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is not None:
            assert isinstance(error, Uncertain)
        with connected(array) as other:
            whole = is_whole(case, array, other)
        if not whole:
            assert listing(array) == before
            assert error is not None
        assert san.orphans() == []
        converges(case, array)


@pytest.mark.parametrize("when", ["before", "after"])
def test_ensure_converges_on_lefthand_after_a_line_cut_at_any_step(case: Case, step: int, when: When):
    with bench(case) as (array, san):
        fault = array.faults.add(Fault(kind="cut", pattern="*", when=when, skip=step))
        error = attempt(lambda: case.export(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert is_whole(case, array, san)
        case.ensure(san)
        converges(case, array)


def test_a_refusal_at_any_step_leaves_what_was_there_or_names_the_rest(case: Case, step: int):
    with bench(case) as (array, san):
        before = listing(array)
        fault = array.faults.add(refusal(case.kind, step))
        error = attempt(lambda: case.export(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert is_whole(case, array, san)
        elif isinstance(error, LeftBehind):
            assert error.what
            assert error.cause is not None
        else:
            assert listing(array) == before
        converges(case, array)


def test_a_refusal_that_took_effect_all_the_same_is_mended_by_ensure(case: Case, step: int):
    with bench(case) as (array, san):
        fault = array.faults.add(refusal(case.kind, step, "after"))
        error = attempt(lambda: case.export(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert is_whole(case, array, san)
        converges(case, array)


def test_a_step_that_does_nothing_and_says_otherwise_is_found_out(case: Case, step: int):
    with bench(case) as (array, san):
        before = listing(array)
        fault = array.faults.add(lie(case, step))
        error = attempt(lambda: case.export(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert is_whole(case, array, san)
        elif isinstance(error, LeftBehind):
            assert error.what
        else:
            assert listing(array) == before
        converges(case, array)


def test_a_step_of_removing_that_does_nothing_and_says_otherwise_is_found_out(case: Case, step: int):
    with bench(case) as (array, san):
        case.export(san)
        fault = array.faults.add(lie(case, step))
        error = attempt(lambda: case.remove(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert san.exports() == []
            assert san.orphans() == []
        converges(case, array)


@pytest.mark.parametrize("when", ["before", "after"])
def test_removing_goes_on_after_a_line_cut_at_any_step(case: Case, step: int, when: When):
    with bench(case) as (array, san):
        volume_alone = listing(array)
        case.export(san)
        fault = array.faults.add(Fault(kind="cut", pattern="*", when=when, skip=step))
        error = attempt(lambda: case.remove(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert san.exports() == []
        san.remove_export("v", missing_ok=True)
        assert san.exports() == []
        assert san.orphans() == []
        if case.kind == "solaris":  # shared targets stay, and so does a record whose user the caller named
            stay = ("target",) if case.chap is None else ("target", "record")
            assert [k for k in listing(array) if k not in volume_alone and not k.startswith(stay)] == []
        san.delete_volume("v")
        assert san.volumes() == []


def test_a_refusal_at_any_step_of_removing_leaves_the_export_or_says_what_is_left(case: Case, step: int):
    with bench(case) as (array, san):
        case.export(san)
        before = listing(array)
        fault = array.faults.add(refusal(case.kind, step))
        error = attempt(lambda: case.remove(san))
        assert fault.struck == 1
        assert array.log.quiet()
        if error is None:
            assert san.exports() == []
        elif isinstance(error, LeftBehind):
            assert error.what
        else:
            assert listing(array) == before
        converges(case, array)


def test_what_cannot_be_undone_is_named(solaris_array: SimulatedArray, solaris_san: SanSession):
    solaris_san.create_volume("v", GIB)
    solaris_array.faults.add(Fault("error", "stmfadm add-view*", stderr="stmfadm: unknown error\n"))
    undo = solaris_array.faults.add(Fault("error", "stmfadm delete-lu*", stderr="stmfadm: unknown error\n"))
    with pytest.raises(LeftBehind) as caught:
        solaris_san.create_export("v", initiators=[HOST])
    assert undo.struck == 1
    assert len(caught.value.what) == 1
    assert "create-lu" in caught.value.what[0]
    assert caught.value.what[0] in str(caught.value)
    assert caught.value.cause is not None
    assert [o.kind for o in solaris_san.orphans()] == ["logical unit"]
    solaris_san.ensure_export("v", initiators=[HOST])
    assert solaris_san.orphans() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_line_cut_while_making_a_volume_leaves_the_volume_or_nothing(
    array: SimulatedArray, san: SanSession, when: When
):
    pattern = "zfs create*" if array.kind == "solaris" else "createVolume*"
    fault = array.faults.add(Fault("cut", pattern, when=when))
    error = attempt(lambda: san.create_volume("v", GIB))
    assert fault.struck == 1
    assert array.log.quiet()
    if error is None:
        assert san.volume("v").size == GIB
    else:
        assert isinstance(error, Uncertain)
    assert san.ensure_volume("v", GIB) == san.volume("v")


def test_the_sweep_meets_every_kind_of_step():
    met = {" ".join(p.split()[:2]) for case in CASES for p in programs(case, "export")}
    assert {
        "stmfadm create-lu",
        "stmfadm create-tg",
        "stmfadm add-tg-member",
        "itadm create-target",
        "stmfadm create-hg",
        "stmfadm add-hg-member",
        "itadm create-initiator",
        "stmfadm add-view",
        "zfs set",
    } <= met
    assert {p.split()[0] for p in met} >= {"createServer", "assignVolumeToServer", "assignVolumeChap"}


def test_arrays_tell_where_their_undo_runs(array: SimulatedArray, san: SanSession):
    assert (Capability.UNDO_ON_ARRAY in san.capabilities) == (array.kind == "solaris")
