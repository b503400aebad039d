"""Fixtures: simulated arrays, and a shell that is connected to them."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

import sansdk
from sanshell.app import COMMANDS
from sanshell.arrays import Arrays
from sanshell.shell import Shell
from sansim import Simulator
from tests.shell.harness import Person, Typist


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory of its own, and nothing from the environment of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("SANSDK_PASSWORD", raising=False)
    monkeypatch.delenv("SANSDK_HOST_KEY", raising=False)
    return tmp_path


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(("solaris", "hp")) as running:
        yield running


@pytest.fixture
def arrays() -> Iterator[Arrays]:
    connected = Arrays()
    yield connected
    connected.close()


@pytest.fixture
def lonely(arrays: Arrays, capsys: pytest.CaptureFixture[str]) -> Typist:
    """A shell that is connected to nothing."""
    person, stdout = Person(), StringIO()
    return Typist(Shell([make() for make in COMMANDS], arrays, person, stdout=stdout), person, stdout, capsys)


@pytest.fixture
def typed(simulator: Simulator, arrays: Arrays, lonely: Typist) -> Typist:
    """A shell that is connected to both arrays; `solaris` is current."""
    for name, array in simulator.items():
        arrays.add(sansdk.connect(array.url, password=array.password, host_key=array.host_key), array.url, name)
    arrays.use("solaris")
    return lonely
