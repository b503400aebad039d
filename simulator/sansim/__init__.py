"""A fake SAN: a real SSH server that answers as the arrays do."""

import logging
from importlib import import_module
from typing import TYPE_CHECKING

from sansim.clock import Clock
from sansim.config import ArrayConfig, ConfigError
from sansim.faults import Fault, Latency
from sansim.log import Exec
from sansim.store import StoreError

if TYPE_CHECKING:
    from sansim.document import ImportRefused
    from sansim.images import Image
    from sansim.simulator import SimulatedArray, Simulator

__all__ = [
    "ArrayConfig",
    "Clock",
    "ConfigError",
    "Exec",
    "Fault",
    "Image",
    "ImportRefused",
    "Latency",
    "SimulatedArray",
    "Simulator",
    "StoreError",
]

_AT_FIRST_USE = {
    "ImportRefused": "sansim.document",
    "Image": "sansim.images",
    "SimulatedArray": "sansim.simulator",
    "Simulator": "sansim.simulator",
}
"""What takes a second to import, which whoever steers a running simulator need not wait for."""


def __getattr__(name: str) -> object:
    """Import what is asked for the first time.

    Raises:
        ModuleNotFoundError: The simulator's own dependencies are not installed.
    """
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(_AT_FIRST_USE[name]), name)
    except ModuleNotFoundError as missing:
        if missing.name not in {"asyncssh", "bashkit", "tomli_w"}:
            raise
        raise ModuleNotFoundError(
            f"The simulator needs {missing.name}: pip install 'sansdk[simulator]'.", name=missing.name
        ) from None


logging.getLogger(__name__).addHandler(logging.NullHandler())
