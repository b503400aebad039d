"""A LeftHand management group as the simulator's server sees it."""

import random
from collections.abc import Callable, Iterable
from ipaddress import IPv4Network

from sansim.channel import Channel
from sansim.clock import Clock
from sansim.config import ArrayConfig, ClusterConfig
from sansim.faults import Condition, Faults, Lift, Unattended
from sansim.lefthand.cliq import Cliq
from sansim.lefthand.conditions import CONDITIONS, befall
from sansim.lefthand.flavours import DEFAULT, FLAVOURS
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import SHELL_STATUS
from sansim.lefthand.lines import Lines
from sansim.lefthand.prompt import Prompt
from sansim.lefthand.soundness import flaws
from sansim.log import Log
from sansim.program import Answer, pieces
from sansim.state import State

__all__ = ["LeftHandArray"]

_NETWORK = "10.0.0.0/24"
"""The network of a group for which none was chosen."""


class LeftHandArray:
    """A management group behind CLIQ.

    Attributes:
        name: The array's name, which is the group's too.
        kind: `hp`.
        state: All objects of the group.
        log: What was asked.
        faults: What is to go wrong.
        clock: The group's time.
        streams: Where its serial numbers and names, its processing times, and what is left to chance come from.
        most_sessions: None: how many channels one connection may have open is not known to be bounded.
        lose_connections: Loses every connection; None before anybody can connect.
        group: The engine: the objects and what must hold between them.
    """

    def __init__(self, config: ArrayConfig, state: State, clock: Clock, rng: random.Random) -> None:
        """Make the array, or take it up again from what the state holds.

        Args:
            config: Its name, flavour, cluster and size.
            state: Where its objects live.
            clock: Its time.
            rng: Where its serial numbers, names and processing times come from.
        """
        self.name = config.name
        self.kind = config.kind
        self.state = state
        self.log = Log(clock)
        self.clock = clock
        self.most_sessions: int | None = None
        self.lose_connections: Callable[[], None] | None = None
        # Streams of their own: how long a command takes does not depend on what others drew before.
        self.streams = tuple(random.Random(rng.getrandbits(64)) for _ in range(3))  # noqa: S311 - no cryptography
        objects, times, chances = self.streams
        self.faults = Faults(runs_on=False, state=state, random=chances, befall=self._befall, conditions=CONDITIONS)
        self.group = ManagementGroup(state, clock, objects)
        self._kept = bool(self.group.tables.clusters)
        self.group.found(config.name, _clusters(config), IPv4Network(config.network or _NETWORK))
        self.group.administrators.found(config.username, config.password)
        self._cliq = Cliq(self.group, FLAVOURS[config.flavour or DEFAULT], times)

    @property
    def returns(self) -> bool:
        """Whether it comes up again with what was kept of it, and nobody can connect yet."""
        return self._kept and self.lose_connections is None

    @property
    def node(self) -> str:
        """The name of the storage node that answers; empty for the first one of the group."""
        node = self.group.nodes.answering
        return "" if node == self.group.nodes.first.nodes[0] else node.name

    def flaws(self) -> Iterable[str]:
        """Return what does not fit together in what it holds, in words."""
        return flaws(self.group.tables)

    def start_afresh(self) -> None:
        """Come up as for the first time: a group keeps nothing beside its state."""

    async def serve(self, channel: Channel) -> None:
        """Carry out the one command of an exec, or talk to whoever logged in."""
        prompt = Prompt(self._cliq, Lines(channel), lambda line, execute: self._run(channel, line, execute))
        line = (channel.command or "").strip()
        if channel.command is None:
            await prompt.serve()
            channel.exit(SHELL_STATUS)
            return
        if line.lower() == "exit":
            channel.exit(SHELL_STATUS)
            return
        if channel.term is not None:
            status = await prompt.once(line)
            if status is not None:
                channel.exit(status)
            return
        # A single command has nobody to ask: unless told not to ask it does nothing (inferred).
        confirmed = self._cliq.question(line) is None
        answer = await self._run(channel, line, lambda: self._cliq.answer(line, confirmed=confirmed))
        if answer is not None:
            async for piece in pieces(answer.stdout):
                await channel.write(piece.encode("utf-8", "surrogateescape"))
            await channel.write(answer.stderr.encode("utf-8", "surrogateescape"), stderr=True)
            channel.exit(answer.status)

    async def carry_out(self, command: str, line: Unattended) -> None:
        """Carry out a command of an administrator whom no client attends; every question is answered with yes."""
        self.group.neighbours.catch_up()
        line.recording.programs.append(command)
        answer = self._cliq.answer(command, confirmed=True)
        if answer.unsupported is not None:
            line.recording.unsupported.append(answer.unsupported)
        async for piece in pieces(answer.stdout):
            await line.write(piece.encode("utf-8", "surrogateescape"))
        await line.write_error(answer.stderr.encode("utf-8", "surrogateescape"))
        line.recording.status = answer.status

    async def _befall(self, condition: Condition) -> Lift | None:
        return await befall(self, condition)

    async def _run(self, channel: Channel, line: str, execute: Callable[[], Answer]) -> Answer | None:
        """Run a command line with whatever faults strike it; None when they struck the client's line."""

        async def execution() -> Answer:
            self.group.neighbours.catch_up()
            answer = execute()
            if answer.unsupported is not None:
                channel.recording.unsupported.append(answer.unsupported)
            return answer

        # What time brought is no part of what the command does, and nothing that a fault takes back along with it.
        self.group.neighbours.catch_up()
        answer = await self.faults.run(line, execution, channel)
        return None if channel.lost else answer


def _clusters(config: ArrayConfig) -> tuple[ClusterConfig, ...]:
    first = ClusterConfig(name=config.cluster, size=config.size, nodes=config.nodes, vips=config.vips)
    return (first, *config.clusters)
