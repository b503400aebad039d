"""A Solaris host under commands by chance, raw over SSH and through the SDK: what it keeps and prints stays possible.

The same examples in every run. To hunt longer, with other examples each time, set
`SANSIM_HUNT` to how many runs are to be made: `SANSIM_HUNT=2000 pytest tests/simulator/test_solaris_by_chance.py`.
"""

import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import sansdk
from sansim import ArrayConfig, Fault, Simulator
from sansim.config import FLAVOURS
from sansim.solaris.iscsit.model import IscsitError
from sansim.solaris.pools.errors import Refused
from tests.simulator.chance.client import Client, Lost, Outcome
from tests.simulator.chance.errors import errors_logged
from tests.simulator.chance.invariants import check_lists, check_state
from tests.simulator.chance.lines import PIPE, Nth, Words, lines, quoted
from tests.simulator.chance.shapes import shapes

HUNT: Final = int(os.environ.get("SANSIM_HUNT", "0"))
PROGRAMS: Final = ("zfs", "zpool", "stmfadm", "sbdadm", "itadm", "svcs", "svcadm", "svcprop")
FLAVOUR_NAMES: Final = FLAVOURS["solaris"]
GIB: Final = 1 << 30
INITIATORS: Final = ("iqn.1993-08.org.debian:01:a", "iqn.1993-08.org.debian:01:B")
VOLUMES: Final = st.sampled_from(("v1", "v2", "v3"))
SIZES: Final = st.sampled_from((GIB, 2 * GIB, GIB // 2, 8192, 5 * GIB + 512))
FILES: Final = "echo correct-horse-battery > /tmp/secret; echo short > /tmp/short; : > /tmp/file"
TRAILER: Final = re.compile(r"^itadm \S+ failed with error (-?\d+)$", re.MULTILINE)


class SolarisByChance(RuleBasedStateMachine):
    """One host, and everything that may be done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.errors = self.stack.enter_context(errors_logged())
        self.session: sansdk.SanSession | None = None

    @initialize(
        flavour=st.sampled_from(FLAVOUR_NAMES), root=st.sampled_from((True, True, True, False)), seed=st.integers(0, 9)
    )
    def start(self, flavour: str, root: bool, seed: int) -> None:
        config = ArrayConfig(name="host", kind="solaris", flavour=flavour, size=64 * GIB, root=root)
        self.array = self.stack.enter_context(Simulator(arrays=(config,), seed=seed))["host"]
        self.host = self.array.solaris
        self.client = self.stack.enter_context(Client(self.array))
        self.client.run(FILES)
        found = self.client.run("for name in " + " ".join(PROGRAMS) + "; do command -v $name; done").stdout
        self.programs = tuple(path.rpartition("/")[2] for path in found.split())
        self.comstar = "stmfadm" in self.programs
        self.drives = self.comstar and root
        self.root = root

    def teardown(self) -> None:
        self.stack.close()

    # Raw

    @rule(line=lines(("zfs",)))
    def zfs(self, line: Words) -> None:
        self.type(line)

    @rule(line=lines(("zpool",)))
    def zpool(self, line: Words) -> None:
        self.type(line)

    @precondition(lambda self: self.comstar)
    @rule(line=lines(("stmfadm", "sbdadm")))
    def units_and_views(self, line: Words) -> None:
        self.type(line)

    @precondition(lambda self: self.comstar)
    @rule(line=lines(("stmfadm", "itadm")))
    def targets(self, line: Words) -> None:
        self.type(line)

    @precondition(lambda self: self.comstar)
    @rule(line=lines(("svcs", "svcadm", "svcprop")))
    def services(self, line: Words) -> None:
        self.type(line)

    @rule()
    def make_volume(self) -> None:
        """Make what many a line needs: a volume with a snapshot and, on a host that has them, a unit."""
        self.type(("zfs", "create", "-s", "-V", "1G", "tank/v1"))
        self.type(("zfs", "snapshot", "tank/v1@s1"))
        if self.comstar:
            self.type(("stmfadm", "create-lu", "/dev/zvol/rdsk/tank/v1"))

    @precondition(lambda self: self.comstar)
    @rule()
    def start_services(self) -> None:
        self.type(("svcadm", "enable", "-rs", "svc:/network/iscsi/target:default"))

    @rule(name=st.sampled_from(("tank/v1", "tank/v2", "tank/fs")), size=st.integers(1, 200))
    def write(self, name: str, size: int) -> None:
        """Let somebody write to a volume or filesystem."""
        if name in self.host.pools.datasets:
            try:
                self.host.pools.write(name, size << 20)
            except Refused as refused:
                note(str(refused))

    @precondition(lambda self: self.comstar)
    @rule(initiator=st.sampled_from(INITIATORS), number=st.integers(0, 3))
    def log_in(self, initiator: str, number: int) -> None:
        target = self.name_of(Nth("target", number))
        try:
            self.host.comstar.iscsit.login(initiator, target)
        except IscsitError as error:
            note(str(error))

    @rule(line=lines(("zfs", "stmfadm", "itadm")), when=st.sampled_from(("before", "after")))
    def cut(self, line: Words, when: str) -> None:
        """Lose the line while a command runs."""
        fault = self.array.faults.add(Fault("cut", "*", when="before" if when == "before" else "after"))
        self.type(line)
        fault.times = fault.struck or None
        if not fault.struck:
            self.array.faults.clear()

    @rule()
    def reconnect(self) -> None:
        self.client.disconnect()

    def type(self, line: Words) -> Outcome | None:
        """Run a line and hold its outcome against what the programs can print; None if the line was lost."""
        words = [self.name_of(word) if isinstance(word, Nth) else word for word in line]
        note(quoted(words))
        try:
            outcome = self.client.run(quoted(words))
        except Lost:
            assert self.array.log.quiet()
            return None
        self.hold(words, outcome)
        return outcome

    def name_of(self, nth: Nth) -> str:
        if nth.kind == "unit":
            names = sorted(unit.guid for unit in self.host.comstar.stmf.units)
        else:
            names = [port.name for port in self.host.comstar.stmf.ports]
        return names[nth.number % len(names)] if names else "none"

    def hold(self, words: list[str], outcome: Outcome) -> None:
        """Check that this is an outcome that the program can have."""
        program = words[0]
        if program not in self.programs:
            assert outcome.status == 127
            return
        shape = shapes(program)
        strange = shape.strange_lines(outcome.stderr, "stderr")
        if PIPE not in words:
            strange += shape.strange_lines(outcome.stdout, "stdout")
        assert not strange, (strange, words, outcome.status)
        trailer = TRAILER.search(outcome.stderr)
        if trailer:
            assert outcome.status == int(trailer[1]) % 256, outcome
        else:
            assert not shape.status or outcome.status in shape.status, outcome

    # Through the SDK

    def ask(self, verb: Callable[[sansdk.SanSession], object]) -> None:
        """Do something through the SDK; its own errors are answers too."""
        try:
            if self.session is None:
                self.session = self.stack.enter_context(sansdk.connect(self.array.url, **self.array.connect_args))
            note(f"sdk: {verb(self.session)!r:.200}")
        except sansdk.SanError as error:
            note(f"sdk: {error!r:.300}")

    @precondition(lambda self: self.drives)
    @rule(name=VOLUMES, size=SIZES)
    def sdk_create(self, name: str, size: int) -> None:
        self.ask(lambda session: session.create_volume(name, size))

    @precondition(lambda self: self.drives)
    @rule(name=VOLUMES, size=SIZES)
    def sdk_resize(self, name: str, size: int) -> None:
        self.ask(lambda session: session.resize_volume(name, size))

    @precondition(lambda self: self.drives)
    @rule(name=VOLUMES)
    def sdk_delete(self, name: str) -> None:
        self.ask(lambda session: session.delete_volume(name))

    @precondition(lambda self: self.drives)
    @rule(name=VOLUMES, initiators=st.lists(st.sampled_from(INITIATORS), min_size=1, max_size=2, unique=True))
    def sdk_export(self, name: str, initiators: list[str]) -> None:
        self.ask(lambda session: session.ensure_export(name, initiators=initiators))

    @precondition(lambda self: self.drives)
    @rule(name=VOLUMES)
    def sdk_unexport(self, name: str) -> None:
        self.ask(lambda session: session.remove_export(name))

    @precondition(lambda self: self.drives)
    @rule()
    def sdk_read(self) -> None:
        self.ask(lambda session: (session.volumes(), session.exports(), session.orphans(), session.check()))

    # What holds

    @invariant()
    def the_state_is_possible(self) -> None:
        if hasattr(self, "host"):
            check_state(self.host)

    @invariant()
    def the_lists_agree_with_the_state(self) -> None:
        if hasattr(self, "host"):
            check_lists(self.host, self.client.run, comstar=self.comstar and self.root)

    @invariant()
    def nothing_failed_inside(self) -> None:
        assert not self.errors, self.errors
        for item in self.array.log if hasattr(self, "array") else ():
            for text in (item.stdout, item.stderr):
                assert b"Traceback" not in text, item
                assert b"sansim:" not in text, item


TestSolarisByChance = SolarisByChance.TestCase
TestSolarisByChance.settings = settings(
    max_examples=HUNT or 12,
    stateful_step_count=40,
    deadline=None,
    derandomize=not HUNT,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
