"""pytest fixtures: simulated arrays, sessions on them, and somebody who works on them by hand.

Every test that asks for one gets arrays of its own, fresh and empty, behind a real SSH server on loopback. `array`,
`san` and `hand` run a test once for each kind of array; those with a kind in their name run it for that kind alone.
Loading this plugin imports pytest only.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sansdk.session import SanSession
    from sansdk.testing.hand import Hand
    from sansim import SimulatedArray

pytest.register_assert_rewrite("sansdk.testing.contract")


@pytest.fixture
def solaris_array() -> "Iterator[SimulatedArray]":
    """A simulated Solaris host with an empty pool: its `log`, `faults`, `state`, `clock` and `connect_args`."""
    from sansim import Simulator  # noqa: PLC0415 - the plugin is loaded in every pytest run, needed or not

    with Simulator(arrays=("solaris",)) as simulator:
        yield simulator["solaris"]


@pytest.fixture
def hp_array() -> "Iterator[SimulatedArray]":
    """A simulated LeftHand group with an empty cluster: its `log`, `faults`, `state`, `clock` and `connect_args`."""
    from sansim import Simulator  # noqa: PLC0415 - as above

    with Simulator(arrays=("hp",)) as simulator:
        yield simulator["hp"]


@pytest.fixture(params=["solaris", "hp"])
def array(request: pytest.FixtureRequest) -> "SimulatedArray":
    """`solaris_array`, then `hp_array`."""
    found: SimulatedArray = request.getfixturevalue(f"{request.param}_array")
    return found


@pytest.fixture
def solaris_san(solaris_array: "SimulatedArray") -> "Iterator[SanSession]":
    """A session on `solaris_array`."""
    import sansdk  # noqa: PLC0415 - as above

    with sansdk.connect(solaris_array.url, **solaris_array.connect_args) as session:
        yield session


@pytest.fixture
def hp_san(hp_array: "SimulatedArray") -> "Iterator[SanSession]":
    """A session on `hp_array`."""
    import sansdk  # noqa: PLC0415 - as above

    with sansdk.connect(hp_array.url, **hp_array.connect_args) as session:
        yield session


@pytest.fixture
def san(array: "SimulatedArray", request: pytest.FixtureRequest) -> "SanSession":
    """A session on `array`: `solaris_san`, then `hp_san`."""
    found: SanSession = request.getfixturevalue(f"{array.kind}_san")
    return found


@pytest.fixture
def solaris_hand(solaris_array: "SimulatedArray") -> "Iterator[Hand]":
    """Somebody logged in to `solaris_array` beside the SDK."""
    from sansdk.testing.hand import Hand  # noqa: PLC0415 - as above

    with Hand(solaris_array) as hand:
        yield hand


@pytest.fixture
def hp_hand(hp_array: "SimulatedArray") -> "Iterator[Hand]":
    """Somebody logged in to `hp_array` beside the SDK."""
    from sansdk.testing.hand import Hand  # noqa: PLC0415 - as above

    with Hand(hp_array) as hand:
        yield hand


@pytest.fixture
def hand(array: "SimulatedArray", request: pytest.FixtureRequest) -> "Hand":
    """Somebody logged in to `array` beside the SDK: `solaris_hand`, then `hp_hand`."""
    found: Hand = request.getfixturevalue(f"{array.kind}_hand")
    return found
