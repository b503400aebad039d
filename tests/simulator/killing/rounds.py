"""Rounds of load, kill and restart over one state file, and what must hold after each."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

from attrs import define, frozen

from sansim import Simulator
from tests.simulator.chance.group_invariants import check_group
from tests.simulator.chance.invariants import check_state
from tests.simulator.conftest import Address, connect
from tests.simulator.killing import lefthand, solaris
from tests.simulator.killing.load import Client, Command, Fact, Facts
from tests.simulator.killing.served import Served, run, talk

__all__ = ["Failed", "Result", "kill_again_and_again"]

_SOLARIS, _HP = "solaris", "hp"
_LONGEST: Final = 0.8
"""Seconds after which it is killed at the latest, counted from when all have begun."""
_STARTING: Final = 0.1
"""The part of the kills that come while it starts."""
_OWN: Final = frozenset({("filesystem", "tank")})
"""What is nobody's."""


class Failed(AssertionError):
    """Something was lost, or half; the message says what, in which round, and by which seed."""


@frozen
class Result:
    """What came of it.

    Attributes:
        kills: How many there were, each with nothing lost and nothing half.
        acknowledged: How many commands had been acknowledged over all.
        under_way: How many had not when the process was killed, and how many of those were carried out.
    """

    kills: int
    acknowledged: int
    under_way: int
    carried_out: int


@define
class _Tally:
    under_way: int = 0
    carried_out: int = 0


def kill_again_and_again(times: int, seed: int) -> Iterator[Result]:
    """Kill a simulator so many times, and yield the result after each.

    Raises:
        Failed: Something was lost, or half.
    """
    random = Random(seed)
    clients = [
        *(Client(_SOLARIS, f"c{place}", solaris.choices, Random(f"{seed}:s{place}")) for place in range(3)),
        *(Client(_HP, f"c{place}", lefthand.choices, Random(f"{seed}:h{place}")) for place in range(2)),
    ]
    tally = _Tally()
    with tempfile.TemporaryDirectory(prefix="sansim-killed-") as directory:
        state = Path(directory) / "state.db"
        for kill in range(1, times + 1):
            try:
                asyncio.run(_round(state, seed, random, clients, tally))
                _check_invariants(state, seed)
            except Exception as error:
                raise Failed(f"round {kill} of seed {seed}: {error!r}") from error
            yield Result(kill, sum(client.acknowledged for client in clients), tally.under_way, tally.carried_out)
        try:
            asyncio.run(_last(state, seed, clients, tally))
        except Exception as error:
            raise Failed(f"after the last round of seed {seed}: {error!r}") from error


async def _round(state: Path, seed: int, random: Random, clients: Sequence[Client], tally: _Tally) -> None:
    """Start the simulator, see what is there, set the clients on it, and kill it."""
    served = await Served.start(state, seed)
    try:
        if random.random() < _STARTING:
            await asyncio.sleep(random.uniform(0, _LONGEST))
            return
        await served.listen()
        await _settle(served, clients, tally)
        await _load(served, random.uniform(0, _LONGEST), clients)
    finally:
        await served.kill()


async def _last(state: Path, seed: int, clients: Sequence[Client], tally: _Tally) -> None:
    served = await Served.start(state, seed)
    try:
        await served.listen()
        await _settle(served, clients, tally)
    finally:
        await served.kill()


async def _load(served: Served, seconds: float, clients: Sequence[Client]) -> None:
    """Let all clients work, and kill the simulator in the midst of it."""
    begun = asyncio.Barrier(len(clients) + 1)
    working = [asyncio.create_task(_work(served.arrays[client.array], client, begun)) for client in clients]
    try:
        await begun.wait()
        # The random moment is the experiment.
        await asyncio.sleep(seconds)
    finally:
        await served.kill()
        await asyncio.gather(*working)


async def _work(address: Address, client: Client, begun: asyncio.Barrier) -> None:
    """Send commands until the line is lost."""
    async with connect(address) as connection:
        await begun.wait()
        while True:
            command = client.begin()
            status, output = await run(connection, command.text)
            if status is None:
                return
            assert status == 0, f"{client.name} on {client.array}: {command.text}: status {status}: {output}"
            client.acknowledge()


async def _settle(served: Served, clients: Sequence[Client], tally: _Tally) -> None:
    """Hold what is there against what each client knows, and let them go on from it."""
    found = {
        _SOLARIS: await _solaris_facts(served.arrays[_SOLARIS]),
        _HP: await _lefthand_facts(served.arrays[_HP], [client for client in clients if client.array == _HP]),
    }
    strange = found[_SOLARIS] | found[_HP]
    wrong = []
    for client in clients:
        theirs = frozenset(fact for fact in found[client.array] if _belongs(fact, client))
        strange -= theirs
        if client.pending is not None:
            tally.under_way += 1
            tally.carried_out += theirs != client.facts
        wrong.append(client.settle(theirs))
    assert not any(wrong), "; ".join(filter(None, wrong))
    assert strange == _OWN, f"there besides: {sorted(strange - _OWN)}; not there: {sorted(_OWN - strange)}"


def _belongs(fact: Fact, client: Client) -> bool:
    name = fact[1].partition("@")[0]
    return any(
        (name + end).startswith((f"tank/{client.name}/", f"/dev/zvol/rdsk/tank/{client.name}/", f"{client.name}-"))
        or f":{client.name}-" in name
        for end in ("", "/")
    )


async def _solaris_facts(address: Address) -> Facts:
    answers = await talk(address, [f"PATH=$PATH:/usr/sbin; {question}" for question in solaris.QUESTIONS])
    for status, output in answers:
        assert status == 0, output
    return frozenset(solaris.facts_of([output for _, output in answers]))


async def _lefthand_facts(address: Address, clients: Sequence[Client]) -> Facts:
    servers = {fact[1] for client in clients for facts in _possible(client) for fact in facts if fact[0] == "server"}
    questions = [
        "getVolumeInfo output=XML",
        *(f"getServerInfo serverName={server} output=XML" for server in sorted(servers)),
    ]
    (_, volumes), *others = await talk(address, questions)
    found = [*lefthand.facts_of_volumes(volumes)]
    for _, answer in others:
        found += lefthand.facts_of_server(answer)
    return frozenset(found)


def _possible(client: Client) -> Iterator[Facts]:
    pending = client.pending or Command("", ())
    return pending.stages(client.facts)


def _check_invariants(state: Path, seed: int) -> None:
    """Check the engines on a copy of the file that the killed process left."""
    with tempfile.TemporaryDirectory(prefix="sansim-left-") as directory:
        for path in state.parent.glob(f"{state.name}*"):
            shutil.copy(path, directory)
        with Simulator(seed=seed, state=Path(directory) / state.name) as simulator:
            check_state(simulator[_SOLARIS].solaris)
            check_group(simulator[_HP].lefthand)
