"""A fake SAN: a real SSH server that answers as the arrays do."""

import logging

from sansim.clock import Clock
from sansim.config import ArrayConfig, ConfigError
from sansim.faults import Fault, Latency
from sansim.log import Exec
from sansim.store import StoreError

try:
    from sansim.document import ImportRefused
    from sansim.images import Image
    from sansim.simulator import SimulatedArray, Simulator
except ModuleNotFoundError as missing:
    if missing.name not in {"asyncssh", "bashkit", "tomli_w"}:
        raise
    raise ModuleNotFoundError(
        f"The simulator needs {missing.name}: pip install 'sansdk[simulator]'.", name=missing.name
    ) from None

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

logging.getLogger(__name__).addHandler(logging.NullHandler())
