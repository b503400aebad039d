"""A LeftHand group, and a client that is logged in to it."""

from collections.abc import Iterator

import paramiko
import pytest

from sansim import SimulatedArray, Simulator
from tests.simulator.prompt.typist import login


@pytest.fixture
def array() -> Iterator[SimulatedArray]:
    with Simulator(arrays=("hp",), seed=1) as sim:
        yield sim["hp"]


@pytest.fixture
def client(array: SimulatedArray) -> Iterator[paramiko.SSHClient]:
    with login(array) as client:
        yield client
