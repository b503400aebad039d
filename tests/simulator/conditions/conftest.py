"""One array of each kind to be befallen."""

from collections.abc import Iterator

import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.chance.invariants import check_state


@pytest.fixture
def host() -> Iterator[SimulatedArray]:
    with Simulator([ArrayConfig(name="host", kind="solaris", size=1 << 40)], seed=1) as sim:
        yield sim["host"]
        check_state(sim["host"].solaris)


@pytest.fixture
def group() -> Iterator[SimulatedArray]:
    with Simulator([ArrayConfig(name="group", kind="hp", nodes=3)], seed=1) as sim:
        yield sim["group"]
