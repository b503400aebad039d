"""A LeftHand group under command lines by chance, beside a small model of what should come of them.

Lines are typed as commands of their own and at the prompt, in text and XML, on every release, with lines that nothing
may come of, lost connections, restarts from the state file, images put back, and clocks that move on. After each the
group is read again: what was answered with success has happened, and nothing else has.

The same examples in every run. To hunt longer, with other examples each time, set `SANSIM_HUNT` to how many runs are to
be made: `SANSIM_HUNT=2000 pytest tests/simulator/test_lefthand_by_chance.py`.
"""

import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from attrs import evolve, frozen
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sansim import ArrayConfig, Fault, Simulator
from sansim.config import FLAVOURS
from sansim.images import Image
from sansim.lefthand.access import LoginRefused
from tests.simulator.chance import cliq_lines as lines
from tests.simulator.chance.client import Lost
from tests.simulator.chance.cliq_answers import Reply, of_text, of_xml
from tests.simulator.chance.cliq_client import CliqClient
from tests.simulator.chance.cliq_lines import Typed
from tests.simulator.chance.cliq_model import Model
from tests.simulator.chance.cliq_picture import Picture, agrees, check, picture
from tests.simulator.chance.cliq_rules import Impossible, after
from tests.simulator.chance.errors import errors_logged

HUNT: Final = int(os.environ.get("SANSIM_HUNT", "0"))
GIB: Final = 1 << 30
SPACE: Final = 16 * GIB
NOTHING: Final = Model()
BEFORE_TIERS: Final = ("8.1", "9.0", "10.x")
"""The releases that do not know adaptiveOptimization (inferred)."""
DONE: Final = (0, 8)
"""The statuses of success, and of success with a parameter ignored."""
BANNER: Final = re.compile(r"(?:^|\n)[A-Z][\w/ ]* Command Line Interface, v[\d.]+\n\(C\) Copyright [^\n]+\n(?:\n|$)")
NAMES: Final = st.sampled_from((*lines.VOLUMES, *lines.SNAPSHOTS))
Way = Literal["exec", "prompt", "terminal"]
When = Literal["before", "midway", "after"]
WAYS: Final = st.sampled_from(("exec", "exec", "exec", "prompt", "terminal"))


@frozen
class Kept:
    """An image of the group, and what was known of it when it was taken."""

    image: Image
    model: Model
    seen: Picture
    serials: dict[str, tuple[str, str]]


class LeftHandByChance(RuleBasedStateMachine):
    """One group, and everything that may be done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.errors = self.stack.enter_context(errors_logged())
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.running = self.stack.enter_context(ExitStack())
        self.model = NOTHING
        self.serials: dict[str, tuple[str, str]] = {}
        self.kept: Kept | None = None

    @initialize(flavour=st.sampled_from(FLAVOURS["hp"]), seed=st.integers(0, 9))
    def start(self, flavour: str, seed: int) -> None:
        self.flavour = flavour
        self.seed = seed
        self.boot()
        self.seen = self.look()

    def boot(self) -> None:
        config = ArrayConfig(name="group", kind="hp", flavour=self.flavour, size=SPACE)
        simulator = Simulator(arrays=(config,), seed=self.seed, state=self.folder / "state")
        self.array = self.running.enter_context(simulator)["group"]
        self.client = self.running.enter_context(CliqClient(self.array))

    def teardown(self) -> None:
        self.stack.close()

    # What is typed

    @rule(line=lines.changes("createVolume", "modifyVolume", "deleteVolume"), way=WAYS, yes=st.booleans())
    def volumes(self, line: Typed, way: Way, yes: bool) -> None:
        self.change(line, way, yes=yes)

    @rule(
        line=lines.changes("createSnapshot", "deleteSnapshot", "cloneSnapshot", "rollbackSnapshot"),
        way=WAYS,
        yes=st.booleans(),
    )
    def snapshots(self, line: Typed, way: Way, yes: bool) -> None:
        self.change(line, way, yes=yes)

    @rule(
        line=lines.changes("createServer", "modifyServer", "deleteServer", "assignVolumeToServer"),
        way=WAYS,
        yes=st.booleans(),
    )
    def servers(self, line: Typed, way: Way, yes: bool) -> None:
        self.change(line, way, yes=yes)

    @rule(
        line=lines.changes(
            "assignVolume",
            "assignVolumeChap",
            "assignVolumeToServer",
            "unassignVolume",
            "unassignVolumeChap",
            "unassignVolumeToServer",
        ),
        way=WAYS,
    )
    def access(self, line: Typed, way: Way) -> None:
        self.change(line, way, yes=True)

    @rule(
        line=lines.changes(
            "makeRemote", "makePrimary", "createSnapshotSchedule", "modifySnapshotSchedule", "deleteSnapshotSchedule"
        ),
        way=WAYS,
    )
    def schedules_and_remote_volumes(self, line: Typed, way: Way) -> None:
        self.change(line, way, yes=True)

    @rule(volume=st.sampled_from(lines.VOLUMES), snapshot=st.sampled_from(lines.SNAPSHOTS))
    def make(self, volume: str, snapshot: str) -> None:
        """Make what many a line needs: a volume, a snapshot of it, and two clones of that."""
        for text in (
            f"createVolume volumeName={volume} clusterName=Cluster01 size=1GB thinProvision=1 replication=1",
            f"createSnapshot snapshotName={snapshot} volumeName={volume}",
            f"cloneSnapshot snapshotName={snapshot} volumeName=c1",
            f"cloneSnapshot snapshotName={snapshot} volumeName=c2",
        ):
            verb, *words = text.split()
            values = dict(word.split("=", 1) for word in words)
            self.change(Typed(verb, values, f"{text} output=XML", xml=True), "exec", yes=True)

    @rule(line=lines.reads(), way=WAYS)
    def read(self, line: Typed, way: Way) -> None:
        """Read something in one form and then in the other: both say the same, and change nothing."""
        reply = self.answer(line.text, way, xml=line.xml)
        assert reply is not None
        other = " ".join(word for word in line.text.split() if not word.lower().startswith("output="))
        again = self.answer(other if line.xml else f"{line.text} output=XML", "exec", xml=not line.xml)
        assert again is not None
        assert (again.result, again.elements) == (reply.result, reply.elements)
        assert again.description.removesuffix(".") == reply.description.removesuffix(".")
        self.holds({True: self.model})

    @rule(text=lines.junk(), way=st.sampled_from(("exec", "prompt")), tail=st.sampled_from(("", " output=xml")))
    def type_junk(self, text: str, way: Way, tail: str) -> None:
        reply = self.answer(f"{text}{tail}", way, xml=None)
        assert reply is not None
        assert reply.status > 8
        self.holds({True: self.model})

    # What goes wrong

    @rule(
        line=lines.changes(*lines.FORMS),
        when=st.sampled_from(("before", "midway", "after")),
        kind=st.sampled_from(("cut", "cut", "noop", "error")),
    )
    def spoil(self, line: Typed, when: When, kind: Literal["cut", "noop", "error"]) -> None:
        """Let a fault strike a command: by its kind and moment it has its effect, or none."""
        if kind == "noop" or (kind == "error" and when == "midway"):
            when = "before"
        fault = self.array.faults.add(Fault(kind, "*", when=when))
        note(f"{kind} {when}: {line.text!r}")
        try:
            self.client.run(line.text)
        except Lost:
            assert kind == "cut"
            assert self.array.log.quiet()
        assert fault.struck == 1
        self.array.faults.clear()
        never = kind == "noop" or when == "before"
        self.holds({True: self.model} if never else self.outcomes(line, confirmed=line.quiet))

    @rule(name=NAMES, initiator=st.sampled_from(lines.INITIATORS))
    def log_in(self, name: str, initiator: str) -> None:
        try:
            self.array.lefthand.group.access.login(name, initiator)
        except LoginRefused as refused:
            note(str(refused))
        self.holds({True: self.model})

    @rule()
    def reconnect(self) -> None:
        self.client.disconnect()

    @rule()
    def restart(self) -> None:
        """Start the simulator again with its state file."""
        self.running.close()
        self.boot()
        again = self.look()
        assert again.serials == self.seen.serials
        self.holds({True: self.model})

    @rule()
    def keep_an_image(self) -> None:
        self.kept = Kept(self.array.snapshot(), self.model, self.seen, dict(self.serials))

    @precondition(lambda self: self.kept is not None)
    @rule()
    def put_an_image_back(self) -> None:
        assert self.kept is not None
        self.array.restore(self.kept.image)
        self.client.disconnect()
        self.model, self.seen, self.serials = self.kept.model, self.kept.seen, dict(self.kept.serials)
        assert self.look().serials == self.kept.seen.serials
        self.holds({True: self.model})

    @rule()
    def write_and_read_back(self) -> None:
        """Write the group down as text, empty it, and let it be read from the text again."""
        text = self.array.export()
        self.array.reset()
        self.client.disconnect()
        assert agrees(self.look(), NOTHING) == []
        self.array.import_(text)
        self.client.disconnect()
        assert self.look().serials == self.seen.serials
        self.holds({True: self.model})

    @rule(seconds=st.sampled_from((1, 1800, 7200, 10**6)))
    def wait(self, seconds: int) -> None:
        self.array.clock.advance(seconds)
        self.holds({True: self.model})

    # How it is typed, and what must come of it

    def change(self, line: Typed, way: Way, *, yes: bool) -> None:
        """Type a change, and hold the group against what was answered."""
        if way == "terminal" and not line.text.isprintable():
            way = "prompt"  # A control character edits the line at a terminal.
        reply = self.answer(line.text, way, xml=line.xml, reply="y" if yes else "n")
        assert reply is not None
        confirmed = line.quiet or (way != "exec" and yes)
        done = reply.status in DONE
        outcomes = self.outcomes(line, confirmed=confirmed)
        note(f"{reply.name}: {reply.description}")
        assert done in outcomes, (line, reply)
        if not done and True in outcomes and outcomes[True] != self.model:
            assert "space" in reply.description, (line, reply)
        self.holds({done: outcomes[done]})

    def outcomes(self, line: Typed, *, confirmed: bool) -> dict[bool, Model]:
        """Return what may come of a line: the group after success, if it can succeed, and after anything else."""
        stays = {False: self.model}
        unknown = "adaptiveOptimization" in line.values and self.flavour in BEFORE_TIERS
        if line.spoilt or unknown or (line.verb in lines.ASKING and not confirmed):
            return stays
        try:
            changed = after(self.model, line.verb, line.values, self.seen.busy)
        except Impossible as reason:
            note(f"must not: {reason}")
            return stays
        return {True: changed, **(stays if _reserve(changed) > _reserve(self.model) else {})}

    def answer(self, text: str, way: Way, *, xml: bool | None, reply: str = "y") -> Reply | None:
        """Type a line in one of the ways and read the answer; `xml` is None where either form may come."""
        note(f"{way}: {text!r}")
        if way == "exec":
            status, printed = self.client.run(text)
            read = self.read_answer(printed, xml=xml)
            assert status == read.status, (text, printed)
            return read
        screen = self.client.type(text, reply, terminal=way == "terminal")
        assert "\n" not in screen.replace("\r\n", ""), screen
        printed = screen.replace("\r\n", "\n").removesuffix("CLIQ>")
        return self.read_answer(printed, xml=xml)

    def read_answer(self, printed: str, *, xml: bool | None) -> Reply:
        """Read an answer, whatever heading, echo or question stands above it."""
        if xml or (xml is None and "<?xml" in printed):
            return of_xml(printed[printed.index("<?xml") :].rstrip("\n"))
        heading, blocks, rest = printed.partition("\nRESPONSE\n")
        assert blocks, printed
        assert BANNER.search(heading), printed
        return of_text(f"RESPONSE\n{rest}".split("\n"), full_stops=self.flavour != "8.1")

    # What holds

    @invariant()
    def nothing_failed_inside(self) -> None:
        assert not self.errors, self.errors

    def look(self) -> Picture:
        return picture(self.ask, lines.SERVERS, lines.SCHEDULES)

    def ask(self, text: str) -> Reply:
        status, printed = self.client.run(text)
        reply = of_xml(printed)
        assert reply.status == status
        return reply

    def holds(self, outcomes: dict[bool, Model]) -> None:
        """Look at the group: it is one of these, and nothing of it is half or used twice."""
        seen = self.look()
        differences = [(model, agrees(seen, model)) for model in outcomes.values()]
        fitting = [model for model, differs in differences if not differs]
        assert fitting, [differs for _, differs in differences]
        check(seen, "group")
        self.model = evolve(fitting[0], automatic=seen.automatic)
        for thing, serial in seen.serials.items():
            before = self.seen.serials.get(thing)
            assert serial == before or serial not in self.serials, (thing, serial, self.serials.get(serial))
            self.serials[serial] = thing
        self.seen = seen


def _reserve(model: Model) -> int:
    """Return what a group takes from its cluster at the least: thin volumes and snapshots take little."""
    things = [(volume.size, volume.thin, volume.replication) for volume in model.volumes.values()]
    things += [(snapshot.size, True, snapshot.replication) for snapshot in model.snapshots.values()]
    return sum((min(size, GIB // 2) if thin else size) * replication for size, thin, replication in things)


TestLeftHandByChance = LeftHandByChance.TestCase
TestLeftHandByChance.settings = settings(
    max_examples=HUNT or 12,
    stateful_step_count=30,
    deadline=None,
    derandomize=not HUNT,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
